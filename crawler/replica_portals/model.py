"""What a replica portal is made of: sites, sections, articles and the blocks of their bodies."""

import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote_plus

INLINE_LINK = re.compile(r"\{([^|{}]+)\|([^{}]+)\}")
_PLAIN = str.maketrans("đĐ", "dD")


@dataclass(frozen=True)
class Block:
    """One block of a body. `kind`: p, h, li, img, table, layout, sign or file.

    `text` may hold inline links `{@name.pdf|label}` (an attachment) or `{https://…|label}`. `rows` are the rows of a
    data table, or the cells of a layout table as one row. `file` is the file's name, `alt` a picture's own text.
    """

    kind: str
    text: str = ""
    file: str = ""
    alt: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Article:
    """One article as its editor knew it. `date` is `YYYY-MM-DD[ HH:MM[:SS]]`; a day alone is an unknown time.

    `status` is `ok`, or names what the portal answers in place of the article (see `special.py`).
    `same` names the article (`key` or `site:key`) of which this one is an exact copy under an address of its own,
    `near` the one of which it is an edited version.
    """

    key: str
    title: str
    date: str
    id: int
    sections: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    sapo: str = ""
    slug: str = ""
    old_slug: str = ""
    author: str = ""
    styles: frozenset[str] = frozenset()
    status: str = "ok"
    pinned: bool = False
    same: str = ""
    near: str = ""
    site: str = ""

    @property
    def day(self) -> str:
        """`YYYY-MM-DD`."""
        return self.date[:10]

    @property
    def time(self) -> str:
        """`HH:MM[:SS]`, or an empty string where the time is unknown."""
        return self.date[11:]


@dataclass(frozen=True)
class Section:
    """A page that lists articles. `hidden` ones are not start pages: only the home page's menu names them."""

    path: str
    name: str
    hidden: bool = False
    dated: bool = True
    page_size: int = 5
    instance: str = ""


@dataclass
class Site:
    """A portal: its true address, its sections and its articles."""

    slug: str
    host: str
    scheme: str
    platform: str
    name: str
    address: str
    sections: tuple[Section, ...]
    robots: str = "plain"
    group: int = 10181
    articles: list[Article] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Scheme and host."""
        return f"{self.scheme}://{self.host}"

    def section(self, path: str) -> Section:
        """The section at `path`."""
        return next(s for s in self.sections if s.path == path)

    def listed(self, path: str) -> list[Article]:
        """Articles of a section as its listing shows them: the pinned first, then the newest."""
        found = [a for a in self.articles if path in a.sections]
        found.sort(key=lambda a: a.date, reverse=True)
        return sorted(found, key=lambda a: not a.pinned)

    def pages(self, path: str) -> list[list[Article]]:
        """The listing of a section, page by page."""
        items, size = self.listed(path), self.section(path).page_size
        return [items[i : i + size] for i in range(0, len(items), size)] or [[]]

    def document_url(self, name: str, folder: int = 0) -> str:
        """Address of an attachment or a body picture as the platform writes it."""
        if self.platform == "hatinh":
            return f"{self.origin}/portal/Documents/{quote_plus(name)}"
        token = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.host}/{name}")
        return f"{self.origin}/documents/{self.group}/{folder or self.group + 532}/{quote_plus(name)}/{token}"

    def image_url(self, name: str, article: Article) -> str:
        """Address of a picture in a body."""
        if self.platform == "hatinh":
            return f"{self.origin}/portal/Photos/{article.day}/{quote_plus(name)}"
        return f"{self.origin}/documents/{self.group}/0/{quote_plus(name)}?t=16{article.id:011d}"


def unmarked(text: str) -> str:
    """`text` without its marks, đ as d."""
    text = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return "".join(c for c in text if not unicodedata.combining(c))


def slugify(text: str, *, keep_d: bool = True) -> str:
    """Address form of a title: no marks, lower case, hyphens. Stock Liferay drops đ: `keep_d=False`."""
    text = unmarked(text if keep_d else re.sub("[đĐ]", "-", text)).lower()
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9-]+", "-", text))


def plain(text: str) -> str:
    """`text` with inline links replaced by their labels."""
    return INLINE_LINK.sub(lambda m: m.group(2), text)
