"""What is concluded of front pages: no danger is taken for a portal, good portals get the right codes."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from crawler.discovery.judgement import judge
from crawler.discovery.model import AnswerKind, Candidate, Confidence, DnsAnswer, FrontPage
from crawler.discovery.refusals import sentence
from spiders.portals import directory
from tests.discovery.dangers import cases
from tests.discovery.front_page_makes import Says, liferay
from tests.discovery.good_portals import good_portals
from tests.discovery.near_misses import near_misses

AT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
GOOD, CASES = good_portals(), [*cases(), *near_misses()]


def judged(host, body, *, url="", charset="utf-8", answer=None, page=None):
    given = DnsAnswer(host, AnswerKind.LIVE, AT, ("203.0.113.5",), **(answer or {}))
    came = {"asked_any": True, "charset": charset} | (page or {})
    return judge(Candidate(host), given, FrontPage(host, url or f"https://{host}/", 200, body, AT, **came))


def of_case(case):
    return judged(case.host, case.body, url=case.url, answer=case.answer, page=case.page)


def of_good(good):
    charset = "windows-1258" if good.portal.make == "windows_1258" else "utf-8"
    return judged(good.host, good.portal.body, charset=charset)


@pytest.mark.parametrize("good", GOOD, ids=lambda good: f"{good.portal.make}-{good.host}")
def test_a_good_portal_is_sure_with_the_right_codes(good):
    found = of_good(good)
    assert (found.confidence, found.unit_old, found.unit_new, found.is_frozen, found.against) == (
        Confidence.SURE, good.unit_old, good.unit_new, good.is_frozen, ()
    ), found  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.danger}-{case.host}")
def test_a_danger_is_no_portal_and_a_near_miss_is_one(case):
    found = of_case(case)
    codes = found.unit_old, found.unit_new
    if case.is_good:
        assert (found.confidence, codes, found.is_frozen) == (Confidence.SURE, case.codes, case.is_frozen), found
        return
    assert found.confidence != Confidence.SURE, found
    assert all(code in (None, right) for code, right in zip(codes, case.codes, strict=True)), found
    assert found.reason and sentence(found.reason), found
    assert not case.reasons or found.reason in case.reasons, found
    assert found.against, found


def test_there_are_enough_of_each_and_all_are_told_apart():
    """Prints the table of what was found by danger (`pytest -s`)."""
    table = Counter()
    for case in CASES:
        found = of_case(case)
        kind = "near miss" if case.is_good else "danger"
        table[case.danger, kind, str(found.confidence)] += 1
    for good in GOOD:
        table["good portals", "good", str(of_good(good).confidence)] += 1
    sure = sum(count for (_, kind, confidence), count in table.items() if confidence == "sure" and kind != "danger")
    wrong = sum(count for (_, kind, confidence), count in table.items() if confidence == "sure" and kind == "danger")
    portals = sum(count for (_, kind, _), count in table.items() if kind != "danger")
    for (danger, kind, confidence), count in sorted(table.items()):
        print(f"{danger:40} {kind:10} {confidence:8} {count:3}")
    print(f"precision {sure}/{sure + wrong}, recall {sure}/{portals}")
    assert (wrong, sure) == (0, portals)
    assert len(GOOD) >= 40 and len(CASES) >= 60 and len({good.portal.make for good in GOOD}) >= 12


def test_owners_of_the_register_as_titles_give_no_wrong_unit():
    """Each twelfth host of the directory, with its owner's name as the page's title and footer, frozen."""
    wrong, sure = [], 0
    for portal in list(directory())[::12]:
        if not portal.is_of_unit or not portal.owner:
            continue
        says = Says(portal.host, "", "", ("12/06/2025",), title=portal.owner, footer=f"<p>{portal.owner}</p>", lead="")
        found = judged(portal.host, liferay(says).encode())
        sure += found.confidence is Confidence.SURE
        if found.unit_old not in (None, portal.old_code) and portal.old_code:
            wrong.append((portal.host, portal.owner, found))
    assert not wrong
    assert sure > 90


def test_what_did_not_come_is_told_with_its_reason():
    host = "trucbach.badinh.hanoi.gov.vn"
    live = DnsAnswer(host, AnswerKind.LIVE, AT, ("203.0.113.5",))
    wild = DnsAnswer(host, AnswerKind.LIVE, AT, ("203.0.113.5",), any_name=True)
    late = FrontPage(host, f"https://{host}/", 0, b"", AT, failed="timeout", why="the server did not answer in time")
    inside = FrontPage(host, "http://10.0.0.5/", 0, b"", AT, failed="internal_address", why="it leads inside")
    assert (judge(Candidate(host), live, late).confidence, judge(Candidate(host), live, late).reason) == (
        "look",
        "timeout",
    )
    assert judge(Candidate(host), wild, late).confidence == "refused"
    assert judge(Candidate(host), live, inside).confidence == "refused"
    assert judge(Candidate(host), live, inside).host == host
    private = DnsAnswer(host, AnswerKind.PRIVATE, AT)
    assert judge(Candidate(host), private, inside).reason == "private"


def test_damaged_pages_are_judged_without_an_error():
    chance = random.Random(20)
    for good in GOOD[:12]:
        for _ in range(5):
            body = bytearray(good.portal.body)
            for _ in range(chance.randint(1, 40)):
                at = chance.randrange(len(body))
                body[at : at + chance.randint(0, 60)] = chance.randbytes(chance.randint(0, 6))
            found = judged(good.host, bytes(body))
            assert found.unit_old in (None, good.unit_old) and found.unit_new in (None, good.unit_new), found
    for body in (
        b"",
        b"\x00" * 50,
        b"<title>" + b"x" * 2_000_000,
        b"<p>" * 50_000,
        b"%PDF-1.4",
        "Xã ".encode() * 90_000,
    ):
        assert judged("trucbach.badinh.hanoi.gov.vn", body).confidence != Confidence.SURE
