"""Jobs forked from a warm process end as processes of their own do, and none is touched by the one before it."""

import signal
import socket
import sys
import time
from contextlib import closing

import pytest

from tests.fork_server import ForkServer, ForkServerFailed, JobOverdue
from tests.running import FORKS, ROOT, environment, real_tinphuong, run, start, tinphuong, wait_for

NUMBER = 999_999_999  # of no process: the largest is some millions
LIAR = """
import os, socket, sys
connection = socket.socket(fileno=int(sys.argv[3]))
answers = socket.recv_fds(connection, 1 << 20, 4)[1][3]
os.write(answers, sys.argv[2].encode())
connection.sendall(sys.argv[1].encode())
while connection.recv(1 << 16):
    pass
"""


def liar(taken, answers):
    """The command of a server that answers as it is told to, whatever the job."""
    return sys.executable, "-c", LIAR, taken, answers


def slow():
    """A job that goes on until it is killed."""
    return start("tests.platforms", "handmade")


def test_a_forked_command_does_what_a_process_does(tmp_path):
    for words in (("date", "Thứ sáu, 08/12/2023 | 3:07 CH"), ("--db", tmp_path / "none.db", "search", "tin"), ("x",)):
        forked, real = tinphuong(*words, cwd=tmp_path), real_tinphuong(*words, cwd=tmp_path)
        assert (forked.returncode, forked.stdout, forked.stderr) == (real.returncode, real.stdout, real.stderr)


def test_a_job_reads_its_input_and_has_its_own_folder_and_streams(tmp_path):
    done = tinphuong("extract", "-", input="<html><body></body></html>", cwd=tmp_path)
    assert '"reason": "empty_page"' in done.stdout and not done.stderr


def test_a_job_that_hangs_is_ended_and_the_next_is_answered():
    with slow() as job:
        sentence = r"^job \d+ \(tests\.platforms handmade\) did not end within 0.2 seconds and was killed$"
        with pytest.raises(JobOverdue, match=sentence):
            job.wait(0.2)
        assert job.returncode == -signal.SIGKILL, "a job that took too long goes on"
    assert tinphuong("--version").stdout.startswith("tinphuong 0."), "the job after one that hung has a wrong answer"


def test_a_job_that_was_killed_says_so_each_time():
    with slow() as job:
        job.kill()
        tinphuong("--version")
        assert job.wait() == job.wait() == -signal.SIGKILL, "a killed job is not reported as killed"
        job.send_signal(signal.SIGKILL)  # its number may be another's by now


def test_two_jobs_at_once_have_each_their_own_answer():
    with slow() as first:
        assert tinphuong("x").returncode == 2
        assert first.poll() is None
        first.send_signal(signal.SIGTERM)
        assert first.wait() == -signal.SIGTERM


def test_the_seconds_of_a_job_are_its_own():
    with start("timeit", "-n", "1", "-r", "1", "sum(range(10**7))") as busy, start("crawler", "--version") as idle:
        busy.wait()
        idle.wait()
        assert busy.cpu > idle.cpu > 0, "a job's seconds of CPU are another's"


def is_open(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_that_died_is_replaced_and_its_jobs_end():
    with slow() as job:
        wait_for(lambda: job.output(1).endswith("\n"), job, that="its first line")
        port = int(job.output(1).split(":")[2].split("/")[0])
        assert is_open(port)
        FORKS._process.kill()
        FORKS._process.wait()
        assert tinphuong("--version").returncode == 0, (
            "after the end of the process that jobs are forked from none is run"
        )
        with pytest.raises(ForkServerFailed, match=rf"^the process that waits for job {job.pid} .* ended before it$"):
            job.wait()
        until = time.monotonic() + 60
        while is_open(port):
            assert time.monotonic() < until, "a job goes on beside those of the server that replaced its own"


def start_with(forks):
    return forks.start("crawler", "--version", cwd=ROOT, env=environment())


@pytest.mark.parametrize(
    "answer",
    ["code 0 0.1\n", '{"pid": 77}\n', "\n", "-7\n", f"{NUMBER} 0 0.1\n"],
    ids=["a word", "JSON", "an empty line", "no number of a process", "too much"],
)
def test_after_a_garbled_answer_a_job_has_a_new_server(answer):
    with closing(ForkServer(environment(), liar("+", answer))) as forks:
        with pytest.raises(ForkServerFailed, match=r" answered .*, which is no answer$"):
            start_with(forks)
        assert not forks.running, "a process that is out of step is used again"
        forks.command = liar("+", f"{NUMBER}\n3 0.125\n")
        job = start_with(forks)
        assert (job.pid, job.wait(), job.cpu) == (NUMBER, 3, 0.125)


@pytest.mark.parametrize("answer", ["", "0", "x 0.1", "0 0.1 0.1"])
def test_a_garbled_end_is_no_exit_code(answer):
    with closing(ForkServer(environment(), liar("+", f"{NUMBER}\n{answer}\n"))) as forks:
        job = start_with(forks)
        with pytest.raises(ForkServerFailed, match=rf"job {NUMBER} .* answered .*, which is no answer$"):
            job.wait()
        assert job.returncode is None


@pytest.mark.parametrize("command", [(sys.executable, "-c", ""), liar("?", "")], ids=["dead", "out of step"])
def test_a_server_that_takes_no_job_is_replaced_once(command):
    with closing(ForkServer(environment(), command)) as forks:
        with pytest.raises(ForkServerFailed, match="took no job, nor did the one in its place"):
            start_with(forks)
        assert not forks.running


def test_what_modules_read_as_they_are_imported_takes_a_real_process(monkeypatch):
    monkeypatch.setenv("CDXT_MAX_RETRIES", "1")
    assert "CDXT_MAX_RETRIES" not in FORKS.env, "the process that jobs are forked from knows what one test sets"
    assert tinphuong("--version").returncode == 0


def test_a_job_reads_the_environment_that_its_own_test_sets(monkeypatch):
    for contact in ("a@b.example", "c@d.example", "e@f.example"):
        monkeypatch.setenv("TINPHUONG_CONTACT", contact)
        done = run("tests.run.show_settings", "USER_AGENT")
        assert contact in done.stdout, "a job has settings that another test's environment made"
    monkeypatch.delenv("TINPHUONG_CONTACT")
    assert "@" not in run("tests.run.show_settings", "USER_AGENT").stdout
