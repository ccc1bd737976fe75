"""What is known of a site as a whole, with the counts that speak for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from crawler.profile.observation import digest


@dataclass(frozen=True, slots=True)
class Order:
    """Which comes first in numeric dates: how many articles show that the day does, how many that the month does.

    `sure_day` and `sure_month`: by a number over 12 alone. `astray`: how many have a weekday that fits neither reading;
    where that is most of those with one, the weekdays are wrong, and fit the month first by chance.
    """

    day: int = 0
    month: int = 0
    sure_day: int = 0
    sure_month: int = 0
    astray: int = 0

    @property
    def day_first(self) -> bool | None:
        """True or False where three articles or more say so and hardly any the contrary, else None."""
        others = self.day + self.month - self.sure_day - self.sure_month
        for day, month in ((self.sure_day, self.sure_month), (self.day, self.month)):
            for ours, theirs, answer in ((day, month, True), (month, day, False)):
                if ours >= 3 and theirs * 20 <= ours:
                    return answer
        return True if self.astray >= 3 and self.astray >= others else None


@dataclass(frozen=True, slots=True)
class PortalLines:
    """Masked lines that are the portal's: those that were seen in texts, and by their digests those outside them."""

    seen: Mapping[str, tuple[int, int]]
    frame: frozenset[int]

    def __contains__(self, line: str) -> bool:
        return line in self.seen or (bool(self.frame) and digest(line) in self.frame)

    def __bool__(self) -> bool:
        return bool(self.seen or self.frame)


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What many articles of one site have in common. Counts say on how many of `articles` a fact was seen.

    `furniture`: masked lines that are the portal's → (in bodies, elsewhere on the page); `frame`: digests of the lines
    that stand outside the text on four pages of five; `date_place`: where on the
    page the date that varies and fits is, "" where none is known, with its count; `clocks`: places that show the
    moment of the fetch; `constant_dates`: places that show one date on all; `order`: of day and month; `not_authors`:
    names that are no author's; `one_author`: the name that all articles have, "" otherwise; `title_tail`: what every
    `<title>` ends with; `length`: characters of the median text.
    """

    articles: int = 0
    furniture: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    frame: frozenset[int] = frozenset()
    date_place: str = ""
    date_place_seen: int = 0
    clocks: Mapping[str, int] = field(default_factory=dict)
    constant_dates: Mapping[str, int] = field(default_factory=dict)
    order: Order = field(default_factory=Order)
    not_authors: Mapping[str, int] = field(default_factory=dict)
    one_author: str = ""
    title_tail: str = ""
    title_tail_seen: int = 0
    length: int = 0

    @property
    def portal(self) -> PortalLines:
        """The lines that are no article's own."""
        return PortalLines(self.furniture, self.frame)

    def reads_like(self, other: "SiteProfile") -> bool:
        """Tell whether pages are read the same by both: the facts are the same, whatever their counts.

        The frame is left out: it changes with every headline in a box.
        """
        return self._facts() == other._facts()

    def _facts(self) -> tuple[object, ...]:
        return (
            set(self.furniture), self.date_place, set(self.clocks), set(self.constant_dates), self.order.day_first,
            set(self.not_authors), self.one_author, self.title_tail,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as plain JSON."""
        return asdict(self) | {"frame": sorted(self.frame)}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> Self:
        """Return what `to_dict` gave; facts of a newer tinphuong are passed over."""
        known = {name: value for name, value in facts.items() if name in cls.__dataclass_fields__}
        known["frame"] = frozenset(known.get("frame", ()))
        known["order"] = Order(**known.get("order", {}))
        known["furniture"] = {line: (int(a), int(b)) for line, (a, b) in known.get("furniture", {}).items()}
        return cls(**known)


EMPTY = SiteProfile()
