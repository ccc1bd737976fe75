"""Fetches captures from a web archive into our own; captures that are here already are not requested again.

The captures are the only record of what has been fetched. A fetch that was killed is repaired like any crawl (see
storage.archives.captures); the next one lists the archive again and continues with what is missing.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.network.addresses import Reach
from crawler.reasons import Reason, http_reason, sentence
from crawler.run.log_fields import about
from crawler.text.counted import counted
from crawler.web_archives.cdx import Entry, IndexUnreadable, Wanted, entries
from crawler.web_archives.client import Client, TimeUp, pause
from crawler.web_archives.exchanges import CaptureNotFetched, fetch, repeated
from crawler.web_archives.sources import Source
from storage.archives.captures import CaptureKind, Captures, kind_of_capture
from storage.archives.copied_captures import held
from storage.collection import Collection

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.run.site import Site

logger = logging.getLogger(__name__)

_SILENT = frozenset({
    Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.TLS, Reason.CONNECTION, Reason.PROXY,
    *(http_reason(status) for status in (429, 502, 503, 504)),
})  # fmt: skip
_IN_A_ROW = 5  # captures that fail because the archive does not answer, before the fetch stops
_COMMIT = 20  # captures


@dataclass(slots=True)
class Fetched:
    """The result of a fetch of one site, as numbers of captures.

    `listed`: in the index, of which `skipped` were not wanted and `held` are here already; `fetched`: requested and
    kept; `same`: kept without a request, because the index says that another capture has their payload; `failed`: by
    reason; `left`: for the next run; `error`: why the fetch stopped; `unanswered`: it stopped because the archive does
    not answer.
    """

    site: str
    archive: str
    listed: int = 0
    held: int = 0
    fetched: int = 0
    same: int = 0
    left: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    error: str = ""
    unanswered: bool = False

    @property
    def whole(self) -> bool:
        """Whether everything that was requested came."""
        return not self.failed and not self.error

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready facts."""
        return {
            "site": self.site, "archive": self.archive, "listed": self.listed, "already_here": self.held,
            "fetched": self.fetched, "same_payload": self.same, "left": self.left, "skipped": dict(self.skipped),
            "failed": dict(self.failed), "error": self.error or None,
        }  # fmt: skip

    def line(self) -> str:
        """Return the result in one line."""
        parts = [f"{counted(self.listed, 'capture')} listed, {self.fetched} fetched"]
        further = ((self.same, "of the same payload as another"), (self.held, "here already"), (self.left, "left"))
        parts += [f"{n} {word}" for n, word in further if n]
        for counter, word in ((self.skipped, "not wanted"), (self.failed, "could not be fetched")):
            if counter:
                reasons = ", ".join(f"{reason} {n}" for reason, n in counter.most_common())
                parts.append(f"{counter.total()} {word} ({reasons})")
        return f"{self.site}: {self.archive}: {', '.join(parts)}"


@dataclass(slots=True)
class Plan:
    """What to fetch from a web archive. `since`, `until`: digits of a timestamp; `most`: captures fetched a site in one
    run, 0 for all; `on_progress`: called with the result so far."""

    source: Source
    since: str = ""
    until: str = ""
    most: int = 0
    documents: bool = False
    on_progress: Callable[[Fetched], None] = lambda result: None
    pictures: bool = False

    @property
    def name(self) -> str:
        """The archive's name."""
        return self.source.name

    def fetch(
        self,
        sites: Sequence["type[Site]"],
        collection: Collection,
        captures: Captures,
        settings: "Settings",
        *,
        max_time: float,
    ) -> list[Fetched]:
        """Fetch the captures of `sites`, with the manners of a crawl, within `max_time` seconds (0: no bound).

        This is what a run asks of a `crawler.run.capture_plan.CapturePlan`.
        """
        client = Client(
            settings["USER_AGENT"], pause, retries=settings.getint("RETRY_TIMES"),
            backoff=settings.getfloat("RETRY_BACKOFF"), longest_wait=settings.getfloat("RETRY_AFTER_MAX"),
            timeout=settings.getfloat("DOWNLOAD_TIMEOUT"), max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
            reach=Reach.of_names(settings.getlist("TINPHUONG_ALLOW_PRIVATE")), proxy=settings["TINPHUONG_PROXY"],
        )  # fmt: skip
        if max_time:
            client.until = client.clock() + max_time
        return fetch_all(self, sites, collection, captures, client)


