"""JSON Lines that strangers hand in: taken whole, or refused in one sentence that says where and why."""

import gzip
import json
import os

import pytest

from crawler.cli import main
from storage import Collection
from storage.imports import jsonl
from tests.exports.handing import take
from tests.exports.strangers import DAY, HEX, article, part, refused, stored, written

BAD = {
    "title is a number": article(title=5),
    "title is null": article(title=None, content_hash=HEX),
    "body is a list": article(body=["x"]),
    "no body": {name: value for name, value in article().items() if name != "body"} | {"title": None},
    "id of 31 digits": article(id=10**30),
    "id just too large": article(id=2**63),
    "id the largest": article(id=2**63 - 1),
    "id negative": article(id=-1),
    "id zero": article(id=0),
    "id a text": article(id="1"),
    "id a fraction": article(id=1.5),
    "id true": article(id=True),
    "date an object": article(published_at={"$date": 1}),
    "date that is not": article(published_at="2026-02-30"),
    "month 13": article(published_at="2026-13"),
    "hour 25": article(published_at="2026-02-03T25:00+07:00"),
    "date in words": article(published_at="hôm qua"),
    "interval of three": article(published_at="2026/2027/2028"),
    "moment that is not": article(first_seen_at="2026-02-30T00:00:00+00:00"),
    "moment without time": article(last_seen_at="2026-02-03"),
    "moment a number": article(last_seen_at=1790000000),
    "moment far ahead": article(last_seen_at="9999-12-31T23:59:59+00:00"),
    "surrogate": article(title="a\ud800b"),
    "surrogate in a remark": article(notes=["\udfff"]),
    "slug that leaves the folder": article(site="../../x"),
    "slug with a line end": article(site="a\nb"),
    "address of no web": article(url="javascript:alert(1)"),
    "address with a control character": article(url="http://a.test/\x1b[2J"),
    "key with a NUL": article(key="a\x00b"),
    "digest too short": article(content_hash="abc"),
    "digest in capitals": article(content_hash=HEX.upper()),
    "notes an object": article(notes={}),
    "notes of numbers": article(notes=[1]),
    "doubts without a kind": article(doubts=[{"field": "title"}]),
    "event date from a text": article(event_dates=[{"date": "2026", "raw": "", "start": "0", "end": 1}]),
    "layout a list": article(layout_matched=[]),
    "urls an object": article(urls={}),
    "urls of texts": article(urls=["http://a.test/"]),
    "issuer a text": article(issuer="x"),
    "issuer without a host": article(issuer={"name": "x", "platform": "generic", "updated_at": DAY}),
    "issuer whose host is a path": article(issuer=article()["issuer"] | {"host": "a/../b"}),
    "run without a mode": article(run={"site": "khac_suoimo", "started_at": DAY, "software": "x", "status": "ok"}),
    "run of a site that nothing describes": article(run=article()["run"] | {"site": "khac_khongco"}),
    "capture a list": article(capture=[1]),
    "capture without a digest": article(capture={"record_id": "urn:x"}),
    "relation unknown": part("urls", relation="owner"),
    "address a number": part("urls", url=7),
    "position huge": part("attachments", position=2**70),
    "position negative": part("attachments", position=-1),
    "file digest that leaves the folder": part("attachments", sha256="../../x", file_type="pdf", size=1, kept_at=DAY),
    "file type that leaves the folder": part("attachments", sha256=HEX, file_type="/../../x", size=1, kept_at=DAY),
    "file without a size": part("attachments", sha256=HEX, file_type="pdf", kept_at=DAY),
    "caption an object": part("images", caption={}),
    "version without a text": part("versions", body=None),
    "version of an impossible day": part("versions", seen_from="2026-00-10T00:00:00+00:00"),
    "unit of no vintage": part("units", vintage="next"),
    "event unknown": part("events", kind="burnt"),
    "confirmed column that is SQL": part("confirmations", field="title = (SELECT 1), author"),
    "confirmed column of a list": part("confirmations", field="event_dates", value="{}"),
    "confirmed impossible day": part("confirmations", field="published_at", value="2026-99"),
    "confirmed absence of a title": part("confirmations", field="title", value=None),
    "units twice": article(units=[*part("units")["units"], *part("units")["units"]]),
    "a list": [1], "a number": 7, "null": None, "a text": "x", "an empty object": {},
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_wrong_value_is_refused_with_its_line_and_nothing_is_taken(tmp_path, kind):
    file = written(tmp_path, article(1), article(2), BAD[kind] | {} if isinstance(BAD[kind], dict) else BAD[kind])
    refused(tmp_path / "new.db", file, "line 3 of " if "describes" not in kind else "khac_khongco")


RAW = {
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "not a number": json.dumps(article(3)).replace('"layout_matched": 1', '"layout_matched": NaN').encode(),
    "endless number": json.dumps(article(3)).replace('"id": 3', '"id": ' + "9" * 6000).encode(),
    "cut off": json.dumps(article(3)).encode()[:-100],
    "two on a line": json.dumps(article(3)).encode() * 2,
    "not UTF-8": json.dumps(article(3), ensure_ascii=False).encode("utf-8").replace(b"T", b"\xff", 1),
    "a NUL": b"\x00",
    "too many values": b'{"a": [' + b"[]," * 800_000 + b"[]]}",
}


@pytest.mark.parametrize("kind", RAW)
def test_a_line_that_is_no_json_is_refused_with_its_number(tmp_path, kind):
    # U+2028 and a form feed within a text end no line, and empty lines count.
    head = json.dumps(article(1, body="một\u2028hai\x85ba"), ensure_ascii=False).encode()
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        b"\xef\xbb\xbf" + head + b"\r\n\r\n\n" + json.dumps(article(2)).encode() + b"\n" + RAW[kind] + b"\n"
    )
    refused(tmp_path / "new.db", file, "line 5 of ")


