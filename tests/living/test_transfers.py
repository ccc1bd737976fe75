"""Transfers that go wrong: half a page is no page, a slow server is waited for as long as is said, and no longer."""

import gzip
import zlib

import brotli
import pytest

from tests.living import wires
from tests.living.operator import operators
from tests.living.portal import Portal

NOON, NEXT = "2025-03-01T12:00:00+00:00", "2025-03-02T12:00:00+00:00"


def end_of(pack):
    return lambda page: pack(page)[:-12]


def portal_of(count=6):
    portal = Portal("mot.test", sections=("tin-tuc",), page_size=20)
    numbers = portal.publish(count, days_ago=2)
    return portal, numbers


def bodies(ward):
    return {int(row["key"]): row["body"] for row in ward.rows("SELECT key, body FROM articles")}


CUT = {
    "gzip": wires.coded("gzip", end_of(gzip.compress)),
    "deflate": wires.coded("deflate", end_of(zlib.compress)),
    "brotli": wires.coded("br", end_of(brotli.compress)),
    "gzip unnamed": wires.coded("", end_of(gzip.compress)),
    "gzip in gzip": wires.coded("gzip, gzip", lambda page: gzip.compress(gzip.compress(page)[:-30])),
    "length": wires.sends(wires.shorter),
    "chunked": wires.sends(wires.chunked),
    "chunked, packed": wires.sends(lambda page: wires.chunked(gzip.compress(page), coding="gzip")),
}


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """A portal whose articles are cut, each in a way of its own and each time; then one run in which they are whole."""
    with operators(tmp_path_factory.mktemp("cut")) as begin:
        portal, numbers = portal_of(len(CUT) + 4)
        for number, wire in zip(numbers, CUT.values(), strict=False):
            portal.wires[f"/{number}-"] = [wire]
        ward = begin(portal)
        first = ward.crawl(now=NOON)
        names = dict(zip(numbers, CUT, strict=False))
        found = {
            "done": first, "missing": {names[n] for n in numbers[: len(CUT)] if n not in ward.stored()},
            "skipped": ward.rows("SELECT reason, count(*) AS n FROM skipped GROUP BY reason"),
            "others": ward.stored() >= set(numbers[len(CUT) :]),
        }  # fmt: skip
        raw = b"".join(gzip.decompress(path.read_bytes()) for path in (ward.folder / "a.captures").glob("*.warc.gz"))
        found["marked"] = {word: raw.count(b"WARC-Truncated: " + word) for word in (b"disconnect", b"unspecified")}
        portal.wires.clear()
        found["then"], found["bodies"] = ward.crawl(now=NEXT), bodies(ward)
        found["wanted"] = {number: piece.body for number, piece in portal.pieces.items()}
        yield found


def test_half_a_page_is_not_stored_in_whatever_way_it_is_cut(cut):
    assert cut["missing"] == set(CUT), "half a page was stored"
    assert cut["others"], "a page that is cut takes others with it"
    assert cut["skipped"] == [{"reason": "truncated", "n": len(CUT)}], "a page that was cut has another reason"


def test_half_a_page_is_captured_as_such(cut):
    """Each is asked for twice: the transfers that broke off, and the bodies that end early although all bytes came."""
    assert cut["marked"] == {b"disconnect": 2 * 3, b"unspecified": 2 * 5}


def test_half_a_page_is_asked_for_in_the_next_run(cut):
    assert cut["then"].code == 0 and cut["bodies"] == cut["wanted"], "a page that was cut once is never stored whole"


WHOLE = {
    "gzip, with bytes after it": wires.coded("gzip", lambda page: gzip.compress(page) + b"\r\n\0\0"),
    "x-gzip": wires.coded("x-gzip", gzip.compress),
    "GZIP": wires.coded("GZIP", gzip.compress),
    "gzip twice, named once": wires.coded("gzip", lambda page: gzip.compress(gzip.compress(page))),
    "gzip, identity": wires.coded("gzip, identity", gzip.compress),
    "plain, called gzip": wires.coded("gzip", bytes),
    "plain, called zstd": wires.coded("zstd", bytes),
    "gzip, not named": wires.coded("", gzip.compress),
    "bare deflate": wires.coded("deflate", lambda page: zlib.compress(page)[2:-4]),
    "brotli, not asked for": wires.coded("br", brotli.compress),
    "no length": wires.sends(wires.without_length),
    "chunked": wires.sends(lambda page: wires.chunked(page, b"0\r\n\r\n")),
}


def test_odd_transfers_of_whole_pages_are_read(operate):
    portal, numbers = portal_of(len(WHOLE))
    for number, wire in zip(numbers, WHOLE.values(), strict=True):
        portal.wires[f"/{number}-"] = [wire]
    ward = operate(portal)
    done = ward.crawl(now=NOON)
    wanted = {number: piece.body for number, piece in portal.pieces.items()}
    stored, names = bodies(ward), dict(zip(numbers, WHOLE, strict=True))
    assert [names[n] for n in numbers if stored.get(n) != wanted[n]] == [], done.out
    assert done.code == 0 and done.err == ""
    raw = b"".join(gzip.decompress(path.read_bytes()) for path in (ward.folder / "a.captures").glob("*.warc.gz"))
    assert b"WARC-Truncated" not in raw, "a whole page is captured as if it were cut"


def test_a_page_that_is_cut_once_is_whole_the_second_time(operate):
    portal, (number, *_) = portal_of()
    portal.wires[f"/{number}-"] = [CUT["gzip"], wires.coded("gzip", gzip.compress)]
    ward = operate(portal)
    assert ward.crawl(now=NOON).code == 0
    assert bodies(ward)[number] == portal.pieces[number].body


