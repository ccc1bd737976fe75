"""NukeViet 4 from a folder of its sources (`--sources DIR`, in `DIR/nukeviet`), set up by its own installer."""

import re
import shutil
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks.cms_lab.articles import CATEGORIES, WARD, Article, as_html
from benchmarks.cms_lab.cms import LabProblem
from benchmarks.cms_lab.files import write_files
from benchmarks.cms_lab.front import Behind
from benchmarks.cms_lab.php import PhpCms, missing_php
from benchmarks.cms_lab.wordpress import described


class NukeViet(PhpCms):
    """NukeViet as it comes, with its modules about, contact, voting, users and statistics in the menu."""

    name, title = "nukeviet", "NukeViet, as it comes"
    platforms = ("nukeviet",)
    pins = False
    rewrites = True

    def missing(self) -> str | None:
        if self.place.sources is None or not (self.place.sources / "nukeviet" / "install" / "index.php").is_file():
            return "NukeViet comes from its sources: --sources DIR, with a checkout of NukeViet 4.5 in DIR/nukeviet"
        return missing_php("pdo_mysql", "gd", "xml", "mbstring", "curl", "zip")

    def install(self) -> Behind:
        assert self.place.sources is not None
        shutil.rmtree(self.place.folder, ignore_errors=True)
        shutil.copytree(self.place.sources / "nukeviet", self.root, ignore=shutil.ignore_patterns(".git"))
        self._database = self.start_database()
        behind = self.serve(router="nukeviet_router.php")
        self._cookies: dict[str, str] = {}
        for step in (1, 2, 3, 4):
            self._wizard(step)
        self._wizard(5, dbtype="mysql", dbhost="127.0.0.1", dbport=self._database, dbname="lab",
                     dbuname="root", dbpass="", prefix="nv4", db_detete=1)  # fmt: skip
        self._wizard(6, site_name=WARD, nv_login="quantri", nv_email="lab@example.org", nv_password="Matkhau-19-lab",
                     re_password="Matkhau-19-lab", question="Ở đâu", answer_question="Bến Lụa", lang_multi=0,
                     dev_mode=0)  # fmt: skip
        settings = self.root / "data" / "config" / "config_global.php"
        if not settings.is_file():
            raise LabProblem(f"NukeViet's installer did not come to its end; see {self.place.folder / 'php.log'}")
        self._wizard(8)
        shutil.rmtree(self.root / "install")
        # It looks for Apache to see whether addresses are rewritten; and it slows visitors to 40 pages a minute.
        facts = {"check_rewrite_file": int(self.rewrites), "is_flood_blocker": 0}
        text = settings.read_text(encoding="utf-8")
        for name, value in facts.items():
            text = re.sub(rf"(?m)^(\$global_config\['{name}'\] = ).*$", rf"\g<1>{value};", text)
        settings.write_text(text, encoding="utf-8")
        self._said = self._call("install")
        self._known: set[int] = set()
        return behind

    def version(self) -> str:
        return self._said["version"]

    def put(self, articles: list[Article]) -> dict[int, str]:
        write_files(articles, self.root / "uploads" / "news" / "lab")
        rows = [
            {**described(one, as_html(one, "/uploads/news/lab/")),
             "edited": int(time.time()) if one.number in self._known else 0}
            for one in articles
        ]  # fmt: skip
        self._known |= {one.number for one in articles}
        return self._put(rows)

    def _call(self, do: str, **asked: object) -> dict[str, str]:
        base = {"do": do, "address": self.place.address, "port": self._database, "categories": CATEGORIES}
        return self.call("nukeviet.php", {**base, **asked})

    def _wizard(self, step: int, **form: object) -> None:
        """Take one step of the installer, as a browser that keeps its cookies does."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        headers = {
            "Host": self.place.address.removeprefix("http://"),
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Origin": self.place.address, "Referer": f"{self.place.address}/install/index.php",
            **({"Content-Type": "application/x-www-form-urlencoded"} if form else {}),
        }  # fmt: skip
        target = f"/install/index.php?language=vi&step={step}"
        connection.request("POST" if form else "GET", target, urlencode(form) if form else None, headers)
        response = connection.getresponse()
        page = response.read().decode("utf-8", "replace")
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self._cookies[cookie] = kept
        (self.place.folder / f"step-{step}.html").write_text(page, encoding="utf-8")
        went = re.search(r"step=(\d+)", response.getheader("Location") or "")
        if response.status >= 400 or (form and not went) or (went and int(went[1]) < step):
            file = self.place.folder / f"step-{step}.html"
            raise LabProblem(f"step {step} of NukeViet's installer answered {response.status}; see {file}")


class NukeVietPlain(NukeViet):
    """NukeViet on a server that rewrites no addresses: they begin with /index.php/."""

    name, title = "nukeviet-plain", "NukeViet without rewriting"
    rewrites = False
