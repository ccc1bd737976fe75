"""Work that is done in processes which can be ended: what comes back, and what becomes of those that never would."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.extraction.observe import Observer
from crawler.reasons import Reason
from crawler.run.reading.reader import PageEnded, PageReader, ReadingStopped
from tests.running import PATIENCE, ROOT, alone

MEMORY = 64 << 20
HOURS = 3600.0


class Odd(Exception):
    """An exception that cannot be pickled."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def double(site, number):
    return site, 2 * number


def pid(site):
    return os.getpid()


def grow(site, size):
    return bytes(size)


def note(site, observer):
    observer.agreement = 0.5
    return observer


def fail(site, error):
    logging.getLogger("of.the.page").warning("line %d of %s", 3, site)
    raise error


def fail_oddly(site):
    raise Odd(1, 2)


def spin(site):
    while True:
        pass


def sleep(site, path=None):
    if path:
        path.touch()
    time.sleep(HOURS)


def hoard(site):
    held = []
    while True:
        held.append(b"x" * (1 << 20))


def ask_too_much(site):
    return len(bytes(1 << 40))


def die(site, number):
    os.kill(os.getpid(), number)


def handlers(site):
    caught = [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    numbers = [entry for entry in Path("/proc/self/fd").iterdir() if int(entry.name) > 2]
    return caught, [entry for entry in numbers if str(entry.resolve()) != os.devnull and not entry.is_fifo()]


@pytest.fixture
def reader():
    reader = PageReader({"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=2)
    yield reader
    reader.close()


def gone(number):
    """Whether a process has ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait(condition):
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize("readers", [0, 1])
def test_the_answer_comes_back_and_so_does_what_was_noted(readers):
    reader = PageReader({"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=readers)
    try:
        assert alone(reader.read("a", double, 4)) == ("the site", 8)
        assert reader.read_now("b", double, 1) == (None, 2), "an unknown site is not None"
        assert [one.result() for one in reader.each([reader.several.read("a", double, 2)])] == [("the site", 4)]
        assert reader.read_now("a", note, Observer()).agreement == 0.5
        assert (reader.read_now("a", pid) == os.getpid()) == (readers == 0), "pages are read in another place"
        assert len(reader.read_now("a", grow, 8 << 20)) == 8 << 20, "a large answer is cut"
    finally:
        reader.close()


def test_an_exception_comes_back_with_its_place_and_its_log(reader, caplog):
    with pytest.raises(KeyError, match="'k'") as raised:
        reader.read_now("a", fail, KeyError("k"))
    assert "in fail" in raised.value.__notes__[0], "nothing says where it was raised"
    assert "line 3 of the site" in caplog.text, "what was logged is lost"
    with pytest.raises(RuntimeError, match="Odd: 1 and 2"):
        reader.read_now("a", fail_oddly)
    assert reader.read_now("a", double, 1) == ("the site", 2)


def test_what_cannot_be_handed_over_fails_where_it_was_asked_for(reader):
    async def read():
        asked = (reader.read("a", *one) for one in ((double, 1), (double, lambda: 1), (double, 3)))
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second, third = alone(read())
    assert (first, third) == (("the site", 2), ("the site", 6))
    assert isinstance(second, Exception)
    assert "lambda" in str(second)


@pytest.mark.parametrize(
    ("work", "seconds", "says"),
    [
        (spin, 0.1, "seconds"),
        (sleep, 0.1, "seconds"),
        (hoard, HOURS, "64 MiB of memory"),
        (ask_too_much, HOURS, "64 MiB of memory"),
    ],
)  # fmt: skip
def test_work_that_takes_too_much_is_ended_and_the_next_is_done(reader, work, seconds, says):
    reader.seconds = seconds
    with pytest.raises(PageEnded) as ended:
        reader.read_now("a", work)
    assert (ended.value.reason, says in ended.value.detail) == (Reason.TOO_SLOW, True), ended.value.detail
    with pytest.raises(PageEnded):
        alone(reader.read("a", work))
    reader.seconds = HOURS
    assert reader.read_now("a", double, 1) == ("the site", 2)


def test_much_memory_that_was_given_back_counts_too(reader):
    with pytest.raises(PageEnded, match="memory"):
        reader.read_now("a", _briefly)
    assert reader.read_now("a", double, 1) == ("the site", 2)


def _briefly(site):
    return len(bytes(2 * MEMORY).replace(b"\0", b"\1"))


def test_only_a_page_that_ends_two_readers_is_to_blame(reader):
    with pytest.raises(PageEnded, match=r"ended twice \(exit code -11\)"):
        reader.read_now("a", die, signal.SIGSEGV)
    os.kill(reader.read_now("a", pid), signal.SIGKILL)
    assert reader.read_now("a", double, 3) == ("the site", 6), "a reader that a stranger killed is not replaced"


def test_readers_keep_nothing_of_the_process_open_and_leave_signals_to_it(reader):
    with Path(__file__).open() as held:
        reader.begin()
        caught, open_files = reader.read_now("a", handlers)
        assert held.fileno() > 2
    assert caught == [str(signal.SIG_IGN)] * 2, "a signal to the whole group ends readers before the run decides"
    assert len(open_files) <= 2, "more than a socket and this folder is open"


def test_readers_live_beside_a_library_that_closes_its_pipes_where_a_process_forks():
    pytest.importorskip("pyarrow").array([1])
    reader = PageReader({}, seconds=HOURS, memory=MEMORY, readers=1)
    try:
        assert reader.read_now("a", double, 1) == (None, 2)
    finally:
        reader.close()


def test_a_keeper_that_is_killed_is_replaced(reader):
    first = reader.read_now("a", pid)
    os.kill(reader.keeper.pid, signal.SIGKILL)
    os.kill(first, signal.SIGKILL)
    assert reader.read_now("a", double, 1) == ("the site", 2)
    assert reader.read_now("a", pid) != first


def test_pages_of_a_site_are_read_in_order_and_a_slow_one_holds_up_no_other_site(reader):
    async def read():
        slow = asyncio.ensure_future(reader.read("slow", spin))
        done = []
        for number in range(5):
            work = asyncio.ensure_future(reader.read("a", double, number))
            work.add_done_callback(lambda work: done.append(work.result()[1]))
        while len(done) < 5:
            await asyncio.sleep(0.01)
        reader.stop()
        with pytest.raises(ReadingStopped):
            await slow
        return done

    assert alone(read()) == [0, 2, 4, 6, 8]
    with pytest.raises(ReadingStopped):
        reader.read_now("a", double, 1)


def test_closing_ends_all_processes(reader):
    number, keeper = reader.read_now("a", pid), reader.keeper.pid
    reader.close()
    wait(lambda: gone(number) and gone(keeper))
    assert reader.read_now("a", double, 1) == ("the site", 2), "a closed reader does not begin again"


def test_a_process_that_is_killed_takes_its_readers_along(tmp_path):
    sign = tmp_path / "sign"
    code = (
        "from pathlib import Path; from crawler.run.reading.reader import PageReader;"
        "import tests.run.test_page_reader as t;"
        "r = PageReader({}, seconds=t.HOURS, memory=t.MEMORY, readers=1);"
        f"print(r.read_now('a', t.pid), r.keeper.pid, flush=True); r.read_now('a', t.sleep, Path({str(sign)!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        numbers = [int(word) for word in process.stdout.readline().split()]
        wait(lambda: sign.exists() or process.poll() is not None)
        process.kill()
    assert len(numbers) == 2
    wait(lambda: all(map(gone, numbers)))
