"""Whose page a front page is, by what its title, banner and footer say. Pure.

What is read are statements, not mentions: a unit that an article names owns nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.discovery.front_text import BANNER, BODY, FOOTER, HEADING, SITE_NAME, TITLE, FrontText, Line
from crawler.discovery.statements import FOREIGN, Named, Statement, statement
from crawler.text import fold
from crawler.units import Unit, table
from crawler.units.places import Place

_WEIGHTS = {TITLE: 8, SITE_NAME: 8, BANNER: 5, HEADING: 5, FOOTER: 4, BODY: 3}
_LONGEST = 300  # characters of a line that says whose page it is
_IDENTITY = re.compile(
    r"\b(?:cong (?:thong tin|ttdt)|trang (?:thong tin|tin) (?:dien tu|tong hop)|trang ttdt|cong giao tiep|website"
    r"|ban quyen|copyright|co quan chu quan|don vi (?:chu quan|quan ly)|chiu trach nhiem|people.?s? committee"
    r"|(?:ubnd|uy ban nhan dan) (?:phuong|xa|thi tran|dac khu|p\.|tt\.))"
)
_ADDRESS = re.compile(r"\b(?:dia chi|tru so|address|d/c|dc)\b\s*[:.]?")
_MOST_CLAIMS = 4  # units that claim a page; more are a list


@dataclass(slots=True)
class Claim:
    """A unit that the page says it is of. `named`: how, in each line; `lines`: (where, text); `weight`: how well."""

    named: list[Named] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    weight: int = 0

    @property
    def words(self) -> str:
        """Kind and name as written."""
        return self.named[0].words

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of this kind and name."""
        return self.named[0].units

    @property
    def places(self) -> list[Place]:
        """The districts and provinces that are named with it."""
        return list(dict.fromkeys(place for named in self.named for place in named.places))

    @property
    def best(self) -> tuple[str, str]:
        """Where the best line stands, and the line."""
        return max(self.lines, key=lambda line: _WEIGHTS.get(line[0], 1))


@dataclass(slots=True)
class Owner:
    """What a page says of whose it is. `claims`: units, the best first; `addresses`: units that only addresses name;
    `above`: (where, text) of lines that name only a district or province; `places`: all that such lines name;
    `foreign`: the line by which it is another body's, where it stands, and its words."""

    claims: list[Claim] = field(default_factory=list)
    addresses: list[Claim] = field(default_factory=list)
    above: list[tuple[str, str]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    foreign: tuple[str, str, str] | None = None

    @property
    def others(self) -> list[Claim]:
        """The claims that are not of the first one's unit, nor of one that it came from or went into."""
        own = _kin(self.claims[0].units) if self.claims else set()
        return [claim for claim in self.claims[1:] if own.isdisjoint(_kin(claim.units))]


def owner_of(page: FrontText) -> Owner:
    """Return what a page says of whose it is."""
    found, claims, addresses = Owner(), dict[tuple[str, str], Claim](), dict[tuple[str, str], Claim]()
    for line, said, is_address in _statements(page):
        head = line.place in (TITLE, SITE_NAME, BANNER, HEADING)
        if said.foreign and found.foreign is None and _is_own(line, said):
            found.foreign = (line.place, line.text, said.foreign)
            continue
        found.places += said.places
        if not said.named:
            if said.places and (said.is_office or head) and said.is_clean and not is_address:
                found.above.append((line.place, line.text))
            continue
        if is_address:
            _join(addresses, said.named[-1:], line, 1)
            found.places += said.named[-1].places
        elif said.is_clean or said.is_office:
            _join(claims, said.named, line, _WEIGHTS[line.place] + (2 if said.is_office else 0))
    found.claims = sorted(claims.values(), key=lambda claim: -claim.weight)
    for name, claim in addresses.items():
        if name in claims:
            claims[name].lines += claim.lines
    found.addresses = [claim for name, claim in addresses.items() if name not in claims]
    found.places = list(dict.fromkeys(found.places))
    return found


def _is_own(line: Line, said: Statement) -> bool:
    """Tell whether a line with the words of another body says that the page is that body's."""
    if line.place in (TITLE, SITE_NAME, HEADING):
        return not said.is_office or not said.named
    return line.place == BANNER and not line.linked and not said.named and len(line.text) < 80


def _statements(page: FrontText) -> Iterator[tuple[Line, Statement, bool]]:
    """Yield the lines that may say whose page it is: (line, what it says, whether it is an address)."""
    seen: set[tuple[str, str]] = set()
    for line in page.lines:
        if line.place not in _WEIGHTS or len(line.text) > _LONGEST or (line.place, line.text) in seen:
            continue
        seen.add((line.place, line.text))
        folded = fold(line.text)
        if (address := _ADDRESS.search(folded)) and line.place != TITLE:
            if not line.linked:
                yield from _parts(line, address.start())
            continue
        if line.place in (TITLE, SITE_NAME, BANNER, HEADING):
            if not (line.linked and len(line.text) > 120):
                said = statement(line.text)
                if said.named or said.places or said.foreign:
                    yield line, said, False
        elif _IDENTITY.search(folded) and not line.linked:
            said = statement(line.text)
            if said.is_clean or (line.place == FOOTER and not FOREIGN.search(folded)) or "chiu trach nhiem" in folded:
                yield line, said, False


def _parts(line: Line, at: int) -> Iterator[tuple[Line, Statement, bool]]:
    """Yield a line that holds an address in two parts: what stands before it, and the address."""
    before, address = line.text[:at].strip(" -–|,;:"), line.text[at:]
    if before and _IDENTITY.search(fold(before)):
        yield Line(before, line.place, line.linked, line.clock, line.node), statement(before), False
    said = statement(address)
    if said.named or said.places:
        yield Line(address, line.place, line.linked, line.clock, line.node), said, True


def _join(claims: dict[tuple[str, str], Claim], named: tuple[Named, ...], line: Line, weight: int) -> None:
    for one in named[: _MOST_CLAIMS + 1]:
        claim = claims.setdefault(one.key, Claim())
        if (line.place, line.text) not in claim.lines:
            claim.lines.append((line.place, line.text))
        claim.named.append(one)
        claim.weight += weight


def _kin(units: tuple[Unit, ...]) -> set[Unit]:
    """The units, what they went into, and what went into them."""
    return {one for unit in units for one in table().relatives(unit)}
