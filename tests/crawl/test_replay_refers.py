"""`crawl --replay FILE --refer`: the records stay in the file, and everything reads them there."""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest

from storage import Collection
from storage.archives.captures import CaptureKind, Captures, folder_of
from storage.archives.payloads import payload_of
from storage.archives.warc import Exchange, records
from storage.backups import restore
from storage.errors import PartOfCollection
from storage.fixity.verification import verify
from storage.pruning.prune import prune
from storage.pruning.rules import Rules
from tests.crawl import archive_files as made
from tests.crawl.archive_files import ARTICLE, EDITED, OTHER, OTHER_PAGE, SLUG, chunked, http, record
from tests.exports.handing import hand_on, take
from tests.keeping.kept import backed_up
from tests.running import tinphuong

PACKED = ("Content-Type: text/html;charset=UTF-8", "Content-Encoding: gzip", "Transfer-Encoding: chunked")
ORIGINAL = "urn:uuid:00000000-0000-4000-8000-000000000002"
RECORDS = (
    record("warcinfo", "", "2019-05-01T00:00:00Z", b"software: Wget/1.21\r\n"),
    record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(EDITED)),
    record("response", ARTICLE.url, "2020-05-01T00:00:00Z", http(ARTICLE.body), record_id=ORIGINAL),
    record(
        "revisit", ARTICLE.url, "2021-05-01T00:00:00Z", http(b""), payload=ARTICLE.body, Refers_To=f"<{ORIGINAL}>",
        Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    ),
    record("response", OTHER, "2022-06-01T00:00:00Z", http(chunked(OTHER_PAGE), *PACKED)),
)  # fmt: skip


def packed(folder):
    return made.warc(folder / "cu.warc.gz", *RECORDS)


def plain(folder):
    return made.warc(folder / "cu.warc", *RECORDS)


def package(folder):
    halves = [b"".join(gzip.compress(each, mtime=0) for each in part) for part in (RECORDS[:4], RECORDS[4:])]
    return made.wacz(folder / "cu.wacz", mot=halves[0], hai=halves[1])


def replay(db, file, *words):
    done = tinphuong("--db", db, "crawl", SLUG, "--replay", file, "--replay-all", *words)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def rows(db, sql, *values):
    with Collection(db) as collection:
        return list(collection.rows(sql, values))


def damage(db):
    return [(item.kind, item.what) for item in verify(db, lambda done, total: None).damage]


def payloads(db):
    """(URL, time) → the page of each capture of an article."""
    with Collection(db) as collection:
        return {
            (row["url"], row["captured_at"]): payload_of(collection.db.conn, folder_of(db), row["id"]).body
            for row in collection.rows("SELECT * FROM captures WHERE kind = 'article'")
        }


@pytest.fixture(scope="module", params=[packed, plain, package])
def referred(request, tmp_path_factory):
    """A file, and a collection that refers to its records."""
    folder = tmp_path_factory.mktemp("referred")
    file = request.param(folder)
    assert replay(folder / "a.db", file, "--refer").returncode == 0
    return folder / "a.db", file


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """The same of a compressed WARC file, for tests that damage a copy."""
    folder = tmp_path_factory.mktemp("one")
    replay(folder / "a.db", packed(folder), "--refer")
    return folder


@pytest.fixture
def mine(one, tmp_path):
    """(database, file) of a test's own."""
    for path in one.glob("a.db"):
        shutil.copy(path, tmp_path)
    shutil.copy(one / "cu.warc.gz", tmp_path)
    with Collection(tmp_path / "a.db") as collection:
        collection.execute("UPDATE archive_files SET path = ?", [str(tmp_path / "cu.warc.gz")])
    return tmp_path / "a.db", tmp_path / "cu.warc.gz"


