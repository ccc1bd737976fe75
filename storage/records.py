"""What the collection takes in: plain records, free of any crawler's types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from crawler.text.text_keys import TextKeys, text_keys
from storage.rows import UnitLink


class Outcome(StrEnum):
    """What became of an article that was handed in."""

    NEW = "new"
    CHANGED = "changed"  # known, with another text: the old one is kept in `versions`
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"  # the same text is known under another identity: one row, one more URL


@dataclass(slots=True)
class Record:
    """One article as met on one page.

    `key` is the article's identity on its site, `others` further identities under which it may be known there; `url` is
    its canonical URL, `seen_urls` every other URL that led to it;
    `fields` has values for the columns that storage/fields.py lists, JSON columns as Python lists;
    `attachments` are dicts of url, name, type; `images` of url, caption; `units`, which the article is about, of code,
    vintage, certainty, found_in, evidence; `seen_at` is ISO 8601 in UTC. `capture_id` is the row of `captures` that
    holds the page, None where no capture was kept. `trusted` is False where the page was not read by its platform's
    layout: then a text that differs from the one stored proves no edit. `keys` are those of exactly this title, summary
    and body, where they are known already; who changes a text takes them away.
    """

    site: str
    key: str
    url: str
    content_hash: str
    seen_at: str
    fields: Mapping[str, object]
    seen_urls: Sequence[str] = ()
    others: Sequence[str] = ()
    attachments: Sequence[Mapping[str, object]] = field(default_factory=list)
    images: Sequence[Mapping[str, object]] = field(default_factory=list)
    units: Sequence[UnitLink] = field(default_factory=list)
    capture_id: int | None = None
    trusted: bool = True
    keys: TextKeys | None = None

    def text(self, name: str) -> str:
        """Return a field that is a text, "" where the page gave none."""
        return str(self.fields.get(name) or "")

    def text_keys(self) -> TextKeys:
        """Return the keys of its title, summary and body: those that it has, or new ones."""
        return self.keys or text_keys(*map(self.text, ("title", "summary", "body")))
