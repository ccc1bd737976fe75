"""What extraction gives back: one page as an article, or the reason why it is none."""

from dataclasses import dataclass, field, fields
from typing import Any

from crawler.dates.publication import DateCandidate
from crawler.doubts import Doubt
from crawler.reasons import Reason


@dataclass(slots=True)
class Attachment:
    """A file the article offers. `type` is the lower-case ending (`pdf`, `docx`, …) or "" where the URL hides it."""

    url: str
    name: str
    type: str


@dataclass(slots=True)
class Image:
    """A picture of the article, with its caption where one is shown."""

    url: str
    caption: str | None = None


@dataclass(slots=True)
class Article:
    """One page. With `reason` set it is not an article and `body` is empty; an empty body alone is a PDF or photo item.

    `body` is plain text in NFC, paragraphs parted by one empty line; `markdown` is the same with its structure.
    `layout_matched` is False where the layout of the page's platform was not found on it, so that it was read without.
    The `published_*` fields are empty until `apply_publication` has chosen among `date_candidates`.
    """

    url: str
    canonical_url: str | None = None
    title: str | None = None
    summary: str | None = None
    body: str = ""
    markdown: str = ""
    author: str | None = None
    source: str | None = None
    section: str | None = None
    language: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    date_candidates: list[DateCandidate] = field(default_factory=list)
    published_at: str | None = None
    published_precision: str | None = None
    published_raw: str | None = None
    published_from: str | None = None
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    layout_matched: bool = True
    reason: Reason | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the article as plain JSON types, under the names of the database's columns."""
        return {name: getattr(self, name) for name in _NAMES} | {
            "attachments": [{"url": a.url, "name": a.name, "type": a.type} for a in self.attachments],
            "images": [{"url": i.url, "caption": i.caption} for i in self.images],
            "date_candidates": [{"text": c.text, "source": c.source} for c in self.date_candidates],
            "notes": list(self.notes),
            "doubts": [doubt.to_dict() for doubt in self.doubts],
            "reason": str(self.reason) if self.reason else None,
        }


_NAMES = tuple(field.name for field in fields(Article))
