"""The captures of the chosen articles: which they are, and their records in the WARC files."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from crawler import urls
from storage.archives.address_records import Named
from storage.archives.capture_files import BEGIN
from storage.archives.captures import folder_of
from storage.archives.warc import DamagedRecord, Record, read_record, records
from storage.collection import Collection
from storage.rows import CaptureRow

_POINTED = """
INSERT OR IGNORE INTO temp.kept (id)
SELECT a.capture_id FROM temp.chosen c JOIN articles a ON a.id = c.id WHERE a.capture_id IS NOT NULL
UNION SELECT v.capture_id FROM temp.chosen c JOIN versions v ON v.article_id = c.id WHERE v.capture_id IS NOT NULL
UNION SELECT k.id FROM temp.chosen c JOIN article_urls u ON u.article_id = c.id JOIN captures k ON k.url = u.url
UNION SELECT k.id FROM temp.chosen c JOIN attachments t ON t.article_id = c.id JOIN captures k ON k.url = t.url
UNION SELECT k.id FROM temp.chosen c JOIN images i ON i.article_id = c.id JOIN captures k ON k.url = i.url
UNION SELECT i.capture_id FROM temp.chosen c JOIN images i ON i.article_id = c.id WHERE i.capture_id IS NOT NULL
UNION SELECT q.capture_id FROM requisites q WHERE q.capture_id IS NOT NULL AND q.id IN (
    SELECT requisite_id FROM article_requisites WHERE article_id IN (SELECT id FROM temp.chosen))
UNION SELECT k.id FROM requisites q JOIN captures k ON k.url = q.url WHERE q.capture_id IS NOT NULL
    AND k.kind IN ('redirect', 'requisite') AND k.status < 400 AND q.id IN (
    SELECT requisite_id FROM article_requisites WHERE article_id IN (SELECT id FROM temp.chosen))
UNION SELECT e.capture_id FROM rights_evidence e WHERE e.capture_id IS NOT NULL
    AND e.site IN (SELECT a.site FROM temp.chosen c JOIN articles a ON a.id = c.id)
"""
_REFERRED = (
    "INSERT OR IGNORE INTO temp.kept (id) SELECT revisit_of FROM captures WHERE revisit_of IS NOT NULL "
    "AND id IN (SELECT id FROM temp.kept)"
)
_FURTHER = """
CREATE TEMP TABLE further_addresses AS
SELECT a.capture_id, u.url FROM temp.chosen c JOIN articles a ON a.id = c.id JOIN article_urls u ON u.article_id = a.id
WHERE a.capture_id IS NOT NULL AND (u.url = a.url OR u.relation <> 'duplicate' AND u.site = a.site AND u.key = a.key)
    AND NOT EXISTS (SELECT 1 FROM captures k JOIN temp.kept t ON t.id = k.id WHERE k.url = u.url)
"""


class KeptCapture(CaptureRow):
    """A row of `captures`. `begin`: the byte after the capture before it, where its request record begins, but for a
    capture that is referred to in an archive file."""

    begin: int


def keep(collection: Collection) -> int:
    """Fill the temporary table `kept` with the ids of the captures of the articles in `chosen`; returns how many.

    They are the captures of each article's addresses, files and pictures, of its earlier texts, and those that hold the
    payload of a revisit among them, so that every reference is resolved within the set. The temporary table
    `further_addresses` gets the addresses of the articles under which nothing was captured; of copies and of former
    identities, which are pages of their own, it has none.
    """
    db = collection.db
    db.execute("DROP TABLE IF EXISTS temp.kept")
    db.execute("CREATE TEMP TABLE kept (id INTEGER PRIMARY KEY)")
    db.execute(_POINTED)
    db.execute(_REFERRED)
    db.execute("DROP TABLE IF EXISTS temp.further_addresses")
    db.execute(_FURTHER)
    db.execute("CREATE INDEX temp.further_addresses_capture ON further_addresses(capture_id)")
    return int(db.execute("SELECT count(*) FROM temp.kept").fetchone()[0])


def kept_files(collection: Collection) -> Iterator[tuple[Path, Iterator[KeptCapture]]]:
    """Yield (WARC file, rows of `captures` in it that are in `kept`), in the order in which they were written; then
    those that are referred to in archive files, whose path is only their name."""
    folder = folder_of(collection.path)
    rows = collection.rows(
        f"SELECT c.*, {BEGIN} AS begin FROM temp.kept k JOIN captures c ON c.id = k.id "  # noqa: S608
        "ORDER BY c.is_referred, c.file, c.offset",
        of=KeptCapture,
    )
    for name, group in groupby(rows, itemgetter("file")):
        yield folder / Path(name).name, group


def further_addresses(collection: Collection, row: KeptCapture) -> list[str]:
    """Return the addresses of the article that a capture in `kept` shows under which nothing in `kept` was captured.

    The answer to a form (`crawler.urls.with_form`) has no address that could be asked for without it.
    """
    rows = collection.rows("SELECT url FROM temp.further_addresses WHERE capture_id = ? ORDER BY url", [row["id"]])
    return [found["url"] for found in rows if urls.form_of(found["url"]) is None]


def payload_holder(collection: Collection, row: KeptCapture) -> Named:
    """Return the record that has the payload of a capture: its own, or of a revisit the one that it refers to."""
    if row["revisit_of"] is not None:
        row = next(collection.rows("SELECT * FROM captures WHERE id = ?", [row["revisit_of"]], of=KeptCapture), row)
    return Named(row["record_id"], row["url"], row["captured_at"], row["warc_digest"])


def exchange(path: Path, row: KeptCapture) -> list[Record]:
    """Return the records of a capture: its request, where there is one, and its response or revisit.

    Raises DamagedRecord where they are not what `row` says or cannot be read, OSError where the file cannot.
    """
    request: Record | None = None
    for record in records(path, row["begin"]):
        if record.offset == row["offset"]:
            if record.id != row["record_id"]:
                raise DamagedRecord(row["offset"], "another record than the database says")
            return [request, record] if request and record.has_request(request) else [record]
        if record.offset > row["offset"]:
            break
        if record.type == "request":
            request = record
    raise DamagedRecord(row["offset"], "no record begins")


def first_record(path: Path) -> Record | None:
    """Return the warcinfo record at the head of a file, None where there is none."""
    record = read_record(path, 0)
    return record if record.type == "warcinfo" else None
