"""The name service: every kind of answer and of silence, by a real name server on loopback."""

import json

import pytest

from crawler.discovery.dns import parse_server
from crawler.errors import UsageError
from tests.discovery.stub_dns import StubDns
from tests.running import run

PUBLIC, OTHER = "203.162.0.11", "203.162.0.12"
ZONE = {
    "a.example.gov.vn": PUBLIC,
    "two.example.gov.vn": [PUBLIC, "10.0.0.5", OTHER],
    "six.example.gov.vn": "2405:4800::7",
    "both.example.gov.vn": [PUBLIC, "2405:4800::7"],
    "empty.example.gov.vn": "nodata",
    "silent.example.gov.vn": "silent",
    "broken.example.gov.vn": "servfail",
    "inside.example.gov.vn": "192.168.1.7",
    "here.example.gov.vn": "127.0.0.1",
    "alias.example.gov.vn": "-> portal.example.net",
    "portal.example.net": OTHER,
    "lost.example.gov.vn": "-> nowhere.example.net",
    "circle.example.gov.vn": "-> circle2.example.gov.vn",
    "circle2.example.gov.vn": "-> circle.example.gov.vn",
    "cut.example.gov.vn": f"cut {PUBLIC}",
    "*.any.example.gov.vn": OTHER,
    "*.mute.example.gov.vn": "silent",
}
SAID = {
    "a.example.gov.vn": ["live", [PUBLIC], ""],
    "two.example.gov.vn": ["live", [PUBLIC, OTHER], ""],
    "six.example.gov.vn": ["live", ["2405:4800::7"], ""],
    "both.example.gov.vn": ["live", [PUBLIC], ""],
    "empty.example.gov.vn": ["nodata", [], ""],
    "silent.example.gov.vn": ["silent", [], ""],
    "broken.example.gov.vn": ["servfail", [], ""],
    "inside.example.gov.vn": ["private", ["192.168.1.7"], ""],
    "here.example.gov.vn": ["private", ["127.0.0.1"], ""],
    "alias.example.gov.vn": ["live", [OTHER], "portal.example.net"],
    "lost.example.gov.vn": ["nxdomain", [], ""],
    "circle.example.gov.vn": ["servfail", [], ""],
    "cut.example.gov.vn": ["live", [PUBLIC], ""],
    "x.any.example.gov.vn": ["live", [OTHER], ""],
    "none.example.gov.vn": ["nxdomain", [], ""],
}


def ask(stub, names, **options):
    done = run("tests.discovery.ask_names", json.dumps({"server": stub.address, "names": names, **options}))
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def asked():
    """What was said of all names, and the server that said it."""
    with StubDns(ZONE) as stub:
        suffixes = ["any.example.gov.vn", "example.gov.vn", "mute.example.gov.vn"]
        yield ask(stub, list(SAID), suffixes=suffixes), stub


@pytest.mark.parametrize("name", SAID)
def test_a_name_is_what_the_name_service_says(asked, name):
    found, _ = asked
    assert found["error"] == ""
    assert found["answers"][name] == SAID[name]


def test_ipv6_is_asked_for_only_where_there_is_no_ipv4(asked):
    _, stub = asked
    by_kind = {kind: {name for name, asked_kind, _ in stub.asked if asked_kind == kind} for kind in ("A", "AAAA")}
    assert set(SAID) <= by_kind["A"]
    assert by_kind["AAAA"] == {"six.example.gov.vn", "empty.example.gov.vn"}


def test_a_name_is_asked_for_once_whatever_is_said(asked):
    _, stub = asked
    assert {name: stub.names[name] for name in SAID if not name.startswith("circle")} == {
        name: 1 for name in SAID if not name.startswith("circle")
    }


def test_an_answer_that_was_cut_is_asked_for_by_tcp(asked):
    _, stub = asked
    assert stub.by_tcp == ["cut.example.gov.vn"]


def test_a_suffix_under_which_any_name_answers_is_known_by_names_that_nobody_uses(asked):
    found, stub = asked
    assert found["suffixes"] == {"any.example.gov.vn": True, "example.gov.vn": False, "mute.example.gov.vn": None}
    under = [name for name in stub.names if name.endswith(".any.example.gov.vn") and name not in SAID]
    assert len(under) == 2


def test_private_addresses_are_reached_where_the_operator_names_them():
    with StubDns(ZONE) as stub:
        found = ask(stub, ["inside.example.gov.vn", "here.example.gov.vn"], allow=["127.0.0.1"])
    assert found["answers"] == {
        "inside.example.gov.vn": ["private", ["192.168.1.7"], ""],
        "here.example.gov.vn": ["live", ["127.0.0.1"], ""],
    }


def test_no_more_names_are_asked_for_in_a_second_than_the_rate_says():
    names = [f"x{number}.example.gov.vn" for number in range(12)]
    with StubDns({}) as stub:
        ask(stub, names, rate=40.0)
    times = sorted(at for _, _, at in stub.asked)
    assert len(times) == len(names)
    assert times[-1] - times[0] >= (len(names) - 1) / 40 * 0.9  # a timer may wake a little early, in sum it does not


def test_a_name_server_that_answers_nobody_is_counted():
    with StubDns({}, deaf=True) as stub:
        found = ask(stub, ["a.example.gov.vn", "b.example.gov.vn"], timeout=0.1)
    assert (found["sent"], found["came"], found["unanswered"]) == (2, 0, 2)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)), ("127.0.0.1:5353", ("127.0.0.1", 5353)), ("[::1]:53", ("::1", 53)),
        ("2001:db8::1", ("2001:db8::1", 53)), (" 1.1.1.1 ", ("1.1.1.1", 53)),
    ],
)  # fmt: skip
def test_a_name_server_is_written_as_an_address(text, server):
    assert parse_server(text) == server


@pytest.mark.parametrize("text", ["dns.example.org", "9.9.9.9:x", "9.9.9.9:0", "9.9.9.9:99999", ":53", "", "1.2.3"])
def test_what_is_no_address_of_a_name_server_is_refused(text):
    with pytest.raises(UsageError, match="write it like"):
        parse_server(text)
