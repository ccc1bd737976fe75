"""A small collection with captures, made without a crawl."""

import gzip
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.text import content_hash
from storage import Collection
from storage.archives.captures import Captures
from storage.archives.warc import Exchange
from storage.records import Record
from tests.running import PATIENCE

ABOUT = {"software": "tinphuong/test", "format": "WARC File Format 1.1", "operator": "nobody", "robots": "obeyed"}
SITE = {"slug": "x_mot", "name": "Phường Một", "host": "mot.gov.vn", "platform": "p", "unit_old": None,
        "unit_new": None, "updated_at": "2026-01-01T00:00:00+00:00"}  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)


def exchange(number=1, body=b"<html>Trang tin</html>", *, status=200, headers=(), url=None, minutes=0, **more):
    return Exchange(
        url=url or f"https://mot.gov.vn/{number}.html",
        status=status,
        headers=[(b"Content-Type", b"text/html; charset=utf-8"), *headers],
        body=body,
        time=START + timedelta(minutes=number + minutes),
        request_target=f"/{number}.html",
        request_headers=[(b"Host", b"mot.gov.vn"), (b"User-Agent", b"tinphuong/test")],
        reason="OK",
        **more,
    )


class Opened:
    """A collection with captures, its site and a run, open for writing."""

    def __init__(self, folder, about=ABOUT, **options):
        self.collection = Collection(folder / "a.db")
        self.collection.put_site(SITE)
        self.captures = Captures(self.collection, about, **options)
        self.run_id = self.collection.begin_run(
            "x_mot", mode="live", started_at="2026-01-01T00:00:00+00:00", software="test"
        )

    def keep(self, item, kind="article"):
        return self.captures.keep(item, site="x_mot", kind=kind, run_id=self.run_id)

    def article(self, number, body, **more):
        """Keep a page and the article that it gives."""
        page = exchange(number, gzip.compress(body.encode(), mtime=0), headers=[(b"Content-Encoding", b"gzip")], **more)
        capture_id = self.keep(page)
        record = Record(
            site="x_mot", key=str(number), url=page.url, content_hash=content_hash(f"Tin số {number}", body),
            seen_at=page.time.isoformat(), fields={"title": f"Tin số {number}", "body": body}, capture_id=capture_id,
        )  # fmt: skip
        return self.collection.save(record, self.run_id)

    def rows(self, sql="SELECT * FROM captures ORDER BY id"):
        return list(self.collection.rows(sql))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.captures.close()
        self.collection.close()


def files(folder):
    return sorted((folder / "a.captures").glob("*.warc.gz"))


def warcio_check(*paths):
    """Run warcio's own checker in a process of its own; returns (exit code, what it printed)."""
    tool = shutil.which("warcio", path=str(Path(sys.executable).parent)) or "warcio"
    done = subprocess.run([tool, "check", *map(str, paths)], capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout + done.stderr
