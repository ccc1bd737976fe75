"""The private parts of Scrapy that are used do what is expected of them, and are used in one module only."""

import json
import re
import subprocess
import sys

import pytest

from crawler import scrapy_internals
from tests.running import PATIENCE, ROOT

PRIVATE = re.compile(
    r"engine\._|downloader\._|downloader\.slots|\b_slot\b|nextcall|latercall|inprogress|_stop_reactor|_split_domain"
    r"|scrapy\.core\.scraper|scrapy[\w.]*\._"
)


@pytest.fixture(scope="module")
def seen():
    """What real crawls saw that call each function once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.run.internals_crawl"], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def facts_of(seen, name):
    """Return what the crawl for one function saw; fail with its traceback where Scrapy has moved something."""
    facts = seen[name]
    assert "error" not in facts, f"crawler.scrapy_internals.{name} no longer works:\n{facts.get('error')}"
    return facts


def test_is_closing_sees_that_a_spider_closes(seen):
    facts = facts_of(seen, "is_closing")
    assert facts["open"] is False
    assert facts["closing"] is True and facts["after"] is True


def test_look_at_idle_spider_lets_an_idle_crawl_end(seen):
    """The crawl's own heartbeat is stopped: without the function it would never end."""
    assert facts_of(seen, "look_at_idle_spider")["idle"] == 3


def test_drop_open_requests_lets_a_closing_spider_close(seen):
    facts = facts_of(seen, "drop_open_requests")
    assert facts["waits"], "a closing spider no longer waits for open requests: is the function still needed?"
    assert facts["reason"] == "enough"


def test_stop_reactor_lets_the_process_go_on(seen):
    assert seen["stop_reactor"] == {"returned": True, "all_done": True}


def test_pause_of_host_is_the_pause_that_is_kept(seen):
    facts = facts_of(seen, "lengthen_pause")
    assert facts["set"] == 0.05 and facts["unknown"] == 0.0


def test_lengthen_pause_spreads_the_requests(seen):
    facts = facts_of(seen, "lengthen_pause")
    assert facts["lengthened"] and facts["ahead"] and not facts["shortened"]
    assert facts["now"] == 0.4 and facts["jitter"] == 0.0
    assert len(facts["gaps"]) == 3 and min(facts["gaps"]) > 0.35


def test_lengthen_pauses_holds_for_hosts_that_are_still_to_be_asked(seen):
    facts = facts_of(seen, "lengthen_pause")
    assert (facts["longer stays"], facts["new host"]) == (0.4, 0.2)


def test_silence_host_delays_the_next_request(seen):
    facts = facts_of(seen, "silence_host")
    assert facts["silenced"] and len(facts["gaps"]) == 2
    assert facts["gaps"][0] > 0.55


def test_refuse_waiting_ends_what_waits_for_its_turn(seen):
    facts = facts_of(seen, "refuse_waiting")
    assert facts["refused"] == 2 and facts["errors"] == ["enough", "enough"] and facts["gaps"] == []


def test_hide_dropped_items_writes_no_line_for_them(seen):
    facts = facts_of(seen, "hide_dropped_items")
    assert facts["shown"] == 1, "Scrapy writes another line for a dropped item, or none"
    assert facts["shown_then"] == 1


def test_disconnect_signals_frees_a_crawler(seen):
    facts = facts_of(seen, "disconnect_signals")
    assert facts["kept"], "the dispatcher no longer keeps what is connected: is the function still needed?"
    assert facts["freed"], "a crawler whose run is over is kept"


def test_use_bundled_public_suffixes_downloads_no_list(monkeypatch):
    """Scrapy's cookies ask the list that the function sets, and nothing is downloaded for it."""
    import requests
    from scrapy.downloadermiddlewares import cookies

    def refuse(*_args, **_kwargs):
        raise AssertionError("the list of public suffixes was asked for over the network")

    monkeypatch.setattr(requests.Session, "send", refuse)
    monkeypatch.setattr(cookies, "_split_domain", refuse)  # fails where Scrapy has no such name any more
    with pytest.raises(AssertionError):
        cookies._is_public_domain("gov.vn")
    scrapy_internals.use_bundled_public_suffixes()
    assert cookies._is_public_domain("gov.vn")
    assert not cookies._is_public_domain("huongson.thainguyencity.gov.vn")


def test_private_parts_are_used_nowhere_else():
    found = [
        f"{source.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder in ("crawler", "spiders", "storage")
        for source in sorted((ROOT / folder).rglob("*.py"))
        if source.name != "scrapy_internals.py"
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1)
        if PRIVATE.search(line)
    ]
    assert not found, "\n".join(found)
