"""Real crawls: nothing is asked of an address, a port or a host where none may go, however a page leads there."""

import pytest

from tests.network.crawling import crawl
from tests.network.portal import ARTICLES, Portal, article, pages
from tests.running import tinphuong

HOST = "benla.phuong.test"
FIRST, SECOND = article(0)[0], article(1)[0]
PDF = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n%%EOF\n")


@pytest.fixture
def inside():
    """A server on another address of loopback, which is never allowed here."""
    with Portal(pages(), address="127.0.0.15", otherwise=PDF) as portal:
        yield portal
        assert portal.asked == [], "a request went where none may go"


def to(location, status=302):
    return status, {"Location": location}, b""


def test_a_site_on_a_private_address_says_how_to_allow_it(tmp_path, inside):
    came = crawl(tmp_path, f"127.0.0.15:{inside.port}")
    assert (came.code, came.site["reason"]) == (1, "internal_address")
    assert "leads to 127.0.0.15" in came.site["message"], came.site["message"]
    assert "set TINPHUONG_ALLOW_PRIVATE=127.0.0.15 to allow that" in came.site["message"]


@pytest.mark.parametrize("address", ["127.0.0.15", "10.0.0.5", "169.254.169.254", "0.0.0.0", "192.168.1.1"])
def test_a_name_that_leads_into_a_private_network_is_not_followed(tmp_path, inside, address):
    came = crawl(tmp_path, f"{HOST}:{inside.port}", names={HOST: [address]})
    assert came.site["reason"] == "internal_address" and f"leads to {address}" in came.site["message"]


def test_what_is_allowed_is_reached_by_name_and_network(tmp_path):
    with Portal(pages(), address="127.0.0.15") as portal:
        came = crawl(tmp_path, f"{HOST}:{portal.port}", names={HOST: ["127.0.0.15"]}, allow=["127.0.0.8/29"])
    assert (came.code, len(came.articles)) == (0, len(ARTICLES))


def test_nothing_is_allowed_by_default(tmp_path):
    with Portal(pages()) as portal:
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}", allow=[])
        assert came.site["reason"] == "internal_address" and portal.asked == []


def test_a_name_is_judged_anew_for_each_connection(tmp_path, inside):
    """A name server that answers otherwise the second time gains nothing, as its second answer is judged too."""
    with Portal(pages() | {FIRST: (200, {"Connection": "close"}, "x")}) as portal:
        came = crawl(
            tmp_path, f"{HOST}:{portal.port}", names={HOST: ["127.0.0.1", "127.0.0.15"]},
            settings={"DNSCACHE_ENABLED": False},
        )  # fmt: skip
    assert came.articles == [] and "leads to 127.0.0.15" in came.site["message"]


def test_redirects_of_pages_are_judged_hop_by_hop(tmp_path, inside):
    with Portal({}) as portal:
        portal.answers = pages() | {
            FIRST: to("/mot"), "/mot": to("/hai"), "/hai": to(f"http://127.0.0.15:{inside.port}{FIRST}"),
            SECOND: to(f"http://0x7f.0.0.0xf:{inside.port}{SECOND}"),
        }  # fmt: skip
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}")
    assert set(came.skipped.values()) == {"offsite"} and len(came.articles) == len(ARTICLES) - 2


def test_a_redirect_to_another_host_of_the_site_is_judged_by_its_address(tmp_path, inside):
    with Portal({}) as portal:
        portal.answers = pages() | {FIRST: to(f"http://www.{HOST}:{inside.port}/x"), SECOND: to(f"http://m.{HOST}/x")}
        names = {HOST: ["127.0.0.1"], f"www.{HOST}": ["127.0.0.15"], f"m.{HOST}": ["10.0.0.1"]}
        came = crawl(tmp_path, f"{HOST}:{portal.port}", names=names)
        assert set(came.skipped.values()) == {"other_port"}
        portal.answers[FIRST] = to(f"http://www.{HOST}:{portal.port}/x")
        came = crawl(tmp_path, f"{HOST}:{portal.port}", "--full", names=names)
    assert "leads to 127.0.0.15" in came.details


