"""The pauses of a live crawl: what the environment says of them, and how a mistake there is reported."""

import threading
import time

import pytest

from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from tests.platforms import replicas
from tests.platforms.server import PlatformServer
from tests.running import tinphuong

PAUSES = (
    "TINPHUONG_DELAY",
    "TINPHUONG_DELAY_JITTER",
    "TINPHUONG_RETRY_BACKOFF",
    "TINPHUONG_SITES_AT_ONCE",
    "TINPHUONG_TIMEOUT",
)


@pytest.fixture
def settings(monkeypatch):
    """Return the settings under some variables of the environment."""

    def read(**variables):
        for name in PAUSES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(f"TINPHUONG_{name}", value)
        return Configuration.of_environment().settings()

    return read


def pace(found):
    names = ("DOWNLOAD_DELAY", "DOWNLOAD_DELAY_JITTER", "RETRY_BACKOFF", "TINPHUONG_SITES_AT_ONCE")
    return tuple(found[name] for name in names)


def test_the_environment_sets_the_pauses(settings):
    assert pace(settings()) == pace(settings(DELAY="", SITES_AT_ONCE=" ")) == (1.5, 0.3, 2.0, 8)
    assert settings()["DOWNLOAD_TIMEOUT"] == 45 and settings(TIMEOUT="90")["DOWNLOAD_TIMEOUT"] == 90
    assert pace(settings(DELAY="4", DELAY_JITTER="0", RETRY_BACKOFF=".5", SITES_AT_ONCE="2")) == (4.0, 0.0, 0.5, 2)


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        *(("DELAY", value, "a number of 0 or more, in seconds") for value in ("1,5", "-1", "nan", "inf", "fast")),
        ("DELAY_JITTER", "30", "a number from 0 to 1, in shares of the pause"),
        *(("TIMEOUT", value, "a number of 0.1 or more, in seconds") for value in ("0", "-3", "inf", "1m")),
        ("RETRY_BACKOFF", "2s", "a number of 0 or more, in seconds"),
        *(("SITES_AT_ONCE", value, "a whole number, 1 or more") for value in ("0", "2.5", "all")),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_with_its_variable(settings, name, value, takes):
    with pytest.raises(ConfigurationError) as raised:
        settings(**{name: value})
    assert str(raised.value) == f"the environment variable TINPHUONG_{name} is {value!r}; it takes {takes}"


@pytest.mark.parametrize("command", [["crawl", "hanoi_trucbach"], ["new-site", "http://127.0.0.1:9/", "--dry-run"]])
def test_a_command_ends_with_one_sentence_before_it_has_written_anything(command, tmp_path, monkeypatch):
    monkeypatch.setenv("TINPHUONG_DELAY", "soon")
    done = tinphuong("--db", tmp_path / "a.db", *command)
    assert (done.returncode, done.stdout) == (2, "") and not any(tmp_path.iterdir())
    assert done.stderr == (
        "tinphuong: the environment variable TINPHUONG_DELAY is 'soon'; it takes a number of 0 or more, in seconds\n"
    )


class Watched:
    """A replica that counts how many requests it answers at once."""

    def __init__(self, replica):
        self.replica = replica
        self.now = self.most = 0
        self.lock = threading.Lock()

    def answer(self, *request):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self.lock:
            self.now -= 1
        return self.replica.answer(*request)


def test_without_a_pause_requests_to_a_host_still_come_one_by_one(tmp_path, monkeypatch):
    for name in PAUSES[:2]:
        monkeypatch.setenv(name, "0")
    replica = replicas.BY_PLATFORM["drupal"]
    watched = Watched(replica)
    with PlatformServer(only=watched) as server:
        table = tmp_path / "sites.csv"
        start = " ".join(replica.start)
        table.write_text(
            f"slug,name,host,platform,scheme,start_pages\nx_a,Xã,127.0.0.1:{server.port},drupal,http,{start}\n"
        )
        done = tinphuong("--db", tmp_path / "a.db", "crawl", "x_a", "--sites", table)
        asked = len(server.served)
    assert done.returncode == 0 and asked > 8, done.stderr
    assert watched.most == 1, "requests to one host overlap"
