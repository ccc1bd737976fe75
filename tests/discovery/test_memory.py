"""What is remembered between discoveries, and for how long."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery.memory import DAYS, FILE_NAME, Memory, kept, memory_of
from crawler.discovery.model import AnswerKind, Candidate, Confidence, DnsAnswer, Finding
from crawler.units import NEW, table
from storage.errors import Locked, NewerSchema, Unreadable

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOST = "anbinh.vinhlong.gov.vn"
UNIT = table().get("29584", NEW)


class Clock:
    """A time that a test sets."""

    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def memory(tmp_path, clock):
    with kept(tmp_path / "a.db", now=clock) as opened:
        yield opened


@pytest.mark.parametrize("kind", [AnswerKind.LIVE, AnswerKind.NXDOMAIN, AnswerKind.NODATA, AnswerKind.PRIVATE])
def test_an_answer_is_believed_for_thirty_days(memory, clock, kind):
    answer = DnsAnswer(HOST, kind, AT, ("203.162.0.11", "2405:4800::7"), "portal.example.net", any_name=True)
    memory.keep_answer(answer)
    clock.at = AT + timedelta(days=DAYS, seconds=-1)
    assert memory.answer(HOST) == answer
    clock.at = AT + timedelta(days=DAYS)
    assert memory.answer(HOST) is None


@pytest.mark.parametrize("kind", [AnswerKind.SILENT, AnswerKind.SERVFAIL])
def test_a_name_that_nobody_could_tell_is_asked_for_the_next_day(memory, clock, kind):
    memory.keep_answer(DnsAnswer(HOST, kind, AT))
    assert memory.answer(HOST).kind is kind
    clock.at = AT + timedelta(days=1)
    assert memory.answer(HOST) is None


def test_a_finding_comes_back_as_it_was(memory, clock):
    finding = Finding(
        HOST, "old.vinhlong.gov.vn", Confidence.REFUSED, "29587", None, "Xã An Bình", "generic", "http", "any",
        "2026-11-28", True, ("its title says “Xã An Bình”",), ("frozen", "no area"), "betting",
    )  # fmt: skip
    memory.keep_finding(finding, Candidate("old.vinhlong.gov.vn", form="{ward}.{province}.gov.vn"))
    found = memory.finding("old.vinhlong.gov.vn")
    assert (found.finding, found.form, found.at) == (finding, "{ward}.{province}.gov.vn", AT)
    memory.keep_finding(replace(finding, confidence=Confidence.SURE), Candidate("old.vinhlong.gov.vn"))
    assert memory.finding("old.vinhlong.gov.vn").finding.confidence is Confidence.SURE
    clock.at = AT + timedelta(days=DAYS)
    assert memory.finding("old.vinhlong.gov.vn") is None


@pytest.mark.parametrize(
    ("reason", "days"), [("timeout", 1), ("connection", 1), ("http_503", 1), ("http_404", DAYS), ("betting", DAYS)]
)
def test_a_page_that_did_not_come_is_asked_for_the_next_day(memory, clock, reason, days):
    memory.keep_finding(Finding(HOST, HOST, Confidence.LOOK, reason=reason), Candidate(HOST))
    clock.at = AT + timedelta(hours=12)
    assert memory.finding(HOST) is not None
    clock.at = AT + timedelta(days=days)
    assert memory.finding(HOST) is None


def test_what_is_forgotten_is_asked_for_again(memory):
    memory.keep_answer(DnsAnswer(HOST, AnswerKind.LIVE, AT, ("203.162.0.11",)))
    memory.keep_finding(Finding(HOST, HOST, Confidence.SURE), Candidate(HOST))
    memory.keep_any_name("vinhlong.gov.vn", answers=True)
    memory.forget([HOST])
    assert (memory.answer(HOST), memory.finding(HOST), memory.any_name("vinhlong.gov.vn")) == (None, None, None)


def test_suffixes_links_and_units_are_remembered(memory, clock):
    memory.keep_any_name("vinhlong.gov.vn", answers=False)
    memory.keep_link(Candidate(HOST, (UNIT,), "link", "https://vinhlong.gov.vn/", "Xã An Bình"))
    memory.keep_units([UNIT])
    memory.keep_read("vinhlong.gov.vn")
    assert memory.any_name("vinhlong.gov.vn") is False
    assert list(memory.links([UNIT.reference])) == [
        (HOST, UNIT.reference, "https://vinhlong.gov.vn/", "Xã An Bình")
    ]  # fmt: skip
    assert list(memory.links(["new:00000"])) == []
    assert memory.asked_at([UNIT]) == [AT.isoformat(timespec="seconds")]
    assert memory.has_read("vinhlong.gov.vn")
    clock.at = AT + timedelta(days=DAYS)
    assert memory.any_name("vinhlong.gov.vn") is None
    assert not memory.has_read("vinhlong.gov.vn")


def test_what_was_kept_outlives_the_process(tmp_path, clock):
    with kept(tmp_path / "a.db", now=clock) as memory:
        memory.keep_answer(DnsAnswer(HOST, AnswerKind.NXDOMAIN, AT))
        other = Memory(memory_of(tmp_path / "a.db"), now=clock)  # as after a kill: nothing was closed
        assert other.answer(HOST).kind is AnswerKind.NXDOMAIN
        other.close()


def test_only_one_discovery_has_the_file(tmp_path):
    with kept(tmp_path / "a.db"), pytest.raises(Locked, match="another discovery is on"), kept(tmp_path / "a.db"):
        pass


def test_a_dry_run_makes_no_file(tmp_path):
    memory = Memory(tmp_path / FILE_NAME, keeps=False)
    assert memory.answer(HOST) is None
    memory.close()
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / FILE_NAME).write_text("no database, but long enough to look like one" * 50)
    with pytest.raises(Unreadable, match="it only remembers"), kept(tmp_path / "a.db"):
        pass


def test_a_newer_file_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(NewerSchema, match="newer tinphuong"), kept(tmp_path / "a.db"):
        pass
