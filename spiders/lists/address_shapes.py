"""What the addresses of one kind of page have in common, and what a crawl has learnt of a site. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler import urls

Shape = tuple[tuple[str, ...], str, tuple[str, ...]]
"""The kinds of the path's folders, the kind of its last part, the names of its parameters."""

_SEVERAL = 3  # dated articles of a folder from which the others in it are articles too
_WORDS = 3  # words from which a part of a path is a slug
_BOX_PAGES = 2  # other pages that show the same box before it counts as a side box
_ENDING = re.compile(r"(\.+(?:html?|aspx?|php|jsp))$", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"(.*\D)\d+(\D*)$")
_YEAR = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=16_384)
def shape(url: str) -> Shape:
    """Return the shape of an address: /van-hoa/hoi-vat-xom-bai-523.html has that of /muc/lich-cup-nuoc-529.html."""
    parts = urlsplit(urls.without_locale(url))
    path, query = parts.path, parts.query
    if query and "=" not in query.split("&")[0]:  # index.php?/muc/12-bai.html, news.php?extend.7
        before, _, query = query.partition("&")
        path = f"{path}/{before}" if "/" in before else f"{path}/{re.sub(r'[0-9]+', '00', before)}"
    folders = [unquote(part) for part in path.split("/") if part]
    last = folders.pop() if folders else ""
    ending = _ENDING.search(last)
    stem = last[: ending.start()] if ending else last
    names = tuple(sorted({name for name, _ in parse_qsl(query, keep_blank_values=True)}))
    kind = _kind(stem) + (ending[1].lstrip(".").lower() if ending else "")
    return tuple(_folder(folder) for folder in folders), kind, names


def has_number(url: str) -> bool:
    """Return whether an address ends in what looks like the number of a page of its kind."""
    parts = urlsplit(urls.without_locale(url))
    return re.search(r"\d", f"{parts.path.rsplit('/', 1)[-1]}?{parts.query}") is not None


def _folder_of(url: str) -> str:
    """The path of the folder of an address without a query; "" for the outermost."""
    parts = urlsplit(urls.without_locale(url))
    return "" if parts.query else parts.path.rstrip("/").rpartition("/")[0]


def _pairs(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query)


def _folder(text: str) -> str:
    kind = _kind(text)
    return kind if kind in ("0", "slug") or "x" in kind else "folder"


def _kind(text: str) -> str:
    if text.isdigit():
        return "0"
    tokens = [token for token in re.split(r"[\s_.\-–—]+", text.strip("@“”\"'")) if token]
    if len(tokens) == 1 and len(text) >= 8 and re.search(r"\d", text) and re.search(r"[A-Za-z]", text):
        return "x"
    first = "0" if tokens and tokens[0].isdigit() else ""
    trail = []
    while tokens and re.search(r"\d{2,}", tokens[-1]) and not _YEAR.fullmatch(tokens[-1]):
        trail.append(re.sub(r"\d+", "0", tokens.pop()))
    last = "-".join(reversed(trail))
    return "-".join(part for part in (first, "slug" if len(tokens) >= _WORDS else "words", last) if part)


