"""The tests' own tool: a test that fails midway leaves the next ones untouched."""

import signal

import pytest
from filelock import FileLock

from tests.fork_server import PATIENCE, JobOverdue
from tests.living.operator import operators
from tests.living.portal import Portal

NOON = "2025-03-01T12:00:00+00:00"


class GivenUp(Exception):
    """A test that fails for a reason of its own."""


def held():
    """A portal whose first page is never answered, so that a crawl of it does not end by itself."""
    portal = Portal("mot.test")
    portal.publish(3)
    return portal, portal.keep_back("/")


def works(folder):
    """The next test: three articles are published and crawled."""
    folder.mkdir()
    with operators(folder) as operate:
        portal = Portal("hai.test")
        portal.publish(3)
        ward = operate(portal)
        done = ward.crawl(now=NOON)
        assert done.code == 0 and set(done.summary) and done.site("hai")["new"] == 3, (
            "the next test read another's answer"
        )
        assert ward.stored() == set(portal.pieces), "the next test looks at another's collection"


def is_free(db):
    """Whether the run that wrote to `db` has ended: it holds the lock as long as it lives."""
    with FileLock(f"{db}.lock", timeout=PATIENCE):
        return True


def test_jobs_left_unfinished(tmp_path):
    portal, gate = held()
    with pytest.raises(GivenUp), operators(tmp_path) as operate:
        ward = operate(portal)
        ward.start("sites")  # it ends, and no test asks how
        job = ward.start("crawl", "--all", now=NOON)
        ward.wait_for(gate, job)
        raise GivenUp
    assert is_free(ward.db), "the run of a test that failed goes on beside the next tests"
    works(tmp_path / "next")


def test_a_job_that_was_killed(tmp_path):
    portal, gate = held()
    with operators(tmp_path) as operate:
        ward = operate(portal)
        job = ward.start("crawl", "--all", now=NOON)
        ward.wait_for(gate, job)
        job.kill()
        assert ward.finish(job).code == -signal.SIGKILL, "a killed run is not reported as killed"
        gate.open()
        assert ward.crawl(now=NOON).code == 0, "after a killed run the same test cannot go on"
    works(tmp_path / "next")


def test_a_job_that_does_not_end_is_killed_and_said_so(tmp_path):
    portal, gate = held()
    with operators(tmp_path) as operate:
        ward = operate(portal)
        job = ward.start("crawl", "--all", now=NOON)
        ward.wait_for(gate, job)
        with pytest.raises(
            JobOverdue, match=r"^job \d+ \(.*crawl --all.*\) did not end within 0.1 seconds and was killed$"
        ):
            ward.finish(job, within=0.1)
        assert is_free(ward.db), "a run that was overdue goes on"
        gate.open()
        assert ward.crawl(now=NOON).code == 0, "after an overdue run the same test cannot go on"
    works(tmp_path / "next")


def test_two_jobs_at_once_have_their_own_answers(tmp_path):
    portal, gate = held()
    with operators(tmp_path) as operate:
        ward = operate(portal)
        first = ward.start("crawl", "--all", now=NOON)
        ward.wait_for(gate, first)
        second = ward.start("crawl", "nobody", now=NOON)
        third = ward.start("sites")
        assert ward.finish(third).code == 0, "a job that began last has another's exit code"
        gate.open()
        assert ward.finish(first).code == 0, "a job that waited has another's exit code"
        done = ward.finish(second)
        assert (done.code, done.summary) == (2, {}), "a job that failed has another's exit code or summary"
