"""Which pages of a site are unlikely to list news of their own, by their addresses alone."""

import re
from urllib.parse import unquote, urlsplit

from crawler import urls
from crawler.text import fold

_WORDS = (
    r"about(?:-?us)?|contacts?(?:-?us)?|lien-?he|gioi-?thieu|voting|votes?|polls?|binh-?chon|tham-?do|banners?|quang-?cao|"
    r"calendar|lich|search|tim-?kiem|log-?in|log-?out|sign-?in|sign-?up|register|registration|fpw|dang-?ky|dang-?nhap|"
    r"users?|members?|thanh-?vien|account|tai-?khoan|profiles?|passwords?|mat-?khau|\w*admin|administrator|cart|"
    r"gio-?hang|checkout|site-?map|so-?do(?:-\w+)*|faqs?|hoi-?dap|credits|privacy(?:-\w+)*|(?:site-?)?terms(?:-\w+)*|"
    r"dieu-?khoan(?:-\w+)*|download|"
    r"guest-?book|feedback|gop-?y|statistics?|thong-?ke|co-?cau(?:-\w+)*|bo-?may|danh-?ba|mail|webmail|comments?"
)
_ARCHIVES = r"authors?|tac-?gia|tags?|tu-?khoa|archives?|luu-?tru|rss\w*|feeds?|atom|sitemap\w*"
_UNLIKELY = re.compile(rf"(?:^|[/?&=.])(?:{_WORDS}|{_ARCHIVES})(?=$|[/?&=.])")
_MONTH = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$|[?&](?:m|year|month|nam|thang)=\d{4,8}\b")
_HOME = re.compile(r"^/(?:index|default|home|trang-?chu)(?:\.\w{3,5})?/?$")
_DATA = re.compile(r"(?:^|[/?&=.])(?:rss\w*|feeds?|atom|\w*sitemap[\w-]*)(?=$|[/?&=.])|\.xml(?:\.gz)?$|/wp-json/")
_WHOLE = re.compile(r"sitemap|/wp-json/")
_NEWS = re.compile(r"(?:^|\W)(?:tin|news|su-kien|thong-bao|hoat-dong|ban-tin|chuyen-muc|articles|posts|blog)(?:\W|$)")


def is_unlikely(url: str) -> bool:
    """Return whether a page is named like one without news (contact, login, voting), like one that shows again what
    other lists show (archives of months, tags and authors, feeds), or like the home page under another name."""
    target = _target(url)
    return any(kind.search(target) for kind in (_UNLIKELY, _MONTH, _HOME, _DATA))


def is_data(url: str) -> bool:
    """Return whether an address is named like that of a feed, a sitemap or an API."""
    return _DATA.search(_target(url)) is not None


def is_whole(url: str) -> bool:
    """Return whether an address is named like that of a sitemap or an API, which name all articles of a site."""
    return _WHOLE.search(_target(url)) is not None


def worth(url: str) -> int:
    """Return how little a list says that others do not, by its address: 0 for an API, which names all with titles and
    dates, 1 for a page, 2 for what is unlikely to show news of its own."""
    return 0 if "/wp-json/" in _target(url) else 1 + is_unlikely(url)


def names_news(url: str) -> bool:
    """Return whether an address is named like that of a list of news."""
    return _NEWS.search(urlsplit(_target(url)).path) is not None


def family(url: str) -> str | None:
    """Return what an address has in common with its likes: the folder that it is in, or the names of its parameters;
    None for one directly under the host."""
    parts = urlsplit(urls.without_locale(url))
    if parts.query:
        return (
            f"{parts.netloc}{parts.path}?{'&'.join(sorted(re.sub(r'[=.].*', '', p) for p in parts.query.split('&')))}"
        )
    folder, _, _ = parts.path.rstrip("/").rpartition("/")
    return f"{parts.netloc}{folder}/" if folder else None


def _target(url: str) -> str:
    parts = urlsplit(urls.without_locale(url))
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return fold(unquote(target)).replace("_", "-")
