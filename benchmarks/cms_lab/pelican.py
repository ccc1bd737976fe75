"""Pelican from PyPI, a static site as its quick start makes it, with the theme that it brings."""

import html
import shutil

from benchmarks.cms_lab.articles import CATEGORIES, WARD, Article, Page, as_html
from benchmarks.cms_lab.cms import PyPiCms, run
from benchmarks.cms_lab.files import write_files
from benchmarks.cms_lab.front import Behind, of_folder

_PAGE = "<html><head><title>{title}</title>\n{facts}\n</head><body>{body}</body></html>"


class Pelican(PyPiCms):
    """Pelican: all articles on a paged home page, the newest in full, with categories, authors and an Atom feed."""

    name, title = "pelican", "Pelican, its own theme"
    package = "pelican"
    pins = False

    def install(self) -> Behind:
        shutil.rmtree(self.place.folder, ignore_errors=True)
        self.install_package()
        facts = {
            "SITENAME": WARD, "SITEURL": self.place.address, "PATH": "content", "OUTPUT_PATH": "output",
            "TIMEZONE": "Asia/Ho_Chi_Minh", "DEFAULT_LANG": "vi", "DEFAULT_PAGINATION": 10, "LOCALE": "C.UTF-8",
            "FEED_ALL_ATOM": "feeds/all.atom.xml", "CATEGORY_FEED_ATOM": None, "AUTHOR_FEED_ATOM": None,
            "AUTHOR_FEED_RSS": None, "TRANSLATION_FEED_ATOM": None, "DELETE_OUTPUT_DIRECTORY": True,
            "STATIC_PATHS": ["files"], "DISPLAY_PAGES_ON_MENU": True,
        }  # fmt: skip
        lines = "".join(f"{name} = {value!r}\n" for name, value in facts.items())
        self.place.folder.mkdir(parents=True)
        (self.place.folder / "pelicanconf.py").write_text(lines, encoding="utf-8")
        return of_folder(self.place.folder / "output")

    def version(self) -> str:
        return run([self.python, "-m", "pelican", "--version"]).strip()

    def put(self, articles: list[Article]) -> dict[int, str]:
        for one in articles:
            facts = {
                "date": one.published.strftime("%Y-%m-%d %H:%M"), "category": CATEGORIES[one.category],
                "slug": one.slug, "authors": one.byline, "summary": one.lead,
                "status": "draft" if one.draft else "published",
            }  # fmt: skip
            lead = f"<p>{html.escape(one.lead)}</p>\n"
            self._write(f"{one.number}.html", one.title, facts, lead + as_html(one, "/files/"))
        write_files(articles, self.place.folder / "content" / "files")
        self._build()
        return {one.number: "" if one.draft else f"{self.place.address}/{one.slug}.html" for one in articles}

    def delete(self, articles: list[Article]) -> None:
        for article in articles:
            (self.place.folder / "content" / f"{article.number}.html").unlink()
        self._build()

    def put_page(self, page: Page) -> None:
        body = "".join(f"<p>{text}</p>" for text in page.paragraphs)
        self._write(f"pages/{page.slug}.html", page.title, {"slug": page.slug}, body)
        self._build()

    def _write(self, name: str, title: str, facts: dict[str, str], body: str) -> None:
        file = self.place.folder / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = "\n".join(f'<meta name="{key}" content="{html.escape(value)}">' for key, value in facts.items())
        file.write_text(_PAGE.format(title=html.escape(title), facts=lines, body=body), encoding="utf-8")

    def _build(self) -> None:
        run([self.python, "-m", "pelican", "-s", "pelicanconf.py", "--fatal", "errors"], cwd=self.place.folder)