def test_a_coding_that_nothing_undoes_has_a_reason_and_no_traceback(operate):
    portal, (number, *_) = portal_of()
    portal.wires[f"/{number}-"] = [wires.coded("xpress", lambda page: b"\0\1\2" + page)]
    ward = operate(portal)
    done = ward.crawl(now=NOON)
    assert "Traceback" not in done.err and number not in ward.stored()
    assert ward.rows("SELECT reason, detail FROM skipped") == [
        {"reason": "undecodable", "detail": "its Content-Encoding xpress is none that can be undone"}
    ]


def test_a_bomb_is_not_unpacked(operate):
    portal, (number, *_) = portal_of()
    portal.wires[f"/{number}-"] = [wires.coded("gzip", lambda page: gzip.compress(bytes(3_000_000)))]
    ward = operate(portal, DOWNLOAD_MAXSIZE=2_000_000)
    assert ward.crawl(now=NOON).site("mot")["skipped"] == {"too_large": 1}


# Time

HEAD = wires.head("Content-Length: 5000")
SLOW = {
    "silent after the connection": wires.silent(),
    "silent after the headers": wires.silent(HEAD),
    "silent within the headers": wires.silent(HEAD[:30]),
    "silent within the body": wires.silent(HEAD + b"<html>"),
    "a byte now and then of the headers": wires.dribbles(lambda answer: 20),
    "a byte now and then of the body": wires.dribbles(lambda answer: answer.index(b"\r\n\r\n") + 50),
}


def test_a_page_that_comes_too_slowly_costs_its_time_and_no_other_page(operate):
    portal, numbers = portal_of(len(SLOW) + 4)
    for number, wire in zip(numbers, SLOW.values(), strict=False):
        portal.wires[f"/{number}-"] = [wire]
    ward = operate(portal, DOWNLOAD_TIMEOUT=1.0, RETRY_TIMES=0)
    done = ward.crawl(now=NOON)
    names = dict(zip(numbers, SLOW, strict=False))
    assert {names[n] for n in numbers[: len(SLOW)] if n not in ward.stored()} == set(SLOW), "a slow page was stored"
    assert ward.stored() >= set(numbers[len(SLOW) :]), "a slow page takes others with it"
    assert done.site("mot")["skipped"] == {"timeout": len(SLOW)}
    portal.wires.clear()
    ward.crawl(now=NEXT)
    assert ward.stored() == set(numbers), "a page that was slow is not asked for again"


def test_a_server_that_answers_within_the_timeout_is_waited_for(operate):
    """Scrapy alone would wait for ten seconds; here the setting is what counts, and a site's own number before it."""
    portal, (number, *_) = portal_of()
    portal.wires[f"/{number}-"] = [wires.dribbles(lambda answer: len(answer) - 20)]  # a second in all
    ward = operate(portal, DOWNLOAD_TIMEOUT=0.5, RETRY_TIMES=0)
    assert ward.crawl(now=NOON).site("mot")["skipped"] == {"timeout": 1}
    ward.sites["mot"]["timeout"] = 60
    assert ward.crawl(now=NEXT).code == 0
    assert number in ward.stored()


def test_a_robots_txt_that_never_ends_is_a_timeout(operate):
    portal, _ = portal_of()
    portal.wires["/robots.txt"] = [wires.silent(HEAD)]
    done = operate(portal, DOWNLOAD_TIMEOUT=0.5, RETRY_TIMES=0).crawl(now=NOON)
    assert done.site("mot")["reason"] == "timeout" and done.code == 1


@pytest.mark.long
@pytest.mark.parametrize("bound", [{"TINPHUONG_TIMEOUTS_IN_A_ROW": 3}, {"TINPHUONG_TIMEOUT_SUM": 0.8}])
def test_a_host_that_times_out_again_and_again_is_given_up_for_this_run(operate, bound):
    portal, numbers = portal_of(12)
    portal.wires["/-/view_content/"] = [wires.silent()]
    ward = operate(portal, DOWNLOAD_TIMEOUT=0.3, RETRY_TIMES=1, **bound)
    done = ward.crawl(now=NOON)
    asked = [request for request in done.requests if "view_content" in request.path]
    assert len(asked) in (3, 4), "a host that was given up is asked again"
    assert (done.site("mot")["status"], done.site("mot")["reason"]) == ("failed", "timeout")
    assert done.site("mot")["skipped"] == {"timeout": 12}, "pages that were not asked for are not counted"
    assert {row["tries"] for row in ward.rows("SELECT tries FROM pending")} <= {0, 1}
    portal.wires.clear()
    assert ward.crawl(now=NEXT).code == 0 and ward.stored() == set(numbers)


def test_a_host_that_asks_to_wait_again_and_again_is_given_up_for_this_run(operate):
    portal, numbers = portal_of(12)
    busy = wires.head("Retry-After: 1", "Content-Length: 0", status="503 Busy")
    portal.wires["/-/view_content/"] = [wires.sends(lambda page: busy)]
    ward = operate(portal, RETRY_TIMES=3, TINPHUONG_RETRY_AFTER_SUM=2)
    done = ward.crawl(now=NOON)
    asked = [request for request in done.requests if "view_content" in request.path]
    assert len(asked) == 3, "a host that was given up is asked again"
    assert done.site("mot")["skipped"] == {"http_503": 12}
    portal.wires.clear()
    assert ward.crawl(now=NEXT).code == 0 and ward.stored() == set(numbers)
