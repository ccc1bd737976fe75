"""Whether a front page is that of a ward's or commune's portal, and whose: by what the page says of itself. Pure.

`sure` means that the page itself says whose it is, by kind, name and area; that its host agrees; that it has the words
of an office and news by which its time is known; and that nothing speaks against it. Refusing is better than a mistake.
"""

import re
from dataclasses import dataclass, field

from crawler import urls
from crawler.discovery.front_text import BANNER, HEADING, SITE_NAME, TITLE, FrontText, read
from crawler.discovery.model import AnswerKind, Candidate, Confidence, DnsAnswer, Finding, FrontPage
from crawler.discovery.newest_news import REFORM, Newest, newest_of
from crawler.discovery.page_guards import betting, no_portal, office_words
from crawler.discovery.page_owner import Claim, Owner, owner_of
from crawler.discovery.refusals import PASSING, Why, sentence
from crawler.discovery.statements import statement
from crawler.discovery.unit_choice import Whose, host_contradicts, host_names, whose
from crawler.reasons import Reason
from crawler.text.counted import counted
from crawler.units import Unit, table
from crawler.units.hosts.labels import label
from crawler.units.hosts.reading import HostReading, read_host
from crawler.urls import plain_host

# Why a page did not come that may come another day, or in a browser.
_LATER = re.compile(rf"{PASSING}|tls|antibot|http_(?:401|403)")
_MAY_BE_PORTAL = frozenset({Reason.ANTIBOT, Reason.FILLED_BY_SCRIPT, Why.UNDER_CONSTRUCTION})
_HEAD = (TITLE, SITE_NAME, BANNER, HEADING)
_MANY = 3  # units that have pages of their own on a host that is of none of them
_ENOUGH_OFFICE = 2  # kinds of words of an office
_LONGEST_QUOTE = 120


@dataclass(slots=True)
class _Case:
    """What is being concluded of a host."""

    candidate: Candidate
    page: FrontPage
    host: str
    evidence: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    platform: str = ""
    newest: Newest = field(default_factory=Newest)

    def finding(self, confidence: Confidence, reason: str = "", found: Whose | None = None, name: str = "") -> Finding:
        found = found or Whose()
        day = self.newest.day
        return Finding(
            self.host, self.candidate.host, confidence, found.old.code if found.old else None,
            found.new.code if found.new else None, name, self.platform, self.page.scheme, self.page.tls,
            day.isoformat() if day else "", day is not None and day < REFORM, tuple(dict.fromkeys(self.evidence)),
            tuple(dict.fromkeys(self.against)), str(reason),
        )  # fmt: skip

    def refused(self, why: str, said: str = "") -> Finding:
        """Conclude that the host is no portal of a ward or commune."""
        self.against.insert(0, said or f"{self.host}: {sentence(why)}")
        return self.finding(Confidence.REFUSED, why)

    def to_look_at(self, why: str, said: str = "", found: Whose | None = None, name: str = "") -> Finding:
        """Leave the conclusion to somebody who looks at the page."""
        if said:
            self.against.append(said)
        return self.finding(Confidence.LOOK, why, found, name)


def judge(candidate: Candidate, answer: DnsAnswer, page: FrontPage) -> Finding:
    """Return what is concluded of a candidate: whose portal it is, how sure that is, by what, and what speaks against.

    A name that did not answer, and a page that did not come, are refused or left to look at, with the reason's word.
    """
    came = "" if page.failed else plain_host(urls.host_and_port(page.url))
    case = _Case(candidate, page, came or candidate.host)
    if answer.kind != AnswerKind.LIVE:
        return case.refused(str(answer.kind), f"the name service says {answer.kind} for {answer.host}")
    case.evidence += page.notes
    if page.failed:
        said = f"{page.url or candidate.host}: {page.why or sentence(page.failed)}"
        if _LATER.fullmatch(page.failed) and not answer.any_name:
            return case.to_look_at(page.failed, said)
        return case.refused(page.failed, said)
    text = read(page)
    if wrong := no_portal(text):
        why, seen = wrong
        said = f"{sentence(why)}: “{seen}”" if seen else sentence(why)
        if page.same_as_any:
            return case.refused(Why.SAME_AS_ANY, f"{sentence(Why.SAME_AS_ANY)}; {said}")
        return case.to_look_at(why, said) if why in _MAY_BE_PORTAL else case.refused(why, said)
    return _of_page(case, answer, text)


