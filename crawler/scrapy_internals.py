"""Every private part of Scrapy that this project uses, one function for each use. Checked with Scrapy 2.19.0.

What Scrapy documents is used where it is needed; what it may change without notice is used here only. A crawler has its
engine from the start of its crawl; before that Scrapy raises RuntimeError. `tests/run/test_scrapy_internals.py` has a
test for each function and fails where an upgrade moves something.
"""

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydispatch import dispatcher  # type: ignore[import-untyped]
from scrapy import signals
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from crawler.errors import InternalError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import BaseSettings
    from twisted.internet.ssl import CertificateOptions

# The engine


def is_closing(crawler: "Crawler") -> bool:
    """Tell whether a spider that was opened is being closed, or has been.

    `ExecutionEngine._slot` is None when all is over; `_Slot.closing` is set while the spider closes. Scrapy has no
    public question for the time between: `engine.spider` and `engine.running` stay set until everything is closed.
    """
    slot = crawler.engine._slot
    return slot is None or slot.closing is not None


def look_at_idle_spider(crawler: "Crawler") -> None:
    """Let the engine ask at once whether an idle spider has more to do; nothing happens where it is closing.

    `ExecutionEngine._slot.nextcall` is that question. On its own the engine asks every five seconds
    (`_SLOT_HEARTBEAT_INTERVAL`), which each site would lose at the end of its run.
    """
    slot = crawler.engine._slot
    if slot and not is_closing(crawler):
        slot.nextcall.schedule()


def drop_open_requests(crawler: "Crawler") -> None:
    """Give up the requests that a closing spider still waits for, so that it closes now.

    `_Slot.inprogress` holds them, and `_Slot.remove_request` closes the spider after the last. Scrapy itself waits
    for each until its download timeout: minutes, with a silent server.
    """
    if slot := crawler.engine._slot:
        for request in list(slot.inprogress):
            slot.remove_request(request)


def stop_reactor(process: "AsyncCrawlerProcess") -> None:
    """Stop the reactor that `process.start(stop_after_crawl=False)` runs, which makes `start` return.

    `CrawlerProcessBase._stop_reactor` does it; Scrapy's public ways stop the reactor only after the crawls that were
    begun before `start`, while here sites are begun one after another.
    """
    process._stop_reactor()


def disconnect_signals(crawler: "Crawler") -> None:
    """Let go of a crawler whose run is over, and of all that its site has in mind.

    `pydispatch.dispatcher.connections` (id of a sender → signal → receivers, or weak references to them) keeps what is
    connected with `weak=False`, and by it the crawler, to the end of the process. `SignalManager.disconnect_all` takes
    out weak references only.
    """
    sender = crawler.signals.sender
    for signal, receivers in list(dispatcher.connections.get(id(sender), {}).items()):
        for receiver in list(receivers):
            dispatcher.disconnect(receiver, signal, sender, weak=False)  # as it is kept: a reference is not made of it


def share_settings(crawler: "Crawler", whole: "BaseSettings") -> None:
    """Let the settings of a crawler hold what they have in common with those of the whole run, as soon as it is open.

    `Crawler` makes a deep copy of all settings, a tenth of a megabyte for each site. `BaseSettings.attributes` (name →
    value and priority) is what it copies; the copy is frozen before the spider opens, and refuses every change.
    """

    def share() -> None:
        own = crawler.settings.attributes if crawler.settings.frozen else {}
        for name, attribute in own.items():
            other = whole.attributes.get(name)
            if (
                other is not None
                and other.priority == attribute.priority
                and type(other.value) is type(attribute.value)
                and other.value == attribute.value
            ):
                own[name] = other

    crawler.signals.connect(share, signals.spider_opened, weak=False)


# The downloader: one slot for each server or host, which keeps its queue and its pause


def pause_of_host(crawler: "Crawler", host: str) -> float:
    """Return the pause in seconds that is kept between two requests to `host`; 0 where nothing was asked of it yet.

    `Downloader.slots` is keyed by host name, or by the server that `crawler.middlewares.server_slots` names; then that
    is the `host` here. `Slot.delay` includes what robots.txt asked for.
    """
    slot = crawler.engine.downloader.slots.get(host)
    return slot.delay if slot else 0.0


