"""Articles whose capture is a revisit, comes behind a redirect, or is a page that a browser finished."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.text import content_hash
from storage import Collection
from storage.archives.address_records import is_address_record
from storage.archives.archive import ADDRESS, Archive
from storage.archives.captures import CaptureKind, Captures
from storage.archives.warc import Exchange, records
from storage.fixity.verification import verify
from storage.records import Record
from tests.exports.handing import hand_on, take
from tests.replay.asked import asked
from tests.replay.replayweb import replaying
from tests.replay.wayback import wayback
from tests.running import PATIENCE

SITE, HOST = "xx_suoimo", "suoimo.example.vn"
NOON = datetime(2025, 3, 4, 5, 6, 7, 100_000, tzinfo=UTC)
HTML = (b"Content-Type", b"text/html; charset=utf-8")
SHELL = b"<!DOCTYPE html><title>Portal</title><div id=app></div>"


class Planting:
    """Keeps captures of articles that nobody had to crawl."""

    def __init__(self, db):
        self.collection = Collection(db)
        self.collection.put_site(
            {
                "slug": SITE,
                "name": "Phường Suối Mơ",
                "host": HOST,
                "platform": "generic",
                "unit_old": None,
                "unit_new": None,
                "updated_at": NOON.isoformat(),
            }
        )
        self.run = self.collection.begin_run(SITE, mode="live", started_at=NOON.isoformat(), software="test")
        self.captures = Captures(self.collection, {"software": "test"})

    def keep(self, url, body, *, after=0, status=200, headers=(HTML,), **more):
        """Keep what `url` answered, milliseconds after noon; returns the row's id."""
        exchange = Exchange(url, status, headers, body, NOON + timedelta(milliseconds=after), reason="OK", **more)
        kind = CaptureKind.REDIRECT if status == 301 else CaptureKind.ARTICLE
        return self.captures.keep(exchange, site=SITE, kind=kind, run_id=self.run)

    def moved(self, url, to, *, after=0):
        return self.keep(url, b"", after=after, status=301, headers=[(b"Location", to.encode())])

    def article(self, key, capture, url, *seen_urls):
        """Store an article that a capture shows, under its canonical address."""
        fields = {"title": f"Bài {key}", "summary": "", "body": f"Nội dung {key}.", "markdown": "", "language": "vi"}
        self.collection.save(
            Record(SITE, key, url, content_hash(fields["title"], fields["body"]), NOON.isoformat(), fields,
                   seen_urls=seen_urls, capture_id=capture), self.run
        )  # fmt: skip

    def close(self):
        self.captures.close()
        self.collection.finish_run(
            self.run, finished_at=NOON.isoformat(), status="ok", reason=None, message="", counts={}, skipped={}
        )
        self.collection.close()


def page(key):
    return f"<!DOCTYPE html><title>Bài {key}</title><h1>Bài {key}</h1><p>Nội dung {key}.".encode()


def at(path, scheme="http"):
    return f"{scheme}://{HOST}/{path}"


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The collection."""
    db = tmp_path_factory.mktemp("odd") / "odd.db"
    made = Planting(db)
    made.keep(at("vi/quay-lai"), page("quay lại"), after=-90_000)
    revisit = made.keep(at("in/quay-lai"), page("quay lại"))
    made.article("quay lại", revisit, at("quay-lai"), at("in/quay-lai"))
    made.moved(at("cu/1"), at("moi/1"))
    made.article("dời chỗ", made.keep(at("moi/1"), page("dời chỗ"), after=200), at("doi-cho"), at("cu/1"), at("moi/1"))
    made.moved(at("khoa"), at("khoa", "https"))
    secure = made.keep(at("khoa", "https"), page("khóa"), after=200)
    made.article("khóa", secure, at("khoa", "https"), at("khoa"))
    for key, path, wait in (("động", "dong", 300), ("động chậm", "dong-cham", 2500)):
        made.keep(at(f"vi/{path}"), SHELL)
        shown = made.keep(at(f"vi/{path}"), page(key), after=wait, finished=True)
        made.article(key, shown, at(path), at(f"vi/{path}"))
    made.close()
    return db


@pytest.fixture(scope="module")
def folder(odd, tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd-exports")
    hand_on(odd, "warc", folder / "odd.warc.gz")
    hand_on(odd, "wacz", folder / "odd.wacz")
    return folder


def wanted(db):
    """(article, address) of all that must be found."""
    return [(article, url) for article in asked(db) for url in (article.url, *article.others)]


def test_pywb_finds_each_under_all_its_addresses(odd, folder, tmp_path):
    with wayback(tmp_path, folder / "odd.warc.gz") as client:
        for article, url in wanted(odd):
            answer = client.get(f"{article.timestamp}mp_/{url}", follow_redirects=True)
            assert answer.status_code == 200 and article.is_in(answer.content), (url, answer.text[-300:])


def test_replayweb_finds_each_under_all_its_addresses(odd, folder, chromium):
    with replaying(chromium, folder / "odd.wacz") as replay:
        for number, (article, url) in enumerate(wanted(odd)):
            if not number:
                replay.show(url, article.timestamp)
            status, found = replay.fetch(url, article.timestamp)
            assert status == 200 and article.is_in(found), (url, status, found[:300])


@pytest.mark.parametrize("words", [("warcio", "check", "odd.warc.gz"), ("wacz", "validate", "-f", "odd.wacz")])
def test_the_tools_of_the_formats_find_the_exports_sound(folder, words):
    done = subprocess.run([Path(sys.executable).with_name(words[0]), *words[1:]], cwd=folder, timeout=PATIENCE)
    assert done.returncode == 0


def test_records_of_addresses_are_no_captures_for_what_reads_archives(odd, folder):
    archive = Archive([folder / "odd.warc.gz"])
    with Collection(odd) as collection:
        own = sorted((row["url"], row["status"]) for row in collection.rows("SELECT url, status FROM captures"))
    assert sorted((capture.url, capture.status) for capture in archive.captures()) == own
    assert archive.skipped[ADDRESS] == len(given(folder / "odd.warc.gz")) >= 6
    archive.close()


def test_an_import_takes_no_record_of_an_address_and_exports_the_same_ones(odd, folder, tmp_path):
    hand_on(odd, "bagit", tmp_path / "bag")
    take(tmp_path / "new.db", tmp_path / "bag")
    captures = [[row["record_id"] for row in rows(db, "SELECT record_id FROM captures ORDER BY record_id")]
                for db in (odd, tmp_path / "new.db")]  # fmt: skip
    assert captures[0] == captures[1]
    assert asked(odd) == asked(tmp_path / "new.db")
    hand_on(tmp_path / "new.db", "warc", tmp_path / "again.warc.gz")
    assert given(tmp_path / "again.warc.gz") == given(folder / "odd.warc.gz")
    assert not verify(tmp_path / "new.db", lambda done, total: None).damage


def rows(db, sql):
    with Collection(db) as collection:
        return list(collection.rows(sql))


def given(path):
    """The ids and addresses of the records that give addresses."""
    return sorted((record.id, record.url) for record in records(path) if is_address_record(record.headers))
