"""From `--unit TEXT` and `unit:text` to the sites that are meant: every command asks here."""

from dataclasses import dataclass
from functools import lru_cache

from crawler.text import fold
from crawler.text.remarks import Remark
from crawler.units.lookup import find
from crawler.units.meanings import AmbiguousUnit, Meaning, UnitError, UnknownUnit, meaning_of, resolve, widest
from crawler.units.model import NEW, table

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class UnitQuery:
    """What a text asks for.

    `meanings`: one; several where several units have the name; none where no unit has it, and the text is
    then looked for in the sites' names ("Sở Thông tin"). `error`: the message in the last two cases.
    """

    text: str
    meanings: tuple[Meaning, ...]
    error: UnitError | None = None

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether several units have the name."""
        return isinstance(self.error, AmbiguousUnit)

    def includes(self, name: str, unit_old: str | None, unit_new: str | None) -> bool:
        """Tell whether a site of this name and with these codes is meant; one without codes goes by its name."""
        if not self.meanings:
            return self.text in (unit_old, unit_new) or (bool(self.text) and fold(self.text) in fold(name))
        if unit_old is None and unit_new is None:
            unit_old, unit_new = _codes(name)
        return any(meaning.includes(unit_old, unit_new) for meaning in self.meanings)

    def __str__(self) -> str:
        """The unit that was understood, or the text where it is none or several."""
        return self.meanings[0].unit.label if len(self.meanings) == 1 else repr(self.text)

    def remark(self) -> Remark | None:
        """What a search that took all of them has to say; None where one unit is meant."""
        if self.error is None:
            return None
        if not isinstance(self.error, AmbiguousUnit):
            return Remark("no_unit", {"text": self.text})
        candidates = self.error.candidates
        named = "; ".join(unit.label for unit in candidates[:_MOST_NAMED])
        values: dict[str, str | int] = {
            "text": self.text, "count": len(candidates), "example": self.error.example,
            "named": f"{named} …" if len(candidates) > _MOST_NAMED else named, "code": candidates[-1].reference,
        }  # fmt: skip
        return Remark("many_units", values)


@lru_cache(maxsize=256)  # a search asks more than once
def parse_unit(text: str) -> UnitQuery:
    """Return what a text asks for; nothing raises."""
    text = text.strip()
    try:
        return UnitQuery(text, (resolve(text),))
    except AmbiguousUnit as error:
        return UnitQuery(text, tuple(map(meaning_of, error.candidates)), error)
    except UnknownUnit as error:
        return UnitQuery(text, (), error)


def new_codes(name: str, unit_old: str | None, unit_new: str | None) -> frozenset[str]:
    """Return the codes of the units since July 2025 to which a site with this name and these codes belongs.

    They are those whose asking `includes` it: its own, and all that its old unit went into.
    """
    if unit_old is None and unit_new is None:
        unit_old, unit_new = _codes(name)
    units = table()
    found = {unit.code for unit in units.successors(unit_old or "")}
    return frozenset(found | ({unit_new} if unit_new in units.new else set()))


@lru_cache(maxsize=8192)  # of every site without codes, at each search
def _codes(name: str) -> tuple[str | None, str | None]:
    """The old and the new code that a site's name gives, as far as it names one unit."""
    units = widest(find(name))
    if len(units) != 1:
        return None, None
    return (None, units[0].code) if units[0].vintage == NEW else (units[0].code, None)
