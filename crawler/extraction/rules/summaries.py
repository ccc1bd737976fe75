"""Which text is the summary (sapo): a bold first paragraph, or an excerpt that only list, feed or head give."""

import re
from collections.abc import Sequence

from crawler.extraction.blocks import Block
from crawler.extraction.rules import titles, words
from crawler.extraction.rules.bylines import is_byline
from crawler.extraction.rules.lines import classify
from crawler.extraction.rules.site_footer import footer_kind
from crawler.text import fold

_LEAST, _LONGEST = 40, 900  # characters of a lead
_LEAST_WRITTEN = 12  # characters of one that stands beside its text
_MOST_SHARED = 0.6  # share of its three words in a row that the text has too
_CUT_OFF = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.)\]?|\[&hellip;\])?\s*"
    r"(?:(?:xem|đọc) (?:thêm|tiếp|chi tiết)|chi tiết|read more|continue reading)"
    r".{0,60}$|\s*\[?(?:…|\.\.\.)\]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_PORTAL = re.compile(
    r"^\W*(?:(?:cổng|trang) (?:thông tin|tin|ttđt|điện tử)|website|trang web|trang chủ|chào mừng)", re.I
)
_COMMON = words(
    """
    va cua cho cac nhung mot hai ba da dang se o tai trong ngoai tren duoi voi la co khong de den tu ve thi nay
    do khi theo ngay thang nam nguoi viec phuong xa tinh thanh pho thi tran quan huyen ubnd uy ban nhan dan tin
    tuc bai viet thong bao the of and in to for on
    """
)


def is_bold_lead(block: Block, after: Sequence[Block]) -> bool:
    """Return True for a wholly bold paragraph over text that is not: the sapo where nothing is named for it.

    `after` are the blocks behind it. One rule for all platforms: a page with an element for the sapo, even an empty
    one, has no other.
    """
    if not _LEAST <= len(block.text) < _LONGEST or block.density > 0.5 or block.kind not in ("p", "h", "quote"):
        return False
    rest = [b for b in after if b.text][:3]
    if block.strong <= 0.9 * len(block.text) or not rest:
        return False
    return all(b.strong < 0.9 * len(b.text) or len(b.text) < 120 for b in rest)


def bold_lead(blocks: Sequence[Block], title: str | None) -> str | None:
    """Return the bold first paragraph of a text under nothing but the title and the portal's lines, or None."""
    for index, block in enumerate(blocks[:6]):
        text = block.text
        if not text or classify(text) is not None or is_byline(text) or titles.key(text) == titles.key(title or ""):
            continue
        return text.replace("\n", " ") if is_bold_lead(block, blocks[index + 1 : index + 4]) else None
    return None


def bare_excerpt(excerpt: str) -> str:
    """Return an excerpt without the signs that it is cut: "…", "[...]", "Xem thêm"."""
    return _CUT_OFF.sub("", excerpt.strip()).strip()


def is_about(excerpt: str, title: str, text: str, site: str) -> bool:
    """Return True for an excerpt that speaks of the article rather than of the whole site."""
    if _PORTAL.match(excerpt) or titles.is_site_name(excerpt) or footer_kind(excerpt[:200]):
        return False
    told = _words(excerpt) - _words(site)
    shared = told & (_words(title) | _words(text))
    return len(shared) >= 3 and bool(told & (_words(title) - _words(site)))


def is_written(excerpt: str, text: str) -> bool:
    """Return True for an excerpt that stands in a feed beside the whole text and was written for itself: it is not made
    of the text's beginning, as those are that a CMS cuts off ("… […]")."""
    bare = bare_excerpt(excerpt)
    mine = titles.key(bare)
    if len(mine) < _LEAST_WRITTEN or re.search(r"\[(?:…|\.\.\.)\]\W*$", excerpt):
        return False
    return mine not in titles.key(text) and _share(_triples(bare), _triples(text)) <= _MOST_SHARED


def excerpt_as_summary(excerpt: str, title: str, body: str, site: str, *, written: bool = False) -> str | None:
    """Return an excerpt of a list, feed or the page's head as the summary where the page shows it nowhere, else None.

    Not a summary: the beginning or a piece of the body, the title, what describes the whole site. `site` are the texts
    that name the site. `written`: the feed shows that it is no cut text (`is_written`), so that a short one counts, and
    one that has no word of the article.
    """
    excerpt = excerpt.strip()
    bare = bare_excerpt(excerpt)
    mine, of_title, of_body = titles.key(bare), titles.key(title), titles.key(body)
    if (len(bare) < _LEAST or len(bare.split()) < 6) and not (written and len(mine) >= _LEAST_WRITTEN):
        return None
    if len(excerpt) > 2 * _LONGEST:
        return None
    if mine in of_body or mine in of_title or (of_title and of_title in mine and len(mine) < 1.3 * len(of_title)):
        return None
    if _PORTAL.match(bare) or titles.is_site_name(bare) or mine in titles.key(site) or footer_kind(bare[:200]):
        return None
    if _share(_triples(bare), _triples(body)) > _MOST_SHARED:
        return None
    if written:
        return excerpt
    told = _words(bare) - _words(site)
    about = (_words(title) | _words(body)) - _words(site)
    shared = told & about
    sentence = bare[0].isupper() and excerpt.endswith((".", "!", "?", "”", '"')) and len(bare.split()) >= 8
    close = len(shared) >= 0.25 * len(told) and bool(told & (_words(title) - _words(site)))
    return excerpt if len(shared) >= 3 and (sentence or close) else None


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", fold(text)) if len(word) > 1 and word not in _COMMON}


def _triples(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", fold(text))
    return set(zip(found, found[1:], found[2:], strict=False))


def _share(mine: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> float:
    return len(mine & theirs) / max(1, len(mine))
