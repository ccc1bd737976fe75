"""A replay keeps the pages that it reads: with their bytes, digests and dates, and with the name of their file."""

import gzip
import hashlib
import json
import re
import subprocess
import sys

import pytest

from storage import Collection
from storage.archives.captures import Captures, folder_of
from storage.archives.warc import records
from storage.fixity.verification import verify
from tests.crawl import archive_files as made
from tests.crawl.archive_files import ARTICLE, EDITED, OTHER, OTHER_PAGE, SLUG, chunked, http, record
from tests.running import tinphuong

PACKED = ("Content-Type: text/html;charset=UTF-8", "Content-Encoding: gzip", "Transfer-Encoding: chunked")
IDS = {name: f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n, name in enumerate(
    ("2019", "2020", "2021", "2022", "other", "asked"))}  # fmt: skip


def replay(folder, *files, words=("--replay-all",), db="a.db"):
    """Replay files into a collection of `folder`; returns the summary."""
    summary = folder / "s.json"
    done = tinphuong("--db", folder / db, "crawl", SLUG, "--replay", *files, *words, "--summary", summary)
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(summary.read_text())


def rows(db, sql, *values):
    with Collection(db) as collection:
        return list(collection.rows(sql, values))


def kept(db):
    """The records of a collection's own files, without their warcinfo."""
    found = [one for path in sorted(folder_of(db).glob("*.warc.gz")) for one in records(path)]
    return [one for one in found if one.type != "warcinfo"]