def lengthen_pause(crawler: "Crawler", request: "Request", seconds: float) -> bool:
    """Keep `seconds`, without jitter, between two requests to the host of `request`; False where its pause is longer.

    `Downloader._get_slot` makes the host's slot before its first request; `Slot.delay` and `Slot.jitter` are read for
    every request. The setting DOWNLOAD_SLOTS could do the same only for hosts that are known before the crawl.
    """
    _, slot = crawler.engine.downloader._get_slot(request)
    if slot.delay >= seconds:
        return False
    slot.delay, slot.jitter = seconds, 0.0
    return True


def lengthen_pauses(crawler: "Crawler", seconds: float) -> None:
    """Keep `seconds` between two requests to any host, also those that were asked already, where the pause is shorter.

    `Downloader._delay` is the delay of new slots, which comes from DOWNLOAD_DELAY before the crawl.
    """
    downloader = crawler.engine.downloader
    downloader._delay = max(downloader._delay, seconds)
    for slot in downloader.slots.values():
        slot.delay = max(slot.delay, seconds)


def silence_host(crawler: "Crawler", request: "Request", seconds: float) -> None:
    """Send nothing to the host of a downloaded `request` for `seconds`.

    `Slot.latercall` blocks a host's queue until `Downloader._latercall` is called; the meta key is
    `Downloader.DOWNLOAD_SLOT`. Scrapy's retries wait for the one page only, if at all.
    """
    downloader = crawler.engine.downloader
    slot = downloader.slots[request.meta[downloader.DOWNLOAD_SLOT]]
    if slot.latercall:
        slot.latercall.cancel()
    slot.latercall = call_later(seconds, downloader._latercall, slot)


# Connections


def use_connections(handler: "HTTP11DownloadHandler", pool: Any, tls: Any) -> None:
    """Make a handler take its connections from `pool` and secure them by `tls` (IPolicyForHTTPS).

    `HTTP11DownloadHandler._pool` and `_contextFactory` are what it hands to each request's agent. What it has set on
    its own pool is kept. No setting names the one, and the one that named the other is deprecated.
    """
    pool.maxPersistentPerHost = handler._pool.maxPersistentPerHost
    pool._factory = handler._pool._factory
    handler._pool, handler._contextFactory = pool, tls


class LongHead(InternalError):
    """A server sent more headers than may be; Twisted wraps it, so that its name is looked for in the words."""


def bound_heads(pool: Any, most: int) -> None:
    """End a connection of `pool` that receives more than `most` bytes before a response's body.

    Twisted bounds a line of a head, not the lines. `HTTP11ClientProtocol._parser`, one a request, is in the state
    STATUS or HEADER until then; `_giveUp` ends a connection as a fault in a head does.
    """
    factory = pool._factory

    class Bounded(factory):  # type: ignore[misc, valid-type]
        def buildProtocol(self, addr: Any) -> Any:
            protocol = super().buildProtocol(addr)
            received, parser, size = protocol.dataReceived, None, 0

            def data_received(data: bytes) -> None:
                nonlocal parser, size
                if protocol._parser is not parser:
                    parser, size = protocol._parser, 0
                if parser is not None and parser.state in ("STATUS", "HEADER"):
                    size += len(data)
                    if size > most:
                        protocol._giveUp(Failure(LongHead(f"more than {most} bytes of headers")))  # type: ignore[no-untyped-call]
                        return
                received(data)

            protocol.dataReceived = data_received
            return protocol

    pool._factory = Bounded


def connect_through(reactor: Any, key: tuple[Any, ...], endpoint: Any) -> None:
    """Make a new connection of a pool go through `reactor`, unless it is one to a proxy.

    `HostnameEndpoint._reactor` makes the connections to the addresses of a host; behind https `_WrapperEndpoint` holds
    it as `_wrappedEndpoint`. Of a proxy, the pool's key begins with `http-proxy`, or the endpoint is Scrapy's tunnel.
    Raises TypeError for an endpoint of any other kind, rather than let it pass.
    """
    from scrapy.core.downloader.handlers.http11 import _TunnelingTCP4ClientEndpoint
    from twisted.internet.endpoints import HostnameEndpoint

    if key[0] == b"http-proxy" or isinstance(endpoint, _TunnelingTCP4ClientEndpoint):
        return
    inner = getattr(endpoint, "_wrappedEndpoint", endpoint)
    if not isinstance(inner, HostnameEndpoint):
        raise TypeError(f"a connection by {type(inner).__name__} cannot be judged")
    inner._reactor = reactor