def fetch_site(client: Client, plan: Plan, spider: "type[Site]", collection: Collection, captures: Captures) -> Fetched:
    """Fetch what the archive has of a site and we do not, the oldest first, into `captures`; returns the result."""
    result = Fetched(spider.name, plan.source.name)
    documents = plan.documents and spider.attachments is not False
    pictures = plan.pictures and spider.pictures is not False
    wanted = Wanted(spider.host_names(), plan.since, plan.until, documents, pictures)
    try:
        missing, originals = _missing(client, plan.source, wanted, held(collection, spider.name), result)
    except IndexUnreadable as error:
        result.error, result.unanswered = str(error), True
        return result
    except TimeUp:
        result.error = "the time was up before the index was read"
        return result
    if not result.listed:
        result.error = f"{plan.source.name} lists no capture of {' or '.join(wanted.hosts)}"
    result.left = len(missing)
    silent = 0
    for number, entry in enumerate(missing):
        same = originals.get(entry.digest) if _may_repeat(entry) else None
        if same is None and plan.most and result.fetched + result.failed.total() >= plan.most:
            continue  # revisits later in the list need no request
        try:
            exchange = repeated(plan.source, entry) if same else fetch(client, plan.source, entry)
        except CaptureNotFetched as error:
            of_capture = about(result.site, url=entry.url, reason=error.reason)
            logger.info("%s %s: %s", entry.timestamp, entry.url, error, extra=of_capture)
            result.failed[error.reason] += 1
            result.left -= 1
            silent = silent + 1 if error.reason in _SILENT else 0
            if silent == _IN_A_ROW or error.sent_away:
                result.error = (
                    f"{plan.source.name} does not answer: {sentence(error.reason)}; run again later, it goes on"
                )
                result.unanswered = True
                break
            continue
        except TimeUp:
            break
        kind = kind_of_capture(entry.url, _asked_for(entry, spider), is_redirect=entry.is_redirect)
        row = captures.keep(exchange, site=spider.name, kind=kind, run_id=None, same_as=same)
        if same:
            result.same += 1
        else:
            result.fetched += 1
            silent = 0
            if _may_repeat(entry) and exchange.status == 200 and not exchange.truncated:
                originals.setdefault(entry.digest, row)
        result.left -= 1
        if number % _COMMIT == 0:
            collection.commit()
        plan.on_progress(result)
    collection.commit()
    return result


def _missing(
    client: Client, source: Source, wanted: Wanted, here: dict[tuple[str, str], int], result: Fetched
) -> tuple[list[Entry], dict[str, int]]:
    """Return what is wanted and not here, the oldest first; and for what is here, digest in the index → row of capture.

    Revisits come last: by then the captures that they repeat have been fetched.
    """
    missing: list[Entry] = []
    originals: dict[str, int] = {}
    for entry in entries(client, source, wanted, result.skipped):
        result.listed += 1
        if reason := wanted.objection(entry):
            result.skipped[reason] += 1
        elif row := here.get((entry.url, entry.timestamp)):
            result.held += 1
            if _may_repeat(entry):
                originals.setdefault(entry.digest, row)
        else:
            missing.append(entry)
    result.listed += result.skipped[Reason.UNREADABLE_LINE]
    result.skipped += Counter()  # drops zeros
    missing.sort(key=lambda entry: (entry.is_revisit, entry.timestamp, entry.url))
    return missing, originals


def _may_repeat(entry: Entry) -> bool:
    """Tell whether the digest identifies the page: not for redirects, whose content is only their target."""
    return bool(entry.digest) and not entry.is_redirect


def _asked_for(entry: Entry, spider: "type[Site]") -> CaptureKind:
    if entry.is_document or entry.is_picture:
        return CaptureKind.ATTACHMENT if entry.is_document else CaptureKind.PICTURE
    if spider.platform.identity(entry.url):
        return CaptureKind.ARTICLE
    return CaptureKind.LISTING if spider.platform.is_followed(entry.url) else CaptureKind.OTHER


def fetch_all(
    plan: Plan, spiders: Sequence["type[Site]"], collection: Collection, captures: Captures, client: Client
) -> list[Fetched]:
    """Fetch the sites one after the other and return a result for each; stops asking an archive that is silent."""
    results: list[Fetched] = []
    for spider in spiders:
        if results and results[-1].unanswered:
            results.append(Fetched(spider.name, plan.source.name, error=results[-1].error, unanswered=True))
        else:
            results.append(fetch_site(client, plan, spider, collection, captures))
    return results
