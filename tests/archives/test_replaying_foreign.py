"""`crawl --replay` and `extract` of archives as others leave them: every page or its reason, and never a traceback."""

import gzip
import json
import shutil
import zipfile

import brotli
import pytest

from storage import Collection
from tests.archives.made_warcs import http, packed, record, revisit
from tests.running import tinphuong

SITE = "ac_ca"
TABLE = (
    "slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n"
    f"{SITE},Phường Ninh Sơn,ninhson.test,generic,,,/,http\n"
)
HOST = "http://ninhson.test"
TITLES = ("Trồng thêm ba trăm cây xanh", "Sửa xong cầu qua kênh Đông", "Mở lớp dạy nghề may", "Khám bệnh cho người già")
PLACES = [f"/tin-tuc/bai-so-{number}.html" for number in range(1, 5)]


def frame(content):
    menu = "".join(
        f'<li><a href="{place}">{name}</a></li>' for place, name in (("/", "Trang chủ"), ("/lien-he", "Liên hệ"))
    )
    return (
        f'<!DOCTYPE html><html lang="vi"><body><ul class="menu">{menu}</ul><div id="main">{content}</div></body></html>'
    )


def home(host=""):
    rows = (
        f'<div class="item"><a href="{host}{place}">{title}</a><span>0{day}/10/2025</span></div>'
        for day, (place, title) in enumerate(zip(PLACES, TITLES, strict=True), 1)
    )
    return frame(f'<h2>Tin tức</h2><div class="list">{"".join(rows)}</div>').encode()


def article(number):
    sentences = (
        f"Sáng {number}/10, bà con tổ dân phố {number} phường Ninh Sơn đã cùng nhau làm việc chung của phường.",
        f"Theo ban tổ chức, có {number + 3} tổ và hơn {number * 20} hộ đã góp công, góp của trong suốt hai tuần qua.",
        "Phường sẽ tổng kết vào cuối tháng và khen thưởng những tổ làm tốt, làm nhanh, giữ gìn vệ sinh chung.",
    )
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return frame(
        f'<div class="detail"><h1>{TITLES[number - 1]}</h1>'
        f'<div class="date">Ngày đăng: 0{number}/10/2025 08:1{number}</div><div class="content">{text}</div></div>'
    ).encode()


def pages(*, host="", changed=None, packer=None):
    """The records of the home page and four articles. `changed`: number → records in place of an article's."""
    made = [record(f"{HOST}/", http(home(host)))]
    for number, place in enumerate(PLACES, 1):
        if changed and number in changed:
            made += changed[number]
        else:
            body = article(number)
            block = http(packer(body), "Content-Encoding: br") if packer else http(body)
            made.append(record(f"{host or HOST}{place}", block))
    return made


def replay(folder, *records, name="a.warc.gz"):
    (folder / "sites.csv").write_text(TABLE, encoding="utf-8")
    (folder / name).write_bytes(packed(*records))
    done = tinphuong(
        "--sites", folder / "sites.csv", "--db", folder / "a.db", "crawl", SITE,
        "--replay", folder / name, "--summary", folder / "s.json",
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    summary = json.loads((folder / "s.json").read_text())
    with Collection(folder / "a.db") as collection:
        stored = {row["url"].rpartition("/")[2]: dict(row) for row in collection.rows("SELECT * FROM articles")}
    return summary, stored, done


def place(number):
    return f"{HOST}{PLACES[number - 1]}"


CUT = gzip.compress(article(3))[:-60]
WAYS = {
    "as it should be": ({}, 4),
    "brotli": ({2: [record(place(2), http(brotli.compress(article(2)), "Content-Encoding: br"))]}, 4),
    "brotli that is gone": ({2: [record(place(2), http(article(2), "Content-Encoding: br"))]}, 4),
    "resource": ({3: [record(place(3), article(3), kind="resource", content_type="text/html; charset=utf-8")]}, 4),
    "revisit": ({3: [
        record(f"{HOST}/in/3", http(article(3))),
        revisit(place(3), f"WARC-Refers-To-Target-URI: {HOST}/in/3", "WARC-Refers-To-Date: 2025-11-21T07:02:33Z"),
    ]}, 4),
    "an older whole one": ({3: [
        record(place(3), http(article(3))),
        record(place(3), http(CUT, "Content-Encoding: gzip"), date="2025-12-01T00:00:00Z"),
    ]}, 4),
    "a redirect whose text is cut": ({3: [
        record(place(3), http(b"x", "Content-Length: 999", f"Location: {HOST}/tin-tuc/bai-so-3.html?x=1",
                              status="HTTP/1.1 301 Moved"), "WARC-Truncated: length"),
        record(f"{HOST}/tin-tuc/bai-so-3.html?x=1", http(article(3))),
    ]}, 4),
    "addresses that are none": ({3: [
        record(None, http(b"x")), record("http://[bad", http(b"x")), record("http://a:b/", http(b"x")),
        record(place(3), http(article(3))),
    ]}, 4),
    "redirects in a ring": ({3: [
        record(place(3), http(b"", f"Location: {HOST}/x", status="HTTP/1.1 302 Found")),
        record(f"{HOST}/x", http(b"", f"Location: {place(3)}", status="HTTP/1.1 302 Found")),
    ]}, 3),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "count"), WAYS.values(), ids=WAYS)
