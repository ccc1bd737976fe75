"""Wagtail from PyPI, in a virtual environment of its own."""

import json
import shutil
from pathlib import Path

from benchmarks.cms_lab.articles import CATEGORIES, WARD, Article, as_html
from benchmarks.cms_lab.cms import PyPiCms, ScriptedCms, free_port, run, wait_for
from benchmarks.cms_lab.files import write_files
from benchmarks.cms_lab.front import Behind, of_server

SCRIPT = Path(__file__).parent / "scripts" / "wagtail_site.py"


class Wagtail(ScriptedCms, PyPiCms):
    """A blog of bare headings and paragraphs, as Wagtail's tutorial has it, with a sitemap and no feed."""

    name, title = "wagtail", "Wagtail, the tutorial's blog"
    package = "wagtail"

    def install(self) -> Behind:
        shutil.rmtree(self.place.folder, ignore_errors=True)
        self.install_package()
        self._port = free_port()
        port = int(self.place.address.rpartition(":")[2])
        self._version = self._call("install", title=WARD, port=port, categories=CATEGORIES)["version"]
        server = self.start([self.python, SCRIPT, self.place.folder, str(self._port), "serve"], log="django.log")
        wait_for(self._port, "/", server, "Wagtail")
        return of_server(self._port)

    def version(self) -> str:
        return self._version

    def put(self, articles: list[Article]) -> dict[int, str]:
        write_files(articles, self.place.folder / "media")
        rows = [
            {
                "number": one.number, "slug": one.slug, "title": one.title, "lead": one.lead, "byline": one.byline,
                "html": as_html(one, "/media/"), "published": one.published.isoformat(), "pinned": one.pinned,
                "draft": one.draft, "category": one.category,
            }
            for one in articles
        ]  # fmt: skip
        return self._put(rows)

    def _call(self, do: str, **asked: object) -> dict[str, str]:
        self.place.folder.mkdir(parents=True, exist_ok=True)
        said = run([self.python, SCRIPT, self.place.folder, str(self._port)], stdin=json.dumps({"do": do, **asked}))
        return dict(json.loads(said.strip().splitlines()[-1]))
