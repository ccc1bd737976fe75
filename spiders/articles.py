"""From an address to an article: asks for it, again under other addresses, and hands what comes to the pipelines."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler import clock, urls
from crawler.dates import parse_date
from crawler.reasons import Reason
from crawler.run.article_parts import ArticleParts
from crawler.run.frontier import Frontier
from crawler.run.items import Listed, PageItem
from crawler.run.reading.reader import PageEnded, ReadingStopped
from crawler.run.reading.received import Received
from crawler.run.site_memory import SiteMemory
from spiders.lists.canonicals import Canonicals, named_by, says_the_same
from spiders.lists.forms import address_of
from spiders.lists.in_order import InOrder
from spiders.lists.left_out import LeftOut
from spiders.lists.reader import ListReader
from spiders.lists.responses import asked_url, charset_of, is_file, why_failed
from spiders.parts import SpiderOfParts
from spiders.platform import Platform
from spiders.reports import Reports

# An article of which nothing but its address is known waits for the lists, which may show its date.
ARTICLE, BARE, RECHECK = 20, -5, -10
"""Priorities of requests: articles, those of which only the address is known, and those that are asked for again."""

_MOST_ONWARD = 5  # pages in a row that only send on to another


class SpiderOfArticles(SpiderOfParts):
    """A site whose articles are asked for, each once, by the addresses that lists name."""

    platform: Platform
    in_order: InOrder

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for fact in ("ward", "host", "platform"):
            if not hasattr(self, fact):
                raise NotConfigured(f"{type(self).__name__} states no {fact!r}")
        self.allowed_domains = self.hosts_with_www()
        self.memory = SiteMemory()  # the ledger fills it
        self._numbered: dict[str, list[str]] | None = None  # what several identities have in common → those stored
        self.frontier = Frontier()
        self.report = Reports(self)
        self.canonicals = Canonicals()
        self.left_out = LeftOut(self, self.report)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, and let an article that is dropped make room for another where articles are limited."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.in_order = InOrder(crawler)
        spider.frontier.allowance = crawler.settings.getint("TINPHUONG_LIMIT") or float("inf")
        for signal in (signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider._free_allowance, signal=signal)
        return spider

    @classmethod
    def hosts_with_www(cls) -> list[str]:
        """Return the hosts that serve the site, without ports: each with and without `www.`."""
        bare = dict.fromkeys(host.removeprefix("www.") for host in cls.host_names())
        return [name for host in bare for name in (host, f"www.{host}")]

    @cached_property
    def reader(self) -> ListReader:
        """The reader of the site's lists; made when the first page comes, after the ledger has filled `memory`."""
        known, hosts = self.platform.fresh_learnt(), frozenset(self.allowed_domains)
        return ListReader(self.platform, hosts, known, self.memory.pages, frozenset(self.memory.sessions))

    # Requests

    def _recheck(self, key: str, addresses: list[str], listed: Listed) -> Request:
        """Ask for a stored article again, at the first of its addresses that works."""
        pages = [url for url in addresses if self.platform.part_of(url) is None] or addresses
        self.frontier.addresses[key] = pages
        self.frontier.asked.add(key)
        return self._article_request(key, pages[0], listed, priority=RECHECK)

    def look_further(self) -> None:
        """Ask for one more stored article, as one is gone: others show whether it is that one or the whole site."""
        if self.memory.witnesses:
            self.crawler.engine.crawl(self._recheck(*self.memory.witnesses.pop(0)))

    def _article_request(
        self, key: str, url: str, listed: Listed, tried: frozenset[str] = frozenset(), *, priority: int = ARTICLE
    ) -> Request:
        return Request(
            url,
            self.parse_article,
            errback=self.article_failed,
            priority=priority,
            dont_filter=True,
            cb_kwargs={"key": key, "listed": listed, "tried": tried | {url}},
        )

    def _offer(self, entries: list[tuple[str, Listed]]) -> Iterator[Request]:
        """Ask for each article that is neither stored nor asked for yet."""
        for url, listed in entries:
            key = self.platform.identity(url)
            if key is None or self.left_out.has(url, key) or (self.platform.list_mark and self._is_known_list(url)):
                continue
            known = self.frontier.listed.setdefault(key, listed)
            more = known is not listed and known.complete(listed)
            if not self.frontier.meet(key, url, listed):
                if more and key not in self.memory.stored:
                    self.report.met(key, url, known)
                continue
            if key in self.memory.stored and not self.memory.full:
                self.crawler.stats.inc_value("spider/known")
            elif self.memory.is_none(key):
                self.crawler.stats.inc_value("spider/no_article")
            elif self._is_too_old(known):
                self.report.skipped(url, Reason.BEFORE_SINCE, known.date, kind="article")
            else:
                if known.date or known.section:
                    self.frontier.hold(self._article_request(key, url, known))
                else:
                    self.frontier.wait_for_lists(self._article_request(key, url, known, priority=BARE))
                self.report.met(key, url, known)
        yield from self.frontier.release()

    def _is_too_old(self, listed: Listed) -> bool:
        if self.memory.since is None or not listed.date:
            return False
        found = parse_date(listed.date)
        return found is not None and found.isoformat()[:10] < self.memory.since[: len(found.isoformat()[:10])]

    def _free_allowance(self) -> None:
        """Let another article go for one that does not count against the limit."""
        self.frontier.allowance += 1
        for request in self._release():
            self.crawler.engine.crawl(request)

    def _release(self) -> Iterator[Request]:
        """Yield the articles that were held back and are allowed now."""
        yield from self.frontier.release()

    # Answers

    async def parse_article(
        self, response: Response, key: str, listed: Listed, tried: frozenset[str]
    ) -> AsyncIterator[Request | PageItem]:
        """Hand the page at an article's address to the pipelines, with its further pages if it has any."""
        if self.platform.is_list(response):
            async for request in self._list_instead(response, key):
                yield request
            return
        async with self.in_order.an_article():
            found = list(self._article(response, key, listed, tried))
        for one in found:
            if not isinstance(one, ArticleParts):
                yield one
                continue
            if (named := self._named_canonical(one.item, response)) is not None:
                self.canonicals.undecided.append((named, one, response))
                for other in self._decide():
                    yield other
                continue
            async for other in self._noted(one, one.note(self.pages, response)):
                yield other

    def _article(
        self, response: Response, key: str, listed: Listed, tried: frozenset[str]
    ) -> Iterator[Request | ArticleParts]:
        redirected = response.meta.get("redirect_urls") or ()
        asked = redirected[0] if redirected else response.url
        final = self._address(response.url)
        identity = self.platform.identity(final)
        if urls.host(final) not in self.allowed_domains:  # another portal may have an article under the same address
            yield from self._article_missed(key, listed, tried, asked, Reason.OFFSITE, final)
            return
        if identity is None:
            yield from self._article_missed(key, listed, tried, asked, Reason.REDIRECTED_AWAY, final)
            return
        if not isinstance(response, TextResponse) and is_file(response):
            yield from self._article_missed(key, listed, tried, asked, Reason.NOT_HTML)
            return
        if identity != key and not self.frontier.moved(key, identity):
            self._free_allowance()
            return
        canonical = self.platform.canonical(final)
        redirected = [self._address(url) for url in redirected]
        archived = [urls.cleaned(url)] if (url := response.meta.get("captured_url")) else []
        fetched_at = response.meta.get("captured_at") or clock.now()
        seen = [*self.frontier.addresses.get(identity, ()), self._address(asked), final, *redirected, *archived]
        item = PageItem(
            site=self.name,
            key=identity,
            url=canonical,
            html=response.body,
            layout=self.platform.layout_at(fetched_at),
            charset=charset_of(response),
            fetched_at=fetched_at,
            listed=listed,
            seen_urls=tuple(dict.fromkeys(url for url in seen if url != canonical)),
            capture_id=response.meta.get("capture_id"),
            others=self._other_identities(identity),
            unsure=self.platform.is_unsure(canonical, listed, self.reader.learnt),
        )
        yield ArticleParts(item, self.platform, tried, sent_on=(*redirected, response.url))

    def _go_onward_from(self, gathering: ArticleParts) -> Iterator[Request]:
        """Ask for the page to which an article's address only sends on, as if the server had redirected there."""
        item, tried = gathering.item, gathering.tried
        inside = [url for url in gathering.onward if urls.host(url) in self.allowed_domains]
        target = next((url for url in inside if url not in tried), None)
        if target is None:
            reason, led = (Reason.REDIRECT_LOOP, inside[0]) if inside else (Reason.OFFSITE, gathering.onward[0])
        elif self.platform.identity(urls.cleaned(target)) is None:
            reason, led = Reason.REDIRECTED_AWAY, target
        elif len(gathering.sent_on) > _MOST_ONWARD:
            reason, led = Reason.REDIRECT_LOOP, target
        else:
            request = self._article_request(item.key, target, item.listed, tried)
            request.meta["redirect_urls"] = list(gathering.sent_on)
            yield request
            return
        yield from self._article_missed(item.key, item.listed, tried, gathering.sent_on[0], reason, led)

    def listed_at(self, response: Response) -> str:
        """Return the address of a list that came, with its form, without a visitor's session."""
        return urls.without_parameters(urls.without_session(address_of(response)), self.memory.sessions)

    def _address(self, url: str) -> str:
        """Return the address of a page that came, without a visitor's session."""
        return urls.without_parameters(urls.cleaned(url), self.memory.sessions)

    def _list_instead(self, response: Response, key: str) -> AsyncIterator[Request]:
        """Read the list that came where the article `key` was expected."""
        raise NotImplementedError

    def _is_known_list(self, url: str) -> bool:
        """Return whether an address that looks like an article's is known to be a list's."""
        raise NotImplementedError

    def _other_identities(self, identity: str) -> tuple[str, ...]:
        """The stored identities that share the number of `identity`."""
        if (number := self.platform.number(identity)) is None:
            return ()
        if self._numbered is None:
            self._numbered = defaultdict(list)
            for key in sorted(self.memory.stored):
                self._numbered[self.platform.number(key) or key].append(key)
        return tuple(key for key in self._numbered.get(number, ()) if key != identity)

    def _named_canonical(self, item: PageItem, response: Response) -> str | None:
        """Return the address that a new article's page names as its own, where it is another one of an article."""
        if not self.platform.believes_canonical or item.key in self.memory.stored:
            return None
        named = named_by(response)
        if named is None or urls.plain_host(urls.host(named)) != urls.plain_host(urls.host(item.url)):
            return None
        here = urlsplit(item.url)  # some name https where there is none
        named = urlunsplit(urlsplit(named)._replace(scheme=here.scheme, netloc=here.netloc))
        named = urls.without_parameters(named, self.memory.sessions)
        identity = self.platform.identity(named)
        if identity in (None, item.key) or not self.platform.is_followed(named) or self._is_known_list(named):
            return None
        return named

    def _decide(self) -> Iterator[Request | PageItem]:
        """Hand on the articles whose canonical addresses are known to be right or wrong by now; ask for a few."""
        waiting, self.canonicals.undecided = self.canonicals.undecided, []
        for named, gathering, response in waiting:
            believed = self.canonicals.verdict(gathering.item.url, named)
            if believed is not None:
                yield from self._gather(self._moved_to(named, gathering) if believed else gathering)
            elif self.canonicals.may_ask(gathering.item.url, named):
                key = gathering.item.key
                self.canonicals.asked[key] = gathering, response
                yield Request(
                    named, self.parse_canonical, errback=self.canonical_failed, priority=ARTICLE + 1, dont_filter=True,
                    cb_kwargs={"key": key, "named": named},
                )  # fmt: skip
            else:
                self.canonicals.undecided.append((named, gathering, response))

    async def parse_canonical(self, response: Response, key: str, named: str) -> AsyncIterator[Request | PageItem]:
        """Hand on an article under the address that it names if the page there says the same, and else its own."""
        gathering, first = self.canonicals.asked[key]
        item, same, identity = gathering.item, False, self.platform.identity
        leads = {self._address(response.url), named_by(response) or named}  # to one article
        if isinstance(response, TextResponse) and {identity(url) for url in leads} == {identity(named)}:
            try:
                pages = (Received.of(each)._replace(arguments={}) for each in (first, response))
                same = await self.pages.read(self.name, says_the_same, *pages)
            except PageEnded:
                pass
            except ReadingStopped:
                return
        del self.canonicals.asked[key]
        self.canonicals.note(item.url, named, is_right=same)
        if same:
            gathering = self._moved_to(named, gathering)
            fetched_at = response.meta.get("captured_at") or clock.now()
            gathering.item = replace(
                gathering.item, html=response.body, charset=charset_of(response), fetched_at=fetched_at,
                capture_id=response.meta.get("capture_id"),
            )  # fmt: skip
        for one in (*self._gather(gathering), *self._decide()):
            yield one

    def canonical_failed(self, failure: Failure) -> Iterator[Request | PageItem]:
        """Hand on an article under its own address, as there is no page at the one that it names."""
        request, _, _ = why_failed(failure)
        gathering, _ = self.canonicals.asked.pop(request.cb_kwargs["key"])
        self.canonicals.note(gathering.item.url, request.cb_kwargs["named"], is_right=False)
        yield from self._gather(gathering)
        yield from self._decide()

    def _moved_to(self, named: str, gathering: ArticleParts) -> ArticleParts:
        """Return an article as it is known under the address that its page names."""
        item, identity = gathering.item, self.platform.identity(named)
        if identity is None:
            return gathering
        self.frontier.moved(item.key, identity)
        seen = tuple(dict.fromkeys(url for url in (item.url, *item.seen_urls) if url != named))
        moved = replace(item, key=identity, url=self.platform.canonical(named), seen_urls=seen)
        return ArticleParts(moved, gathering.platform, gathering.tried)

    def article_failed(self, failure: Failure) -> Iterator[Request]:
        """Ask for another address of an article that could not be fetched; report it when there is none."""
        request, reason, detail = why_failed(failure)
        key, listed, tried = (request.cb_kwargs[name] for name in ("key", "listed", "tried"))
        yield from self._article_missed(key, listed, tried, asked_url(request), reason, detail)

    def _article_missed(
        self, key: str, listed: Listed, tried: frozenset[str], url: str, reason: str, detail: str = ""
    ) -> Iterator[Request]:
        self.frontier.answers.setdefault(key, {})[url] = str(reason)
        if other := self.frontier.other_address(key, tried):
            yield self._article_request(key, other, listed, tried)
            return
        self.frontier.give_up(key, url)
        self.report.skipped(url, reason, detail, kind="recheck" if key in self.memory.stored else "article", key=key)
        yield from self._release()
