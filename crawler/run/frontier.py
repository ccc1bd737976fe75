"""Knows which articles a run has met, which it has requested, and how many more it may request."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrapy import Request

from crawler.run.items import Listed


@dataclass(slots=True)
class Frontier:
    """The articles of one run. One identity is fetched once, under the first of its addresses that works.

    `allowance`: how many may still be requested; further requests are held back.
    """

    allowance: float = float("inf")
    addresses: dict[str, list[str]] = field(default_factory=dict)  # identity → URLs under which it was met, in order
    sections: dict[str, str] = field(default_factory=dict)  # identity → title of the first list with it (no home page)
    listed: dict[str, Listed] = field(default_factory=dict)  # identity → what its lists say, combined
    asked: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)  # URLs that gave neither article nor list
    held: deque[Request] = field(default_factory=deque)
    bare: list[Request] = field(default_factory=list)  # of articles of which lists may still say more
    moved_away: dict[str, str] = field(default_factory=dict)  # identity → the other one to which its address leads
    answers: dict[str, dict[str, str]] = field(default_factory=dict)  # identity → address → why it gave no article

    def meet(self, key: str, url: str, listed: Listed) -> bool:
        """Record that the article `key` is linked as `url`; True the first time, or if only other addresses failed."""
        if listed.section:
            self.sections.setdefault(key, listed.section)
        met = self.addresses.setdefault(key, [])
        if url not in met:
            met.append(url)
        if key in self.asked or url in self.failed:
            return False
        self.asked.add(key)
        return True

    def hold(self, request: Request) -> None:
        """Queue a request; `release` lets it go."""
        self.held.append(request)

    def wait_for_lists(self, request: Request) -> None:
        """Queue a request that is not let go before `no_more_lists` is called."""
        self.bare.append(request)

    def no_more_lists(self) -> Iterator[Request]:
        """Yield the requests that waited for lists, as many as the allowance permits."""
        self.held.extend(self.bare)
        self.bare.clear()
        yield from self.release()

    def release(self) -> Iterator[Request]:
        """Yield as many held requests as the allowance permits."""
        while self.held and self.allowance > 0:
            self.allowance -= 1
            yield self.held.popleft()

    def other_address(self, key: str, tried: frozenset[str]) -> str | None:
        """Return an address of `key` that was not tried yet, or None."""
        return next((url for url in self.addresses.get(key, ()) if url not in tried), None)

    def give_up(self, key: str, url: str) -> None:
        """Record that no known address of `key` works; one that is met later is still tried."""
        self.failed.add(url)
        self.asked.discard(key)
        self.allowance += 1

    def moved(self, key: str, identity: str) -> bool:
        """Record that the address of `key` leads to the article `identity`; True if that was not requested yet."""
        self.moved_away[key] = identity
        self.addresses.setdefault(identity, []).extend(self.addresses.pop(key, ()))
        if identity in self.asked:
            return False
        self.asked.add(identity)
        return True