WRONG_REDIRECTS = dict.fromkeys((
    "file:///etc/passwd", "ftp://a.test/x", "javascript:alert(1)", "data:text/html,x", "http://[bad/", "http://:80/",
    "http://a.test:99999/", "gopher://127.0.0.1:25/x", "https://", "http://a b/", "//evil.test@/x",
), "bad_address") | {"http://127.0.0.1:9/x": "other_port", "//khac.test/": "offsite"}  # fmt: skip


@pytest.mark.parametrize("location", WRONG_REDIRECTS)
def test_a_redirect_that_leads_nowhere_has_a_reason(tmp_path, location):
    with Portal(pages() | {FIRST: to(location)}) as portal:
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}")
    assert came.skipped == {f"http://127.0.0.1:{portal.port}{FIRST}": WRONG_REDIRECTS[location]}, came.details
    assert len(came.articles) == len(ARTICLES) - 1 and came.site["status"] == "ok"


def test_a_user_in_a_redirect_is_left_out(tmp_path):
    with Portal({}) as portal:
        moved = f"{FIRST}?x=1"
        portal.answers = pages() | {
            FIRST: to(f"http://admin:mat@127.0.0.1:{portal.port}{moved}"),
            moved: pages()[FIRST],
        }
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}")
    assert len(came.articles) == len(ARTICLES) and moved in portal.asked
    assert not any("@" in url for url in came.articles)


def files_of(tmp_path, *addresses, **options):
    """Crawl a portal whose first article links to files at `addresses`; returns address → what came of it."""
    links = " ".join(f"<a href='{address}'>Tệp {n}.pdf</a>" for n, address in enumerate(addresses))
    with Portal(pages(links)) as portal:
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}", "--attachments", **options)
    assert len(came.articles) == len(ARTICLES)
    return came.files


SPELLINGS = ["127.0.0.15", "0x7f.0.0.0xf", "127.15", "2130706447", "0177.0.0.017", "0x7f00000f", "127。0。0。15",
             "[::ffff:127.0.0.15]", "[64:ff9b::7f00:f]", "[::1]", "user@127.0.0.15", "127.0.0.15."]  # fmt: skip


def test_no_spelling_of_an_address_gets_by(tmp_path, inside):
    found = files_of(tmp_path, *(f"http://{host}:{inside.port}/mat.pdf" for host in SPELLINGS))
    assert found and set(found.values()) <= {"internal_address", "bad_address"}


def test_a_file_is_not_fetched_from_a_name_that_leads_inside(tmp_path, inside):
    names = {"tep.phuong.test": ["127.0.0.15"], "a.internal": ["127.0.0.15"], "may-in": ["127.0.0.15"]}
    found = files_of(tmp_path, *(f"http://{host}/{n}.pdf" for n, host in enumerate(names)), names=names)
    assert len(found) == 3 and set(found.values()) == {"internal_address"}


def test_a_file_is_not_fetched_from_another_port(tmp_path, inside):
    (reason,) = files_of(tmp_path, "http://127.0.0.1:22/a.pdf").values()
    assert reason == "other_port"


def test_new_site_says_why_it_does_not_ask(inside, monkeypatch):
    monkeypatch.setenv("TINPHUONG_ALLOW_PRIVATE", "127.0.0.1")
    done = tinphuong("new-site", f"http://127.0.0.15:{inside.port}/", "--dry-run")
    assert done.returncode == 2 and "set TINPHUONG_ALLOW_PRIVATE=127.0.0.15" in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("localhost", "'localhost' is neither an address"),
        ("10.0.0.5/8", "write 10.0.0.0/8 or 10.0.0.5"),
        ("*", "'*' is"),
    ],
)
def test_a_value_that_makes_no_sense_is_said_in_a_sentence(monkeypatch, tmp_path, value, said):
    monkeypatch.setenv("TINPHUONG_ALLOW_PRIVATE", f"127.0.0.1, {value}")
    done = tinphuong("--db", tmp_path / "a.db", "crawl", "hanoi_trucbach")
    assert done.returncode == 2 and said in done.stderr and "TINPHUONG_ALLOW_PRIVATE" in done.stderr, done.stderr
