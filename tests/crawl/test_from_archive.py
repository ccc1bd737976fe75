"""Captures out of a web archive: listed, fetched once, kept with where they came from, replayed."""

import gzip
import json
import re
from collections import Counter
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ConfigurationError
from crawler.network.addresses import Reach
from crawler.web_archives import cdx, exchanges
from crawler.web_archives.cdx import Wanted, entries
from crawler.web_archives.client import Client
from crawler.web_archives.fetch import Plan, fetch_all, fetch_site
from crawler.web_archives.sources import source
from spiders.registry import Registry
from storage import Collection
from storage.archives import warc
from storage.archives.captures import Captures
from storage.fixity.verification import verify
from tests.examples import examples

SLUG = "thainguyen_huongson"
SITES = Registry.of_package()
HOST = SITES[SLUG].host
HOME = f"http://{HOST}/"


class Slept(list):
    """A clock that is moved by sleeping."""

    def clock(self):
        return float(sum(self))


def client(slept=None, **facts):
    slept = Slept() if slept is None else slept
    return Client("tinphuong/test (+mailto:a@b.example)", lambda host: 1.0, clock=slept.clock, sleep=slept.append,
                  reach=Reach.of_names(["127.0.0.1"]), **facts)  # fmt: skip


def fetched(archive, tmp_path, *, slept=None, named=None, **facts):
    """Fetch the site once; returns the result and the rows of the captures."""
    with Collection(tmp_path / "a.db") as collection:
        captures = Captures(collection, {"software": "test"})
        plan = Plan(source(named or archive.url), **facts)
        result = fetch_site(client(slept), plan, SITES[SLUG], collection, captures)
        captures.close()
        return result, list(collection.rows("SELECT * FROM captures ORDER BY id"))


def record(tmp_path, row):
    return warc.read_record(tmp_path / "a.captures" / row["file"], row["offset"])


# Listing


def listed(archive, named=None, **facts):
    skipped = Counter()
    found = list(entries(client(), source(named or archive.url), Wanted((HOST,), **facts), skipped))
    return found, skipped


@pytest.mark.parametrize("paged", [True, False])
def test_every_page_of_the_index_is_read_whether_the_server_knows_pages_or_not(archive, paged):
    for number in range(7):
        archive.hold(f"{HOME}{number}", f"2019010100000{number}")
    archive.page_size, archive.paged = 3, paged
    found, skipped = listed(archive)
    assert [entry.url for entry in found] == [f"{HOME}{number}" for number in range(7)] and not skipped
    assert len(archive.asked) == (4 if paged else 2)


def test_an_index_in_the_manner_of_the_internet_archive_is_understood(archive):
    archive.hold(HOME, "20190101000000", b"x")
    found, _ = listed(archive, archive.url.replace("/coll/", "/ia/"))
    assert [(entry.url, entry.timestamp, entry.status) for entry in found] == [(HOME, "20190101000000", "200")]


def test_damaged_lines_cost_themselves_alone(archive):
    archive.hold(HOME, "20190101000000")
    archive.extra_lines = ['{"url": "http://', "nonsense", '{"url": "http://x/", "timestamp": "2019"}', "[]",
                           f'{{"url": "{HOME}", "timestamp": "20191301000000"}}',
                           f'{{"url": "{HOME}\\r\\nX: y", "timestamp": "20190101000000"}}']  # fmt: skip
    found, skipped = listed(archive)
    assert len(found) == 1 and skipped == {"unreadable_line": 5}


def test_what_answers_and_is_no_index_is_the_users_mistake(archive):
    for wrong in (archive.url.replace("/cdx", "/search"), archive.url.replace("/coll", "/coll/wrong") + "?x=/search"):
        with pytest.raises(ConfigurationError, match="not a CDX server"):
            archive.index = lambda query: (200, {}, b"<html>")
            listed(archive, wrong)


def test_a_later_page_that_is_no_index_is_no_end(archive):
    for number in range(4):
        archive.hold(f"{HOME}{number}", f"2019010100000{number}")
    archive.page_size = 2
    index = archive.index
    archive.index = lambda query: index(query) if query["page"] == "0" else (200, {}, b"<html>slow down")
    with pytest.raises(cdx.IndexUnreadable, match="page 1"):
        listed(archive)


