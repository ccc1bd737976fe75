"""Real crawls that fetch the files articles link to."""

import hashlib
import signal
import sqlite3
import stat
from dataclasses import replace

import pytest

from crawler.network.addresses import Reach
from crawler.network.destinations import why_not_host
from crawler.replica_portals.server import PortalServer
from crawler.replica_portals.special import Answer, antibot, redirect
from storage import Collection
from storage.archives.warc import read_record
from storage.files.attachments import attachments_folder, place_of
from storage.fixity.verification import verify
from tests.made_files import docx, pdf, xlsx
from tests.running import crawl_replicas, start_crawl, tinphuong, wait_for

SITE, HOST = "hanoi_sotttt", "sotttt.hanoi.gov.vn"
DECISION = pdf("Quyết định công khai dự toán ngân sách năm 2019", "Điều 2. Giao Chánh văn phòng thi hành")
MANUAL = docx("Hướng dẫn chuyển mạng giữ số thuê bao", "Nộp tại quầy giao dịch")
TABLE = xlsx(["Biểu 03", "Quyết toán"], ["Chi thường xuyên", 1200])
FAST = {"TINPHUONG_ATTACHMENTS": True, "RETRY_BACKOFF": 0.02}
ROBOTS = Answer(b"User-agent: *\nDisallow: /kin/\n", "text/plain")


class Portals(PortalServer):
    """The replica portals with answers and links of a test's own: (host, part of the path) → answer, link → links."""

    def __init__(self):
        super().__init__()
        self.answers, self.links = {}, {}
        self._real, self._server.answer = self._server.answer, self._answer

    def _answer(self, host, scheme, target):
        for (name, part), answer in self.answers.items():
            if name == host and part in target:
                return answer
        answer = self._real(host, scheme, target)
        body = answer.body
        for part, links in self.links.items():
            if b"html" in answer.content_type.encode() and part in body:
                start = body.rindex(b'"', 0, body.index(part)) + 1
                url = body[start : body.index(b'"', start)]
                more = "".join(f'{one}">Tài liệu</a> <a href="' for one in links).encode()
                body = body.replace(b'"' + url + b'"', b'"' + more + url + b'"')
        return answer if body is answer.body else replace(answer, body=body, packed=None)


def files(**more):
    return {
        (HOST, "412_1_signed.pdf"): Answer(DECISION, "application/pdf"),
        (HOST, "HD+chuyen+thu.pdf"): Answer(MANUAL, "application/pdf"),
        (HOST, "Bieu+03"): Answer(TABLE, "application/octet-stream"),
    } | more


def begin(portals, folder):
    """A crawl that has two files and waits for the third."""
    portals.keep_back(lambda path: "/documents/" in path, after=2)
    run = start_crawl(portals, folder, SITE, settings=FAST)
    wait_for(lambda: sum("/documents/" in served.path for served in portals.requests) > 1, run)
    return run


def rows(db, sql, *arguments):
    with sqlite3.connect(db) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, arguments)]


