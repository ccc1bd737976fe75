"""A small collection with everything that a backup covers, and what tests ask of one."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from crawler import clock
from storage.archives.captures import folder_of
from storage.backups import back_up
from storage.files import attachments
from storage.files.attachments import attachments_folder
from storage.fixity.verification import verify
from tests.storage.captured import Opened, exchange

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = "Tin số {}. " + "Hội nghị đã đánh giá kết quả thực hiện nhiệm vụ của phường trong năm qua. " * 5


def nothing(done, total):
    """No progress is shown."""


def make(folder, articles=3, first=1, message=None):
    """Add articles with their captures and an attached file each to the collection folder/a.db, and end the run."""
    folder.mkdir(exist_ok=True)
    with Opened(folder) as opened:
        for number in range(first, first + articles):
            opened.article(number, TEXT.format(number))
            url = f"https://mot.gov.vn/{number}.pdf"
            row = opened.rows("SELECT max(id) AS id FROM articles")[0]
            opened.collection.insert(
                "attachments", {"article_id": row["id"], "url": url, "name": "x", "type": "pdf", "position": 0}
            )
            attachments.keep(opened.collection, url, b"%PDF-" + bytes([number]) * 500, "pdf", at="x", capture_id=None)
        opened.collection.finish_run(
            opened.run_id, finished_at="2026-01-02T00:00:00+00:00", status="ok", reason=None, message=message,
            counts={}, skipped={},
        )  # fmt: skip
    return folder / "a.db"


def with_lists(folder):
    """A collection of which much can go: lists, robots.txt and revisits over five days, in several files."""
    folder.mkdir(exist_ok=True)
    with Opened(folder, max_bytes=4000) as opened:
        for day in range(5):
            for number in (1, 2):
                opened.article(number, TEXT.format(number), minutes=1440 * day)  # the same text: revisits
            opened.article(3, TEXT.format(f"3 ngày {day // 2}"), minutes=1440 * day)  # edited every other day
            opened.keep(
                exchange(8, b"User-agent: *", url="https://mot.gov.vn/robots.txt", minutes=1440 * day), "robots"
            )
            for page in range(2):  # a list that changes; its first page is, on some days, as the one before was
                body = f"<html>{'danh sách ' * 40}{day if page == 0 else day // 3}</html>".encode()
                opened.keep(exchange(9, body, url=f"https://mot.gov.vn/ds?p={page}", minutes=1440 * day), "listing")
    return folder / "a.db"


def backed_up(db, dest, **options):
    """Back the collection up."""
    return back_up(db, dest, software="test", now=clock.now, progress=nothing, **options)


def damage(db):
    """What `verify` finds, as sentences."""
    return [f"{item.kind}: {item.where}: {item.what}" for item in verify(db, nothing).damage]


def content(db):
    """What a collection holds: rows of its tables, and the digests of its files as far as rows lead into them."""
    with closing(sqlite3.connect(db)) as connection:
        tables = ("articles", "versions", "captures", "attachments", "files", "runs", "run_log")
        rows = {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}
        ends = dict(connection.execute("SELECT file, max(offset + length) FROM captures GROUP BY file"))
    files = {name: digest((folder_of(db) / name).read_bytes()[:end]) for name, end in ends.items()}
    attached = {path.name: digest(path.read_bytes()) for path in attachments_folder(db).glob("*/*")}
    return rows, files, attached


def digest(data):
    """SHA-256, in hex."""
    return hashlib.sha256(data).hexdigest()


def tree(folder):
    """Path → digest of every file of a folder, but for locks."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}
