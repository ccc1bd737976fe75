"""From a requested address to an answer, for the six portals. Renderers hold the markup; this file holds the rules."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, unquote_plus

from crawler.replica_portals import render_asset_publisher, render_hanoi, render_hatinh, special
from crawler.replica_portals.chrome import CSS, ICONS, SCRIPT
from crawler.replica_portals.icon_font import icon_font
from crawler.replica_portals.model import Article, Site
from crawler.replica_portals.special import Answer
from crawler.replica_portals.text import encode

RENDERERS = {
    "hanoi": render_hanoi,
    "asset_publisher": render_asset_publisher,
    "badinh": render_asset_publisher,
    "hatinh": render_hatinh,
}
_LOCALE_TAIL = re.compile(r"(/(vi|en))+$")
_PICTURES = re.compile(r"^/(image|images|portal/Photos|[a-z0-9-]+-theme/images)/")
_DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


@dataclass(frozen=True)
class Request:
    """A request as the rules see it."""

    path: str
    query: str
    scheme: str
    hits: int

    def get(self, name: str) -> str:
        """First value of a query parameter, or an empty string."""
        return parse_qs(self.query, keep_blank_values=True).get(name, [""])[0]

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def _status_answer(site: Site, article: Article, url: str, hits: int) -> Answer | None:
    """What the portal sends in place of the article, or None where it sends the article."""
    match article.status:
        case "404":
            return special.soft_404(site.name, 404)
        case "500":
            return special.server_error()
        case "flaky" if hits == 1:
            return special.server_error()
        case "busy" if hits == 1:
            return special.busy()
        case "antibot":
            return special.antibot(url)
        case "login":
            return special.login(site.name)
        case "error":
            return special.error_page(site.name)
        case "soft404":
            return special.soft_404(site.name)
    return None


def _article_answer(site: Site, article: Article, request: Request, section: str, lang: str) -> Answer:
    answer = _status_answer(site, article, site.origin + request.target, request.hits)
    if answer:
        return answer
    page = RENDERERS[site.platform].article_page(site, article, section, lang, request.path)
    body, content_type = encode(article, page)
    elsewhere = article.same if article.same.partition(":")[0] != site.slug else ""
    return Answer(body, content_type, article=f"{site.slug}:{article.key}", copy_of=elsewhere)


def _file(path: str) -> Answer:
    name = unquote_plus(next((p for p in reversed(path.split("/")) if "." in p), path))
    kind = name.rsplit(".", 1)[-1].lower()
    return special.document(name, _DOCUMENTS[kind]) if kind in _DOCUMENTS else special.picture(name)


def _common(site: Site, request: Request) -> Answer | None:
    """What every portal has besides its news."""
    path = request.path
    if path == "/robots.txt":
        return special.ROBOTS[site.robots]
    if path.endswith("/icons.css"):
        return Answer(ICONS.encode(), "text/css")
    if path.endswith("/icons.woff"):
        return Answer(icon_font(), "font/woff")
    if path.endswith(".jsp"):
        return Answer(SCRIPT.encode(), "text/javascript;charset=UTF-8")
    if path.endswith(".css"):
        return Answer(CSS[site.platform].encode(), "text/css")
    if path.endswith(".js"):
        return Answer(b"", "text/javascript")
    if path.startswith(("/documents/", "/portal/Documents/")):
        return _file(path)
    if _PICTURES.match(path) or path.endswith((".ico", ".png", ".jpg", ".gif")):
        return special.picture(request.target)
    if path in ("/dang-nhap", "/c/portal/login", "/portal/pages/login.aspx") or path.startswith("/admin"):
        return special.login(site.name)
    if path.rsplit("/", 1)[-1] in ("lich", "lich.aspx"):
        day = request.get("day")
        page = RENDERERS[site.platform].calendar_page(site, day if _DAY.match(day) else "2023-12-08")
        return Answer(page.encode())
    return None


def _page_number(text: str) -> int:
    return int(text) if text.isdigit() and text != "0" else 1


def _listing(site: Site, path: str, number: int, lang: str) -> Answer:
    page = RENDERERS[site.platform].listing_page(site, site.section(path), number, lang)
    return Answer(page.encode())


def _static(site: Site, path: str) -> Answer | None:
    """Pages of the menu that hold no news."""
    names = {address.strip("/"): name for address, name in RENDERERS[site.platform].STATIC_PAGES}
    if path.strip("/") not in names:
        return None
    page = RENDERERS[site.platform].static_page(site, names[path.strip("/")])
    return Answer(page.encode())


def _hanoi(site: Site, request: Request) -> Answer | None:
    path = unquote(request.path)
    found = re.match(
        r"^/(?:web/[a-z-]+/)?((?:vi/|en/)?[a-z0-9-]+)/-/view_content/(\d+)-(.*?)(?:\.html)?(/pop_up)?(/(?:vi|en))*$",
        path,
    )
    if found:
        section, number, slug = found[1], int(found[2]), found[3]
        article = next((a for a in site.articles if a.id == number), None)
        if article and article.old_slug and slug == article.old_slug:
            return special.redirect(render_hanoi.article_url(site, article))
        if article and found[4]:
            return Answer(render_hanoi.print_page(site, article).encode())
        return _article_answer(site, article, request, section, path[1:3]) if article else None
    if asset := request.get("_101_assetEntryId"):
        article = next((a for a in site.articles if str(a.id) == asset), None)
        return _article_answer(site, article, request, path.strip("/"), "vi") if article else None
    path = path if path in ("/vi", "/en") else _LOCALE_TAIL.sub("", path)
    if path in ("", "/", "/vi", "/en", "/trang-chu", "/vi/trang-chu", "/web/guest"):
        return Answer(render_hanoi.home_page(site, path or "/").encode())
    for section in site.sections:
        if render_hanoi.bare(path.strip("/")) == render_hanoi.bare(section.path):
            lang, number = "en" if path.startswith("/en/") else "vi", _page_number(request.get("_101_cur"))
            return Answer(render_hanoi.listing_page(site, section, number, lang, path.strip("/")).encode())
    return _static(site, re.sub(r"^/(vi|en)/", "/", path))


def _asset_publisher(site: Site, request: Request) -> Answer | None:
    path = unquote(request.path)
    found = re.match(
        r"^/(?:(vi|en)/)?(?:web/guest/)?([a-z0-9-]+)/-/asset_publisher/(\w{12})/content/([^/]+)(/pop_up)?(/(?:vi|en))*$",
        path,
    )
    if found:
        slug = found[4]
        article = next((a for a in site.articles if slug in {a.slug, a.old_slug or a.slug}), None)
        if article and slug == article.old_slug:
            return special.redirect(render_asset_publisher.article_url(site, article), 302)
        if article and found[5]:
            return Answer(render_asset_publisher.print_page(site, article).encode())
        return _article_answer(site, article, request, found[2], found[1] or "vi") if article else None
    path = path if path in ("/vi", "/en") else _LOCALE_TAIL.sub("", path)
    lang = "en" if path.startswith("/en") else "vi"
    bare = re.sub(r"^/(vi|en)(?=/|$)", "", path).replace("/web/guest", "").strip("/")
    if bare in ("", "trang-chu", "home"):
        return Answer(render_asset_publisher.home_page(site, lang).encode())
    for section in site.sections:
        if bare == section.path:
            return _listing(site, bare, _page_number(request.get(f"_101_INSTANCE_{section.instance}_cur")), lang)
    return _static(site, bare)


def _hatinh(site: Site, request: Request) -> Answer | None:
    path = unquote(request.path)
    found = re.match(r"^/(portal|daulieu)/pages/(\d{4}-\d\d-\d\d)/(.+)\.aspx$", path)
    if found:
        tail = f"{found[2]}/{found[3]}"
        article = next((a for a in site.articles if tail == render_hatinh.tail(a)), None)
        if article is None:
            old = next((a for a in site.articles if a.old_slug and tail == f"{a.day}/{a.old_slug}"), None)
            return special.redirect(render_hatinh.article_url(site, old)) if old else None
        return _article_answer(site, article, request, found[1], "vi")
    if path == "/portal/pages/print.aspx":
        article = next((a for a in site.articles if str(a.id) == request.get("p")), None)
        return Answer(render_hatinh.print_page(site, article).encode()) if article else None
    if path in ("/", "/portal", "/portal/pages/default.aspx"):
        return Answer(render_hatinh.home_page(site).encode())
    for section in site.sections:
        if path.strip("/").lower() == section.path:
            return _listing(site, section.path, _page_number(request.get("PageIndex")), "vi")
    return _static(site, path)


_RULES = {"hanoi": _hanoi, "asset_publisher": _asset_publisher, "badinh": _asset_publisher, "hatinh": _hatinh}


def answer(site: Site, request: Request) -> Answer:
    """What `site` answers to `request`; unknown pages are a 404."""
    if request.path == "/robots.txt":
        return special.ROBOTS[site.robots]
    if request.scheme != site.scheme and site.scheme == "https":
        return special.redirect(site.origin + request.target)
    found = _common(site, request) or _RULES[site.platform](site, request)
    return found or special.soft_404(site.name, 404)


def is_stateful(site: Site, path: str) -> bool:
    """Whether the answer may change from one request to the next."""
    return any(a.status in ("flaky", "busy") and render_key(site, a) in path for a in site.articles)


def render_key(site: Site, article: Article) -> str:
    """The part of an article's address that names it."""
    return str(RENDERERS[site.platform].identity(article))