def test_articles_and_captures_are_those_of_a_replay_that_copies(referred, tmp_path):
    db, file = referred
    replay(tmp_path / "b.db", file)
    for sql in (
        "SELECT a.key, a.url, title, content_hash, published_at, first_seen_at, last_seen_at, changed_at, "
        "c.payload_digest, c.captured_at, c.archive_record FROM articles a JOIN captures c ON c.id = a.capture_id "
        "ORDER BY a.url",
        "SELECT v.content_hash, seen_from, seen_until, c.archive_record FROM versions v "
        "JOIN captures c ON c.id = v.capture_id ORDER BY seen_from",
        "SELECT c.url, c.kind, c.status, c.content_type, captured_at, payload_digest, warc_digest, source, "
        "archive_record, revisit_of IS NULL, f.name, f.member, f.sha256, f.size "
        "FROM captures c JOIN archive_files f ON f.id = archive_file ORDER BY 1, 5",
    ):
        assert rows(db, sql) == rows(tmp_path / "b.db", sql)
    assert payloads(db) == payloads(tmp_path / "b.db") and len(payloads(db)) == 4
    assert {row["is_referred"] for row in rows(db, "SELECT * FROM captures")} == {1}
    assert not list(folder_of(db).iterdir()), "a record was copied"
    assert rows(db, "SELECT DISTINCT path FROM archive_files") == [{"path": str(file)}]


def test_verify_and_reprocess_read_the_file(referred):
    db, file = referred
    verdict = verify(db, lambda done, total: None)
    assert not verdict.damage and not verdict.remarks
    assert (verdict.captures, verdict.files, verdict.bytes) == (4, 1, file.stat().st_size)
    done = tinphuong("--db", db, "reprocess")
    assert done.returncode == 0 and "2 articles were read again from their captures: 0 read diff" in done.stdout


