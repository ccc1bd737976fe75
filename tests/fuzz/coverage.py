"""Fuzzing guided by coverage, with atheris where it is installed: an input that reaches new code is damaged further.

atheris takes its process over, so each turn is a process; a corpus for each target lies in a folder that goes with the
run. Our own mutators make most of the inputs.
"""

import contextlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.driver import Score, cpu
from tests.fuzz.findings import ROOT, Finding
from tests.fuzz.target import Target

_TURN = 300.0  # seconds: a process needs some to import what it observes
_OBSERVED = ("crawler", "spiders", "storage")


def available() -> bool:
    """Whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def fuzz_by_coverage(targets: Iterable[Target], *, seconds: float, seed: int, findings: Path) -> list[Score]:
    """As tests.fuzz.driver.fuzz."""
    scores = [Score(target) for target in targets]
    ends, turn = time.monotonic() + seconds, min(_TURN, max(60.0, seconds / len(scores)))
    with tempfile.TemporaryDirectory(prefix="tinphuong-corpus-") as folder:
        for score in scores:
            place = Path(folder) / score.target.name
            place.mkdir()
            for number, data in enumerate(score.target.seeds):
                (place / f"seed-{number}").write_bytes(data)
        while time.monotonic() < ends:
            for score in scores:
                if (left := ends - time.monotonic()) > 0:
                    _take_turn(score, Path(folder), min(turn, left), seed, findings)
                    seed += 1
            inputs, faults = sum(score.inputs for score in scores), sum(len(score.found) for score in scores)
            print(f"{inputs} inputs, {faults} findings, {cpu():.0f} s of CPU", file=sys.stderr, flush=True)
    return scores


def _take_turn(score: Score, folder: Path, seconds: float, seed: int, findings: Path) -> None:
    began, name = cpu(), score.target.name
    report = folder / f"{name}.report"
    options = ["--seconds", f"{seconds:.0f}", "--seed", str(seed), "--findings", str(findings), "--report", str(report)]
    command = [sys.executable, "-m", "tests.fuzz.coverage", name, str(folder / name), *options]
    before = set(findings.glob("*.json")) if findings.is_dir() else set()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with contextlib.suppress(OSError, ValueError):
        score.inputs += int(report.read_text())
    after = set(findings.glob("*.json")) if findings.is_dir() else set()
    for path in after - before:
        found = Finding(**json.loads(path.read_text(encoding="utf-8")))
        score.found[found.key] = found
    if done.returncode not in (0, 77):  # killed by its limits: the input lies where libFuzzer left it
        for left in Path(folder / name).parent.glob(f"{name}.left-*"):
            kind = left.name.partition(".left-")[2].split("-")[0]
            found = Finding(
                name, "hang" if kind == "timeout" else "crash", kind, done.stderr[-300:], done.stderr[-3000:]
            )
            if found.write(findings, left.read_bytes()):
                score.found[found.key] = found
            left.unlink()
    score.cpu += cpu() - began


def _fuzz(name: str, corpus: Path, seconds: float, seed: int, findings: Path, report: Path) -> None:
    """Run in a process of its own, until libFuzzer ends it."""
    ends = time.monotonic() + seconds  # with what it takes to import what is observed
    import atheris

    with atheris.instrument_imports(include=list(_OBSERVED)):
        from tests.fuzz.mutation import BY_KIND
        from tests.fuzz.targets import ALL
        from tests.fuzz.worker import read
    target = ALL[name]
    done = 0

    def one(data: bytes) -> None:
        nonlocal done
        done += 1
        if found := read(target, bytes(data), seed, done):
            found.write(findings, bytes(data))
        if done % 50 == 0 or time.monotonic() > ends:
            report.write_text(str(done))
        if time.monotonic() > ends:
            os._exit(0)

    def mutate(data: bytes, largest: int, chosen: int) -> bytes:
        chance = random.Random(chosen)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(data, largest))
        return chance.choice(BY_KIND[target.kind])(chance, bytes(data), chance.choice(target.seeds))[:largest]

    limits = [
        f"-seed={seed}",
        f"-max_total_time={max(1, seconds):.0f}",
        "-timeout=60",
        "-rss_limit_mb=2500",
        "-max_len=300000",
    ]
    quiet = ["-verbosity=0", "-print_final_stats=0", f"-artifact_prefix={corpus.parent / name}.left-", "-len_control=0"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, *quiet], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description=_fuzz.__doc__)
    parser.add_argument("name")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--findings", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    _fuzz(**vars(parser.parse_args()))
