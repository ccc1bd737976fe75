"""The figures of a collection as metrics in Prometheus' text format, by its own client library.

Names follow Prometheus' conventions: base units (seconds, bytes), `_total` for what only grows. Labels have few values:
sites, states, and the words of `crawler.reasons` and `crawler.doubts`; no addresses, titles or messages.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from crawler import __version__
from crawler.monitoring.figures import Figures
from crawler.run.health import State
from storage.run_history import SOUND

if TYPE_CHECKING:
    from prometheus_client.core import Metric


def exposition(figures: Figures) -> bytes:
    """Return the figures in Prometheus' text format, UTF-8, without timestamps."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(figures))
    return generate_latest(registry)


class _Collected:
    """The figures as a collector of the client library."""

    def __init__(self, figures: Figures):
        self.figures = figures

    def collect(self) -> "Iterator[Metric]":
        """Yield each metric with its samples."""
        for part in (_collection, _sites, _runs, _storage):
            yield from part(self.figures)

    describe = None


def _gauge(name: str, said: str, values: "Iterable[tuple[Mapping[str, str], float]]") -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    return _filled(GaugeMetricFamily, name, said, values)


def _counter(name: str, said: str, values: "Iterable[tuple[Mapping[str, str], float]]") -> "Metric":
    from prometheus_client.core import CounterMetricFamily

    return _filled(CounterMetricFamily, name, said, values)


def _filled(
    family: "Callable[..., Metric]", name: str, said: str, values: "Iterable[tuple[Mapping[str, str], float]]"
) -> "Metric":
    metric = family(f"tinphuong_{name}", said)
    ending = "_total" if metric.type == "counter" else ""
    for labels, value in values:
        metric.add_sample(f"{metric.name}{ending}", dict(labels), float(value))
    return metric


def _collection(figures: Figures) -> "Iterator[Metric]":
    """What the collection holds."""
    totals = figures.totals
    build = {"version": __version__, "schema": str(figures.schema)}
    yield _gauge("build_info", "The version of tinphuong and of the database's schema; always 1.", [(build, 1)])
    yield _gauge("metrics_timestamp_seconds", "When these metrics were made.", [({}, figures.at.timestamp())])
    yield _gauge("articles", "Articles in the collection.", _by_site(figures.articles, figures.health))
    yield _gauge("removed_articles", "Articles that their sites took down.", [({}, totals["removed"])])
    yield _gauge("versions", "Earlier texts of articles.", [({}, totals["versions"])])
    yield _gauge("attachments", "Attached files that articles link to.", [({}, totals["files"])])
    yield _gauge("attachment_files", "Different attached files that are kept.", [({}, figures.files.number)])
    yield _gauge(
        "doubts", "Articles of which a field may be wrong.",
        (({"field": one["field"], "kind": one["kind"]}, one["articles"]) for one in figures.doubts),
    )  # fmt: skip


def _sites(figures: Figures) -> "Iterator[Metric]":
    """How the sites do, and what is still to be done."""
    health, now = figures.health, figures.at
    states = Counter(str(one.state) for one in health.values())
    yield _gauge("sites", "Sites in a state.", (({"state": _word(state)}, states[state]) for state in State))
    yield _gauge(
        "site_state", "1 for the state in which a site is, 0 for the others.",
        (
            ({"site": slug, "state": _word(state)}, one.state == state)
            for slug, one in health.items()
            for state in State
        ),
    )  # fmt: skip
    yield _gauge(
        "pending_articles", "Articles that were met in lists and are not stored yet.",
        _by_site(figures.pending, health),
    )  # fmt: skip
    yield _gauge("due_sites", "Registered sites whose turn it is.", [({}, figures.due)])
    newest = {slug: figures.newest[slug] for slug in health if slug in figures.newest}
    ended = {slug: datetime.fromisoformat(one.last_run) for slug, one in health.items() if one.last_run}
    sound: dict[str, datetime] = {}
    for run in figures.runs:
        if run.status in SOUND and run.last_end and run.site in health:
            end = datetime.fromisoformat(run.last_end)
            sound[run.site] = max(end, sound.get(run.site, end))
    for name, said, moments in (
        ("newest_article", "the newest article of a site was published", newest),
        ("last_run", "the last finished run of a site ended", ended),
        ("last_success", "the last run of a site that went well ended", sound),
    ):
        yield _gauge(
            f"{name}_timestamp_seconds",
            f"When {said}.",
            (({"site": slug}, at.timestamp()) for slug, at in moments.items()),
        )
        yield _gauge(
            f"{name}_age_seconds", f"How long ago {said}, when these metrics were made.",
            (({"site": slug}, (now - at).total_seconds()) for slug, at in moments.items()),
        )  # fmt: skip


def _runs(figures: Figures) -> "Iterator[Metric]":
    """What the runs came to."""
    runs: Counter[tuple[str, str]] = Counter()
    failures: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for run in figures.runs:
        runs[run.site, run.status] += run.runs
        answers[run.site] += run.bytes
        if run.status == "failed":
            failures[run.reason or "unknown"] += run.runs
    finished = {key: count for key, count in runs.items() if key[1] != "running"}
    yield _counter(
        "runs", "Live runs of a site that are over, by what they came to.",
        (({"site": site, "status": status}, count) for (site, status), count in sorted(finished.items())),
    )  # fmt: skip
    yield _gauge(
        "open_runs", "Live runs that go on, or were killed and not yet closed by another run.",
        [({}, sum(count for (_, status), count in runs.items() if status == "running"))],
    )  # fmt: skip
    yield _counter("run_failures", "Live runs of sites that failed, by reason.", _by("reason", failures))
    yield _counter("skipped_pages", "Pages that live runs did not store, by reason.", _by("reason", figures.skipped))
    yield _counter("response_bytes", "Bytes of all answers to live runs, unpacked.", _by("site", answers))


def _storage(figures: Figures) -> "Iterator[Metric]":
    """What it takes on disk, and what room there is."""
    disk = figures.disk
    yield _gauge("stored_bytes", "Bytes on disk.", (({"part": use.part}, use.size) for use in disk))
    yield _gauge("captures", "Captures, by what was asked for.", _by("kind", figures.captures, lambda one: one.number))
    yield _gauge(
        "capture_bytes", "Compressed bytes of captures, by what was asked for.",
        _by("kind", figures.captures, lambda one: one.size),
    )  # fmt: skip
    yield _gauge(
        "disk_free_bytes", "Free bytes of the file system that holds a part, for this user.",
        (({"part": use.part}, use.free) for use in disk),
    )  # fmt: skip
    yield _gauge(
        "disk_size_bytes", "Bytes of the file system that holds a part.",
        (({"part": use.part}, use.total) for use in disk),
    )  # fmt: skip


def _by_site(counts: Mapping[str, int], sites: Iterable[str]) -> "Iterator[tuple[Mapping[str, str], float]]":
    return (({"site": slug}, counts.get(slug, 0)) for slug in sites)


def _by(
    label: str, counts: Mapping[str, object], of: "Callable[..., float]" = lambda count: count
) -> "Iterator[tuple[Mapping[str, str], float]]":
    return (({label: key}, of(count)) for key, count in sorted(counts.items()))


def _word(state: State) -> str:
    """A state as a label's value, which a query writes without blanks."""
    return str(state).replace(" ", "_")
