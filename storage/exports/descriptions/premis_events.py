"""The events of a PREMIS document: the run log, checks of fixity, removals that were seen, and the package itself.

Types are terms of the Library of Congress (id.loc.gov/vocabulary/preservation/eventType), but for what only sites do.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawler.text.counted import counted
from storage.exports.descriptions.file_facts import identifier
from storage.exports.descriptions.markup import Markup, tag
from storage.exports.descriptions.premis_parts import (
    article_identifier,
    checker,
    collection_identifier,
    linking,
    organization,
    site_identifier,
    slugs,
    software,
    sources,
)
from storage.exports.job import Job
from storage.exports.warc import without_capture

_VOCABULARY = "http://id.loc.gov/vocabulary/preservation/eventType"
_TERMS = {
    "capture": "cap", "fixity check": "fix", "information package creation": "ipc", "ingestion": "ing",
    "message digest calculation": "mes", "metadata extraction": "mee", "replication": "rep",
}  # fmt: skip
_OF_MODE = {"replay": "ingestion", "import": "ingestion", "reprocess": "metadata extraction"}  # others: capture
_SEEN = {"removed": "removal seen at the source", "returned": "return seen at the source"}
_CHECKED = {  # of the chosen: the ids of each kind in fixity_checks, and what they are called
    "capture": ("capture", "SELECT id FROM temp.kept"),
    "article": ("text", "SELECT id FROM temp.chosen"),
    "version": ("earlier text", "SELECT v.id FROM versions v JOIN temp.chosen c ON c.id = v.article_id"),
    "file": ("attached file", "SELECT DISTINCT f.id FROM temp.chosen c JOIN attachments t ON t.article_id = c.id "
                              "JOIN files f ON f.sha256 = t.sha256"),
}  # fmt: skip


def events(job: Job, package: str) -> Iterator[Markup]:
    """Yield the events, in the order in which things are done: runs, copies, checks, removals, the package."""
    yield from _runs(job)
    yield from _copies(job)
    yield from _checks(job)
    yield from _removals(job)
    yield from _package(job, package)


def _event(
    name: tuple[str, ...], kind: str, at: str, detail: str, outcome: tuple[str, list[str]] | None, *links: Markup | None
) -> Markup:
    """One event. `name`: what its identifier follows from; `outcome`: a word, and notes."""
    code = _TERMS.get(kind)
    authority = {"authority": "eventType", "authorityURI": _VOCABULARY, "valueURI": f"{_VOCABULARY}/{code}"}
    result = outcome and tag(
        "eventOutcomeInformation",
        tag("eventOutcome", outcome[0]),
        *(tag("eventOutcomeDetail", tag("eventOutcomeDetailNote", note)) for note in outcome[1]),
    )
    return tag(
        "event",
        tag("eventIdentifier", tag("eventIdentifierType", "UUID"),
            tag("eventIdentifierValue", identifier("event", *name))),
        tag("eventType", kind, **(authority if code else {})),
        tag("eventDateTime", at),
        tag("eventDetailInformation", tag("eventDetail", detail)),
        result,
        *links,
    )  # fmt: skip


def _runs(job: Job) -> Iterator[Markup]:
    sql = "SELECT * FROM runs WHERE site IN (SELECT value FROM json_each(?)) ORDER BY id"
    for run in job.collection.rows(sql, [slugs(job)]):
        kind = _OF_MODE.get(run["mode"], "capture")
        links = [linking("Object", source.identifier, "source") for source in sources(run["sources"])]
        number = f", number {run['number']} of the run log" if run["number"] else ""
        notes = [run["reason"] or "", _spaced(run["message"] or "")]
        notes += [_numbers(label, run[label]) for label in ("counts", "skipped")]
        yield _event(
            ("run", run["site"], run["mode"], run["started_at"], str(run["number"])),
            kind,
            f"{run['started_at']}/{run['finished_at'] or ''}",
            f"run of {run['site']}, mode {run['mode']}{number}",
            (run["status"], [note for note in notes if note]),
            linking("Agent", software(run["software"]).identifier, "executing program"),
            linking("Object", site_identifier(run["site"]), "outcome"),
            *links,
        )


def _numbers(label: str, packed: str) -> str:
    """What a run counted, in a line, without what it found none of."""
    read: dict[str, Any] = json.loads(packed)
    said = [f"{name} {value}" for name, value in read.items() if value and type(value) in (int, float)]
    return f"{label}: {', '.join(said)}" if said else ""


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _copies(job: Job) -> Iterator[Markup]:
    """What was copied from web archives on the network, an event for each of them."""
    numbers: dict[str, int] = defaultdict(int)
    moments: dict[str, tuple[str, str]] = {}
    sql = (
        "SELECT k.source, r.started_at AS at FROM temp.kept t JOIN captures k ON k.id = t.id "
        "JOIN runs r ON r.id = k.run_id WHERE k.source IS NOT NULL"
    )
    for row in job.collection.rows(sql):
        host, at = urlsplit(row["source"]).netloc, row["at"]
        first, last = moments.get(host, (at, at))
        numbers[host], moments[host] = numbers[host] + 1, (min(first, at), max(last, at))
    for host in sorted(numbers):
        yield _event(
            ("copies", job.name, host, "/".join(moments[host])),
            "replication",
            "/".join(moments[host]),
            f"captures copied from the web archive {host}",
            ("copied", [counted(numbers[host], "capture")]),
            linking("Object", collection_identifier(job), "outcome"),
        )


def _checks(job: Job) -> Iterator[Markup]:
    """For each kind of thing, when those that are in the package were last verified, as the ledger of fixity has it."""
    db = job.collection.db
    for kind, (word, ids) in _CHECKED.items():
        number, first, last = db.execute(
            "SELECT count(whole_at), min(whole_at), max(whole_at) FROM fixity_checks "  # noqa: S608
            f"WHERE kind = ? AND item IN ({ids})",
            (kind,),
        ).fetchone()
        if not number:
            continue
        of_all = db.execute(f"SELECT count(*) FROM ({ids})").fetchone()[0]  # noqa: S608 — literals only
        note = f"{number} of {counted(of_all, word)}; each was last found to be as recorded between these moments"
        yield _event(
            ("checks", job.name, kind, first, last, str(number)),
            "fixity check",
            f"{first}/{last}",
            f"digests of each {word} compared with those recorded (tinphuong verify)",
            ("pass", [note]),
            linking("Agent", checker().identifier, "executing program"),
            linking("Object", collection_identifier(job), "outcome"),
        )


def _removals(job: Job) -> Iterator[Markup]:
    sql = (
        "SELECT e.kind, e.at, e.reason, a.site, a.key, r.software FROM temp.chosen c "
        "JOIN articles a ON a.id = c.id JOIN article_events e ON e.article_id = a.id "
        "JOIN runs r ON r.id = e.run_id ORDER BY c.position, e.id"
    )
    for row in job.collection.rows(sql):
        yield _event(
            ("article", row["site"], row["key"], row["kind"], row["at"]),
            _SEEN.get(row["kind"], row["kind"]),
            row["at"],
            "what its site did; the text and its captures are kept here",
            (row["reason"], []) if row["reason"] else None,
            linking("Agent", software(row["software"]).identifier, "executing program"),
            linking("Object", article_identifier(row["site"], row["key"]), "source"),
        )


def _package(job: Job, package: str) -> Iterator[Markup]:
    """How this package was made, and what it lacks."""
    maker, keeper = software(job.software), organization(job)
    links = (
        linking("Agent", maker.identifier, "executing program"),
        linking("Agent", keeper.identifier, "authorizer") if keeper else None,
        linking("Object", identifier("package", package), "outcome"),
    )
    choice = json.dumps(job.choice.to_dict(), ensure_ascii=False, sort_keys=True)
    digests = "SHA-256 and SHA-512 of every file of the package"
    yield _event(("digests", package), "message digest calculation", job.moment, digests, None, *links)
    lacking = [f"articles may be missing: {item}" for item in job.chosen.unsound]
    if without := without_capture(job):
        lacking.append(f"{counted(without, 'article')} without a capture")
    if job.skipped:
        lacking.append(f"{counted(job.skipped, 'capture')} that could not be read")
    if job.chosen.undated:
        lacking.append(f"{counted(job.chosen.undated, 'article')} without a date left out by the filter")
    notes = [counted(job.count, "article"), f"choice: {choice}", *lacking]
    yield _event(
        ("package", package), "information package creation", job.moment, f"export of {job.name}",
        ("incomplete" if lacking else "complete", notes), *links,
    )  # fmt: skip
