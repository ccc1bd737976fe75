"""Work that several processes do at once: what comes back, in which order, and what becomes of it where one ends."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from crawler.run.reading.pool import Pool, usual_jobs, workers
from crawler.run.reading.reader import PageEnded, PageReader, ReadingStopped
from crawler.workers import HERE
from tests.running import PATIENCE, alone

MEMORY = 64 << 20
HOURS = 3600.0


def square(number):
    return number * number


def pid_of(number):
    return os.getpid()


def fail_at_three(number):
    if number == 3:
        raise KeyError("three")
    return number


def double(site, number):
    return site, 2 * number


def pid(site):
    return os.getpid()


def after(site, sign, number):
    """Wait for a sign, so that what was asked for first is done last."""
    ends = time.monotonic() + PATIENCE
    while not sign.exists() and time.monotonic() < ends:
        time.sleep(0.005)
    return number


def give(site, sign, number):
    sign.touch()
    return number


def die(site, number):
    os.kill(os.getpid(), number)


def touch(site, sign):
    sign.touch()


def spin(site):
    while True:
        pass


def echo(site, data):
    return data


def hold(site, size):
    return len(bytes(size).replace(b"\0", b"\1"))


def die_once(site, sign):
    if not sign.exists():
        sign.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "read"


@pytest.fixture
def reader():
    reader = PageReader({"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=3, at_once=3)
    yield reader
    reader.close()


@pytest.fixture
def ordered():
    reader = PageReader({"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=3, at_once=3, in_order=True)
    yield reader
    reader.close()


@pytest.fixture
def alone_in_order():
    reader = PageReader({"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=1, in_order=True)
    yield reader
    reader.close()


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_each_call_gives_comes_in_the_order_of_the_calls(jobs):
    with workers(jobs) as pool:
        assert pool.jobs == jobs
        assert list(pool.each(square, ((number,) for number in range(200)))) == [n * n for n in range(200)]
        assert list(pool.each(square, ())) == []
        done = []
        with pytest.raises(KeyError, match="three"):
            done.extend(pool.each(fail_at_three, ((number,) for number in range(50))))
        assert list(pool.each(square, [(5,)])) == [25], "after an exception nothing more is done"
        others = {number for number in pool.each(pid_of, ((number,) for number in range(50))) if number != os.getpid()}
        assert bool(others) == (jobs > 1)


def test_what_is_not_taken_any_more_is_ended(reader):
    pool = Pool(reader)
    found = pool.each(square, ((number,) for number in range(100)))
    assert [next(found) for _ in range(3)] == [0, 1, 4]
    found.close()
    assert list(pool.each(square, [(2,), (3,)])) == [4, 9]


@pytest.mark.parametrize("readers", [0, 3])
def test_coroutines_that_read_go_on_side_by_side_and_end_in_their_order(readers):
    reader = PageReader({"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=readers, at_once=3)

    async def sums(number):
        total = 0
        for step in range(number % 4):
            _, found = await reader.several.read("a", double, step)
            total += found
        if number == 7:
            raise ValueError("seven")
        return number, total

    try:
        done = list(reader.each(sums(number) for number in range(40)))
    finally:
        reader.close()
    assert len(done) == 40
    with pytest.raises(ValueError, match="seven"):
        done.pop(7).result()
    assert [one.result() for one in done] == [(n, sum(2 * s for s in range(n % 4))) for n in range(40) if n != 7]


def test_several_pages_are_read_at_once(reader, tmp_path):
    async def one(work, number):
        return await reader.several.read("a", work, tmp_path / "sign", number)

    done = reader.each([one(after, 1), one(give, 2)])
    assert [each.result() for each in done] == [1, 2], "the second is not read while the first waits"


def test_a_page_that_ends_its_reader_ends_no_other(reader, tmp_path):
    async def one(work, *arguments):
        return await reader.several.read("a", work, *arguments)

    signs = [tmp_path / str(number) for number in range(5)]
    work = [one(die, signal.SIGSEGV), *(one(die_once, sign) for sign in signs), one(double, 4)]
    first, *others = reader.each(work)
    with pytest.raises(PageEnded, match=r"ended twice \(exit code -11\)"):
        first.result()
    assert [one.result() for one in others] == ["read"] * 5 + [("the site", 8)]


def test_a_stopped_reader_reads_nothing_more(reader):
    async def one(number):
        return await reader.several.read("a", double, number)

    done = reader.each(one(number) for number in range(30))
    assert next(done).result() == ("the site", 0)
    reader.stop()
    raised = [one.error for one in done]
    assert len(raised) == 29
    assert all(error is None or isinstance(error, ReadingStopped) for error in raised)
    assert isinstance(raised[-1], ReadingStopped)


def test_answers_come_in_the_order_of_the_questions_whoever_reads_them(ordered, tmp_path):
    async def read():
        done = []
        tasks = [
            asyncio.ensure_future(ordered.read("a", after, tmp_path / "sign", 1)),
            asyncio.ensure_future(ordered.read("b", double, 5)),
            asyncio.ensure_future(ordered.read("a", give, tmp_path / "sign", 2)),
        ]
        for number, task in enumerate(tasks):
            task.add_done_callback(lambda _, number=number: done.append(number))
        await asyncio.gather(*tasks)
        return done, [task.result() for task in tasks]

    assert alone(read()) == ([0, 1, 2], [1, (None, 10), 2])


def test_each_answer_comes_when_all_that_follows_from_the_one_before_is_done(ordered):
    async def read():
        loop, log = asyncio.get_running_loop(), []

        async def one(number):
            await ordered.read("a", double, number)
            log.append((number, "came"))
            for _ in range(number % 7 * 3):  # what follows takes some turns of the loop
                await asyncio.sleep(0)
            loop.call_later(0, log.append, (number, "followed"))

        tasks = [asyncio.ensure_future(one(number)) for number in range(40)]
        await asyncio.gather(*tasks)
        await asyncio.sleep(0)
        while len(log) < 80:
            await asyncio.sleep(0.001)
        return log

    assert alone(read()) == [(number, what) for number in range(40) for what in ("came", "followed")]


def test_a_question_that_fails_or_is_given_up_keeps_no_other_from_its_answer(ordered):
    async def read():
        failing = asyncio.ensure_future(ordered.read("a", die, signal.SIGSEGV))
        given_up = asyncio.ensure_future(ordered.read("a", double, 1))
        last = asyncio.ensure_future(ordered.read("a", double, 2))
        await asyncio.sleep(0)
        given_up.cancel()
        found = await asyncio.gather(failing, given_up, last, return_exceptions=True)
        return [type(one) if isinstance(one, BaseException) else one for one in found]

    assert alone(read()) == [PageEnded, asyncio.CancelledError, ("the site", 4)]


@pytest.mark.parametrize("seed", range(3))
def test_a_row_of_questions_that_lead_to_others_is_the_same_with_one_reader_and_with_many(seed):
    def row(at_once):
        reader = PageReader(
            {"a": "the site"}, seconds=HOURS, memory=MEMORY, readers=at_once, at_once=at_once, in_order=True
        )
        chance, log = random.Random(seed), []

        async def ask(number, depth):
            _, doubled = await reader.read("ab"[number % 2], double, number)
            log.append(doubled)
            if depth < 3:
                children = [ask(10 * number + place, depth + 1) for place in range(chance.randrange(4))]
                await asyncio.gather(*children)

        async def all_of_them():
            await asyncio.gather(*(ask(number, 0) for number in range(1, 9)))

        try:
            alone(all_of_them())
        finally:
            reader.close()
        return log

    assert row(1) == row(4)


def test_a_reader_goes_on_while_the_run_does_something_else(alone_in_order, tmp_path):
    signs = [tmp_path / str(number) for number in range(3)]

    async def read():
        tasks = [asyncio.ensure_future(alone_in_order.read("a", touch, sign)) for sign in signs]
        await asyncio.sleep(0)
        ends = time.monotonic() + PATIENCE
        while not all(sign.exists() for sign in signs):  # the event loop does nothing meanwhile
            assert time.monotonic() < ends, "the reader waits for the run"
            time.sleep(0.005)
        await asyncio.gather(*tasks)

    alone(read())


@pytest.mark.parametrize(("work", "says"), [((die, signal.SIGSEGV), "ended twice"), ((spin,), "seconds of work")])
def test_what_waits_behind_a_page_that_is_ended_is_read_and_not_to_blame(alone_in_order, tmp_path, work, says):
    async def read():
        tasks = []
        for one in (work, (double, 1), (die_once, tmp_path / "sign"), (double, 2), (spin,), (double, 3)):
            alone_in_order.seconds = 0.2 if one == (spin,) else HOURS
            tasks.append(asyncio.ensure_future(alone_in_order.read("a", *one)))
            await asyncio.sleep(0)  # it is asked for
        alone_in_order.seconds = HOURS  # by the clock nothing takes too long, however busy the machine is
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, *others = alone(read())
    assert isinstance(first, PageEnded)
    assert says in first.detail
    slow = others.pop(3)
    assert isinstance(slow, PageEnded)
    assert "seconds of work" in slow.detail
    assert others == [("the site", 2), "read", ("the site", 4), ("the site", 6)]


def test_a_reader_that_has_taken_much_memory_gives_up_the_work_behind_without_blame(alone_in_order, tmp_path):
    async def read():
        work = [(hold, MEMORY // 3), (die_once, tmp_path / "sign"), (hold, MEMORY // 3), (pid,), (hold, 1)]
        return await asyncio.gather(*(alone_in_order.read("a", *one) for one in work))

    held, died, again, _, last = alone(read())
    assert (held, died, again, last) == (MEMORY // 3, "read", MEMORY // 3, 1)


@pytest.mark.parametrize("in_loop", [True, False])
def test_large_questions_and_large_answers_pass_each_other(alone_in_order, in_loop):
    data = [bytes([number]) * (3 << 20) for number in range(6)]

    async def read():
        return await asyncio.gather(*(alone_in_order.read("a", echo, one) for one in data))

    if in_loop:
        assert alone(read()) == data
    else:
        done = alone_in_order.each(alone_in_order.several.read("a", echo, one) for one in data)
        assert [one.result() for one in done] == data


def test_a_row_of_calls_may_take_its_arguments_from_another_row():
    with workers(2) as pool:
        inner = pool.each(square, ((number,) for number in range(100)))
        outer = pool.each(square, ((number,) for number in inner))
        assert [next(outer) for _ in range(20)] == [number**4 for number in range(20)]
        other = pool.each(square, ((number,) for number in range(30)))
        assert [next(other) for _ in range(10)] == [number**2 for number in range(10)]
        outer.close()
        assert list(other) == [number**2 for number in range(10, 30)], "what one row leaves keeps another from its end"
        inner.close()
        assert list(pool.each(square, [(3,)])) == [9]


def test_what_one_event_loop_leaves_behind_disturbs_no_other(reader, tmp_path):
    async def leave():
        left = [asyncio.ensure_future(reader.read(f"of {number}", touch, tmp_path / "sign")) for number in range(6)]
        await asyncio.sleep(0)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def ask(number):
        return await reader.read("a", double, number)

    for number in range(5):
        alone(leave())
        assert alone(ask(number)) == ("the site", 2 * number)
        assert reader.read_now("a", double, 1) == ("the site", 2)


def test_a_pool_that_rests_has_no_process_left_and_works_again():
    with workers(3) as pool:
        before = set(pool.each(pid_of, ((number,) for number in range(20))))
        pool.rest()
        ends = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{number}").exists() for number in before):  # the keeper has waited for them
            assert time.monotonic() < ends
            time.sleep(0.01)
        assert before.isdisjoint(pool.each(pid_of, ((number,) for number in range(20))))
    HERE.rest()


def test_there_are_no_more_processes_than_cores_and_never_none(monkeypatch):
    assert 1 <= usual_jobs() <= (os.cpu_count() or 1)
    monkeypatch.setattr("crawler.run.reading.pool._memory", lambda: 200 << 20)
    assert usual_jobs() == 1, "a machine with little memory is filled with processes"
    monkeypatch.setattr("crawler.run.reading.pool._memory", lambda: 520 << 20)
    monkeypatch.setattr("crawler.run.reading.pool.cores", lambda: 32)
    assert usual_jobs() == 2


def test_no_process_is_begun_for_one_worker():
    with workers(1) as pool:
        assert pool is HERE
        assert list(pool.each(pid_of, [(1,)])) == [os.getpid()]


def test_the_processes_end_behind_the_block():
    with workers(2) as pool:
        number = next(pool.each(pid_of, [(1,)]))
    ends = time.monotonic() + PATIENCE
    while Path(f"/proc/{number}").exists() and "Z" not in Path(f"/proc/{number}/stat").read_text().split(")")[1][:3]:
        assert time.monotonic() < ends
        time.sleep(0.01)