def is_of_tunnel(error: BaseException) -> bool:
    """Tell whether a proxy refused a way to a server of https; Scrapy exports `TunnelError` only from its handler."""
    from scrapy.core.downloader.handlers.http11 import TunnelError

    return isinstance(error, TunnelError)


def tls_options(options: "CertificateOptions", host: str, verify: Callable[..., bool]) -> Any:
    """Return what makes connections to `host` with `options`, each of whose certificates is shown to `verify`.

    `ClientTLSOptions` has no public constructor that takes options; `CertificateOptions._makeTLSConnection` is what it
    calls. `verify` gets (connection, certificate, error, depth, ok) and says whether the handshake goes on.
    """
    from OpenSSL import SSL
    from twisted.internet._sslverify import ClientTLSOptions

    class Options(ClientTLSOptions):
        def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
            connection = super().clientConnectionForTLS(tlsProtocol)
            connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verify)
            return connection

    return Options(options._makeTLSConnection, host.strip("[]"))


def refuse_waiting(crawler: "Crawler", request: "Request", error: Exception) -> int:
    """End with `error` the requests that wait for their turn at the host of `request`; return how many there were.

    `Slot.queue` holds them, each with the Deferred that `Downloader._enqueue_request` waits for. A middleware's
    `process_request` sees them before they begin to wait, and not again.
    """
    _, slot = crawler.engine.downloader._get_slot(request)
    count = 0
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Failure(error))  # type: ignore[no-untyped-call]
        count += 1
    return count


# Exceptions that Scrapy logs and then passes over


class PassedOver(logging.Handler):
    """Calls `count` for each exception that Scrapy catches in a handler of a signal, or while it closes a spider.

    `count` takes what the signal was sent with, by name: the local variable `named` of `send_catch_log`, in which the
    traceback begins; nothing where there is none.
    Scrapy logs these and goes on as if nothing had happened; no signal tells of them. The loggers are
    `scrapy.utils.signal` and `scrapy.core.engine`; a line's `spider` says whose it is, a few lines have none.
    Exceptions in callbacks and pipelines have signals of their own and are logged elsewhere.
    """

    _LOGGERS = ("scrapy.utils.signal", "scrapy.core.engine")

    def __init__(self, crawler: "Crawler", count: Callable[[Mapping[str, Any]], None]):
        super().__init__(logging.ERROR)
        self._crawler = crawler
        self._count = count
        for name in self._LOGGERS:
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count the line if it is of this crawler's spider, or of nobody's."""
        spider = getattr(record, "spider", None)
        if spider is None or spider is self._crawler.spider:
            trace = record.exc_info[2] if record.exc_info else None
            named = trace.tb_frame.f_locals.get("named") if trace else None
            self._count(named if isinstance(named, Mapping) else {})

    def stop(self) -> None:
        """Listen no more."""
        for name in self._LOGGERS:
            logging.getLogger(name).removeHandler(self)


# Cookies and log lines


def use_bundled_public_suffixes() -> None:
    """Make Scrapy's cookies use the list of public suffixes that comes with tldextract.

    `scrapy.downloadermiddlewares.cookies._split_domain` would download the list at the first cookie, in a replay too.
    """
    from scrapy.downloadermiddlewares import cookies
    from tldextract import TLDExtract

    cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


def hide_dropped_items() -> None:
    """Keep the log lines away that Scrapy writes for dropped items.

    Their logger is `scrapy.core.scraper`, and their text begins with "Dropped". Pages that are not stored are counted
    under their reasons; a line for each would only repeat that.
    """
    logging.getLogger("scrapy.core.scraper").addFilter(_is_not_of_a_dropped_item)


def _is_not_of_a_dropped_item(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Dropped")