def test_what_can_be_read_all_the_same_is_taken(tmp_path):
    plain = written(tmp_path, article(1), article(2), ends="\r\n\r\n", start=b"\xef\xbb\xbf")
    assert take(tmp_path / "one.db", plain).added == 2
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()[:700]) + gzip.compress(plain.read_bytes()[700:]))
    assert take(tmp_path / "two.db", packed).added == 2
    assert stored(tmp_path / "two.db") == ["Họp tổ dân phố số 1", "Họp tổ dân phố số 2"]


def test_what_we_have_no_field_for_is_named(tmp_path, capsys):
    file = written(tmp_path, article(1, mood="good", urls=[article()["urls"][0] | {"weight\x1b[2J": 1}]))
    assert main(["--db", str(tmp_path / "new.db"), "import", str(file)]) == 0
    out = capsys.readouterr().out
    assert "articles.mood" in out and "\x1b" not in out


def test_a_huge_field_and_a_bomb_are_refused_in_bounded_memory(tmp_path, monkeypatch):
    import tracemalloc

    monkeypatch.setattr(jsonl, "_LONGEST_LINE", 4 << 20)  # a sixteenth, as are the files
    monkeypatch.setattr(jsonl, "_FREE", 4 << 20)
    file = tmp_path / "a.jsonl"
    file.write_bytes(json.dumps(article(1)).encode() + b'\n{"body": "' + b"x" * (13 << 20) + b'"}\n')
    with gzip.open(tmp_path / "bomb.gz", "wb", compresslevel=1) as out:
        out.write(json.dumps(article(1)).encode() + b"\n" + (b" " * (1 << 20) + b"\n") * 5)
    (tmp_path / "empty.jsonl").write_bytes(b"\n" * 100_100)
    tracemalloc.start()
    refused(tmp_path / "new.db", file, "line 2 of ", "longer than")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 19e6
    refused(tmp_path / "new.db", tmp_path / "bomb.gz", "unpacks to more than")
    refused(tmp_path / "new.db", tmp_path / "empty.jsonl", "empty lines, at line 100001")


@pytest.mark.parametrize(
    ("start", "said"),
    [(b"PK\x03\x04", "zip"), (b"\xff\xfe{\x00", "UTF-16"), (b"BZh9", "bzip2"), (b"WARC/1.1\r\n", "replay")],
)
def test_another_kind_of_file_is_named(tmp_path, start, said):
    (tmp_path / "x").write_bytes(start + bytes(100))
    refused(tmp_path / "new.db", tmp_path / "x", said)


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "new.db", tmp_path / "pipe", "is not a file")
    refused(tmp_path / "new.db", tmp_path / "none", "cannot be read")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(json.dumps(article(1)).encode() * 200)[:-20])
    refused(tmp_path / "new.db", tmp_path / "cut.gz", "cut.gz")


def test_a_refused_file_changes_nothing_of_what_is_there(tmp_path):
    db = tmp_path / "new.db"
    take(db, written(tmp_path, article(1)))
    many = [article(number) for number in range(2, 103)]  # more than are gathered in one batch
    refused(db, written(tmp_path, *many, article(103, title=7)), "line 102 of ")
    assert take(db, written(tmp_path, *many)).added == 101


def test_a_run_may_be_of_a_site_that_a_later_line_describes(tmp_path):
    other = article(2, site="khac_suoimoi", run=article()["run"] | {"site": "khac_suoimo"})
    other["urls"] = [other["urls"][0] | {"site": "khac_suoimoi"}]
    assert take(tmp_path / "new.db", written(tmp_path, other, article(1))).added == 2


