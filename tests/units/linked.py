"""Titles and leads written for this project, with the units each is about, and how well they are found.

What an article is about was decided when it was written: the units that its title names, guests and partners with
their own place included; without any of the site's own district there, those of the lead; lists of who was there,
schools, streets and people of the name are none. `held-out` was not looked at while the rules were made.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crawler.units.links import Certainty, Link, linked_units
from crawler.units.scope import Scope, scope_of

PLACE = Path(__file__).with_name("linked.jsonl")
HALVES = ("dev", "held-out")


@dataclass
class Case:
    """One text; `wanted`: (code, vintage) of what it is about."""

    id: int
    half: str
    site: str
    unit_old: str | None
    unit_new: str | None
    published: str | None
    title: str
    summary: str
    body: str
    units: list[list[str]]

    @property
    def wanted(self) -> set[tuple[str, str]]:
        return {(code, vintage) for code, vintage in self.units}

    @property
    def scope(self) -> Scope:
        return scope_of(self.site, self.unit_old, self.unit_new)

    def links(self) -> list[Link]:
        """What the product finds."""
        return linked_units(self.title, self.summary, self.body, scope=self.scope, published=self.published)


@dataclass
class Score:
    """Counted links: right and wrong by certainty, and those not found."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Certainty), 0))
    wrong: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Certainty), 0))
    missed: int = 0

    @property
    def precision(self) -> float:
        right, wrong = sum(self.right.values()), sum(self.wrong.values())
        return right / (right + wrong)

    @property
    def recall(self) -> float:
        right = sum(self.right.values())
        return right / (right + self.missed)


def cases(half: str | None = None) -> Iterator[Case]:
    """Yield the texts of a half, or all."""
    for line in PLACE.read_text(encoding="utf-8").splitlines():
        case = Case(**json.loads(line))
        if half in (None, case.half):
            yield case


def score(half: str) -> Score:
    """Compare what is found in a half with what is wanted."""
    result = Score()
    for case in cases(half):
        found = {(link.unit.code, link.unit.vintage): link for link in case.links()}
        for unit, link in found.items():
            (result.right if unit in case.wanted else result.wrong)[str(link.certainty)] += 1
        result.missed += len(case.wanted - found.keys())
    return result
