"""Alarms are about changes: each is told once, in the exit code of its run and in one message."""

import signal
import sqlite3

import pytest

from storage.alarms.migration import ALARMS
from tests.living.alarm_service import AlarmService
from tests.living.portal import Portal
from tests.running import wait_for

pytest.importorskip("apprise", reason="apprise is not installed")


def at(day, hour=1, month=3):
    return f"2025-{month:02}-{day:02}T{hour:02}:00:00+00:00"


@pytest.fixture
def service():
    made = AlarmService()
    yield made
    made.close()


def portals(*slugs, **facts):
    made = [Portal(f"{slug}.test", **facts) for slug in slugs]
    for portal in made:
        for ago in range(4):
            portal.publish(days_ago=ago)
    return made


def well(begin):
    """Two sites that are well."""
    ward = begin(*portals("mot", "hai"))
    assert ward.crawl(now=at(1, month=1)).code == 0
    return ward


def one_fails(begin):
    """The same, and a day later one of them fails."""
    ward = well(begin)
    ward.world.portals["hai.test"].fail("500")
    assert ward.crawl(now=at(2, month=1)).code == 1
    return ward


def crawl(ward, service, *argv, now, **job):
    done = ward.crawl(*(argv or ("--all",)), "--quiet", "--alarms-to", service.url, now=now, **job)
    assert service.secret not in done.out + done.err + str(done.summary), "a secret is shown"
    return done


def test_a_failure_is_told_once_and_its_end_once(go_on_from, service):
    ward = go_on_from(well)
    hai = ward.world.portals["hai.test"]
    hai.fail("500")
    done = crawl(ward, service, now=at(2, month=1))
    said = "tinphuong: hai failed: no start page could be read: the server answered 500\n"
    assert (done.code, done.out, done.err) == (1, "", said)
    facts = {name: done.site("hai")[name] for name in ("state", "state_before", "turned")}
    assert facts == {"state": "failing", "state_before": "healthy", "turned": "failing"}
    assert done.site("mot")["turned"] is None and done.site("mot")["state"] == "healthy"
    (message,) = service.taken()
    assert message["title"] == "tinphuong: 1 site failing"
    assert message["message"] == (
        "Phường hai (hai): healthy → failing since 2025-01-02 08:00 +07:00: no start page could be read: the server "
        "answered 500. To do: the next run tries again; if it lasts, the portal is down. http://hai.test/"
    )
    done = crawl(ward, service, now=at(2, 7, month=1))
    assert (done.code, done.out, done.err, service.taken()) == (0, "", "", []), "a retry tells of the failure again"
    hai.fail("robots")
    done = crawl(ward, service, now=at(3, month=1))
    assert (done.code, done.err, service.taken()) == (0, "", []), "another reason is told as another failure"
    assert done.site("hai")["reason"] == "robots_unreadable"
    done = ward.crawl("hai", now=at(3, 7, month=1))
    assert done.code == 0
    assert done.err.startswith("tinphuong: hai is still failing since 2025-01-02 08:00 +07:00: no start page")
    done = crawl(ward, service, "hai", "--alarm-every-run", now=at(3, 8, month=1))
    assert done.code == 1 and "still failing" in done.err and service.taken() == []
    hai.recover()
    done = crawl(ward, service, now=at(4, month=1))
    assert (done.code, done.err, done.site("hai")["turned"]) == (0, "", "recovered")
    (message,) = service.taken()
    assert (
        message["title"] == "tinphuong: 1 site recovered" and "failing → healthy since 2025-01-04" in message["message"]
    )
    assert crawl(ward, service, now=at(5, month=1)).code == 0 and service.taken() == []


@pytest.mark.parametrize("mode", ["dns", "refused", "antibot"])
def test_a_site_that_still_fails_says_nothing_to_cron(go_on_from, mode):
    ward = go_on_from(one_fails)
    ward.world.portals["hai.test"].fail(mode)
    done = ward.run("crawl", "--all", "--quiet", now=at(3, month=1))
    assert (done.code, done.out, done.err) == (0, "", "")


def test_the_first_run_tells_what_fails_and_not_what_is_quiet(operate, service):
    mot, hai, ba = portals("mot", "hai", "ba")
    hai.fail("500")
    ward = operate(mot, hai, ba)
    done = crawl(ward, service, now=at(1, month=6))
    assert done.code == 1
    states = {site["site"]: (site["state"], site["turned"]) for site in done.summary["sites"]}
    assert states == {"mot": ("quiet", None), "ba": ("quiet", None), "hai": ("failing", "failing")}
    assert [message["title"] for message in service.taken()] == ["tinphuong: 1 site failing"]
    hai.recover()
    done = crawl(ward, service, now=at(2, month=6))
    assert (done.code, done.site("hai")["turned"]) == (0, "recovered"), "a site that answers is not told"


def test_a_site_that_turns_quiet_is_told_although_nothing_is_new(operate, service):
    """Its pages answer 304."""
    ward = operate(*portals("mot", validators=True))
    assert crawl(ward, service, now=at(1, month=1)).code == 0
    done = crawl(ward, service, now=at(15, month=1))
    assert (done.code, done.site("mot")["state"], service.taken()) == (0, "healthy", [])
    done = crawl(ward, service, now=at(15, month=2))
    assert (done.code, done.site("mot")["turned"]) == (1, "quiet")
    assert done.err.startswith("tinphuong: mot has become quiet: no news for 45 days")
    (message,) = service.taken()
    assert message["title"] == "tinphuong: 1 site quiet" and "healthy → quiet" in message["message"]
    assert crawl(ward, service, now=at(16, month=2)).code == 0 and service.taken() == []