def test_exports_bring_the_records_and_are_read_by_others(referred, tmp_path):
    db, file = referred
    for name in ("warc", "wacz", "bagit"):
        hand_on(db, name, tmp_path / f"out.{name}")
    (tmp_path / "out.warc").rename(tmp_path / "out.warc.gz")
    checked = [sys.executable, "-m", "warcio.cli", "check", str(tmp_path / "out.warc.gz")]
    found = subprocess.run(checked, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
    blocks = {each.partition(b"\r\n\r\n")[2][:-4] for each in RECORDS[1:]}
    assert {one.block for one in records(tmp_path / "out.warc.gz") if one.is_capture} == blocks, "a block was touched"
    if file.suffix != ".warc":
        members = {gzip.compress(each, mtime=0) for each in RECORDS[1:]}
        data = (tmp_path / "out.warc.gz").read_bytes()
        assert all(member in data for member in members), "not the bytes of the file"
    replay(tmp_path / "b.db", tmp_path / "out.wacz", "--refer")
    assert payloads(tmp_path / "b.db") == payloads(db) and not damage(tmp_path / "b.db")
    with Collection(tmp_path / "out.bagit" / "data" / "collection.sqlite") as handed:
        assert {row["path"] for row in handed.rows("SELECT path FROM archive_files")} == {None}


def test_an_import_of_a_bag_has_the_records_as_its_own(referred, tmp_path):
    db, _ = referred
    hand_on(db, "bagit", tmp_path / "bag")
    new = tmp_path / "new.db"
    assert take(new, tmp_path / "bag").captures == 4
    assert {row["is_referred"] for row in rows(new, "SELECT * FROM captures")} == {0}
    facts = "SELECT record_id, url, captured_at, payload_digest, archive_record, revisit_of FROM captures ORDER BY 1"
    assert rows(new, facts) == rows(db, facts)
    sql = "SELECT name, member, sha256, size FROM archive_files ORDER BY member"
    assert rows(new, sql) == rows(db, sql) and not damage(new) and payloads(new) == payloads(db)
    assert take(new, tmp_path / "bag").captures == 0
    hand_on(new, "warc", tmp_path / "again.warc")
    assert sum(1 for one in records(tmp_path / "again.warc") if one.is_capture) == 4


def test_an_exported_database_says_that_the_captures_are_elsewhere(mine, tmp_path):
    db, _ = mine
    hand_on(db, "sqlite", tmp_path / "handed.db")
    verdict = verify(tmp_path / "handed.db", lambda done, total: None)
    assert not verdict.damage
    assert "4 captures are in a file, which is not part of this export" in verdict.remarks


def flipped(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def moved(file):
    file.rename(file.with_name("anderswo.gz"))


def cut(file):
    file.write_bytes(file.read_bytes()[:-100])


def replaced(file):
    made.warc(file, *RECORDS[2:], RECORDS[1])


def longer(file):
    file.write_bytes(file.read_bytes() + gzip.compress(RECORDS[1]))


@pytest.mark.parametrize(
    ("change", "kinds", "said"),
    [
        (flipped, {"digest", "damaged record", "lost capture"}, "its SHA-256 is"),
        (moved, {"missing file"}, "4 captures were in it: the archive file cu.warc.gz"),
        (cut, {"digest", "damaged record", "lost capture"}, "ends within a record"),
        (replaced, {"digest", "damaged record", "lost capture"}, "its SHA-256 is"),
        (longer, {"digest"}, "bytes, not"),
    ],
)
def test_damage_is_found_and_named(change, kinds, said, mine):
    db, file = mine
    change(file)
    found = damage(db)
    assert {kind for kind, _ in found} <= kinds and kinds & {kind for kind, _ in found}
    assert any(said in what for _, what in found), found


@pytest.mark.parametrize("change", [flipped, moved, cut, replaced, longer])
@pytest.mark.parametrize("source", ["backup", "copy"])
def test_a_second_copy_heals_it_and_the_file_of_others_is_left_alone(change, source, mine, tmp_path):
    db, file = mine
    if source == "backup":
        backed_up(db, tmp_path / "second")
    else:
        (tmp_path / "second").mkdir()
        for path in (db, file):
            shutil.copy(path, tmp_path / "second")
    change(file)
    left = file.read_bytes() if file.exists() else None
    verdict = verify(db, lambda done, total: None, heal_from=tmp_path / "second")
    assert not verdict.damage and "cu.warc.gz is read from" in verdict.healed[-1]
    assert not damage(db) and len(payloads(db)) == 4
    assert (file.read_bytes() if file.exists() else None) == left


def test_what_no_copy_has_stays_damage(mine, tmp_path):
    db, file = mine
    (tmp_path / "second").mkdir()
    shutil.copy(db, tmp_path / "second")
    file.unlink()
    verdict = verify(db, lambda done, total: None, heal_from=tmp_path / "second")
    assert len(verdict.damage) == 4 and not verdict.healed


def test_a_record_of_the_same_place_with_another_page_is_found(mine):
    """A file that was made anew from the same pages: records begin where they did, and are others."""
    db, file = mine
    other = record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(EDITED))
    made.warc(file, RECORDS[0], other, *RECORDS[2:])
    assert any(kind == "pointer" and "record_id" in what for kind, what in damage(db))


def test_a_file_that_was_moved_is_named_and_found_again(mine, tmp_path):
    db, file = mine
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    place = tmp_path / "other"
    place.mkdir()
    file.rename(place / "neu.warc.gz")
    done = tinphuong("--db", db, "reprocess")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    said = done.stdout + done.stderr
    assert f"the archive file cu.warc.gz ({(place / 'neu.warc.gz').stat().st_size} bytes, SHA-256 {digest})" in said
    assert "replay it with --refer from where it is now" in said
    before = rows(db, "SELECT * FROM captures")
    replay(db, place / "neu.warc.gz", "--refer", "--full")
    assert rows(db, "SELECT * FROM captures") == before and not damage(db)
    target = tmp_path / "a.archives" / digest[:16] / "cu.warc.gz"
    target.parent.mkdir(parents=True)
    (place / "neu.warc.gz").rename(target)
    assert not damage(db)


def test_a_backup_has_the_file_and_is_restored_with_it(mine, tmp_path):
    db, file = mine
    for _ in range(2):
        done = backed_up(db, tmp_path / "backup")
        assert not done.manifest.damage and len(done.manifest.archives) == 1
    assert done.copied < file.stat().st_size + done.manifest.database.size, "the file was copied twice"
    file.unlink()
    new = tmp_path / "new" / "b.db"
    new.parent.mkdir()
    restore(new, tmp_path / "backup", now=datetime.now(UTC), progress=lambda done, total: None)
    assert not damage(new) and len(payloads(new)) == 4
    (place,) = (path for path in (tmp_path / "new" / "b.archives").rglob("*") if path.is_file())
    assert place.name == "cu.warc.gz"


def test_a_backup_says_that_the_file_is_missing(mine, tmp_path):
    db, file = mine
    file.unlink()
    done = backed_up(db, tmp_path / "backup")
    assert any("the archive file cu.warc.gz" in what for what in done.manifest.damage)


def test_a_crawled_page_that_is_in_the_file_becomes_a_revisit_and_goes_with_it(mine, tmp_path):
    """Its payload is outside the collection; exports and backups bring both."""
    db, _ = mine
    with Collection(db) as collection:
        captures = Captures(collection, {"software": "test"})
        exchange = Exchange(
            ARTICLE.url, 200, [(b"Content-Type", b"text/html;charset=UTF-8")], ARTICLE.body,
            datetime(2024, 1, 1, tzinfo=UTC), request_headers=[(b"Host", b"a.example")],
        )  # fmt: skip
        revisit = captures.keep(exchange, site=SLUG, kind=CaptureKind.ARTICLE, run_id=None)
        captures.close()
        (row,) = collection.rows("SELECT revisit_of FROM captures WHERE id = ?", [revisit])
        assert row["revisit_of"] is not None
    assert not damage(db) and len(payloads(db)) == 5
    hand_on(db, "bagit", tmp_path / "bag")
    take(tmp_path / "new.db", tmp_path / "bag")
    assert not damage(tmp_path / "new.db") and payloads(tmp_path / "new.db") == payloads(db)


def test_pruning_leaves_the_file_alone(mine):
    db, file = mine
    with Collection(db) as collection:
        collection.execute("UPDATE captures SET kind = 'listing' WHERE id NOT IN (SELECT capture_id FROM articles)", [])
    before, known = file.read_bytes(), rows(db, "SELECT * FROM captures")
    done = prune(
        db, Rules(1, 1, 1), software="test", now=datetime(2026, 1, 1, tzinfo=UTC), dry_run=False,
        progress=lambda done, total: None,
    )  # fmt: skip
    assert not done.removed and file.read_bytes() == before and rows(db, "SELECT * FROM captures") == known


def test_a_later_replay_without_the_option_copies_what_is_new_only(mine):
    db, file = mine
    replay(db, file, "--full")
    assert {row["is_referred"] for row in rows(db, "SELECT * FROM captures")} == {1}


def test_no_export_is_written_over_the_file(mine):
    db, file = mine
    before = file.read_bytes()
    for name, dest in (("warc", file), ("bagit", file.parent)):
        with pytest.raises(PartOfCollection, match=r"captures of .* are read from|the collection .* is in"):
            hand_on(db, name, dest, force=True)
    assert file.read_bytes() == before


def _arc(folder):
    return made.arc(folder / "a.arc", (ARTICLE.url, "20190501000000", http(ARTICLE.body)))


def _saved(folder):
    (folder / "luu").mkdir()
    (folder / "luu" / "bai.html").write_bytes(ARTICLE.body)
    (folder / "luu" / "urls.tsv").write_text(f"bai.html\t{ARTICLE.url}\n")
    return folder / "luu"


def _packed_twice(folder):
    with zipfile.ZipFile(folder / "a.wacz", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("archive/a.warc.gz", gzip.compress(RECORDS[1]))
    return folder / "a.wacz"


@pytest.mark.parametrize(
    ("make", "said"),
    [(_arc, "is an ARC file"), (_saved, "a folder of saved pages"), (_packed_twice, "compressed once more")],
)
def test_what_cannot_be_referred_to_is_refused_with_what_to_do(make, said, tmp_path):
    done = replay(tmp_path / "a.db", make(tmp_path), "--refer")
    assert done.returncode == 2 and said in done.stderr and "leave --refer out" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_option_needs_a_replay_that_keeps_captures(tmp_path):
    done = tinphuong("--db", tmp_path / "a.db", "crawl", SLUG, "--refer")
    assert done.returncode == 2 and "--refer needs --replay" in done.stderr


def test_a_record_without_an_id_gets_one(tmp_path):
    anonymous = b"\r\n".join(line for line in RECORDS[1].split(b"\r\n") if not line.startswith(b"WARC-Record-ID"))
    db, file = tmp_path / "a.db", made.warc(tmp_path / "a.warc.gz", anonymous)
    replay(db, file, "--refer")
    (row,) = rows(db, "SELECT * FROM captures")
    assert row["archive_record"] == "byte 0" and row["record_id"].startswith("urn:uuid:")
    hand_on(db, "bagit", tmp_path / "bag")
    take(tmp_path / "new.db", tmp_path / "bag")
    assert not damage(db) and not damage(tmp_path / "new.db") and payloads(tmp_path / "new.db") == payloads(db)


def test_a_citation_names_the_file(mine):
    db, file = mine
    (cited,) = json.loads(tinphuong("--db", db, "--json", "cite", "1").stdout)
    assert cited["source_digest"] == hashlib.sha256(file.read_bytes()).hexdigest()