@pytest.mark.parametrize(("until", "end"), [("2020", "20201231"), ("202002", "20200229"), ("20200105", "20200105")])
def test_an_end_is_the_last_second_of_what_is_named(archive, until, end):
    archive.hold(HOME, "20190101000000")
    listed(archive, until=until)
    assert f"to={end}235959" in archive.asked[0]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"status": 404}, "http_404"),
        ({"mime": "image/png"}, "not_html"),
        ({"mime": "application/pdf"}, "not_html"),
        ({"time": "20180101000000"}, "outside_dates"),
        ({"time": "20230101000000"}, "outside_dates"),
        ({"url": f"{HOME}robots.txt"}, "robots_txt"),
        ({"time": "20220630235959"}, None),
        ({"mime": "unk"}, None),
        ({"mime": "warc/revisit", "listed_as": {"status": None}}, None),
    ],
)
def test_only_what_can_be_an_article_or_lead_to_one_is_wanted(archive, facts, reason):
    archive.hold(**({"url": HOME, "time": "20200101000000"} | facts))
    (entry,), _ = listed(archive)
    assert Wanted((HOST,), "2019", "202206").objection(entry) == reason
    assert Wanted(("other.vn",)).objection(entry) == "offsite"
    if facts.get("mime") == "application/pdf":
        assert Wanted((HOST,), documents=True).objection(entry) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3),
    max_leaves=4,
)
FIELDS = st.dictionaries(st.sampled_from(["url", "timestamp", "status", "mime", "digest", "offset", "length"]), JSON)


@examples(50)
@given(lines=st.lists(st.one_of(st.text(max_size=20), FIELDS.map(json.dumps)), max_size=4))
def test_no_line_of_an_index_breaks_the_reading_of_it(lines):
    skipped = Counter()
    found = [cdx._entry(item) for item in cdx._parsed(lines, cdx.toolkit(), skipped)]
    assert all(entry is None or entry.time for entry in found)
    assert skipped.total() + len(found) >= len([line for line in lines if line.strip() and line[0] == "{"])


@given(text=st.one_of(st.text(max_size=12), st.text(max_size=8).map("http://".__add__)))
def test_no_name_of_an_archive_breaks_the_program(text):
    try:
        assert source(text).name
    except ConfigurationError as error:
        assert "\n" not in str(error) or "\n" in text


# Fetching


def test_a_capture_is_kept_as_it_was_archived_and_says_where_it_came_from(archive, tmp_path):
    body = gzip.compress("<html>Trang nhà</html>".encode())
    archive.hold(HOME, "20190102030405", body, headers=(("Content-Encoding", "gzip"),))
    archive.hold(f"{HOME}cũ?a=1&b=c d", "20200102030405", status=301, headers=(("Location", f"{HOME}mới"),))
    result, rows = fetched(archive, tmp_path)
    assert (result.fetched, result.whole) == (2, True)
    page, moved = (record(tmp_path, row) for row in rows)
    assert page.payload == body and page.headers["warc-date"] == "2019-01-02T03:04:05.000Z"
    assert (
        page.headers["warc-source-uri"] == rows[0]["source"] == archive.url.replace("cdx", f"20190102030405id_/{HOME}")
    )
    assert page.http_header("Content-Encoding") == "gzip" and page.http_header("Server") == "Portal/1"
    assert page.http_header("Content-Length") == str(len(body))
    assert not {"Link", "Memento-Datetime"} & set(re.findall(r"^([\w-]+):", page.block.decode("latin-1"), re.MULTILINE))
    assert (moved.status, rows[1]["kind"]) == (301, "redirect")
    assert moved.http_header("Location") == f"{HOME}mới".encode().decode("latin-1")
    assert not verify(tmp_path / "a.db", lambda done, total: None).damage