UNSEEN = "\x00\x08\x1b\ufffe\uffff\ufdd0\U0001fffe"


@pytest.mark.parametrize("char", UNSEEN, ids=lambda char: f"U+{ord(char):04X}")
def test_what_is_no_character_is_taken_out_of_texts(tmp_path, char):
    written_by_people = {
        "title": f"Họp{char} tổ", "body": f"a{char}b chiều nay", "author": f"Lan{char}", "source": f"{char}Báo",
        "section": f"Tin{char}", "published_raw": f"6{char}/10", "notes": [f"x{char}"],
        "event_dates": [{"date": "2026-10-06", "raw": f"chiều{char} nay", "start": 4, "end": 13}],
    }  # fmt: skip
    done = take(tmp_path / "a.db", written(tmp_path, article(1, **written_by_people)))
    assert (done.added, done.damaged, done.cleaned) == (1, 0, 8)
    with Collection(tmp_path / "a.db") as collection:
        row = next(collection.rows("SELECT * FROM articles"))
    assert not any(char in str(value) for value in row.values())
    (day,) = json.loads(row["event_dates"])
    assert row["body"][day["start"] : day["end"]] == day["raw"] == "chiều nay"


@pytest.mark.parametrize(
    "name", ["language", "published_precision", "published_from", "key", "url", "site", "content_hash"]
)
def test_what_is_no_character_is_refused_in_codes(tmp_path, name):
    for char in "\x00\ufffe":
        refused(tmp_path / "b.db", written(tmp_path, article(1, **{name: f"{article()[name]}{char}"})), "line 1 of ")


def test_texts_that_were_cleaned_are_not_new_texts(tmp_path):
    file = written(tmp_path, article(1, title="Họp\x0btổ\x1cdân phố"))
    first, again = take(tmp_path / "a.db", file), take(tmp_path / "a.db", file)
    assert (first.added, first.merged, again.added, again.merged) == (1, 0, 0, 1)
    with Collection(tmp_path / "a.db") as collection:
        assert not list(collection.rows("SELECT 1 FROM versions"))
        assert next(collection.rows("SELECT title FROM articles"))["title"] == "Họp tổ dân phố"


OPTIONAL = (
    "summary", "markdown", "author", "source", "section", "language", "published_at", "published_raw", "notes",
    "event_dates", "doubts", "layout_matched", "changed_at", "removed_at", "checked_at", "gone_at", "capture", "run",
    "near_group", "attachments", "images", "versions", "units", "events", "confirmations", "id",
)  # fmt: skip


@pytest.mark.parametrize("is_null", [False, True])
def test_what_an_article_may_lack_is_filled_in(tmp_path, is_null):
    later = {"last_seen_at": "2026-12-01T00:00:00+00:00", "body": "Khác."}
    if is_null:
        never_null = {"summary", "markdown", "layout_matched"}
        bare = article(1, **later) | dict.fromkeys(set(OPTIONAL) - never_null)
    else:
        bare = {name: value for name, value in article(1, **later).items() if name not in OPTIONAL}
    assert take(tmp_path / "alone.db", written(tmp_path, bare)).added == 1
    take(tmp_path / "a.db", written(tmp_path, article(1), part("versions", 2)))
    done = take(tmp_path / "a.db", written(tmp_path, bare))
    assert (done.added, done.merged) == (0, 1)


@pytest.mark.parametrize(
    ("table", "name"),
    [("urls", "url"), ("urls", "relation"), ("versions", "summary"), ("versions", "seen_from"), ("units", "code"),
     ("units", "vintage"), ("events", "kind"), ("confirmations", "by"), ("attachments", "name"), ("images", "url")],
)  # fmt: skip
def test_what_a_part_may_not_lack_is_named(tmp_path, table, name):
    bare = part(table)
    del bare[table][0][name]
    refused(tmp_path / "a.db", written(tmp_path, bare), f"{table} 1: {name} is missing")
    refused(tmp_path / "a.db", written(tmp_path, part(table, **{name: None})), f"{table} 1: {name} is empty")


def test_a_capture_without_its_record_id_is_refused(tmp_path):
    facts = {"url": "http://a.test/", "status": 200, "captured_at": DAY, "payload_digest": HEX, "warc_digest": "sha1:A"}
    refused(tmp_path / "a.db", written(tmp_path, article(capture=facts)), "capture: record_id is missing")
    take(tmp_path / "a.db", written(tmp_path, article(capture=facts | {"record_id": "urn:x"})))