def _of_page(case: _Case, answer: DnsAnswer, text: FrontText) -> Finding:
    page = case.page
    owner, reading = owner_of(text), read_host(case.host)
    case.newest = newest_of(text, page.at, case.host)
    claim = owner.claims[0] if owner.claims else None
    found = whose(claim, owner, reading, case.newest.day) if claim else Whose()
    agrees = found.unit is not None and host_names(reading, found.unit) and not host_contradicts(reading, found.unit)
    if page.same_as_any:
        if not agrees:
            return case.refused(Why.SAME_AS_ANY)
        case.evidence.append(_who(found))
        name = _name(claim, found.unit) if claim else ""
        return case.to_look_at(Why.SAME_AS_ANY, sentence(Why.SAME_AS_ANY), found, name)
    if owner.foreign:
        where, line, words = owner.foreign
        said = f"its {where.replace('_', ' ')} says “{_quoted(line)}” ({words})"
        if where == TITLE or not agrees:
            return case.refused(Why.OTHER_OWNER, said)
        return case.to_look_at(Why.OTHER_OWNER, said)
    office = office_words(text)
    if not office:
        return case.refused(Why.NO_OFFICE)
    if many := _units_by_path(text, case.host, found.unit):
        said = f"it has pages of {counted(len(many), 'unit')} by path: {', '.join(sorted(many)[:4])}"
        return case.to_look_at(Why.MANY_UNITS, said) if agrees else case.refused(Why.MANY_UNITS, said)
    if claim is None:
        return _without_claim(case, owner)
    if len(owner.others) >= _MANY:
        said = f"it names {', '.join(one.words for one in [claim, *owner.others][:5])} as its own"
        return case.refused(Why.MANY_UNITS, said)
    return _of_claim(case, answer, text, owner, claim, found, reading, office)


def _without_claim(case: _Case, owner: Owner) -> Finding:
    """Conclude about a page that says of no unit that it is its own."""
    if owner.above:
        where, line = owner.above[0]
        return case.refused(Why.HIGHER_LEVEL, f"its {where.replace('_', ' ')} says “{_quoted(line)}”")
    if owner.addresses:
        said = f"only an address names a unit: “{_quoted(owner.addresses[0].best[1])}”"
        return case.to_look_at(Why.OWNER_NOT_NAMED, said)
    return case.to_look_at(Why.OWNER_NOT_NAMED, sentence(Why.OWNER_NOT_NAMED))


def _of_claim(
    case: _Case,
    answer: DnsAnswer,
    text: FrontText,
    owner: Owner,
    claim: Claim,
    found: Whose,
    reading: HostReading,
    office: list[str],
) -> Finding:
    where, line = claim.best
    case.evidence.append(f"its {where.replace('_', ' ')} says “{_quoted(line)}”")
    if (where_it_lies := _line_with_area(claim)) and where_it_lies != line:
        case.evidence.append(f"it names its area: “{_quoted(where_it_lies)}”")
    case.platform = _platform(case.page, text)
    case.against += found.against
    unit = found.unit
    name = _name(claim, unit)
    if owner.others:
        said = f"it names {claim.words} and {owner.others[0].words} as its own"
        return case.to_look_at(Why.SEVERAL_UNITS, said)
    if unit is None:
        return case.to_look_at(found.why or Why.HOMONYM, name=name)
    if wrong := host_contradicts(reading, unit):
        return case.to_look_at(Why.OTHER_AREA, f"{case.host} {wrong}, not that of {unit.label}")
    case.evidence.append(_who(found))
    day = case.newest.day
    if day is not None and day < REFORM:
        case.evidence.append(f"frozen: its newest date is {day.isoformat()}, before the units of July 2025")
    elif day is not None:
        case.evidence.append(f"its newest date is {day.isoformat()}: “{_quoted(case.newest.words)}”")
    case.evidence.append(f"it has words of an office: {', '.join(office[:4])}")
    if not case.host.partition(":")[0].endswith(".gov.vn"):
        return case.to_look_at(Why.NOT_GOV_VN, f"{case.host} does not end in .gov.vn", found, name)
    if words := betting(text):
        return case.to_look_at(Why.BETTING, f"it carries words of betting: {', '.join(words[:4])}", found, name)
    return _weighed(case, answer, owner, claim, found, reading, office, name)


