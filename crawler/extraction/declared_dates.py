"""The publication dates that a page's markup declares beside what it shows: microdata, RDFa, `<time>`.

Related lists, side boxes and comments declare dates of their own: those are left out.
"""

import re
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.extraction.rules import titles
from crawler.extraction.xpaths import compiled
from crawler.text import normalize

_MOST = 60
_DECLARING = "//@itemprop|//@property"  # three times as fast as a search for their elements
_RDFA = re.compile(
    r"(?:(?:dc|dct|dcterms|dc11|schema|sioc|rnews|og|article):(?:date|created|issued|datepublished|datecreated)"
    r"|https?://\S+[/#](?:created|issued|datepublished)|datepublished)",
    re.IGNORECASE,
)
_TIME_CLASSES = frozenset({"entry-date", "published", "pubdate", "dt-published"})
_ANOTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|related\w*|sidebar|widget|tin-?khac|tin-?lien-?quan|cung-?chuyen-?muc|teaser|others?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)


def declared_dates(root: Any, url: str, names: list[str], *, others: bool = False) -> list[str]:
    """Return the dates that elements declare of the page's own article, microdata and RDFa first.

    `names` are the page's titles. Where several things of the page declare a date, only that one is taken which is
    about the page's address or shows its title. With `others`, the page's head declares a date as well: then a
    datePublished that is the dateModified beside it is left out (NukeViet's is the time of the last edit).
    """
    found: dict[Any, list[str]] = {}
    declaring = [name.getparent() for name in islice(compiled(_DECLARING)(root), 400)]
    for el in dict.fromkeys((*declaring, *islice(root.iter("time"), 200))):
        if el.tag == "meta" and el.getparent() is not None and el.getparent().tag == "head":
            continue
        if not _declares(el) or _is_anothers(el) or (others and _is_modified(el)):
            continue
        value = el.get("content") or el.get("datetime") or el.text_content()
        if 4 < len(value) < 60:
            found.setdefault(_thing(el), []).append(normalize(value))
    things = list(found)[:_MOST]
    if len(things) > 1 or (things and _is_anothers_thing(things[0], url, names)):
        things = [thing for thing in things if _is_own(thing, url, names)]
    return [value for thing in things for value in found[thing]]


def _declares(el: Any) -> bool:
    if el.get("itemprop") == "datePublished":
        return True
    if any(_RDFA.fullmatch(name) for name in (el.get("property") or "").split()):
        return bool(el.get("content") or el.get("datetime"))
    if el.tag == "time" and el.get("datetime"):
        return "pubdate" in el.attrib or not _TIME_CLASSES.isdisjoint((el.get("class") or "").split())
    return False


def _is_modified(el: Any) -> bool:
    if el.tag == "meta" or el.get("itemprop") != "datePublished" or el.getparent() is None:
        return False
    beside = [other for other in el.itersiblings() if other.get("itemprop") == "dateModified"]
    return any(len(normalize(one.text or "")) > 16 and one.text == el.text for one in beside)


def _is_anothers(el: Any) -> bool:
    for above in (el, *el.iterancestors()):
        if above.tag in ("aside", "nav", "footer") and above.find(".//h1") is None:
            return above.tag != "footer" or next(above.iterancestors("article"), None) is None
        if above.tag in ("body", "html"):
            return False
        names = f"{above.get('class', '')} {above.get('id', '')} {(above.get('typeof') or '').replace(':', ' ')}"
        if len(names) > 2 and _ANOTHERS.search(names) and above.find(".//h1") is None:
            return True
        if "Comment" in (above.get("itemtype") or ""):
            return True
    return False


def _thing(el: Any) -> Any:
    """Return the element of the thing that a date is said of: its scope, or the page (None)."""
    return next(
        (above for above in el.iterancestors() if "itemscope" in above.attrib or "about" in above.attrib
         or (above.tag == "article" and above.find(".//h1") is None)),
        None,
    )  # fmt: skip


def _is_own(thing: Any, url: str, names: list[str]) -> bool:
    if thing is None:
        return True
    if thing.get("about") and _same_path(thing.get("about"), url):
        return True
    return any(titles.matches(head, name) for head in _heads(thing) for name in names)


def _heads(thing: Any) -> list[str]:
    heads = [" ".join(el.text_content().split()) for el in islice(thing.iter("h1", "h2", "h3", "h4"), 6)]
    named = [el for el in islice(thing.iter(), 400) if el.get("itemprop") in ("headline", "name")]
    heads += [el.get("content") or " ".join(el.text_content().split()) for el in named]
    return [head for head in heads if 3 < len(head) < 400]


def _is_anothers_thing(thing: Any, url: str, names: list[str]) -> bool:
    """Tell whether the only thing with a date is a teaser: it has a headline, and not the page's, or an address."""
    if thing is None or thing.find(".//h1") is not None or _is_own(thing, url, names):
        return False
    about = thing.get("about") or ""
    number = re.fullmatch(r"/?(?:\?q=)?node/\d+", about)
    return bool(_heads(thing)) or (number is None and about.startswith(("/", "http")))


def _same_path(address: str, url: str) -> bool:
    try:
        return unquote(urlsplit(address).path).rstrip("/") == unquote(urlsplit(url).path).rstrip("/")
    except ValueError:
        return False
