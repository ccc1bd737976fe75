"""The walk over names, with a name service and pages that a test plays."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from crawler.discovery.discover import NoNameService, Walk, plan
from crawler.discovery.memory import kept
from crawler.discovery.model import AnswerKind, Candidate, Confidence, DnsAnswer, Finding, FrontPage
from crawler.discovery.names import area_of_unit
from crawler.discovery.results import by_form, never_hit, outcomes, portals_of, rows_of
from crawler.units import parse_unit
from tests.running import in_this_thread

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
AREA = area_of_unit("new:14797", parse_unit("new:14797"))


class PlayedService:
    """A name service that says of each name what `said` says, the last of it again and again; `cut_off`: it sees
    nothing of the public network."""

    def __init__(self, said, suffixes=(), *, cut_off=False):
        said = said if cut_off else {"hanoi.gov.vn": [AnswerKind.LIVE]} | said
        self.said, self.suffixes = {host: list(kinds) for host, kinds in said.items()}, dict(suffixes)
        self.asked = Counter()
        self.sent = self.came = self.unanswered = 0

    async def ask(self, host):
        self.asked[host] += 1
        self.sent += 1
        self.came += 1
        kinds = self.said.get(host, [AnswerKind.NXDOMAIN])
        kind = kinds.pop(0) if len(kinds) > 1 else kinds[0]
        return DnsAnswer(host, kind, AT, ("203.162.0.11",) if kind is AnswerKind.LIVE else ())

    async def any_name(self, suffix):
        return self.suffixes.get(suffix, False)


class PlayedPages:
    async def front_page(self, answer):
        return FrontPage(answer.host, f"https://{answer.host}/", 200, b"", AT)


def sure(candidate, answer, page):
    return Finding(candidate.host, candidate.host, Confidence.SURE, unit_new="14797")


@pytest.fixture
def memory(tmp_path):
    with kept(tmp_path / "a.db") as opened:
        yield opened


def walk(memory, service, judge=sure, **options):
    """Walk, and return the plan with what became of it."""
    planned = plan(AREA, memory, {})
    in_this_thread(Walk(planned, memory, service, PlayedPages(), judge, **options).run())
    return planned


def hosts(memory):
    return list(plan(AREA, memory, {}).names)


def test_a_name_of_which_no_answer_came_is_asked_for_once_more_and_never_again(memory):
    first, second = hosts(memory)[:2]
    service = PlayedService(
        {first: [AnswerKind.SILENT, AnswerKind.LIVE], second: [AnswerKind.SILENT]},
    )
    planned = walk(memory, service)
    assert service.asked[first] == service.asked[second] == 2
    assert planned.names[first].outcome == "sure"
    assert planned.names[second].outcome == "silent"
    assert max(count for host, count in service.asked.items() if host not in (first, second)) == 1


def test_servfail_is_not_asked_for_again_and_is_not_gone(memory):
    first = hosts(memory)[0]
    service = PlayedService({first: [AnswerKind.SERVFAIL, AnswerKind.LIVE]})
    planned = walk(memory, service)
    assert service.asked[first] == 1
    assert outcomes(planned)["servfail"] == 1


def test_a_name_service_that_knows_no_name_at_all_is_not_believed(memory):
    service = PlayedService({}, cut_off=True)
    with pytest.raises(NoNameService, match=r"not even hanoi\.gov\.vn"):
        walk(memory, service)
    assert all(memory.answer(host) is None for host in hosts(memory))
    assert service.asked["hanoi.gov.vn"] == service.asked["danang.gov.vn"] == 1


def test_that_no_portal_is_there_is_believed_of_one_that_knows_others(memory):
    service = PlayedService({})
    planned = walk(memory, service)
    assert outcomes(planned) == {"nxdomain": len(hosts(memory))}
    assert all(memory.answer(host) is not None for host in hosts(memory))


def test_where_it_is_not_known_whether_any_name_answers_a_name_proves_nothing(memory):
    first = hosts(memory)[0]
    seen = []

    def judge(candidate, answer, page):
        seen.append(answer.any_name)
        return sure(candidate, answer, page)

    walk(memory, PlayedService({first: [AnswerKind.LIVE]}, {first.partition(".")[2]: None}), judge)
    assert seen == [True]


def test_a_page_on_which_tinphuong_fails_ends_no_other(memory):
    first, second = hosts(memory)[:2]

    def judge(candidate, answer, page):
        if candidate.host == first:
            raise ValueError("unexpected")
        return sure(candidate, answer, page)

    planned = walk(memory, PlayedService({first: [AnswerKind.LIVE], second: [AnswerKind.LIVE]}), judge)
    assert planned.names[second].outcome == "sure"
    failed = planned.names[first].finding
    assert (failed.confidence, failed.reason) == (Confidence.LOOK, "internal_error")
    assert "please report it" in failed.against[0]
    assert memory.finding(first) is None


def test_links_are_followed_to_pages_with_further_links(memory):
    first = hosts(memory)[0]
    chain = [first, "one.example.gov.vn", "two.example.gov.vn"]
    unit = AREA.new[0]

    def links(page):
        at = chain.index(page.host)
        return [Candidate(host, (unit,), "link", page.url, "Phường Hạc Thành") for host in chain[at + 1 : at + 2]]

    service = PlayedService({host: [AnswerKind.LIVE] for host in chain})
    planned = walk(memory, service, links=links)
    assert [planned.names[host].outcome for host in chain] == ["sure"] * 3
    assert all(service.asked[host] == 1 for host in chain)
    again = plan(AREA, memory, {})
    assert again.is_done
    assert {"one.example.gov.vn", "two.example.gov.vn"} <= set(again.names)


def test_several_names_that_lead_to_one_host_are_one_portal(memory):
    first, second = hosts(memory)[:2]

    def judge(candidate, answer, page):
        return Finding("portal.thanhhoa.gov.vn", candidate.host, Confidence.SURE, unit_new="14797")

    planned = walk(memory, PlayedService({first: [AnswerKind.LIVE], second: [AnswerKind.LIVE]}), judge)
    found = portals_of(planned)
    assert [name.finding.host for name in found] == ["portal.thanhhoa.gov.vn"]
    (row,) = rows_of([name.finding for name in found], set())
    assert (row.host, row.unit_new) == ("portal.thanhhoa.gov.vn", "14797")


def test_every_form_is_counted(memory):
    first = hosts(memory)[0]
    planned = walk(memory, PlayedService({first: [AnswerKind.LIVE]}))
    counts = by_form(planned)
    assert sum(count.names for count in counts) == len(planned.names)
    assert sum(count.live for count in counts) == sum(count.sure for count in counts) == 1
    assert set(never_hit(counts)) == {count.form for count in counts if not count.sure}