def test_what_cannot_be_sent_is_sent_by_the_next_run_and_once(go_on_from, service, tmp_path):
    ward = go_on_from(well)
    ward.world.portals["hai.test"].fail("500")
    other = AlarmService()
    service.down = True
    log = tmp_path / "log"
    both = ("--all", "--alarms-to", other.url, "--log", log)
    done = crawl(ward, service, *both, now=at(2, month=1))
    assert done.code == 1 and len(other.taken()) == 1
    assert "“tinphuong: 1 site failing” could not be sent to address 2 of the alarms (json://…)" in done.err
    assert "the next run sends it" in done.err and "503" in done.err
    listed = ward.run("alarms", now=at(2, month=1))
    assert listed.code == 0 and "still to be sent" in listed.out
    done = crawl(ward, service, *both, now=at(2, 7, month=1))
    assert done.code == 0 and "could not be sent" in done.err, "nobody learns that alarms do not arrive"
    service.down = False
    ward.world.portals["mot.test"].fail("500")
    done = crawl(ward, service, *both, now=at(2, 9, month=1))
    (message,) = service.taken()
    assert message["title"] == "tinphuong: 2 sites failing" and len(message["message"].splitlines()) == 2
    assert [each["title"] for each in other.taken()] == ["tinphuong: 1 site failing"], "a message comes twice"
    crawl(ward, service, *both, now=at(2, 12, month=1))
    assert service.taken() + other.taken() == []
    assert service.secret not in log.read_text() and ward.rows("SELECT * FROM state_changes WHERE waiting") == []
    other.close()


def test_what_is_left_is_sent_also_where_no_site_is_due(go_on_from, service):
    ward = go_on_from(well)
    ward.world.portals["hai.test"].fail("500")
    service.down = True
    crawl(ward, service, "--due", now=at(3, month=1))
    service.down = False
    done = ward.run("crawl", "--due", now=at(3, 2, month=1), env={"TINPHUONG_ALARMS_TO": f"\n {service.url} , "})
    assert (done.code, done.out) == (0, "no site is due\n")
    assert [message["title"] for message in service.taken()] == ["tinphuong: 1 site failing"]


def test_a_database_from_before_alarms_raises_none_about_what_was_known(go_on_from, service):
    ward = go_on_from(one_fails)
    with sqlite3.connect(ward.db) as connection:  # as the migration leaves it
        connection.executescript("DROP TABLE site_states; DROP TABLE state_changes;")
        connection.executescript(ALARMS)
    done = crawl(ward, service, now=at(3, month=1))
    assert (done.code, done.err, service.taken()) == (0, "", [])
    assert (done.site("hai")["state_before"], done.site("mot")["state_before"]) == ("failing", "healthy")
    ward.world.portals["hai.test"].recover()
    crawl(ward, service, now=at(4, month=1))
    assert [message["title"] for message in service.taken()] == ["tinphuong: 1 site recovered"]


def test_a_stopped_run_changes_no_state(go_on_from, service):
    ward = go_on_from(one_fails)
    hai, mot = ward.world.portals["hai.test"], ward.world.portals["mot.test"]
    hai.recover()
    gate = mot.keep_back("", 2)
    job = ward.start("crawl", "--all", "--alarms-to", service.url, now=at(3, month=1))
    ward.wait_for(gate, job)
    job.send_signal(signal.SIGINT)
    gate.open()
    assert ward.finish(job).code == 130 and service.taken() == []
    assert {row["site"]: row["state"] for row in ward.rows("SELECT * FROM site_states")}["hai"] == "failing"
    mot.gates.clear()
    gate = mot.keep_back("", 2)
    job = ward.start("crawl", "--all", "--alarms-to", service.url, now=at(3, month=1))
    ward.wait_for(gate, job)
    job.kill()
    gate.open()
    mot.open_gates()
    done = crawl(ward, service, now=at(4, month=1))
    assert (done.code, done.site("hai")["turned"], len(service.taken())) == (0, "recovered", 1)


def test_a_first_failure_is_told_by_the_next_run_where_its_own_was_killed(operate, service):
    mot, hai = portals("mot", "hai")
    hai.fail("500")
    gate = mot.keep_back("", 2)
    ward = operate(mot, hai)
    job = ward.start("crawl", "--all", "--alarms-to", service.url, now=at(1, month=1))
    ward.wait_for(gate, job)
    wait_for(lambda: ward.rows("SELECT 1 FROM runs WHERE status = 'failed'"), job, that="the end of a site's run")
    job.kill()
    mot.open_gates()
    done = crawl(ward, service, now=at(2, month=1))
    assert (done.code, done.site("hai")["turned"], len(service.taken())) == (1, "failing", 1)


def test_what_an_archive_holds_raises_no_alarm(go_on_from, service):
    ward = go_on_from(well)
    done = ward.run("crawl", "mot", "--replay", ward.db, "--alarms-to", service.url)
    assert done.code == 2 and "--alarms-to goes with a crawl over the network" in done.err
    assert service.secret not in done.err