def test_a_payload_that_the_index_names_twice_is_asked_for_once(archive, tmp_path):
    for number in range(3):
        archive.hold(HOME, f"20{number}90101000000", b"<html>same", digest="SAME")
    archive.hold(f"{HOME}x", "20180101000000", digest="SAME", mime="warc/revisit", listed_as={"status": "-"})
    archive.hold(
        f"{HOME}y", "20180101000000", b"<html>from elsewhere", digest="ELSE", listed_as={"mime": "warc/revisit"}
    )
    result, rows = fetched(archive, tmp_path)
    assert (result.fetched, result.same) == (2, 3) and len(archive.captures_asked_for()) == 2
    assert Counter(row["revisit_of"] for row in rows)[rows[0]["id"]] == 3
    from storage.archives.copied_captures import archive_of

    with Collection(tmp_path / "a.db") as collection:
        replayed = archive_of(collection, [SLUG])
        assert replayed.find(f"{HOME}x").body == b"<html>same" and replayed.find(f"{HOME}x").time.year == 2018
        assert [time.year for time in replayed.times(HOME)] == [2009, 2019, 2029]
    assert not verify(tmp_path / "a.db", lambda done, total: None).damage


def test_redirects_are_never_taken_for_one_another(archive, tmp_path):
    for number in range(2):
        archive.hold(f"{HOME}{number}", "20190101000000", status=302, digest="EMPTY", headers=(("Location", HOME),))
    result, _ = fetched(archive, tmp_path)
    assert (result.fetched, result.same) == (2, 0)


def test_the_archive_is_asked_as_it_wishes(archive, tmp_path):
    archive.hold(HOME, "20190101000000", b"<html>" + b"x" * 50)
    again = [(429, {"Retry-After": "7"}, b""), (503, {}, b"busy"), "cut"]
    archive.faults["20190101000000", HOME] = again
    slept = Slept()
    result, rows = fetched(archive, tmp_path, slept=slept)
    assert result.whole and len(rows) == 1
    # a pause after the index's pages, then what was asked for, then 2 · 2 and 2 · 4 seconds
    assert slept[-3:] == [7.0, 4.0, 8.0] and all(pause >= 1.0 for pause in slept)


def test_what_cannot_be_had_is_counted_and_the_rest_goes_on(archive, tmp_path):
    pages = {name: archive.hold(f"{HOME}{name}", f"2019010100000{n}", name.encode() * 9)
             for n, name in enumerate(("gone", "cut", "other", "moved", "fine"))}  # fmt: skip
    wrong = {
        "gone": [(404, {}, b"")],
        "cut": ["cut"] * 4,
        "other": [(200, {"Memento-Datetime": "Tue, 01 Jan 2013 00:00:00 GMT"}, b"x")],
        "moved": [(302, {"Location": f"/coll/20130101000000id_/{HOME}moved"}, b"")],
    }
    archive.faults |= {(pages[name].time, pages[name].url): faults for name, faults in wrong.items()}
    result, rows = fetched(archive, tmp_path)
    assert result.failed == {"http_404": 1, "connection": 1, "other_capture": 2}
    assert [row["url"] for row in rows] == [f"{HOME}fine"] and not result.whole
    again, rows = fetched(archive, tmp_path)
    assert (again.fetched, again.held, again.whole) == (4, 1, True)


def test_an_archive_that_does_not_answer_is_left_alone(archive, tmp_path):
    for number in range(9):
        held = archive.hold(f"{HOME}{number}", f"2019010100000{number}", bytes([65 + number]))
        archive.faults[held.time, held.url] = [(503, {}, b"")] * 4
    result, _ = fetched(archive, tmp_path)
    assert result.failed == {"http_503": 5} and result.left == 4 and "run again later" in result.error
    archive.index = lambda query: (503, {}, b"")
    result, _ = fetched(archive, tmp_path)
    assert "could not be read: the server answered 503" in result.error and result.fetched == 0
    asked = len(archive.asked)
    with Collection(tmp_path / "b.db") as collection:
        captures = Captures(collection, {})
        spiders = [SITES[SLUG], SITES["hanoi_sotttt"]]
        one, two = fetch_all(Plan(source(archive.url)), spiders, collection, captures, client())
        captures.close()
    assert one.error == two.error and not two.whole and len(archive.asked) == asked + 4


