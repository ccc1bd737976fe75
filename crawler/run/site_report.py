"""The report of one site's run: plain facts, and the verdict that follows from them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.reasons import EXPLAINED, Reason, sentence
from crawler.text.counted import counted
from storage import fields

if TYPE_CHECKING:
    from crawler.extraction import Article

_TOLERATED = 0.5  # share of the articles asked for that may fail before the site counts as failed
_SILENT = 20.0  # seconds without any answer that speak against the site
_NAMED, _LONGEST_PATH = 3, 90  # pages that a run's line names, and characters of their paths
_FEW = 3  # failed articles that do not yet make a site fail


@dataclass(slots=True)
class SiteReport:
    """What happened on one site in one run.

    `skipped` counts pages that were not stored, by reason; `listings_failed` and `articles_failed` split them by what
    the page was to be. A page past --since, left out or met again is not a failure.
    """

    site: str
    listings: int = 0  # pages read that are lists with articles
    pages: int = 0  # pages read for their links, lists or not
    items: int = 0  # blocks of list shape
    linked: int = 0  # links to articles, each page's counted
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    known: int = 0
    sections_failed: Counter[str] = field(default_factory=Counter)
    listings_failed: Counter[str] = field(default_factory=Counter)
    articles_failed: Counter[str] = field(default_factory=Counter)
    unsure: list[str] = field(default_factory=list)  # URLs of pages that may be articles, but show no date
    lists_lost: int = 0  # lists of earlier runs that no longer link to any article
    rechecked: int = 0  # stored articles that were looked at again
    rechecks_failed: Counter[str] = field(default_factory=Counter)
    gone: int = 0  # of those, how many answered that they are gone
    removed: int = 0  # of those, how many for the second time: they count as removed
    fetched: int = 0  # articles that went through the pipelines
    filled: Counter[str] = field(default_factory=Counter)  # field → articles of this run that have it
    doubted: Counter[str] = field(default_factory=Counter)  # field → articles of this run in which it is doubtful
    read_along: int = 0  # articles that the second reader read too
    parted: int = 0  # of those, on how many it reads something else
    read_again: int = 0  # articles of this run that were read differently once more was known of their site
    reread_from: int = 0  # the first run whose articles are still to be read again, 0 for none
    bugs: int = 0  # errors of tinphuong itself that were not about one page
    page_errors: int = 0  # pages on which tinphuong itself failed
    bound: str = ""  # which bound of one run was reached, as a clause; "" where none was
    seconds: float = 0.0
    interrupted: bool = False
    broken: str = ""  # the reason why the run could not go on, where there is one
    cut_short: bool = False  # the time given to the run was up
    rebuilt: tuple[Reason, str] | None = None  # reason and sentence where the site's pages were rebuilt
    doubtful: tuple[Reason, str] | None = None  # reason and sentence where what was read cannot be trusted
    was_doubtful: bool = False  # so it was after the run before
    finished: bool = False
    partial: bool = False  # read from an archive that need not hold every page
    requests: int = 0
    answered: int = 0  # responses that reached the spider or robots.txt's reader
    bytes: int = 0
    attachments: int = 0  # files that were fetched
    attachment_bytes: int = 0
    attachments_mislabelled: int = 0  # of those, how many are of another kind than their links claim
    attachments_failed: Counter[str] = field(default_factory=Counter)
    pictures: int = 0  # pictures that were fetched
    picture_bytes: int = 0
    pictures_failed: Counter[str] = field(default_factory=Counter)
    requisites: int = 0  # what pages need to look as they did, fetched
    requisite_bytes: int = 0
    requisites_failed: Counter[str] = field(default_factory=Counter)
    texts: int = 0  # files whose text was read
    tls: str = ""  # the site's fact: how its server was believed, where not as usual
    catch_all: bool = False  # its server answers any address with the same page, robots.txt too
    platform: str = ""  # by which the site was read
    platform_from: str = ""  # stated, found or unknown (crawler.run.site)
    has_found_platform: bool = False  # this run
    looks_anew: bool = False  # the platform was only found and fits no more: the next run looks for another
    empty_because: dict[str, str] = field(default_factory=dict)  # why start pages show no article: reason → sentence
    explained: dict[str, str] = field(default_factory=dict)  # reason → a sentence that says more, of the first list

    @property
    def stored(self) -> int:
        """Articles that are in the collection after the run because of it."""
        return self.new + self.changed + self.unchanged + self.duplicates

    @property
    def skipped(self) -> Counter[str]:
        """Pages that were not stored or not read, by reason."""
        return self.listings_failed + self.articles_failed + self.sections_failed

    @property
    def errors(self) -> int:
        """Lists and articles that failed; a menu's dead links are not counted."""
        return self.listings_failed.total() - self.listings_failed[Reason.RUN_BOUND] + self._articles_lost()

    def skip(self, kind: str, reason: str, detail: str = "") -> None:
        """Count a page that was not stored; `kind` is listing, section or article."""
        if kind == "listing" or reason != Reason.OFFSITE:
            self._explain(reason, detail)
        kind = "section" if reason == Reason.LEFT_OUT else kind  # as it was wanted, whatever the page was to be
        counters = {"listing": self.listings_failed, "section": self.sections_failed, "article": self.articles_failed}
        counters[kind][reason] += 1

    def fill(self, article: "Article | None") -> None:
        """Count which fields an article of this run has; `layout`: it was read by its platform's layout."""
        if article is None:
            return
        self.fetched += 1
        for name in fields.HEALTH:
            self.filled[name] += bool(getattr(article, name))
        self.filled["layout"] += article.layout_matched
        self.doubted.update({doubt.field for doubt in article.doubts})

    def refill(self, row: Mapping[str, Any], article: "Article | None") -> None:
        """Count an article of this run, stored as `row` at first, as it was read again."""
        if article is None:
            return
        for name in fields.HEALTH:
            if name not in fields.PARTS:
                self.filled[name] += bool(getattr(article, name)) - bool(row[name])
        self.doubted.subtract({doubt["field"] for doubt in json.loads(row["doubts"])})
        self.doubted.update({doubt.field for doubt in article.doubts})

    def _articles_lost(self) -> int:
        missing = self.articles_failed[Reason.NOT_IN_ARCHIVE] if self.partial else 0
        left = self.articles_failed[Reason.RUN_BOUND]  # for the next run
        return self.articles_failed.total() - self.articles_failed[Reason.BEFORE_SINCE] - missing - left

    def verdict(self) -> tuple[str, str | None, str]:
        """Return (status, reason, sentence); status is ok, doubtful, failed or interrupted."""
        status, reason, text = self._verdict()
        if status == "ok" and self.doubtful:
            status, reason, text = "doubtful", self.doubtful[0], f"{text}; {self.doubtful[1]}"
        if self.looks_anew:
            text += f"; {self.platform} was only found, not stated: the next run looks for the platform anew"
        return status, str(reason) if reason else None, text

    @property
    def is_unhealthy(self) -> bool:
        """Whether the run failed, or is the one in which the site became doubtful."""
        status = self.verdict()[0]
        return status == "failed" or (status == "doubtful" and not self.was_doubtful)

    def _verdict(self) -> tuple[str, str | None, str]:
        if self.interrupted:
            return "interrupted", Reason.INTERRUPTED, "stopped before the end; what was fetched is kept"
        if self.broken:
            return "failed", self.broken, f"stopped before the end: {self._said(self.broken)}"
        if self.bugs:
            return "failed", Reason.INTERNAL_ERROR, f"{sentence(Reason.INTERNAL_ERROR)} ({counted(self.bugs, 'time')})"
        if self.cut_short and not self.pages:
            if self.listings_failed or (not self.answered and self.seconds >= _SILENT):
                reason = _most_common(self.listings_failed) or Reason.TIMEOUT
                return "failed", reason, f"no start page could be read before the time was up: {self._said(reason)}"
            return "interrupted", Reason.CUT_SHORT, "the time was up before a page was read; the next run goes on"
        if self.cut_short:
            return "ok", Reason.CUT_SHORT, f"{self._summary(self._articles_lost())}; time was up, the next run goes on"
        of_archive = self.partial and bool(self.stored + self.known)  # articles count, lists need not be there
        if self.listings_failed[Reason.MOVED_TO_ANOTHER] and not (self.linked or of_archive):
            return "failed", Reason.MOVED_TO_ANOTHER, self._said(Reason.MOVED_TO_ANOTHER)
        if not self.pages and not of_archive:
            left_out = Reason.LEFT_OUT if self.sections_failed[Reason.LEFT_OUT] else Reason.EMPTY_LISTING
            reason = _most_common(self.listings_failed) or left_out
            return "failed", reason, f"no start page could be read: {self._said(reason)}"
        if not self.linked and not self.articles_failed and not of_archive:
            if self.rebuilt and Reason.LOGIN not in self.empty_because:
                return "failed", *self.rebuilt
            reason = Reason.LAYOUT_CHANGED if self.items else Reason.EMPTY_LISTING
            if why := self._why_empty():
                return "failed", *why
            if reason is Reason.EMPTY_LISTING and self.listings_failed.total() > self.pages:
                reason = _most_common(self.listings_failed) or reason
            return "failed", reason, self._said(reason)
        lost, had = self._articles_lost(), self.stored + self.known
        if lost > _FEW and lost > _TOLERATED * (lost + had):
            reason = _most_common(self.articles_failed) or Reason.ARTICLES_FAILED
            return "failed", reason, f"{lost} of {lost + had} articles could not be read: {self._said(reason)}"
        if lost and not had:
            reason = _most_common(self.articles_failed) or Reason.ARTICLES_FAILED
            return "failed", reason, f"no article could be read: {self._said(reason)}"
        if self.page_errors > _FEW and self.page_errors > _TOLERATED * self.answered:
            said = f"{sentence(Reason.INTERNAL_ERROR)} ({self.page_errors} of {self.answered} pages)"
            return "failed", Reason.INTERNAL_ERROR, said
        if self.rebuilt:
            return "failed", *self.rebuilt
        return "ok", Reason.RUN_BOUND if self.bound else None, self._summary(lost)

    def _why_empty(self) -> tuple[str, str] | None:
        """Return (reason, sentence) where a start page tells why no article was found."""
        if self.sections_failed[Reason.FILLED_BY_SCRIPT]:
            return Reason.EMPTY_LISTING, sentence(Reason.FILLED_BY_SCRIPT)
        if self.listings_failed.total() > self.pages:
            return None
        for why in (Reason.LOGIN, Reason.WRONG_PLATFORM, Reason.FILLED_BY_SCRIPT, Reason.NOTHING_PUBLISHED):
            if why in self.empty_because:
                said = self.empty_because[why] or sentence(why)
                return Reason.EMPTY_LISTING if why is Reason.FILLED_BY_SCRIPT else why, said
        return None

    def _explain(self, reason: str, detail: str) -> None:
        """Keep what says more than the reason does, where that is for the operator to act on."""
        if reason in EXPLAINED and "<" not in detail:  # no dump of an exception
            self.explained.setdefault(reason, detail)
        elif reason in (Reason.ROBOTS_UNREADABLE, Reason.ANTIBOT, Reason.OFFSITE) and detail:
            self.explained.setdefault(reason, f"{sentence(reason)} ({detail})")

    def _said(self, reason: str) -> str:
        if reason == Reason.NOT_IN_ARCHIVE and not self.partial:
            return f"{sentence(reason)}; --replay-all reads every article in it, whether a list leads there or not"
        return self.explained.get(reason) or sentence(reason)

    def _summary(self, lost: int) -> str:
        parts = [f"{self.new} new"]
        parts += [f"{n} {word}" for n, word in ((self.changed, "changed"), (self.duplicates, "duplicate")) if n]
        if again := self.known + self.unchanged:
            parts.append(f"{again} known")
        if lost:
            expected = {Reason.BEFORE_SINCE, Reason.RUN_BOUND, *([Reason.NOT_IN_ARCHIVE] if self.partial else [])}
            reasons = Counter({reason: n for reason, n in self.articles_failed.items() if reason not in expected})
            parts.append(f"{lost} not stored ({', '.join(f'{reason} {n}' for reason, n in reasons.most_common())})")
        if cut := self.sections_failed[Reason.PAGER_NOT_FOLLOWED]:
            parts.append(f"{counted(cut, 'list')} not read to the end")
        if self.unsure:
            parts.append(_not_sure_of(self.unsure))
        if self.tls:
            parts.append("its certificate not verified" if self.tls == "any" else "old TLS allowed")
        files = ((self.attachments, "attachment"), (self.pictures, "picture"), (self.requisites, "requisite"))
        for count, word in files:
            if count:
                parts.append(counted(count, word))
        if self.has_found_platform:
            parts.append(f"platform found: {self.platform}")
        text = ", ".join(parts)
        if self.page_errors:
            pages = counted(self.page_errors, "page")
            text += f"; on {pages} an error of tinphuong itself, see the log"
        if self.listings_failed[Reason.MOVED_TO_ANOTHER]:
            text += f"; {self._said(Reason.MOVED_TO_ANOTHER)}"
        if self.bound:
            text += f"; {self.bound}: the next run goes on"
        return text

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready facts with its verdict."""
        status, reason, message = self.verdict()
        return {
            "site": self.site, "status": status, "reason": reason, "message": message,
            "pages": self.answered, "listings": self.listings, "articles": self.stored, "new": self.new,
            "changed": self.changed, "unchanged": self.unchanged, "duplicates": self.duplicates, "known": self.known,
            "rechecked": self.rechecked, "gone": self.gone, "removed": self.removed,
            "rechecks_failed": dict(self.rechecks_failed),
            "fetched": self.fetched, "filled": dict(self.filled), "doubted": dict(+self.doubted),
            "read_again": self.read_again, "reread_from": self.reread_from,
            "read_along": self.read_along, "parted": self.parted,
            "linked": self.linked, "items": self.items,
            "lists_lost": self.lists_lost, "page_errors": self.page_errors,
            "errors": self.errors, "skipped": dict(sorted(self.skipped.items())),
            "requests": self.requests, "bytes": self.bytes, "seconds": round(self.seconds, 2),
            "attachments": self.attachments, "attachment_bytes": self.attachment_bytes, "texts": self.texts,
            "attachments_mislabelled": self.attachments_mislabelled,
            "attachments_failed": dict(self.attachments_failed),
            "pictures": self.pictures, "picture_bytes": self.picture_bytes,
            "pictures_failed": dict(self.pictures_failed),
            "requisites": self.requisites, "requisite_bytes": self.requisite_bytes,
            "requisites_failed": dict(self.requisites_failed),
            "platform": self.platform, "platform_from": self.platform_from,
            "platform_found_now": self.has_found_platform,
            "tls": self.tls, "catch_all": self.catch_all,
        }  # fmt: skip


def by_reason(reports: Iterable[SiteReport]) -> dict[str, list[str]]:
    """Return reason → the sites, in order of their names, that failed or are doubtful for it."""
    found: dict[str, list[str]] = {}
    for report in sorted(reports, key=lambda report: report.site):
        status, reason, _ = report.verdict()
        if status in ("failed", "doubtful") and reason is not None:
            found.setdefault(reason, []).append(report.site)
    return found


def _most_common(counter: Counter[str]) -> str | None:
    return counter.most_common(1)[0][0] if counter else None


def _not_sure_of(pages: list[str]) -> str:
    """Name pages that were not stored because it is not sure that they are articles: three at most."""
    paths = [urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl() or "/" for url in pages[:_NAMED]]
    shown = [path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…" for path in paths]
    more = f" and {len(pages) - _NAMED} more" if len(pages) > _NAMED else ""
    return f"not sure of {counted(len(pages), 'page')} without a date: {', '.join(shown)}{more}"