def asked_for(done, part=""):
    return [served for served in done.requests if "/documents/" in served.path and part in served.path]


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A site crawled twice with all that can befall an attachment."""
    folder = tmp_path_factory.mktemp("attachments")
    with Portals() as portals:
        portals.links = {b"412_1_signed.pdf": [
            "https://mic.gov.vn/van-ban/thong-tu.pdf", "https://mic.gov.vn/kin/mat.pdf", "/documents/1/2/to-lon.pdf",
            "/documents/1/2/khong-co.pdf", "http://127.0.0.1/may-in.pdf", "/documents/1/2/trang.doc",
            "/documents/1/2/chan.pdf", "/documents/1/2/hong.pdf",
        ]}  # fmt: skip
        portals.answers = files() | {
            ("mic.gov.vn", "/robots.txt"): ROBOTS,
            ("mic.gov.vn", "/van-ban/"): redirect("https://tep.mic.gov.vn/thong-tu.pdf"),
            ("tep.mic.gov.vn", "/thong-tu.pdf"): Answer(pdf("Thông tư của Bộ về chữ ký số"), "application/pdf"),
            (HOST, "to-lon"): Answer(DECISION + bytes(100_000), "application/pdf"),
            (HOST, "khong-co"): Answer(b"", "text/html", 404),
            (HOST, "trang.doc"): Answer(b"<!DOCTYPE html><html><title>a</title><body>Tai ve", "application/msword"),
            (HOST, "chan.pdf"): antibot("http://a/"),
            (HOST, "hong.pdf"): Answer(b"", "text/plain", 503),
        }
        settings = FAST | {"TINPHUONG_ATTACHMENT_MAXSIZE": 50_000, "RETRY_TIMES": 1}
        first = crawl_replicas(portals, folder, SITE, settings=settings)
        yield first, crawl_replicas(portals, folder, SITE, settings=settings)


def test_files_are_stored_by_their_sha256_and_cannot_be_run(twice):
    first, _ = twice
    assert first.code == 0, f"a crawl with attachments fails: {first.err}"
    for data, kind in ((DECISION, "pdf"), (MANUAL, "docx"), (TABLE, "xlsx")):
        path = place_of(first.db, hashlib.sha256(data).hexdigest(), kind)
        assert path.read_bytes() == data
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert not list(attachments_folder(first.db).glob("*/*.part"))
    (row,) = rows(first.db, "SELECT * FROM attachments WHERE url LIKE '%HD+chuyen%'")
    assert (row["type"], row["real_type"], row["size"]) == ("pdf", "docx", len(MANUAL))
    assert row["sha256"] == hashlib.sha256(MANUAL).hexdigest() and row["fetched_at"] and not row["fetch_error"]


def test_each_failure_has_its_name(twice):
    found = rows(twice[0].db, "SELECT url, fetch_error FROM attachments WHERE sha256 IS NULL")
    assert {row["url"].rsplit("/", 1)[1]: row["fetch_error"] for row in found if "/Q" not in row["url"]} == {
        "mat.pdf": "robots_forbidden", "to-lon.pdf": "too_large", "khong-co.pdf": "http_404",
        "may-in.pdf": "internal_address", "trang.doc": "not_a_file", "chan.pdf": "antibot", "hong.pdf": "http_503",
    }  # fmt: skip
    failed = twice[0].site(SITE)["attachments_failed"]
    assert failed["too_large"] == failed["not_a_file"] == failed["http_404"] == 1
    skipped = rows(twice[0].db, "SELECT reason FROM skipped WHERE url LIKE '%trang.doc'")
    assert skipped[0] == {"reason": "not_a_file"}


def test_the_account_counts_them(twice):
    report = twice[0].site(SITE)
    assert report["attachments"] == 5 and report["attachments_mislabelled"] == 1
    assert report["attachment_bytes"] > len(DECISION) + len(MANUAL) + len(TABLE)
    assert report["texts"] == 5
    assert "Attachments not kept:" in twice[0].out and "attachments" in twice[0].out.splitlines()[0]


def test_other_hosts_are_asked_by_their_own_robots_txt(twice):
    for host in ("mic.gov.vn", "tep.mic.gov.vn"):
        paths = [served.path for served in twice[0].requests if served.host == host]
        assert paths[0] == "/robots.txt" and paths.count("/robots.txt") == 1
        assert not any(path.startswith("/kin/") for path in paths)
    (row,) = rows(twice[0].db, "SELECT t.real_type, f.text FROM attachments t JOIN files f USING (sha256) "
                  "WHERE t.url LIKE '%thong-tu%'")  # fmt: skip
    assert row == {"real_type": "pdf", "text": "Thông tư của Bộ về chữ ký số"}


def test_a_second_run_asks_only_for_what_may_still_come(twice):
    _, second = twice
    assert second.site(SITE)["attachments"] == 0
    assert {served.path.rsplit("/", 1)[1] for served in asked_for(second)} == {"chan.pdf", "hong.pdf"}
    tries = rows(second.db, "SELECT fetch_tries FROM attachments WHERE url LIKE '%chan.pdf'")
    assert tries == [{"fetch_tries": 2}]


def test_the_capture_holds_the_bytes_of_the_file(twice):
    sql = (
        "SELECT c.*, t.sha256, t.size FROM attachments t JOIN captures c ON c.id = t.capture_id "
        "WHERE t.sha256 IS NOT NULL"
    )
    captures = rows(twice[0].db, sql)
    assert len(captures) == 5
    for capture in captures:
        assert (capture["kind"], capture["payload_digest"]) == ("attachment", capture["sha256"])
        record = read_record(twice[0].db.with_suffix(".captures") / capture["file"], capture["offset"])
        assert len(record.payload) == capture["size"]


def test_an_article_is_found_by_its_file(twice):
    with Collection(twice[0].db, must_exist=True) as collection:
        for query in ('"giao chanh van phong thi hanh"', "Chánh văn phòng thi hành"):
            (row,) = collection.search(query)
            assert row["matched_attachment"] and "[" in row["snippet"] and "thi hành" in row["snippet"]
        own = collection.search("ngân sách")
        assert own and all("matched_attachment" in row for row in own)
        assert collection.search("Chánh vàn phòng") == []


def test_verify_reads_the_files_again(twice, tmp_path):
    first, _ = twice
    assert verify(first.db, lambda *_: None).to_dict()["whole"]
    done = tinphuong("--db", first.db, "verify")
    assert done.returncode == 0 and "5 attached files were read again" in done.stdout
    path = place_of(first.db, hashlib.sha256(DECISION).hexdigest(), "pdf")
    try:
        path.write_bytes(DECISION.replace(b"595", b"596"))
        (damage,) = verify(first.db, lambda *_: None).damage
        assert damage.kind == "attachment" and path.name in damage.where
        path.unlink()
        (damage,) = verify(first.db, lambda *_: None).damage
        assert damage.kind == "missing file"
    finally:
        path.write_bytes(DECISION)


def test_without_the_option_nothing_is_fetched_and_later_it_is(tmp_path):
    with Portals() as portals:
        portals.answers = files()
        without = crawl_replicas(portals, tmp_path, SITE)
        assert not asked_for(without) and not attachments_folder(without.db).exists()
        later = crawl_replicas(portals, tmp_path, SITE, settings=FAST)
        assert later.site(SITE)["attachments"] == len(asked_for(later)) == 4
        portals.answers[HOST, "412_1_signed.pdf"] = Answer(pdf("Bản khác"), "application/pdf")
        with sqlite3.connect(later.db) as connection:  # the article's text changes
            connection.execute("UPDATE articles SET changed_at = '2100-01-01' WHERE id IN "
                               "(SELECT article_id FROM attachments WHERE url LIKE '%412_1_signed%')")  # fmt: skip
        changed = crawl_replicas(portals, tmp_path, SITE, settings=FAST)
    assert len(asked_for(changed)) == 1
    texts = rows(later.db, "SELECT text FROM files WHERE type = 'pdf' ORDER BY id")
    assert {"text": "Bản khác"} in texts and any("Quyết định" in row["text"] for row in texts)


def test_a_kill_leaves_only_whole_files_and_the_next_run_goes_on(tmp_path):
    with Portals() as portals:
        portals.answers = files()
        with begin(portals, tmp_path) as run:
            run.kill()
    with Portals() as portals:
        portals.answers = files()
        folder = attachments_folder(tmp_path / "a.db")
        for path in folder.glob("*/*"):
            assert (
                path.suffix == ".part" or hashlib.sha256(path.read_bytes()).hexdigest() == path.parent.name + path.stem
            )
        (folder / "ab").mkdir(parents=True, exist_ok=True)
        (folder / "ab" / "cdef.pdf.part").write_bytes(b"%PDF-1.4 hal")
        done = crawl_replicas(portals, tmp_path, SITE, settings=FAST)
    assert done.code == 0, f"after a kill the next crawl fails: {done.err}"
    assert rows(done.db, "SELECT url, fetch_error FROM attachments WHERE sha256 IS NULL AND fetch_error IS NULL") == []
    verdict = verify(done.db, lambda *_: None)
    assert not verdict.damage and not [line for line in verdict.remarks if ".attachments" in line]


def test_an_interrupt_ends_it_soon_and_keeps_what_was_fetched(tmp_path):
    with Portals() as portals:
        portals.answers = files()
        with begin(portals, tmp_path) as run:
            run.send_signal(signal.SIGINT)
            _, err = run.communicate()
    assert run.returncode == 130, f"an interrupted crawl exits with {run.returncode}, not 130: {err}"
    assert "Traceback" not in err, f"an interrupted crawl shows a traceback: {err}"
    assert verify(tmp_path / "a.db", lambda *_: None).damage == []


def test_a_replay_takes_files_from_the_archive(twice, tmp_path):
    first, _ = twice
    captures = sorted(first.db.with_suffix(".captures").glob("*.warc.gz"))
    done = tinphuong("--db", tmp_path / "b.db", "--json", "crawl", SITE, "--attachments", "--replay", *captures)
    assert done.returncode == 0, f"a replay with attachments fails: {done.stderr}"
    assert '"attachments": 5' in done.stdout
    hashes = "SELECT sha256 FROM files ORDER BY sha256"
    assert rows(tmp_path / "b.db", hashes) == rows(first.db, hashes)


@pytest.mark.parametrize(
    ("host", "is_refused"),
    [("mic.gov.vn", False), ("8.8.8.8", False), ("127.0.0.1", True), ("10.1.2.3", True), ("192.168.1.1", True),
     ("169.254.169.254", True), ("localhost", True), ("intranet", True), ("::1", True), ("a.local", True),
     ("0x7f.1", True), ("2130706433", True), ("", True)],
)  # fmt: skip
def test_addresses_inside_a_network_are_left_alone(host, is_refused):
    assert bool(why_not_host(host, Reach())) is is_refused
