"""`--log-format json`: every line of the log and of standard error is an object."""

import json
import logging
import sys
from datetime import datetime, timedelta

import pytest

from crawler.cli.output.json_log import JsonLines, sentence_line
from crawler.run import log_fields
from tests.living.portal import Portal
from tests.test_terminal import EVIL, STEERING

NOON = "2025-01-05T12:00:00+00:00"


def objects(text):
    return [json.loads(line) for line in text.split("\n") if line]


def test_a_run_logs_objects(operate, tmp_path):
    mot, hai = Portal("mot.test"), Portal("hai.test")
    numbers = mot.publish(4, days_ago=1)
    mot.broken[f"/{numbers[0]}-"] = 500
    hai.fail("500")
    log = tmp_path / "logs of ours" / "crawl.json"
    ward = operate(mot, hai)
    done = ward.crawl("--all", "--log", log, "--log-format", "json", now=NOON)
    assert done.code == 1
    (said,) = objects(done.err)
    assert (said["site"], said["reason"], said["level"]) == ("hai", "http_500", "ERROR")
    assert said["message"] == "hai failed: no start page could be read: the server answered 500"
    lines = objects(log.read_text(encoding="utf-8"))
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    (lost,) = (line for line in lines if f"/{numbers[0]}-" in line.get("url", ""))
    runs = {row["site"]: row["id"] for row in ward.rows("SELECT * FROM runs")}
    assert (lost["site"], lost["run"], lost["reason"]) == ("mot", runs["mot"], "http_500")
    (ended,) = (line for line in lines if line.get("site") == "mot" and line["message"].startswith("mot: ok: "))
    assert ended["run"] == runs["mot"]
    done = ward.run("crawl", "nobody", "--log-format", "json")
    assert done.code == 2 and objects(done.err)[0]["message"].startswith("no site is registered as 'nobody'")


def record(message, *arguments, **facts):
    made = logging.LogRecord("a.b", logging.WARNING, __file__, 1, message, arguments, facts.pop("exc_info", None))
    made.__dict__.update(facts)
    return made


@pytest.mark.parametrize(
    "evil", [EVIL, "a\nb", "\ud800", '"}\n{"level": "ERROR"}', "\u2028\x85\x1b[2J", "\x00"], ids=ascii
)
def test_no_page_writes_a_line_of_ours(evil):
    try:
        raise ValueError(evil)
    except ValueError:
        trouble = sys.exc_info()
    line = JsonLines().format(record("%s", evil, site=evil, url=evil, reason=evil, exc_info=trouble))
    assert not STEERING.search(line) and len(line.splitlines()) == 1
    line.encode("utf-8")
    read = json.loads(line)
    assert (read["message"], read["url"], read["exception_message"]) == (evil, evil, evil), "something is lost"


def test_a_record_has_its_fields(monkeypatch):
    monkeypatch.setitem(log_fields.runs_going_on, "mot", 7)
    try:
        raise KeyError("x")
    except KeyError:
        trouble = sys.exc_info()
    about = log_fields.about("mot", url="http://mot.test/", reason="dns")
    read = json.loads(JsonLines().format(record("x %s", 1, exc_info=trouble, **about)))
    time = datetime.fromisoformat(read.pop("time"))
    assert time.utcoffset() == timedelta(hours=7)
    assert read.pop("traceback").endswith("KeyError: 'x'\n")
    assert read == {
        "level": "WARNING", "logger": "a.b", "message": "x 1", "site": "mot", "run": 7, "url": "http://mot.test/",
        "reason": "dns", "exception": "KeyError", "exception_message": "'x'",
    }  # fmt: skip
    assert json.loads(JsonLines().format(record("%d", "no number")))["message"] == "%d ('no number',)"
    assert json.loads(sentence_line("hỏng", reason=None))["message"] == "hỏng"
