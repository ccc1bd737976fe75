"""Alarms: which changes count, what a message says, which addresses are taken, and that they stay secret."""

import logging
import sys

import pytest

from crawler.cli import main
from crawler.errors import ConfigurationError, MissingGroup
from crawler.reasons import Reason
from crawler.run.advice import advice
from crawler.run.alarms import message
from crawler.run.alarms.delivery import targets
from crawler.run.alarms.states import SiteState
from crawler.run.health import State
from tests.living.alarm_service import AlarmService

FAILING, DOUBTFUL, QUIET, HEALTHY = State.FAILING, State.DOUBTFUL, State.QUIET, State.HEALTHY


def change(number, state=FAILING, before=HEALTHY, reason="dns", **more):
    turned = "recovered" if state == HEALTHY else str(state)
    facts = {
        "site": f"x_{number}", "name": f"Phường {number}", "link": f"https://x{number}.vn/", "state": str(state),
        "state_before": before and str(before), "turned": turned, "reason": reason, "message": "it is so",
        "at": "2026-11-30T18:06:00+00:00",
    }  # fmt: skip
    return facts | more


@pytest.mark.parametrize(
    ("before", "now", "turned"),
    [
        (None, HEALTHY, None), (None, QUIET, None), (None, FAILING, "failing"), (None, DOUBTFUL, "doubtful"),
        (HEALTHY, HEALTHY, None), (FAILING, FAILING, None), (QUIET, QUIET, None), (HEALTHY, FAILING, "failing"),
        (FAILING, HEALTHY, "recovered"), (QUIET, HEALTHY, "recovered"), (DOUBTFUL, HEALTHY, "recovered"),
        (HEALTHY, QUIET, "quiet"), (FAILING, QUIET, "recovered"), (QUIET, FAILING, "failing"),
        (FAILING, DOUBTFUL, "doubtful"), (HEALTHY, DOUBTFUL, "doubtful"),
    ],
)  # fmt: skip
def test_what_is_a_change(before, now, turned):
    assert SiteState("x", now, None, "", before, None).turned == turned


@pytest.mark.parametrize(
    ("well", "before", "now", "turned"),
    [
        (QUIET, FAILING, QUIET, "recovered"), (HEALTHY, FAILING, QUIET, "quiet"), (QUIET, DOUBTFUL, QUIET, "recovered"),
        (QUIET, FAILING, HEALTHY, "recovered"), (HEALTHY, HEALTHY, QUIET, "quiet"), (QUIET, HEALTHY, QUIET, "quiet"),
        (QUIET, FAILING, DOUBTFUL, "doubtful"),
    ],
)  # fmt: skip
def test_a_site_that_is_as_quiet_as_before_it_failed_has_recovered(well, before, now, turned):
    assert SiteState("x", now, None, "", before, None, well).turned == turned


def test_a_title_counts_sites_by_what_they_became_last():
    changes = [change(1), change(2), change(3, DOUBTFUL), change(2, HEALTHY, FAILING, None), change(4, QUIET)]
    assert message.title(changes) == "tinphuong: 1 site failing, 1 doubtful, 1 quiet, 1 recovered"
    assert message.title([change(1), change(2)]) == "tinphuong: 2 sites failing"


def test_a_line_says_what_is_to_be_known():
    assert message.body([change(1, before=None)]) == (
        "Phường 1 (x_1): first run → failing since 2026-12-01 01:06 +07:00: it is so. To do: the next run tries again; "
        "if it lasts for days, look for the portal's new address. https://x1.vn/"
    )
    assert "To do" not in message.body([change(1, HEALTHY, FAILING, None)])


def test_a_message_about_very_many_is_short():
    changes = [change(n, reason="dns" if n % 3 else "timeout", message="x" * 3000) for n in range(300)]
    lines = message.body(changes).splitlines()
    assert len(lines) == 52 and max(map(len, lines)) < 800
    assert lines[-2:] == ["… and 250 more; `tinphuong status` shows them.", "All by reason: dns 200, timeout 100."]
    assert len(message.body(changes[:50]).splitlines()) == 50


def test_what_a_page_said_is_no_line_of_a_message():
    assert len(message.body([change(1, message="a\nb\x1b[2J\u2028c", name="X\nY")]).splitlines()) == 1


@pytest.mark.parametrize("reason", [*Reason, "http_404", "http_503"])
def test_there_is_something_to_do_for_every_reason(reason):
    assert advice(str(reason)) and advice(str(reason)) != advice(None)


@pytest.fixture
def service():
    pytest.importorskip("apprise", reason="apprise is not installed")
    made = AlarmService()
    yield made
    made.close()


@pytest.mark.parametrize(
    "address", ["m4t-kh4u", "nix://m4t-kh4u", "tgram://m4t-kh4u", "https://m4t-kh4u.vn/x", "json://"]
)
def test_what_is_no_address_is_said_without_it(service, tmp_path, capsys, address):
    with pytest.raises(ConfigurationError, match="address 2 of the alarms") as raised:
        targets([service.url, address])
    assert "m4t-kh4u" not in str(raised.value)
    assert main(["--db", str(tmp_path / "x.db"), "crawl", "hanoi_trucbach", "--alarms-to", address]) == 2
    said = capsys.readouterr()
    assert "address 1 of the alarms" in said.err and "m4t-kh4u" not in said.err + said.out
    assert not (tmp_path / "x.db").exists(), "a crawl began although nobody can be told"


def test_a_failed_delivery_says_why_and_no_secret(service, caplog):
    (target,) = targets([service.url])
    assert service.secret not in repr(target) + target.name + target.mark
    assert target.send("t", "b") is None and service.taken()[0]["message"] == "b"
    service.down = True
    assert "503" in target.send("t", "b")
    service.close()
    failure = target.send("t", "b")
    assert failure and service.secret not in failure + caplog.text
    assert logging.getLogger("apprise").propagate is False


def test_the_test_message(service, capsys, monkeypatch):
    monkeypatch.setenv("TINPHUONG_ALARMS_TO", service.url)
    assert main(["alarms", "--test"]) == 0
    assert [each["title"] for each in service.taken()] == ["tinphuong: a test message"]
    assert capsys.readouterr().out == "address 1 of the alarms (json://…): sent\n"
    service.down = True
    assert main(["alarms", "--test"]) == 1
    said = capsys.readouterr()
    assert "not sent: " in said.out and "503" in said.out and service.secret not in said.out + said.err


def test_a_test_message_to_nobody(capsys, monkeypatch):
    monkeypatch.delenv("TINPHUONG_ALARMS_TO", raising=False)
    assert main(["alarms", "--test"]) == 2
    assert "name one with --alarms-to" in capsys.readouterr().err


def test_without_the_group_nothing_begins(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(MissingGroup):
        targets(["json://x"])
    assert main(["--db", str(tmp_path / "x.db"), "crawl", "hanoi_trucbach", "--alarms-to", "json://x"]) == 2
    assert "pip install 'tinphuong[alerts]'" in capsys.readouterr().err
    assert not (tmp_path / "x.db").exists()


def test_a_switch_that_is_neither_on_nor_off(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TINPHUONG_ALARMS_EVERY_RUN", "maybe")
    assert main(["--db", str(tmp_path / "x.db"), "crawl", "hanoi_trucbach"]) == 2
    assert capsys.readouterr().err == (
        "tinphuong: the environment variable TINPHUONG_ALARMS_EVERY_RUN is 'maybe'; it takes true or false\n"
    )
