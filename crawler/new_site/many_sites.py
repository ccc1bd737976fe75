"""Surveys the sites of many addresses, a few at a time, and registers each that can be read."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crawler import urls
from crawler.errors import TinphuongError, UsageError
from crawler.new_site.preview import FIELDS
from crawler.new_site.probe import Fetch
from crawler.new_site.registration import Registration
from crawler.new_site.rendered import survey
from crawler.new_site.surveyed import Survey
from crawler.text.counted import counted

_COMMENT = re.compile(r"(?:^|\s)#\s.*|^#.*")  # not the fragment of an address
_ENOUGH = 5  # articles that a frozen list should have
_SHOWN = {"published_at": "date", "summary": "sapo", "body": "text", "attachments": "files"}
_EXPECTED = ("title", "published_at", "summary", "body", "author")  # fields that most sites have


class State(StrEnum):
    """What became of an address."""

    WRITTEN = "written"
    FOUND = "found"  # a dry run
    REGISTERED = "registered"  # already, so nothing was asked of it
    REPEATED = "repeated"  # the same site as on an earlier line
    FAILED = "failed"
    NOT_BEGUN = "not begun"  # the run was interrupted before


@dataclass(slots=True)
class Outcome:
    """An address, by the number of its line, and what became of it. `said`: what to do, or what is to be known."""

    line: int
    address: str  # as written
    url: str = ""  # as it is asked for, "" where it is no address
    guessed: bool = False  # https is a guess
    state: State = State.NOT_BEGUN
    slug: str = ""
    platform: str = ""
    articles: int = 0  # that the site's lists name
    missing: str = ""  # fields that all articles looked at lack, and what else is not known
    said: str = ""
    requests: int = 0
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome under the names of the report's columns."""
        return {
            "line": self.line, "address": self.address, "state": str(self.state), "slug": self.slug,
            "platform": self.platform, "articles": self.articles, "missing": self.missing, "note": self.said,
            "requests": self.requests, "seconds": round(self.seconds, 1),
        }  # fmt: skip


def addresses_in(text: str, address_of: Callable[[str], str]) -> list[Outcome]:
    """Return the addresses of a text, one a line; empty lines and comments are none.

    What is no address has failed already, the site of an earlier line is repeated. `address_of` returns the address
    that is meant, or raises UsageError.
    """
    found: list[Outcome] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        given = _COMMENT.sub("", line).strip()
        if not given:
            continue
        outcome = Outcome(number, given, guessed="://" not in given)
        found.append(outcome)
        try:
            outcome.url = address_of(given)
        except UsageError as error:
            outcome.state, outcome.said = State.FAILED, str(error)
            continue
        site = urls.plain_host(urls.host_and_port(outcome.url))
        if (first := lines.setdefault(site, number)) != number:
            outcome.state, outcome.said = State.REPEATED, f"the site of line {first}"
    return found


async def survey_all(
    outcomes: Sequence[Outcome], fetch: Fetch, registration: Registration, *, at_once: int, dry_run: bool,
    ended: Callable[[Outcome], None],
) -> None:  # fmt: skip
    """Survey the sites that are not begun, `at_once` of them at a time, and write each before the next begins.

    `ended` is called with each outcome. What fails on one site never ends the others.
    """
    waiting = iter([outcome for outcome in outcomes if outcome.state is State.NOT_BEGUN])

    async def work() -> None:
        for outcome in waiting:
            began = time.monotonic()
            try:
                await _one(outcome, fetch, registration, dry_run=dry_run)
            except TinphuongError as error:
                outcome.state, outcome.said = State.FAILED, str(error).removeprefix(f"{outcome.url}: ")
            except Exception as error:  # of tinphuong itself, on one site
                said = f"{type(error).__name__}: {error}"
                outcome.state = State.FAILED
                outcome.said = f"tinphuong itself failed ({said}); please report it with the address"
            outcome.seconds = time.monotonic() - began
            ended(outcome)

    await asyncio.gather(*(work() for _ in range(max(1, at_once))))


async def _one(outcome: Outcome, fetch: Fetch, registration: Registration, *, dry_run: bool) -> None:
    host = urls.host_and_port(outcome.url)

    def check(leads_to: str) -> None:
        """Raise where the site that the address leads to is registered, or could not be written."""
        if dry_run or _lacks_frozen_pages(registration, leads_to):
            return
        if slug := registration.slug_at(leads_to):
            raise Registered(slug, host, leads_to)
        registration.check_free(registration.free_slug(leads_to), leads_to)

    try:
        check(host)
        found = await survey(outcome.url, fetch, or_http=outcome.guessed, check_host=check)
    except Registered as error:
        outcome.slug, outcome.state, outcome.said = error.slug, State.REGISTERED, str(error)
        return
    outcome.platform, outcome.requests = found.platform, found.requests
    outcome.articles = len({url for look in found.lists for url in look.articles})
    outcome.missing = missing_of(found)
    if not any(article.reason is None for _, article in found.shown):
        outcome.state = State.FAILED
        outcome.said = f"none of the first articles could be read: {_why_unread(found)}"
        return
    outcome.slug, outcome.said = found.slug, "; ".join(found.notes)
    if dry_run:
        outcome.state = State.FOUND
        return
    if not _lacks_frozen_pages(registration, found.host):
        found.slug = registration.free_slug(found.host, *found.units())
        if found.slug != outcome.slug:
            found.notes.append(f"another host is {outcome.slug}, or would be, so this one is {found.slug}")
    registration.write(found, registration.settle(found))
    outcome.slug, outcome.state, outcome.said = found.slug, State.WRITTEN, "; ".join(found.notes)


class Registered(UsageError):
    """The site of an address is registered already, as `slug`."""

    def __init__(self, slug: str, host: str, leads_to: str):
        super().__init__(
            "it is registered already" if host == leads_to else f"it leads to {leads_to}, which is registered"
        )
        self.slug = slug


def _lacks_frozen_pages(registration: Registration, host: str) -> bool:
    """Tell whether the site at `host` is one of the user's own, registered without frozen pages."""
    try:
        return registration.waiting(host) is not None
    except UsageError:
        return False


def missing_of(found: Survey) -> str:
    """Return what a site lacks: the fields that all articles looked at lack, its unit, further pages, articles."""
    empty = [why for (_, article), why in zip(found.shown, found.empty, strict=True) if article.reason is None]
    lacks = [_SHOWN.get(name, name) for name in FIELDS if name in _EXPECTED and empty and all(name in e for e in empty)]
    if not any(found.units()):
        lacks.append("unit codes")
    if (count := len(found.lists[0].articles)) < _ENOUGH:
        lacks.append(f"a list of {_ENOUGH} articles (it has {count})")
    return ", ".join(lacks)


def _why_unread(found: Survey) -> str:
    reasons = dict.fromkeys(why for empty in found.empty for why in empty.values())
    return "; ".join([*reasons, *found.lost]) or "none was fetched"


def totals(outcomes: Sequence[Outcome]) -> str:
    """Return in one line what became of all."""
    states = [outcome.state for outcome in outcomes]
    parts = [f"{states.count(state)} {state}" for state in State if state in states]
    return f"{counted(len(outcomes), 'address', 'addresses')}: {', '.join(parts)}"