def sound(db):
    """Assert that verify and warcio find nothing wrong."""
    assert not list(verify(db, lambda done, total: None).damage)
    paths = [str(path) for path in folder_of(db).glob("*.warc.gz")]
    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", *paths], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Three captures of one article, of which the first has another text and the third repeats the second; and another
    article, packed and in chunks, with its request, as wget writes it; and a page that nothing asks for."""
    asked = f"GET {OTHER} HTTP/1.1\r\nHost: huongson.thainguyencity.gov.vn\r\nUser-Agent: Wget/1.21\r\n\r\n".encode()
    answer = http(ARTICLE.body)
    return made.warc(
        tmp_path_factory.mktemp("source") / "cu.warc.gz",
        record("warcinfo", "", "2019-05-01T00:00:00Z", b"software: Wget/1.21\r\n"),
        record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(EDITED), record_id=IDS["2019"]),
        record(
            "response", ARTICLE.url, "2020-05-01T00:00:00.250Z", answer, record_id=IDS["2020"], IP_Address="192.0.2.7"
        ),
        record(
            "revisit", ARTICLE.url, "2021-05-01T00:00:00Z", http(b""), record_id=IDS["2021"], payload=ARTICLE.body,
            Refers_To=f"<{IDS['2020']}>", Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        ),
        record("request", OTHER, "2022-06-01T00:00:00Z", asked, record_id=IDS["asked"]),
        record(
            "response", OTHER, "2022-06-01T00:00:00Z", http(chunked(OTHER_PAGE), *PACKED), record_id=IDS["other"],
            Concurrent_To=f"<{IDS['asked']}>",
        ),
        record(
            "response", ARTICLE.url.partition("/tin-tuc")[0] + "/theme.css", "2022-06-01T00:00:00Z",
            http(b"a {}", "Content-Type: text/css"),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def replayed(source, tmp_path_factory):
    """A collection into which the source was replayed, with the summary of that."""
    folder = tmp_path_factory.mktemp("replayed")
    return folder / "a.db", replay(folder, source)


def test_each_record_is_copied_with_its_bytes_digests_and_date(source, replayed):
    db, summary = replayed
    assert summary["sites"][0]["new"] == 2
    theirs = {one.id: one for one in records(source)}
    found = rows(db, "SELECT c.*, f.name, f.sha256, f.size FROM captures c JOIN archive_files f ON f.id = archive_file")
    assert {row["archive_record"] for row in found} == {IDS[name] for name in ("2019", "2020", "2021", "other")}
    ours = {one.id: one for one in kept(db)}
    for row in found:
        one, other = ours[row["record_id"]], theirs[row["archive_record"]]
        assert one.block == other.block and one.type == other.type, "not the bytes that the file has"
        for name in ("warc-payload-digest", "warc-block-digest", "warc-date", "warc-target-uri", "warc-ip-address"):
            assert one.headers.get(name) == other.headers.get(name), name
        assert row["captured_at"] == other.headers["warc-date"] and row["kind"] == "article"
        assert row["name"] == "cu.warc.gz" and row["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
        assert row["size"] == source.stat().st_size and row["is_referred"] == 0
        uri = f"hash://sha256/{row['sha256']}?name=cu.warc.gz&record={row['archive_record']}"
        assert one.headers["warc-source-uri"] == uri == row["source"]
    (request,) = (one for one in kept(db) if one.type == "request")
    assert request.block == theirs[IDS["asked"]].block
    sound(db)


def test_a_revisit_of_the_source_refers_to_our_copy(replayed):
    db, _ = replayed
    (row,) = rows(db, "SELECT c.*, o.record_id AS held, o.archive_record AS there FROM captures c JOIN captures o "
                      "ON o.id = c.revisit_of")  # fmt: skip
    assert row["archive_record"] == IDS["2021"] and row["there"] == IDS["2020"]
    (revisit,) = (one for one in kept(db) if one.type == "revisit")
    assert revisit.headers["warc-refers-to"] == f"<{row['held']}>"
    assert revisit.headers["warc-refers-to-date"] == "2020-05-01T00:00:00.250Z"


def test_articles_and_earlier_texts_point_to_their_captures(replayed):
    db, _ = replayed
    sql = "SELECT c.archive_record AS record FROM {} t JOIN captures c ON c.id = t.capture_id ORDER BY record"
    assert [row["record"] for row in rows(db, sql.format("articles"))] == [IDS["2021"], IDS["other"]]
    assert [row["record"] for row in rows(db, sql.format("versions"))] == [IDS["2019"]]
    done = tinphuong("--db", db, "reprocess")
    assert done.returncode == 0 and "2 articles were read again from their captures: 0 read diff" in done.stdout


def test_run_summary_citation_and_status_name_the_file(source, replayed):
    db, summary = replayed
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    facts = {"name": "cu.warc.gz", "digest": f"sha256:{sha256}", "sha256": sha256, "size": source.stat().st_size}
    assert summary["sources"] == [facts]
    assert summary["kept_records"] == {"copied": 4, "revisits": 1, "here": 0, "not_kept": {}, "remarks": {}}
    assert json.loads(rows(db, "SELECT sources FROM runs ORDER BY id")[0]["sources"]) == [facts]
    (cited,) = json.loads(tinphuong("--db", db, "--json", "cite", "1").stdout)
    assert (cited["source_file"], cited["source_digest"]) == (facts["name"], facts["sha256"])
    assert cited["source_record"] in IDS.values() and cited["copied_from"] is None
    said = f"(chép từ cu.warc.gz, SHA-256 {facts['sha256']}, bản ghi {cited['source_record']})"
    assert said in tinphuong("--db", db, "cite", "1").stdout
    shown = tinphuong("--db", db, "status", SLUG)
    assert shown.returncode == 0 and "from archives: 2 articles of 1 file" in shown.stdout
    (state,) = json.loads(tinphuong("--db", db, "--json", "status", SLUG).stdout)
    assert (state["state"], state["from_archives"]) == ("never crawled", 2)


def test_the_sources_of_a_run_are_part_of_its_digest(replayed, tmp_path):
    copy = tmp_path / "a.db"
    copy.write_bytes(replayed[0].read_bytes())
    with Collection(copy) as collection:
        collection.execute("UPDATE runs SET sources = replace(sources, 'cu.warc', 'moi.warc')", [])
        collection.commit()
    assert any(item.kind == "run log" for item in verify(copy, lambda done, total: None).damage)


def test_what_is_here_is_not_written_again(source, replayed, tmp_path):
    db, _ = replayed
    before = rows(db, "SELECT * FROM captures"), [path.stat().st_size for path in folder_of(db).iterdir()]
    for files in ([source], [next(folder_of(db).glob("*.gz"))]):  # the same file, and our own copies
        summary = replay(db.parent, *files, words=("--replay-all", "--full"))
        assert summary["kept_records"]["copied"] == 0 and summary["kept_records"]["here"] >= 3
        assert before == (rows(db, "SELECT * FROM captures"), [path.stat().st_size for path in folder_of(db).iterdir()])
    other = made.warc(
        tmp_path / "b.warc", record("response", ARTICLE.url, "2023-01-01T00:00:00Z", http(ARTICLE.body), version="1.0")
    )
    assert replay(db.parent, other, words=("--replay-all", "--full"))["kept_records"]["copied"] == 1
    row = rows(db, "SELECT * FROM captures ORDER BY id")[-1]
    assert row["revisit_of"] and row["captured_at"] == "2023-01-01T00:00:00Z", "the same payload is kept twice"
    sound(db)


def test_exports_hold_each_article_and_are_read_again(replayed, tmp_path):
    db, _ = replayed
    for name in ("warc", "wacz", "bagit"):
        done = tinphuong("--db", db, "export", name, tmp_path / f"out.{name}")
        assert done.returncode == 0 and "no capture" not in done.stdout + done.stderr, done.stderr
    readme = next((tmp_path / "out.bagit" / "data").glob("README*")).read_text(encoding="utf-8")
    assert "captures taken from the archive file cu.warc.gz" in readme
    done = tinphuong("--db", tmp_path / "c.db", "import", tmp_path / "out.bagit")
    assert done.returncode == 0, done.stderr
    with_file = (
        "SELECT c.record_id, c.archive_record, f.sha256 FROM captures c JOIN archive_files f ON f.id = archive_file"
    )
    assert rows(tmp_path / "c.db", f"{with_file} ORDER BY 1") == rows(db, f"{with_file} ORDER BY 1")
    there = {one.url for one in records(tmp_path / "out.warc") if one.is_capture}
    assert {ARTICLE.url, OTHER} <= there
    digests = "SELECT url, captured_at, payload_digest, warc_digest FROM captures WHERE archive_file ORDER BY 2, 1"
    known = rows(db, digests)
    summary = replay(tmp_path, tmp_path / "out.wacz", db="b.db")
    assert summary["sites"][0]["new"] == 2 and summary["kept_records"]["copied"] == len(known)
    assert rows(tmp_path / "b.db", digests) == known
    members = rows(tmp_path / "b.db", "SELECT DISTINCT member FROM archive_files")
    assert members == [{"member": "archive/articles.warc.gz"}]
    sound(tmp_path / "b.db")


def _warc_1_0(folder):
    return made.warc(
        folder / "a.warc", record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(ARTICLE.body), version="1.0")
    )


def _arc(folder):
    return made.arc(folder / "a.arc", (ARTICLE.url, "20190501000000", http(ARTICLE.body)))


def _resource(folder):
    return made.warc(
        folder / "a.warc.gz",
        record("resource", ARTICLE.url, "2019-05-01T00:00:00Z", ARTICLE.body, payload=ARTICLE.body),
    )


def _saved(folder):
    there = folder / "luu"
    there.mkdir()
    (there / "bai.html").write_bytes(ARTICLE.body)
    (there / "urls.tsv").write_text(f"bai.html\t{ARTICLE.url}\n")
    return there


def _odd_head(folder):
    block = b"HTTP/1.1 200 OK\nContent-Type: text/html;charset=UTF-8\n\n" + ARTICLE.body
    return made.warc(folder / "a.warc.gz", record("response", ARTICLE.url, "2019-05", block, payload=ARTICLE.body))


@pytest.mark.parametrize(
    ("make", "kind", "named"),
    [
        (_warc_1_0, "response", "urn:uuid:"), (_arc, "response", "byte "), (_resource, "resource", "urn:uuid:"),
        (_saved, "resource", "bai.html"), (_odd_head, "response", "urn:uuid:"),
    ],
)  # fmt: skip
def test_every_kind_of_archive_is_kept(make, kind, named, tmp_path):
    file = make(tmp_path)
    for copied in (1, 0):
        assert replay(tmp_path, file, words=("--replay-all", "--full"))["kept_records"]["copied"] == copied
    (one,) = kept(tmp_path / "a.db")
    assert one.type == kind and one.payload == ARTICLE.body and one.url == ARTICLE.url
    (row,) = rows(tmp_path / "a.db", "SELECT c.*, f.name FROM captures c JOIN archive_files f ON f.id = archive_file")
    assert row["archive_record"].startswith(named) and row["name"] == file.name
    assert row["id"] == rows(tmp_path / "a.db", "SELECT capture_id FROM articles")[0]["capture_id"]
    sound(tmp_path / "a.db")
    done = tinphuong("--db", tmp_path / "a.db", "reprocess")
    assert done.returncode == 0 and "0 read differently" in done.stdout


def test_what_a_killed_replay_wrote_is_taken_in_with_its_source(replayed, tmp_path):
    """A kill between record and row: the rows are gone, the records are there."""
    db = tmp_path / "a.db"
    db.write_bytes(replayed[0].read_bytes())
    folder_of(db).mkdir()
    for path in folder_of(replayed[0]).iterdir():
        (folder_of(db) / path.name).write_bytes(path.read_bytes())
    before = rows(db, "SELECT * FROM captures ORDER BY offset")
    with Collection(db) as collection:
        for table in ("articles", "versions"):
            collection.execute(f"UPDATE {table} SET capture_id = NULL", [])
        collection.execute("DELETE FROM captures", [])
        collection.execute("DELETE FROM archive_files", [])
        collection.commit()
    with Collection(db) as collection:
        captures = Captures(collection, {})
        assert captures.repaired.adopted == len(before)
        captures.close()
    facts = (
        "record_id, c.url, kind, status, captured_at, offset, source, archive_record, payload_digest, f.name, f.sha256"
    )
    sql = f"SELECT {facts} FROM captures c LEFT JOIN archive_files f ON f.id = archive_file ORDER BY offset"
    assert rows(db, sql) == rows(replayed[0], sql)


def test_a_digest_that_is_not_true_is_said(tmp_path):
    wrong = record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(ARTICLE.body), payload=b"other")
    summary = replay(tmp_path, made.warc(tmp_path / "a.warc.gz", wrong))
    assert summary["kept_records"]["remarks"] == {"payload digest that is not true": 1}
    (one,) = kept(tmp_path / "a.db")
    note = json.loads(one.headers["warc-json-metadata"])["archive"]
    assert note["payload_digest"] == made.digest(b"other")
    sound(tmp_path / "a.db")


def test_pictures_and_files_come_out_of_the_archive(tmp_path):
    picture = (
        bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + b"\x1f\x15\xc4\x89" + b"0" * 40
    )
    from tests.made_files import pdf

    file = pdf("Quyết định khen thưởng tổ dân phố")
    host = ARTICLE.url[: ARTICLE.url.index("/", 8)]
    more = (f'<p><img src="{host}/anh/co.png" alt=""/><img src="{host}/anh/thieu.png" alt=""/> '
            f'<a href="{host}/tep/qd.pdf">Quyết định</a> <a href="{host}/tep/thieu.pdf">Phụ lục</a></p>')  # fmt: skip
    page = re.sub(
        rb'(<p class="date-line.*?</p>.*?</p>)', lambda match: match[1] + more.encode(), ARTICLE.body, flags=re.S
    )
    source = made.warc(
        tmp_path / "a.warc.gz",
        record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(page)),
        record("response", f"{host}/anh/co.png", "2019-05-01T00:00:01Z", http(picture, "Content-Type: image/png")),
        record("response", f"{host}/tep/qd.pdf", "2019-05-01T00:00:02Z", http(file, "Content-Type: application/pdf")),
    )
    report = replay(tmp_path, source, words=("--replay-all", "--pictures", "--attachments"))["sites"][0]
    assert (report["pictures"], report["attachments"], report["requests"]) == (1, 1, report["requests"])
    assert report["pictures_failed"] == report["attachments_failed"] == {"not_in_archive": 1}
    for table, kind in (("images", "picture"), ("attachments", "attachment")):
        found = rows(
            tmp_path / "a.db",
            f"SELECT t.url, c.kind, c.archive_file FROM {table} t "
            "LEFT JOIN captures c ON c.id = t.capture_id ORDER BY t.url",
        )
        assert [(row["kind"], bool(row["archive_file"])) for row in found] == [(kind, True), (None, False)], table
    sound(tmp_path / "a.db")


def test_gzip_without_saying_so_is_read_again_from_the_copy(tmp_path):
    """Some crawlers undo nothing and say nothing: the body is packed, and no header says that it is."""
    packed = gzip.compress(ARTICLE.body, mtime=0)
    source = made.warc(tmp_path / "a.warc.gz", record("response", ARTICLE.url, "2019-05-01T00:00:00Z", http(packed)))
    assert replay(tmp_path, source)["sites"][0]["new"] == 1
    done = tinphuong("--db", tmp_path / "a.db", "reprocess")
    assert done.returncode == 0 and "0 read differently" in done.stdout, done.stdout + done.stderr


def test_a_file_without_start_pages_says_how_its_articles_are_read(source, tmp_path):
    (site,) = replay(tmp_path, source, words=())["sites"]
    assert site["reason"] == "not_in_archive" and "--replay-all reads every article in it" in site["message"]
