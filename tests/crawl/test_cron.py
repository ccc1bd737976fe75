"""The examples in docs/cron, run for real: each command line as it is, with other paths."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from filelock import FileLock

from tests.running import PATIENCE, ROOT

EXAMPLES = ROOT / "docs" / "cron"
SERVICE, TIMER = EXAMPLES / "tinphuong.service", EXAMPLES / "tinphuong.timer"
FIELDS = re.compile(r"^#? ?((?:[\d*/,-]+ +){5})(\S.*)$")
PROGRAM, DATA = "/srv/tinphuong/source/.venv/bin/tinphuong", "/srv/tinphuong/data"


def jobs():
    """Every job of the crontab, also the one given as an alternative: (times, command)."""
    lines = (EXAMPLES / "crontab").read_text(encoding="utf-8").splitlines()
    return [match.groups() for line in lines if (match := FIELDS.match(line))]


def variables():
    lines = (EXAMPLES / "crontab").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"^[A-Z_]+=", line))


@pytest.fixture
def installed(tmp_path):
    """Puts the program and the data in the place of the examples' paths; every site was crawled a moment ago."""
    program = tmp_path / "tinphuong"
    program.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m crawler "$@"\n')
    program.chmod(0o755)
    from crawler import clock
    from spiders.registry import Registry
    from storage import Collection

    with Collection(tmp_path / "tinphuong.db") as collection:
        for spider in Registry.of_package().values():
            row = {"slug": spider.name, "name": spider.ward, "host": spider.host, "platform": spider.platform.name}
            collection.put_site(row | {"unit_old": None, "unit_new": None, "updated_at": clock.stamp()})
            run = collection.begin_run(spider.name, mode="live", started_at=clock.stamp(), software="test")
            collection.finish_run(
                run, finished_at=clock.stamp(), status="ok", reason=None, message="0 new", counts={}, skipped={}
            )
    return lambda text: text.replace(PROGRAM, str(program)).replace(DATA, str(tmp_path))


def run_as_cron(command, environment):
    """As cron does: /bin/sh, a bare environment, no terminal."""
    assert "%" not in command, "cron would end the command there"
    bare = {"HOME": "/", "PATH": "/usr/bin:/bin", "LOGNAME": "x", **environment}
    return subprocess.run(
        ["/bin/sh", "-c", command], env=bare, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE
    )


def test_the_crontab_has_the_jobs_that_it_speaks_of():
    assert next(times.split() for times, _ in jobs()) == ["17", "*", "*", "*", "*"] and len(jobs()) == 4
    assert sum("flock -n -E 75" in command for _, command in jobs()) == 1


@pytest.mark.parametrize("times, command", jobs())
def test_each_line_of_the_crontab_runs(installed, tmp_path, times, command):
    if command.startswith("flock") and shutil.which("flock") is None:
        pytest.skip("there is no flock(1) here")
    environment = {name: installed(value) for name, value in variables().items()}
    done = run_as_cron(installed(command), environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert ("--log" in command) == (tmp_path / "crawl.log").exists()


@pytest.mark.parametrize("command", [command for _, command in jobs() if "crawl" in command])
def test_a_job_that_meets_another_one_exits_with_75(installed, tmp_path, command):
    """Sites are due here; the lock is held, so nothing is asked of the network."""
    if command.startswith("flock") and shutil.which("flock") is None:
        pytest.skip("there is no flock(1) here")
    environment = {name: installed(value) for name, value in variables().items()}
    environment["TINPHUONG_DB"] = str(tmp_path / "new.db")
    lock = tmp_path / ("cron.lock" if command.startswith("flock") else "new.db.lock")
    with FileLock(lock):  # flock(1) meets it too: both use flock(2)
        done = run_as_cron(installed(command), environment)
    assert done.returncode == 75, f"a job that meets another exits with {done.returncode}, and cron sends mail: {done}"


def unit(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def test_the_service_runs(installed):
    text = SERVICE.read_text(encoding="utf-8")
    environment = dict(re.findall(r"^Environment=([A-Z_]+)=(.+)$", installed(text), re.MULTILINE))
    assert set(environment) == {"TINPHUONG_CONTACT", "TINPHUONG_DB"}
    command = shlex.split(installed(unit(SERVICE)["Service"]["ExecStart"]))
    done = subprocess.run(
        command, env={"PATH": os.defpath, **environment}, capture_output=True, text=True, cwd="/", timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "no site is due\n", "")


def test_the_service_takes_the_exit_codes_as_they_are_meant():
    service = unit(SERVICE)["Service"]
    assert service["SuccessExitStatus"].split() == ["75", "130"] and service["KillSignal"] == "SIGTERM"
    assert service["Type"] == "oneshot"


def test_systemd_finds_nothing_wrong(installed, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    for path in (SERVICE, TIMER):
        text = installed(path.read_text(encoding="utf-8")).replace("User=tinphuong\n", "")
        text = re.sub(r"^WorkingDirectory=.*$", f"WorkingDirectory={tmp_path}", text, flags=re.MULTILINE)
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / SERVICE.name), str(tmp_path / TIMER.name)],
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0 and "tinphuong" not in done.stderr, done.stderr
    timer = unit(TIMER)["Timer"]
    spec = subprocess.run(["systemd-analyze", "calendar", timer["OnCalendar"]], capture_output=True, text=True)
    assert spec.returncode == 0 and timer["Persistent"] == "true"


@pytest.mark.parametrize("name", ["crontab", "tinphuong.service", "tinphuong.timer"])
def test_the_page_on_cron_names_every_example(name):
    assert f"cron/{name}" in (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
