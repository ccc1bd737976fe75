"""Finds out, in a run, which parameters of a site's addresses say who asks, by asking for a page a second time."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from scrapy.http import Response

from crawler import urls
from crawler.extensions.learnt_parameters import learn_parameters
from crawler.extensions.ledger import ledger_of
from crawler.run.session_parameters import Carried, changed, not_handed_on
from crawler.run.site_memory import Page
from spiders.lists.address_shapes import Learnt
from spiders.lists.listing import Listing
from spiders.lists.responses import asked_url

_MOST = 3  # pages that are asked for twice in one run
_LOOKED_UP = 20  # addresses of a parameter that are looked for in an archive


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """A list that came, what was read of it, and what was known of the site's addresses before."""

    response: Response
    found: Listing
    learnt: Learnt | None


class Visits:
    """The lists of one run that are asked for twice. What is learnt is stored, and known to the reader of lists."""

    def __init__(self, spider: Any):
        self._spider = spider
        self._waiting: dict[tuple[str, Page], FirstVisit] = {}
        self._asked = 0

    def learn_from(self, response: Response, found: Listing, learnt: Learnt | None) -> bool:
        """Learn from a list by what earlier runs stored, or by what a replayed archive holds; True where it is to be
        read again. `learnt`: what was known of the site's addresses before."""
        asked = asked_url(response.request) if response.request else response.url
        found.maybe_sessions = not_handed_on(found.maybe_sessions, asked)
        archive = ledger_of(self._spider.crawler).context.archive
        known = changed(found.maybe_sessions, self._spider.memory.values)
        sessions = known if archive is None else _archived_without(archive, found.maybe_sessions)
        return self._learn(sessions - self._spider.memory.sessions, set(), learnt)

    def wants_again(self, response: Response, found: Listing, learnt: Learnt | None, at: tuple[str, Page]) -> bool:
        """Tell whether only asking for a list again shows which of its parameters say who asks. It is kept then."""
        memory = self._spider.memory
        if (
            not found.maybe_sessions.keys() - memory.sessions - memory.constant
            or self._asked >= _MOST
            or at in self._waiting
        ):
            return False
        if ledger_of(self._spider.crawler).context.archive is not None or urls.form_of(response.url):
            return False
        self._asked += 1
        self._waiting[at] = FirstVisit(response, found, learnt)
        return True

    def first(self, at: tuple[str, Page]) -> FirstVisit:
        """Return the list as it came first, and forget it."""
        return self._waiting.pop(at)

    def compare(self, first: FirstVisit, again: Listing) -> bool:
        """Learn from a list that came twice; True where it is to be read again."""
        sessions = changed(first.found.maybe_sessions, again.maybe_sessions)
        return self._learn(sessions, first.found.maybe_sessions.keys() - sessions, first.learnt)

    def _learn(self, sessions: set[str], constant: set[str], learnt: Learnt | None) -> bool:
        if sessions or constant:
            learn_parameters(self._spider, sessions, constant)
        if not sessions:
            return False
        reader = self._spider.reader
        reader.sessions = frozenset((*reader.sessions, *sessions))
        reader.learnt = learnt
        return True


def _archived_without(archive: Any, found: Carried) -> set[str]:
    """The parameters without which an archive holds the addresses: the run that captured them had learnt them."""
    sessions = set()
    for name, carried in found.items():
        few = dict(islice(carried.items(), _LOOKED_UP))
        as_linked = (urls.with_query_value(url, name, value) for url, value in few.items())
        if any(url in archive for url in few) and not any(url in archive for url in as_linked):
            sessions.add(name)
    return sessions