def _weighed(
    case: _Case,
    answer: DnsAnswer,
    owner: Owner,
    claim: Claim,
    found: Whose,
    reading: HostReading,
    office: list[str],
    name: str,
) -> Finding:
    """Conclude about a portal whose unit was found: sure, or likely with what is missing."""
    unit = found.unit
    assert unit is not None  # noqa: S101  (the caller has seen to it)
    reason = ""
    doubts: list[tuple[str, str]] = []
    if not host_names(reading, unit):
        doubts.append((Why.OTHER_AREA, f"{case.host} does not bear its name"))
    else:
        case.evidence.append(f"{case.host} bears its name")
    if not found.area_named:
        doubts.append((Why.AREA_NOT_NAMED, ""))
    elif found.by_host:
        doubts.append((Why.HOMONYM, ""))
    if case.newest.day is None:
        doubts.append((Why.NO_DATES, "its page shows no date of news, so it may be frozen"))
    if len(office) < _ENOUGH_OFFICE:
        doubts.append((Why.NO_OFFICE, "it has few words of an office"))
    declared = [(where, line) for where, line in owner.above if where in _HEAD[:2]]
    if above := [] if claim.best[0] in _HEAD[:2] else declared or (owner.above if claim.best[0] not in _HEAD else []):
        where, line = above[0]
        doubts.append((Why.HIGHER_LEVEL, f"its {where.replace('_', ' ')} says “{_quoted(line)}”"))
    if answer.any_name and not case.page.asked_any:
        doubts.append((Why.SAME_AS_ANY, "any name leads there, and its server was not asked for a host of nobody"))
    if strange := _strange_address(owner, unit):
        doubts.append((Why.CONTRADICTS, f"its address names another unit: “{_quoted(strange)}”"))
    for why, said in doubts:
        reason = reason or str(why)
        case.against += [said] if said else []
    wanted = {one for asked in case.candidate.units for one in table().relatives(asked)}
    if wanted and wanted.isdisjoint(table().relatives(unit)):
        meant = ", ".join(one.label for one in case.candidate.units[:3])
        case.evidence.append(f"{case.candidate.host} was asked for as {meant}, and leads to another unit's portal")
    confidence = Confidence.LIKELY if doubts else Confidence.SURE
    return case.finding(confidence, reason, found, name)


def _line_with_area(claim: Claim) -> str:
    """Return the line that says where the unit lies; that with its name, where it stands there."""
    lines = [claim.best[1], *(line for _, line in claim.lines)]
    return next((line for line in lines if any(named.places for named in statement(line).named)), "")


def _strange_address(owner: Owner, unit: Unit) -> str:
    """Return the address of another unit, which is not one that this one came from or went into."""
    kin = {one for near in table().relatives(unit) for one in table().relatives(near)}
    for claim in owner.addresses:
        if claim.units and kin.isdisjoint(claim.units):
            return claim.best[1]
    return ""


def _who(found: Whose) -> str:
    units = [unit.label for unit in (found.old, found.new) if unit]
    return f"that is {' and '.join(units)}"


def _name(claim: Claim, unit: Unit | None) -> str:
    return unit.title if unit else claim.words[:1].upper() + claim.words[1:]


def _units_by_path(text: FrontText, host: str, own: Unit | None) -> set[str]:
    """Return the units that have pages of their own on the host, at least _MANY, besides those that became this one."""
    kin = {label(one.name) for one in table().relatives(own)} if own else set()
    found: set[str] = set()
    for url, words in text.links:
        if not words or len(words) > 60 or plain_host(urls.host_and_port(url)) != host:
            continue
        said = statement(words)
        if len(said.named) != 1 or said.named[0].at or not said.is_clean:
            continue
        name = label(said.named[0].name)
        path = re.sub(r"[^a-z0-9/]", "", url.partition("//")[2].partition("/")[2].lower())
        if name not in kin and any(name in part and len(part) <= len(name) + 12 for part in path.split("/")):
            found.add(said.named[0].words)
    return found if len(found) >= _MANY else set()


def _platform(page: FrontPage, text: FrontText) -> str:
    """Return the platform that the page shows; "" where it shows none."""
    from spiders.fingerprint import GENERIC, Seen, identify

    name, _ = identify([Seen.of(page.url, dict(page.headers), text.source)])
    return "" if name == GENERIC else name


def _quoted(line: str) -> str:
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