def test_an_archive_that_sends_us_away_for_long_is_left_at_once(archive, tmp_path):
    for number in range(3):
        held = archive.hold(f"{HOME}{number}", f"2019010100000{number}", bytes([65 + number]))
    archive.faults["20190101000001", f"{HOME}1"] = [(429, {"Retry-After": "86400"}, b"")]
    result, rows = fetched(archive, tmp_path)
    assert (len(rows), result.left, result.failed) == (1, 1, {"http_429": 1})
    assert result.unanswered and held.url not in str(archive.asked)


def test_an_archive_that_has_nothing_is_told_of(archive, tmp_path):
    result, _ = fetched(archive, tmp_path)
    assert HOST in result.error and not result.whole


def test_a_bounded_fetch_goes_on_and_asks_for_nothing_it_has(archive, tmp_path):
    for number in range(5):
        archive.hold(f"{HOME}{number}", f"2019010100000{number}", bytes([65 + number]))
    for left, here in ((3, 0), (1, 2), (0, 4)):
        result, rows = fetched(archive, tmp_path, most=2)
        assert (result.left, result.held) == (left, here)
    assert [row["url"] for row in rows] == [f"{HOME}{number}" for number in range(5)]
    assert len(archive.captures_asked_for()) == 5


def test_a_fetch_that_was_killed_asks_only_for_the_record_that_was_torn(archive, tmp_path):
    for number in range(4):
        archive.hold(f"{HOME}{number}", f"2019010100000{number}", bytes([65 + number]) * 500)
    _, rows = fetched(archive, tmp_path)
    with Collection(tmp_path / "a.db") as collection:  # the rows of the last two were not committed
        collection.execute("DELETE FROM captures WHERE id > 2", [])
        collection.commit()
    path = tmp_path / "a.captures" / rows[0]["file"]
    path.write_bytes(path.read_bytes()[:-5])
    archive.asked.clear()
    result, rows = fetched(archive, tmp_path)
    assert (result.held, result.fetched) == (3, 1) and len(archive.captures_asked_for()) == 1
    assert all(row["source"] for row in rows)
    assert not verify(tmp_path / "a.db", lambda done, total: None).damage


def test_common_crawl_is_read_by_ranges_of_its_files(archive, tmp_path, monkeypatch):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    place = f"http://127.0.0.1:{archive.port}"
    monkeypatch.setattr(cdx, "_COMMON_CRAWL", f"{place}/collinfo.json")
    monkeypatch.setattr(exchanges, "_DATA", place)
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    chunked = b"5\r\nhello\r\n0\r\n\r\n"
    http = StatusAndHeaders("200 OK", [("Transfer-Encoding", "chunked"), ("X-A", "b")], protocol="HTTP/1.1")
    for url in (HOME, f"{HOME}x"):
        begin = out.tell()
        made = writer.create_warc_record(url, "response", payload=BytesIO(chunked), http_headers=http)
        writer.write_record(made)
        where = {"filename": "crawl/a.warc.gz", "offset": str(begin), "length": str(out.tell() - begin)}
        archive.hold(url, "20230401000000", listed_as=where, digest=url)
    archive.hold(f"{HOME}y", "20230401000000", listed_as=where, digest="y")
    archive.hold(f"{HOME}z", "20230401000000", mime="warc/revisit", digest="nowhere")
    archive.hold(f"{HOME}0", "20230401000000", listed_as=where | {"length": "50"}, digest="short")
    archive.files["/crawl/a.warc.gz"] = out.getvalue()
    result, rows = fetched(archive, tmp_path, named="cc", since="2023")
    assert result.fetched == 2
    assert result.failed == {"other_capture": 1, "payload_elsewhere": 1, "damaged_record": 1}
    first = record(tmp_path, rows[0])
    assert first.payload == b"hello" and first.http_header("X-A") == "b"
    assert first.headers["warc-source-uri"] == f"{place}/crawl/a.warc.gz"
    assert not any("2018-26" in path for path in archive.asked)  # a crawl that ended before
