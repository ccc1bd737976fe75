"""From a web archive into our own captures: what is here already is not asked for again, so a fetch can be resumed.

What has been fetched stands in the captures alone; a fetch that is killed is put right as any crawl is (see
storage.archives.captures), lists anew and goes on with what is missing.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.reasons import Reason, http_reason, sentence
from crawler.web_archives.cdx import Entry, IndexUnreadable, Wanted, entries
from crawler.web_archives.client import Client, TimeUp
from crawler.web_archives.records import CaptureNotFetched, fetch, repeated
from crawler.web_archives.sources import Source
from storage.archives.captures import Captures
from storage.archives.copied_captures import held
from storage.collection import Collection

if TYPE_CHECKING:
    from crawler.run.site import Site

logger = logging.getLogger(__name__)

_SILENT = frozenset({
    Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.TLS, Reason.CONNECTION,
    *(http_reason(status) for status in (429, 502, 503, 504)),
})  # fmt: skip
_IN_A_ROW = 5  # captures that cannot be had because the archive does not answer, before it is left alone
_COMMIT = 20  # captures


@dataclass(slots=True)
class Fetched:
    """What a fetch of one site came to; captures are counted.

    `listed`: on the index, of which `skipped` were not wanted and `held` are here already; `fetched`: asked for and
    kept; `same`: kept without being asked for, as the index says that another capture has their payload; `failed`: not
    to be had, by reason; `left`: for the next run; `error`: why the fetch could not go on; `unanswered`: because the
    archive does not answer.
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
        """Whether everything that was asked for came."""
        return not self.failed and not self.error

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready facts."""
        return {
            "site": self.site, "archive": self.archive, "listed": self.listed, "already_here": self.held,
            "fetched": self.fetched, "same_payload": self.same, "left": self.left, "skipped": dict(self.skipped),
            "failed": dict(self.failed), "error": self.error or None,
        }  # fmt: skip

    def line(self) -> str:
        """Return it in one line."""
        parts = [f"{self.listed} captures listed, {self.fetched} fetched"]
        counted = ((self.same, "of the same payload as another"), (self.held, "here already"), (self.left, "left"))
        parts += [f"{n} {word}" for n, word in counted if n]
        for counter, word in ((self.skipped, "not wanted"), (self.failed, "not to be had")):
            if counter:
                reasons = ", ".join(f"{reason} {n}" for reason, n in counter.most_common())
                parts.append(f"{counter.total()} {word} ({reasons})")
        return f"{self.site}: {self.archive}: {', '.join(parts)}"


@dataclass(slots=True)
class Plan:
    """What is asked of a web archive. `since`, `until`: digits of a timestamp; `most`: captures fetched a site in one
    run, 0 for all; `told`: called with the result as it goes on."""

    source: Source
    since: str = ""
    until: str = ""
    most: int = 0
    documents: bool = False
    told: Callable[[Fetched], None] = lambda result: None


def fetch_site(client: Client, plan: Plan, spider: "type[Site]", collection: Collection, captures: Captures) -> Fetched:
    """Fetch what the archive has of a site and we do not, the oldest first, into `captures`; returns the result."""
    result = Fetched(spider.name, plan.source.name)
    wanted = Wanted((spider.host, *spider.other_hosts), plan.since, plan.until, plan.documents)
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
            continue  # revisits behind it cost nothing
        try:
            exchange = repeated(plan.source, entry) if same else fetch(client, plan.source, entry)
        except CaptureNotFetched as error:
            logger.info("%s %s: %s", entry.timestamp, entry.url, error)
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
        row = captures.keep(exchange, site=spider.name, kind=_kind(entry, spider), run_id=None, same_as=same)
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
        plan.told(result)
    collection.commit()
    return result


def _missing(
    client: Client, source: Source, wanted: Wanted, here: dict[tuple[str, str], int], result: Fetched
) -> tuple[list[Entry], dict[str, int]]:
    """What is wanted and not here, the oldest first; and of what is here, index's digest → row of the capture.

    Revisits come behind everything else: what they repeat has then been fetched.
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
    """Whether the digest tells what the page was: not of redirects, which have no payload but where they lead."""
    return bool(entry.digest) and not entry.is_redirect


def _kind(entry: Entry, spider: "type[Site]") -> str:
    """What a capture is in the table `captures`."""
    if entry.is_redirect:
        return "redirect"
    if entry.is_document:
        return "attachment"
    if spider.platform.identity(entry.url):
        return "article"
    return "listing" if spider.platform.is_followed(entry.url) else "other"


def fetch_all(
    plan: Plan, spiders: Sequence["type[Site]"], collection: Collection, captures: Captures, client: Client
) -> list[Fetched]:
    """Fetch the sites one after the other; returns the result of each. A silent archive is left alone."""
    results: list[Fetched] = []
    for spider in spiders:
        if results and results[-1].unanswered:
            results.append(Fetched(spider.name, plan.source.name, error=results[-1].error, unanswered=True))
        else:
            results.append(fetch_site(client, plan, spider, collection, captures))
    return results
