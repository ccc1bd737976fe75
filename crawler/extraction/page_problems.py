"""Is a page that should be a list or a home page what it should be?"""

import re

from crawler.extraction import page_metadata as declared_
from crawler.extraction.charsets import decode, is_binary
from crawler.extraction.isolation import drop_scripts, visible_text
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.rules import no_article
from crawler.extraction.tree import parse, slim
from crawler.reasons import Reason

_FRAME = re.compile(
    r"<(?:div|app-root|main)\b[^>]*\bid\s*=\s*[\"']?(?:root|app|__next|__nuxt|q-app|main-app)\b[^>]*>\s*</|<app-root\b[^>]*>\s*</",
    re.IGNORECASE,
)
_LARGE = 100_000  # bytes; firewall and error pages are far smaller than a portal's lists


def page_problem(html: bytes, url: str, charset: str | None = None) -> Reason | None:
    """Return why a page is not a page of the portal at all (firewall, error, empty, binary), or None. Never raises."""
    if not html.strip():
        return Reason.EMPTY_PAGE
    if is_binary(html):
        return Reason.NOT_HTML
    if len(html) > _LARGE:
        return None
    try:
        decoded = decode(slim(html), charset)
        if decoded is None:
            return Reason.UNDECODABLE
        root, _, _ = parse(decoded.text)
    except PageTooLarge:
        return Reason.TOO_LARGE
    if root is None:
        return Reason.EMPTY_PAGE
    declared = declared_.read(root, url)
    drop_scripts(root)
    return no_article.before_reading(decoded.text, declared, visible_text(root))


def is_frame(text: str) -> bool:
    """Return True for the source of a page that is an empty frame, which a script fills in a browser."""
    return len(text) < _LARGE and "<a " not in text and _FRAME.search(text) is not None
