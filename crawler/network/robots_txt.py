"""What stands in a robots.txt, as it comes: in any charset, with any line ends, cut, or with a web page in its place.

RFC 9309 wants UTF-8 and at least 500 KiB to be read. Pure.
"""

import codecs
import re
from hashlib import sha256

MOST_BYTES = 500 * 1024
"""What is read of a robots.txt; the rest is ignored."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_DIRECTIVE = re.compile(r"^[ \t]*user-?agent[ \t]*:", re.IGNORECASE | re.MULTILINE)
# Line ends but \n count as such to a parser that splits lines as Python does; no rule is parted by them.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]")
_LOOKED_AT = 30_000  # characters of a page by which two are compared
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style|noscript|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_FEW_WORDS = 10
_ALIKE = 0.8  # share of the words of two pages that both have
_SETS_COOKIE = re.compile(r"document\s*\.\s*cookie\s*=", re.IGNORECASE)


def read(body: bytes) -> str:
    """Return the text of a robots.txt up to its last whole line within MOST_BYTES, with \\n as line end.

    Bytes that are not UTF-8 are percent-encoded, as they are in the URLs that a rule means.
    """
    text = _decoded(body[:MOST_BYTES]).replace("\r\n", "\n").replace("\r", "\n")
    if len(body) > MOST_BYTES:
        text = text[: text.rfind("\n") + 1]
    return _NOT_TEXT.sub("", text)


def _decoded(body: bytes) -> str:
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return _text(body.removeprefix(bom), charset)
    return _text(body, _without_bom(body[:200]))


def _without_bom(start: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros: every other byte of ASCII text is one."""
    pairs = len(start) // 2
    if pairs > 4 and start[1::2].count(0) > 0.8 * pairs:
        return "utf-16-le"
    if pairs > 4 and start[0::2].count(0) > 0.8 * pairs:
        return "utf-16-be"
    return "utf-8"


def _text(body: bytes, charset: str) -> str:
    if charset != "utf-8":
        return body.decode(charset, "ignore")
    text = body.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def is_page(text: str) -> bool:
    """Tell whether a web page came in place of a robots.txt; one with rules after some markup is no page."""
    return text.lstrip().startswith("<") and not _DIRECTIVE.search(text)


def nonsense_path(host: str) -> str:
    """Return the path of a file that no server has, the same for a host at all times."""
    return f"/{sha256(host.encode()).hexdigest()[:20]}.txt"


def is_challenge(page: str) -> bool:
    """Tell whether a page shows nothing and sets a cookie by script, as those do that test for a browser."""
    return len(_words(page)) < _FEW_WORDS and bool(_SETS_COOKIE.search(page))


def are_alike(one: str, other: str, *paths: str) -> bool:
    """Tell whether two pages are the same kind of page, but for the `paths` that they may name and for numbers."""
    for path in paths:
        name = path.rpartition("/")[2]
        one, other = one.replace(name, ""), other.replace(name, "")
    words, others = _words(one), _words(other)
    if min(len(words), len(others)) < _FEW_WORDS:  # a frame for a script: the markup is what there is
        words, others = set(re.findall(r"[^\W\d]+", one)), set(re.findall(r"[^\W\d]+", other))
    return len(words & others) >= _ALIKE * len(words | others)


def _words(page: str) -> set[str]:
    """Return the words that a page shows, by its beginning: these patterns are not linear in a page of open tags."""
    seen = re.sub(r"<[^<>]*>", " ", _UNSEEN.sub(" ", page[:_LOOKED_AT]))
    return set(re.findall(r"[^\W\d]+", seen.lower()))
