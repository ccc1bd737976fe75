"""What both ways through a page, the known and the generic, hand to the same last steps."""

from dataclasses import dataclass, field
from typing import Any

from crawler.dates.publication import DateCandidate
from crawler.extraction.blocks import Block


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list or feed says of the page: its title and an excerpt, "" where it says nothing.

    `written`: the excerpt stands beside the whole text and is not cut off it.
    """

    title: str = ""
    summary: str = ""
    written: bool = False


@dataclass(slots=True)
class Parts:
    """The pieces of an article before they are cleaned.

    `nodes` are the elements to look for files in; `lead_images` pictures outside the body, `captions` what the layout
    says of them; `dates` the strings near the title, best first. `author` is shown on the page, `declared_author` only
    named by its metadata.
    """

    title: str | None = None
    summary: str | None = None
    blocks: list[Block] = field(default_factory=list)
    nodes: list[Any] = field(default_factory=list)
    lead_images: list[Any] = field(default_factory=list)
    captions: dict[Any, str] = field(default_factory=dict)
    dates: list[DateCandidate] = field(default_factory=list)
    author: str | None = None
    declared_author: str | None = None
    source: str | None = None
    section: str | None = None
    notes: list[str] = field(default_factory=list)