def test_every_article_is_read_however_it_is_recorded(tmp_path, changed, count):
    summary, stored, done = replay(tmp_path, *pages(changed=changed))
    assert len(stored) == count and done.returncode == 0, summary
    for row in stored.values():
        assert row["title"] in TITLES and "giữ gìn vệ sinh chung" in row["body"]


HALVES = {
    "packed, unsaid": record(place(3), http(CUT, "Content-Encoding: gzip")),
    "packed, said": record(place(3), http(CUT, "Content-Encoding: gzip"), "WARC-Truncated: disconnect"),
    "plain, said": record(place(3), http(article(3)[:-150]), "WARC-Truncated: length"),
    "brotli": record(place(3), http(brotli.compress(article(3))[:-90], "Content-Encoding: br")),
    "a part": record(place(3), http(article(3)[:-90], "Content-Range: bytes 0-9/99", status="HTTP/1.1 206 Part")),
}  # fmt: skip


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_an_article_is_not_stored_and_is_counted_as_truncated(tmp_path, half):
    summary, stored, done = replay(tmp_path, *pages(changed={3: [half]}))
    assert sorted(stored) == ["bai-so-1.html", "bai-so-2.html", "bai-so-4.html"]
    assert summary["sites"][0]["skipped"]["truncated"] == 1 and done.returncode == 0
    assert summary["archive_records_skipped"] == {"capture that is not whole": 1}
    again, stored, _ = replay(tmp_path, *pages(), name="b.warc.gz")  # it was not forgotten
    assert len(stored) == 4 and again["sites"][0]["new"] == 1


def test_the_bare_host_of_a_site_answers_for_www_and_the_other_way_round(tmp_path):
    _, stored, _ = replay(tmp_path, *pages(host="http://www.ninhson.test"))
    assert len(stored) == 4


def extract(folder, path):
    done = tinphuong("extract", path)
    assert "Traceback" not in done.stderr and done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


CAPTURES = [
    record("http://ninhson.test:8080/tin/mot%3Fhai", http(article(1))),
    record("http://ninhson.test:8080/tin/mot?hai", http(article(2))),
    record("http://ninhson.test/100%25", http(article(3).decode().encode("cp1258", "replace"), kind="")),
    record(place(1), http(article(1)), date="2024-01-01T00:00:00Z"),
    record(place(1), http(article(2)), date="2022-01-01T00:00:00Z"),
    revisit(place(1), f"WARC-Refers-To-Target-URI: {place(1)}", "WARC-Refers-To-Date: 2022-01-01T00:00:00Z"),
    record(place(4), http(article(4), status="HTTP/1.1 404 Not Found")),
    record(place(3), http(article(3)), "WARC-Truncated: length"),
    record(f"{HOST}/logo.png", http(b"\x89PNG", kind="image/png")),
    record("http://[bad", http(article(1))),
    record(place(2), http(article(2)).replace(b"Content-Type", b"content-type")),
]


@pytest.mark.parametrize("form", ["file", "package"])
def test_extract_gives_a_line_for_every_capture_in_the_files_order(tmp_path, form):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(*CAPTURES))
    if form == "package":
        with zipfile.ZipFile(tmp_path / "a.wacz", "w") as out:
            out.write(path, "archive/a.warc.gz")
        path = tmp_path / "a.wacz"
    lines, told = extract(tmp_path, path)
    assert [line["url"].partition("test")[2] for line in lines] == [
        ":8080/tin/mot%3Fhai", ":8080/tin/mot?hai", "/100%25", PLACES[0], PLACES[0], PLACES[0], PLACES[3], PLACES[2],
        "/logo.png", PLACES[1],
    ]  # fmt: skip
    assert [line["reason"] for line in lines] == [None] * 6 + ["http_404", "truncated", "not_html", None]
    assert [line["captured_at"][:4] for line in lines[3:6]] == ["2024", "2022", "2025"]
    assert [line["title"] for line in lines[3:6]] == [TITLES[0], TITLES[1], TITLES[1]]
    assert lines[-1]["title"] == TITLES[1] and "record with an invalid address 1" in told


def test_extract_reads_a_folder_of_saved_pages(tmp_path):
    (tmp_path / "ninhson.test").mkdir()
    (tmp_path / "ninhson.test/mot.html").write_bytes(article(1).replace(b"/lien-he", b"http://[bad"))
    (tmp_path / "urls.tsv").write_text("ninhson.test/mot.html\thttp://[bad\n")
    lines, _ = extract(tmp_path, tmp_path)
    assert [(line["url"], line["title"]) for line in lines] == [("http://ninhson.test/mot.html", TITLES[0])]


def test_extract_of_what_is_no_archive_is_a_sentence(tmp_path):
    for name, content in {"a.warc.gz": b"", "b.wacz": b"PK\x03\x04", "c.warc": b"<html>", "d.arc": b"x"}.items():
        (tmp_path / name).write_bytes(content)
        done = tinphuong("extract", tmp_path / name)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and name in done.stderr, done.stderr
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    (tmp_path / "none").mkdir()
    assert tinphuong("extract", tmp_path / "none").returncode == 2