@dataclass(slots=True)
class Learnt:
    """What the pages of a site that were read so far have taught: one object a site and run, which grows.

    - `pattern`: of its articles' addresses, where the site's file states it
    - `articles`: the shapes of its articles' addresses; `others`: those of its menus and other links
    - `menus`: the addresses in its menus; `headlines`: the addresses behind long headlines
    - `lists`: how entries of its lists are marked up
    - `boxes`: for groups of links, the pages that show them
    - `page_parameters`: query parameters that count pages; `page_stems`: what comes before and after a page's number in
      a path
    - `dated`: whether its lists show dates; `folders`: path of a folder → articles in it, three at most, that lists
      or feeds name with a date
    - `unsure`: the identities of what only a doubtful list names
    - `sessions`: parameters that say who asks, which no address keeps
    """

    pattern: re.Pattern[str] | None = None
    articles: Counter[Shape] = field(default_factory=Counter)
    others: set[Shape] = field(default_factory=set)
    menus: set[str] = field(default_factory=set)
    headlines: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    boxes: dict[tuple[str, frozenset[str]], set[str]] = field(default_factory=dict)
    page_parameters: set[str] = field(default_factory=set)
    page_stems: set[tuple[str, str]] = field(default_factory=set)
    dated: bool = False
    folders: dict[str, set[str]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    sessions: frozenset[str] = frozenset()

    def is_article_shape(self, url: str) -> bool:
        """Return whether `url` has a shape that only articles have."""
        if self.pattern is not None and self.pattern.search(url):
            return True
        found = shape(url)
        return found in self.articles and found not in self.others

    def may_be_article(self, url: str) -> bool:
        """Return whether `url` has a shape that articles have, and perhaps other pages too."""
        return self.is_article_shape(url) or shape(url) in self.articles

    def note_dated(self, url: str) -> None:
        """Learn that a list or a feed names the article at `url` with a date."""
        if (folder := _folder_of(url)) and len(known := self.folders.setdefault(folder, set())) < _SEVERAL:
            known.add(url)

    def is_among_dated(self, url: str) -> bool:
        """Return whether the folder of `url` holds nothing but articles, as far as is known: several that lists show
        with a date, and no page that a menu links to."""
        folder = _folder_of(url)
        known = self.folders.get(folder, set()) if folder else set()
        found = shape(url)
        if len(known) < _SEVERAL or found in self.others or found not in {shape(other) for other in known}:
            return False
        return url not in self.menus and not any(_folder_of(other) == folder for other in self.menus)

    def note_page(self, here: str, url: str) -> None:
        """Learn where `url`, another page of the list at `here`, carries its number."""
        fresh = [name for name, value in set(_pairs(url)) - set(_pairs(here)) if value.isdigit()]
        if len(fresh) == 1:
            self.page_parameters.add(fresh[0])
        elif not fresh and (found := _LAST_NUMBER.match(url)):
            self.page_stems.add((found[1], found[2]))

    def is_further_page(self, url: str) -> bool:
        """Return whether `url` carries a page's number where the addresses of other lists' pages do."""
        if any(name in self.page_parameters for name, _ in _pairs(url)):
            return True
        found = _LAST_NUMBER.match(url)
        return found is not None and (found[1], found[2]) in self.page_stems

    def is_side_box(self, signature: str, hrefs: frozenset[str], page: str) -> bool:
        """Return whether other pages show the same group of links too. Notes that `page` shows it."""
        pages = self.boxes.setdefault((signature, hrefs), set())
        pages.add(page)
        return len(pages) > _BOX_PAGES


# Patterns of articles' addresses, the most reliable first; `pattern_of` takes the first that fits all.
_PATTERNS = (
    r"-(?P<id>\d{3,})\.(?:html?|aspx)$",
    r"-p\d+n(?P<id>\d+)\.html?$",
    r"-(?P<id>\d{3,})-\d{1,3}\.html?$",
    r"/(?P<id>\d{3,})-[^/?]+$",
    r"[/-](?P<id>\d{3,})/?$",
    r"[.](?P<id>\d{3,})/?$",
    r"/(?P<id>\d{3,})/[^/?\d]+/?$",
    r"/[a-z-]+\.(?:aspx|php|html)\?(?:.*&)?\w*id=(?P<id>\d+)",
    r"[?&]\w*id=(?P<id>\d+)",
    r"[?&](?:id_?(?:news|tin|bai\w*|article|post)|tc|nid|news)=(?P<id>\d{3,})",
    r"/(?:bai-viet|tin-bai|tin-tuc|tin|news|post|posts|article|chi-tiet)/(?P<id>[^/?]{8,})$",
)
_LEAST = 3  # articles to learn from


def pattern_of(articles: list[str], others: list[str]) -> str | None:
    """Return the pattern that every article's address fits and no other link does; None where no known one does, or
    fewer than three articles are given."""
    if len(articles) < _LEAST:
        return None
    for pattern in _PATTERNS:
        found = [re.search(pattern, url) for url in articles]
        if all(found) and not any(re.search(pattern, url) for url in others):
            numbers = {match["id"] for match in found if match}
            if len(numbers) == len(set(articles)):
                return pattern
    return None
