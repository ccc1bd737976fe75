"""What is loaded before readers are forked."""

import subprocess
import sys

from crawler.pipelines.warm_up import warm_up
from crawler.run.reading.reader import PageReader
from crawler.units.places import known_places
from tests.running import ROOT, alone

MEMORY = 256 << 20
HOURS = 3600.0


def loaded(site):
    """Whether the second reader and the names of places are there."""
    return "trafilatura.core" in sys.modules, known_places.cache_info().currsize == 1


def fail():
    raise ValueError("not ready")


def test_the_page_is_read_as_an_article_with_all_that_a_run_wants_to_know():
    read = warm_up()
    assert not read.article.reason
    assert read.article.title == "Phường Mẫu phát động trồng cây"
    assert read.article.published_at == "2024-02-05T08:30+07:00"
    assert {link.unit.name for link in read.units} == {"Trúc Bạch"}
    assert read.event_dates and read.keys and read.observer.agreement is not None


def test_readers_begin_with_what_was_loaded_before():
    code = (
        "import tests.run.test_warm_up as t\n"
        "for prepare in (None, t.warm_up):\n"
        "    reader = t.PageReader({}, seconds=t.HOURS, memory=t.MEMORY, readers=1, prepare=prepare)\n"
        "    print(reader.read_now('a', t.loaded))\n"
        "    reader.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["(False, False)", "(True, True)"]


def test_what_cannot_be_prepared_keeps_nobody_from_reading():
    reader = PageReader({}, seconds=HOURS, memory=MEMORY, readers=1, in_order=True, prepare=fail)
    try:
        assert alone(reader.read("a", loaded)) is not None
    finally:
        reader.close()
