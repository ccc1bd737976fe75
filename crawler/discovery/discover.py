"""The walk from a province or unit to portals: names, the name service, front pages, what they are judged to be.

Everything that was asked is remembered at once (`crawler.discovery.memory`), so a walk that was ended goes on where it
was, and the next one asks for nothing that is known.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Protocol

from crawler import urls
from crawler.discovery.dns import NameService
from crawler.discovery.memory import Memory
from crawler.discovery.model import AnswerKind, Candidate, Confidence, DnsAnswer, Finding, FrontPage
from crawler.discovery.names import Area, candidates_of, in_directory, suffix_of
from crawler.discovery.refusals import Why
from crawler.errors import InternalError
from crawler.reasons import Reason
from crawler.units import Unit, table
from crawler.units.model import NEW, OLD
from spiders.portals import directory

_NAMES_AT_ONCE = 200  # that wait for an answer: 20 a second, each for up to ten seconds
_PAGES_AT_ONCE = 200  # most of which wait for the turn of their server
_DEAF_AFTER = 20  # names without any answer at all, after which the others are not asked for
_CERTAIN = ("hanoi.gov.vn", "danang.gov.vn", "hochiminhcity.gov.vn")  # who sees the network sees one of these
_MOST_ROUNDS = 3  # of links that lead to pages with further links


class NoNameService(InternalError):
    """No name server answered anything, or the one that did sees nothing of the public network."""


class Pages(Protocol):
    """What fetches front pages: `crawler.discovery.front_pages.FrontPages`."""

    def front_page(self, answer: DnsAnswer) -> Awaitable[FrontPage]:
        """Return the front page of a host, or why there is none."""
        ...


Judge = Callable[[Candidate, DnsAnswer, FrontPage], Finding]
Links = Callable[[FrontPage], Iterable[Candidate]]


@dataclass(slots=True)
class Name:
    """A name and how far it has come. `remembered`: its finding, or its answer where that says that there is nothing,
    is of an earlier run; `retried`: it was asked for a second time, after no answer had come."""

    candidate: Candidate
    answer: DnsAnswer | None = None
    finding: Finding | None = None
    remembered: bool = False
    retried: bool = False

    @property
    def host(self) -> str:
        """The name."""
        return self.candidate.host

    @property
    def is_settled(self) -> bool:
        """Whether it needs no more work."""
        return self.finding is not None or (self.answer is not None and self.answer.kind is not AnswerKind.LIVE)

    @property
    def outcome(self) -> str:
        """What became of it, as one word, with the reason where it was refused."""
        if self.finding is not None and self.finding.confidence is not Confidence.REFUSED:
            return str(self.finding.confidence)
        if self.answer is not None and self.answer.kind is not AnswerKind.LIVE:
            return str(self.answer.kind)
        if self.finding is not None:
            if self.answer is not None and self.answer.any_name:
                return str(Why.WILDCARD)
            return f"refused: {self.finding.reason or 'no portal'}"
        return "not asked"


@dataclass(slots=True)
class Plan:
    """What a walk would do. `names`: to settle, those that are settled included; `listed`: hosts of the area that the
    directory has; `registered`: host → slug, of those that a name or link is of; both are not asked for.
    `registered_hosts`: host → slug of all sites."""

    area: Area
    names: dict[str, Name] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    registered: dict[str, str] = field(default_factory=dict)
    registered_hosts: Mapping[str, str] = field(default_factory=dict)

    @property
    def to_ask(self) -> list[Name]:
        """Names of which the name service has to be asked."""
        return [name for name in self.names.values() if name.answer is None and not name.is_settled]

    @property
    def to_fetch(self) -> list[Name]:
        """Names that are known to be live, and whose front page has not been judged."""
        return [name for name in self.names.values() if name.answer is not None and not name.is_settled]

    @property
    def is_done(self) -> bool:
        """Whether every name is settled."""
        return all(name.is_settled for name in self.names.values())

    def takes(self, candidate: Candidate) -> bool:
        """Tell whether a host that a page names is for the area, and nobody knows it yet."""
        if self.area.references.isdisjoint(unit.reference for unit in candidate.units):
            return False
        host = candidate.host
        return not (host in self.names or urls.plain_host(host) in self.registered_hosts or is_listed(host))

    def add(self, candidate: Candidate, memory: Memory) -> Name:
        """Add a name, with what is remembered of it."""
        name = self.names[candidate.host] = Name(candidate)
        recall(name, memory)
        return name

    def suffixes(self, memory: Memory) -> list[str]:
        """Return the suffixes under which it is not known whether any name answers."""
        return unknown_suffixes((*self.to_ask, *self.to_fetch), memory)


def unknown_suffixes(names: Iterable[Name], memory: Memory) -> list[str]:
    """Return the suffixes of names of which it is not known whether any name under them answers."""
    found = dict.fromkeys(suffix_of(name.host) for name in names)
    return [suffix for suffix in found if memory.any_name(suffix) is None]


def is_listed(host: str) -> bool:
    """Tell whether the directory has a host as a ward's or commune's. One that it has as a district's is asked for: by
    now it may serve the new unit of the same name, or still the frozen portal of the district."""
    portal = directory().at(host)
    return portal is not None and portal.is_of_unit


def plan(area: Area, memory: Memory, registered: Mapping[str, str], *, again: bool = False) -> Plan:
    """Return what is to be done for an area.

    `registered`: host → slug of the user's sites; `again`: nothing that was remembered counts.
    """
    found = Plan(area, registered_hosts=registered)
    formed = candidates_of(area)
    links = list(_remembered_links(area, memory))
    known = {portal.host for portal in in_directory(area)}
    for candidate in (*formed, *links):
        if candidate.host in found.names:
            continue
        if slug := registered.get(urls.plain_host(candidate.host)):
            found.registered[candidate.host] = slug
        elif candidate.host in known or is_listed(candidate.host):
            known.add(candidate.host)
        else:
            found.names[candidate.host] = Name(candidate)
    found.listed = sorted(known)
    if again:
        memory.forget(found.names)
        memory.forget_read()
    for name in found.names.values():
        recall(name, memory)
    return found


def recall(name: Name, memory: Memory) -> None:
    """Take what is remembered of a name."""
    name.answer = memory.answer(name.host)
    if (known := memory.finding(name.host)) is not None:
        name.finding = known.finding
    name.remembered = name.is_settled


def _remembered_links(area: Area, memory: Memory) -> Iterator[Candidate]:
    for host, references, found_on, said in memory.links(area.references):
        units = tuple(unit for reference in references.split() if (unit := _unit(reference)) is not None)
        if units:
            yield Candidate(host, units, "link", found_on, said)


def _unit(reference: str) -> Unit | None:
    vintage, _, code = reference.partition(":")
    return table().get(code, NEW if vintage == NEW else OLD)


@dataclass
class Walk:
    """One discovery, within the job of `crawler.new_site.probe.probe`.

    `links`: the candidates that a page names; `sources`: portals that are known, whose front pages are read for links;
    `settled` is called with (how many names are settled, of how many). `dns_seconds`, `page_seconds`: how long that
    took; `questions`: that the name service was asked; `pages_fetched`: front pages that were asked for; `requests`:
    that these took, as `sent` counts them.
    """

    plan: Plan
    memory: Memory
    service: NameService
    pages: Pages
    judge: Judge
    links: Links = lambda page: ()
    sources: list[Candidate] = field(default_factory=list)
    settled: Callable[[int, int], None] = lambda done, total: None
    sent: Callable[[], int] = lambda: 0
    dns_seconds: float = 0.0
    page_seconds: float = 0.0
    pages_fetched: int = 0
    questions: int = 0
    requests: int = 0
    sources_read: int = 0
    _found: dict[str, Candidate] = field(default_factory=dict)
    _done: int = 0
    _saw_address: bool = False

    async def run(self) -> None:
        """Settle every name. Raises NoNameService where no name server answers anything, or none can be believed."""
        questions, requests = self.service.sent, self.sent()
        try:
            await self._run()
        finally:
            self.questions, self.requests = self.service.sent - questions, self.sent() - requests

    async def _run(self) -> None:
        self._done = sum(name.is_settled for name in self.plan.names.values())
        await self._round(list(self.plan.names.values()))
        await self._read_sources()
        for _ in range(_MOST_ROUNDS):
            names = self._names_from_links()
            if not names:
                break
            await self._round(names)
        await self._once_more()
        self._require_hearing(1)
        await self._require_sight()
        self.memory.keep_units(self.plan.area.units)

    async def _round(self, names: list[Name]) -> None:
        """Ask for names, then for the front pages of those that are live."""
        pending = [name for name in names if not name.is_settled]
        with self._clock("dns_seconds"):
            await self._each(unknown_suffixes(pending, self.memory), self._try_suffix)
            await self._each([name for name in pending if name.answer is None], self._ask)
        await self._judge_all([name for name in pending if not name.is_settled])

    async def _once_more(self) -> None:
        """Ask again, once, for the names of which no answer came."""
        silent = [
            name
            for name in self.plan.names.values()
            if name.answer and name.answer.kind is AnswerKind.SILENT and not name.remembered and not name.retried
        ]
        for name in silent:
            name.retried = True
        with self._clock("dns_seconds"):
            await self._each(silent, self._ask)
        await self._judge_all([name for name in silent if not name.is_settled])

    # The name service

    async def _try_suffix(self, suffix: str) -> None:
        self._require_hearing(_DEAF_AFTER)
        if (answers := await self.service.any_name(suffix)) is not None:
            self.memory.keep_any_name(suffix, answers)

    async def _ask(self, name: Name) -> None:
        self._require_hearing(_DEAF_AFTER)
        answer = await self.service.ask(name.host)
        self._saw_address = self._saw_address or bool(answer.addresses)
        proves_nothing = self.memory.any_name(suffix_of(name.host)) is not False  # nor where that is not known
        name.answer = replace(answer, any_name=proves_nothing) if answer.kind is AnswerKind.LIVE else answer
        if answer.kind is not AnswerKind.SILENT or self.service.came:
            self.memory.keep_answer(name.answer)
        self._count(name)

    def _require_hearing(self, most: int) -> None:
        """Raise where at least `most` questions had their time, and none was answered."""
        if self.service.came == 0 and self.service.unanswered >= most:
            raise NoNameService("no name server answered anything")

    async def _require_sight(self) -> None:
        """Raise where no name had an address, not even one that is certain to have one, and forget what was answered:
        a resolver that is cut off from the network says of every name that it does not exist."""
        names = self.plan.names.values()
        if self._saw_address or any(name.answer and name.answer.addresses for name in names):
            return
        asked = [name for name in names if name.answer and not name.remembered]
        if not any(name.outcome == AnswerKind.NXDOMAIN for name in asked):
            return
        for host in _CERTAIN:
            if (await self.service.ask(host)).addresses:
                return
        self.memory.forget([*(name.host for name in asked), *(source.host for source in self.sources)])
        raise NoNameService(f"the name server knows no name at all, not even {_CERTAIN[0]}")

    # Front pages

    async def _judge_all(self, names: list[Name]) -> None:
        with self._clock("page_seconds"):
            await self._each(names, self._judge, at_once=_PAGES_AT_ONCE)

    async def _judge(self, name: Name) -> None:
        if name.answer is None:
            return
        self.pages_fetched += 1
        try:
            page = await self.pages.front_page(name.answer)
            name.finding = self.judge(name.candidate, name.answer, page)
        except Exception as error:  # of tinphuong itself, on one page; not remembered
            name.finding = _failed(name.host, error)
        else:
            self.memory.keep_finding(name.finding, name.candidate)
            self._take_links(page)
        self._count(name)

    # Links

    async def _read_sources(self) -> None:
        """Read the front pages of known portals for the links they hold, each once in a while."""
        unread = [source for source in self.sources if not self.memory.has_read(source.host)]
        names = {source.host: Name(source, self.memory.answer(source.host)) for source in unread}
        with self._clock("dns_seconds"):
            await self._each([name for name in names.values() if name.answer is None], self._ask)
        live = [name for name in names.values() if name.answer and name.answer.kind is AnswerKind.LIVE]
        with self._clock("page_seconds"):
            await self._each(live, self._read_source, at_once=_PAGES_AT_ONCE)

    async def _read_source(self, name: Name) -> None:
        if name.answer is None:
            return
        self.pages_fetched += 1
        page = await self.pages.front_page(name.answer)
        self.sources_read += not page.failed
        self._take_links(page)
        if not page.failed:
            self.memory.keep_read(name.host)

    def _take_links(self, page: FrontPage) -> None:
        if page.failed:
            return
        for candidate in self.links(page):
            if candidate.host not in self._found and self.plan.takes(candidate):
                self._found[candidate.host] = candidate
                self.memory.keep_link(candidate)

    def _names_from_links(self) -> list[Name]:
        """Return names for the hosts that links gave since the last time."""
        found = [candidate for candidate in self._found.values() if candidate.host not in self.plan.names]
        new = [self.plan.add(candidate, self.memory) for candidate in found]
        self._done += sum(name.is_settled for name in new)
        return new

    # All of several

    @contextmanager
    def _clock(self, counter: str) -> Iterator[None]:
        """Add the seconds that the block takes to one of the counters, also where it is ended."""
        began = monotonic()
        try:
            yield
        finally:
            setattr(self, counter, getattr(self, counter) + monotonic() - began)

    async def _each(self, items: list, work: Callable, *, at_once: int = _NAMES_AT_ONCE) -> None:  # type: ignore[type-arg]
        """Do `work` with each item, several at once; the first error ends all."""
        waiting = iter(items)

        async def one_by_one() -> None:
            for item in waiting:
                await work(item)

        workers = [asyncio.ensure_future(one_by_one()) for _ in range(min(at_once, len(items)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    def _count(self, name: Name) -> None:
        if name.is_settled and not name.retried:
            self._done += 1
        self.settled(self._done, len(self.plan.names))


def _failed(host: str, error: Exception) -> Finding:
    """Return the finding for a page on which tinphuong itself failed."""
    said = f"tinphuong itself failed ({type(error).__name__}: {error}); please report it with the address"
    return Finding(host, host, Confidence.LOOK, against=(said,), reason=Reason.INTERNAL_ERROR)
