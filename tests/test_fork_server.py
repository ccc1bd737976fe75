"""Jobs forked from a warm process end as processes of their own do, and none is touched by the one before it."""

import signal
import subprocess

import pytest

from tests.running import FORKS, environment, real_tinphuong, start, tinphuong


def test_a_forked_command_does_what_a_process_does(tmp_path):
    for words in (("date", "Thứ sáu, 08/12/2023 | 3:07 CH"), ("--db", tmp_path / "none.db", "search", "tin"), ("x",)):
        forked, real = tinphuong(*words, cwd=tmp_path), real_tinphuong(*words, cwd=tmp_path)
        assert (forked.returncode, forked.stdout, forked.stderr) == (real.returncode, real.stdout, real.stderr)


def test_a_job_reads_its_input_and_has_its_own_folder_and_streams(tmp_path):
    done = tinphuong("extract", "-", input="<html><body></body></html>", cwd=tmp_path)
    assert '"reason": "empty_page"' in done.stdout and not done.stderr


def test_a_job_that_hangs_is_ended_and_the_next_is_answered():
    with start("tests.platforms", "handmade") as job:
        with pytest.raises(subprocess.TimeoutExpired):
            job.wait(0.2)
        assert job.returncode == -signal.SIGKILL, "a job that took too long goes on"
    assert tinphuong("--version").stdout.startswith("tinphuong 0."), "the job after one that hung has a wrong answer"


def test_two_jobs_at_once_have_each_their_own_answer():
    with start("tests.platforms", "handmade") as slow:
        assert tinphuong("x").returncode == 2
        assert slow.poll() is None
        slow.send_signal(signal.SIGTERM)
        assert slow.wait() == -signal.SIGTERM


def test_a_server_that_died_is_replaced():
    tinphuong("--version")
    FORKS._process.kill()
    FORKS._process.wait()
    assert tinphuong("--version").returncode == 0, "after the end of the process that jobs are forked from none is run"


def test_what_modules_read_as_they_are_imported_takes_a_real_process(monkeypatch):
    monkeypatch.setenv("TINPHUONG_CONTACT", "a@b.example")
    assert environment()["TINPHUONG_CONTACT"] not in FORKS.known.values()
    assert tinphuong("--version").returncode == 0
