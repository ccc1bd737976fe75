"""A few damaged inputs for every target, the same in each run, and the parts of the fuzzer itself."""

import os
import random
import signal
import time

import pytest

from tests.fuzz import worker as worker_module
from tests.fuzz.driver import fuzz, summary
from tests.fuzz.findings import Finding
from tests.fuzz.mutation import BY_KIND, LARGEST, mutated
from tests.fuzz.reduction import reduced
from tests.fuzz.target import Broken, Target, is_date, sound
from tests.fuzz.targets import ALL
from tests.fuzz.worker import Worker, input_of

INPUTS = {
    "pages": 20, "lists": 20, "feeds": 40, "robots": 150, "dates": 50, "records": 30, "imports": 15, "queries": 100,
    "addresses": 100, "units": 25, "tables": 75,
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_damaged_input_breaks_no_promise(name):
    target = ALL[name]
    first = len(target.seeds)  # which are whole: other tests read them
    worker = Worker(target, 7)
    try:
        found = [worker.take(number) for number in range(first, first + INPUTS[name])]
    finally:
        worker.close()
    assert [f"{one.kind} at {one.where}: {one.what}" for one in found if one] == []


def made(run, name="made", kind="text"):
    return Target(name, kind, "nothing", lambda: [b"Th\xe1\xbb\xa9 s\xc3\xa1u, 08/12/2023"], run)


def fails(data):
    if b"/1" in data:
        raise KeyError("x")


def spins(data):
    end = time.process_time() + 60
    while time.process_time() < end:
        pass


def dies(data):
    os.kill(os.getpid(), signal.SIGSEGV)


def eats(data):
    bytearray(3 << 30)


def leaves(data):
    raise SystemExit(3)


def lies(data):
    raise Broken("the body is not in its normal form")


@pytest.mark.parametrize(
    ("run", "kind"),
    [(fails, "exception"), (spins, "slow"), (dies, "crash"), (eats, "memory"), (leaves, "exception"), (lies, "broken")],
)
def test_what_goes_wrong_is_a_finding(run, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(worker_module, "CPU", 0.2)
    (score,) = fuzz([made(run)], seconds=60, seed=1, findings=tmp_path, inputs=1, quiet=True)
    (found,) = score.found.values()
    assert found.kind == kind
    assert (tmp_path / f"made-{kind}-{found.key}").read_bytes() == made(run).seeds[0], "the input is not kept"
    assert (tmp_path / f"made-{kind}-{found.key}.json").is_file(), "what went wrong is not written beside it"
    assert f"made {kind}" in summary([score], "seeded mutation", 1)


def test_a_process_that_no_signal_ends_is_killed(monkeypatch):
    monkeypatch.setattr(worker_module, "HARD_CPU", 0.3)

    def deaf(data):
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        spins(data)

    worker = Worker(made(deaf), 1)
    found = worker.take(0)
    worker.close()
    assert found.kind == "hang"


def test_the_same_fault_is_one_finding(tmp_path):
    (score,) = fuzz([made(fails)], seconds=60, seed=1, findings=tmp_path, inputs=30, quiet=True)
    assert len(score.found) == 1 and max(score.times.values()) > 1


def test_the_same_seed_gives_the_same_inputs():
    target = ALL["pages"]
    first, second, other = ([input_of(target, seed, n) for n in range(90, 120)] for seed in (5, 5, 6))
    assert first == second != other


def test_a_finding_is_made_small():
    target = made(fails)
    data = b"x" * 700 + b"08/12/2023" + b"y" * 300
    found = Finding.of("made", KeyError("x"))
    worker = Worker(target, 0, lambda number: data)
    found = worker.take(0)
    worker.close()
    assert reduced(target, data, found) == b"/1"


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_mutation_takes_any_input(kind):
    for mutation in BY_KIND[kind]:
        for data in (b"", b"x", b"\x00" * 50, b"<p a='b'>x</p>" * 20, b'{"a": [1]}\n[2]\n', ALL["records"].seeds[0]):
            for number in range(5):
                mutation(random.Random(number), data, data)
    assert len(mutated(random.Random(1), kind, [b"x" * LARGEST])) <= LARGEST


@pytest.mark.parametrize(("text", "is_one"),
[("2023", 1), ("2023-02-29", 0), ("2023-12-08T15:07", 1), ("2023-12-01/2023-12-15", 1),
                                              ("", 0), ("x", 0), ("2023-13", 0), ("08/12/2023", 0)])  # fmt: skip
def test_dates_are_told_from_others(text, is_one):
    assert is_date(text) == bool(is_one)


def test_unsound_text_is_told():
    sound("Hợp lệ\n\tcả", "it")
    for text in ("\x00", "\ud800", "\ufffe", "\x1b"):
        with pytest.raises(Broken, match="it holds U"):
            sound(text, "it")
