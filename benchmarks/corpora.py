"""The corpora that can be scored: the bundled pages, the replica portals, and those of a folder of WARCs with gold."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from urllib.parse import urlsplit

from made_pages import make
from scoring import Gold

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "tests" / "extraction" / "corpus"
_PLATFORMS = {"hanoi": "hanoi_liferay62", "asset_publisher": "liferay_asset_publisher", "hatinh": "hatinh_aspx"}


@dataclass
class Page:
    """A page with what it holds."""

    html: bytes
    gold: Gold
    charset: str | None = None
    platform: str | None = None


@dataclass
class Corpus:
    """Pages under one name. `platform` says whether there is a layout for them."""

    name: str
    pages: list[Page] = field(default_factory=list)
    platform: bool = False
    note: str = ""


def corpora(folder: Path) -> Iterator[Corpus]:
    """Every corpus present."""
    yield bundled()
    yield made()
    replicas = portals()
    if replicas.pages:
        yield replicas
    for name in ("hanoi_sotttt", "wordpress"):
        if (folder / f"{name}.warc.gz").exists() and (folder / f"{name}.gold.jsonl").exists():
            yield from_warc(folder, name)


def bundled() -> Corpus:
    """Our own pages in the markup of many platforms: wards and texts are invented."""
    corpus = Corpus(
        "bundled", note="28 own pages, each in another markup, and 5 without an article; read without a platform"
    )
    for row in _lines(BUNDLED / "gold.jsonl"):
        gold = Gold(
            row["url"], row["title"], row["body"], row["summary"], row["published"], row["author"], None,
            frozenset(row["attachments"]), tuple(row["forbidden"]), row["reason"],
        )  # fmt: skip
        corpus.pages.append(Page((BUNDLED / f"{row['page']}.html").read_bytes(), gold, row["charset"]))
    return corpus


def made(count: int = 200) -> Corpus:
    """Pages made by chance, always the same ones."""
    corpus = Corpus("made", note=f"{count} pages made by chance (benchmarks/made_pages.py); read without a platform")
    for seed in range(count):
        html, gold = make(seed)
        corpus.pages.append(Page(html.encode(), gold))
    return corpus


def portals() -> Corpus:
    """The replica portals of the tests, rendered; empty where they are not there."""
    corpus = Corpus("portals", platform=True, note="the replica portals of the tests, three platforms")
    try:
        from crawler.replica_portals.routes import Request, answer
        from crawler.replica_portals.sites import sites
        from tests.portals.expectations import make as expected_of
    except ImportError:
        return corpus
    known = signature(Request).parameters
    for site in sites().values():
        for row in expected_of(site)["articles"]:
            parts = urlsplit(row["url"])
            values = {"host": site.host, "scheme": site.scheme, "path": parts.path, "query": parts.query, "hits": 3}
            reply = answer(site, Request(**{key: value for key, value in values.items() if key in known}))
            if reply.status != 200:
                continue
            shown = row.get("published_from") in ("page", "url", "body")
            gold = Gold(
                row["url"], row["title"], row["body"], row["summary"], row["published_at"] if shown else None,
                row["author"], None, frozenset(a["url"] for a in row["attachments"]),
            )  # fmt: skip
            corpus.pages.append(Page(reply.body, gold, None, _PLATFORMS.get(site.platform)))
    return corpus


def from_warc(folder: Path, name: str) -> Corpus:
    """A WARC with its gold."""
    from warcio.archiveiterator import ArchiveIterator

    rows = {row["url"]: row for row in _lines(folder / f"{name}.gold.jsonl")}
    corpus = Corpus(name, platform=name == "hanoi_sotttt", note=f"{len(rows)} articles of {name}.warc.gz")
    negatives = {}
    if (folder / f"{name}.negatives.jsonl").exists():
        negatives = {row["url"]: row for row in _lines(folder / f"{name}.negatives.jsonl")}
    with (folder / f"{name}.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            url = record.rec_headers["WARC-Target-URI"]
            if record.rec_type != "response" or not (url in rows or url in negatives):
                continue
            html = record.content_stream().read()
            platform = "hanoi_liferay62" if corpus.platform else None
            gold = _gold(rows.pop(url)) if url in rows else Gold(url, None, "", reason="negative")
            corpus.pages.append(Page(html, gold, None, platform))
    return corpus


def _gold(row: dict) -> Gold:
    # What an editor wrote stays in the text (docs/extraction.md), so the gold's captions, tables and signature, which
    # the WordPress gold keeps apart from its paragraphs, are part of the expected text, for every extractor alike.
    parts = [row["body_text"], *row.get("captions", ())]
    parts += ["\n".join(" | ".join(line) for line in table) for table in row.get("tables", ())]
    if row.get("site") == "wordpress" and row.get("signature"):
        parts.append(row["signature"])
    files = (a if isinstance(a, str) else a.get("url") or a.get("href", "") for a in row["attachments"])
    return Gold(
        row["url"], row["title"], "\n".join(parts), row["lead"], row["published"], row["author"], row.get("signature"),
        frozenset(files),
    )  # fmt: skip


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
