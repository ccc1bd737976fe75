"""Findings: what went wrong with an input, told apart by where it went wrong, and kept as files."""

import hashlib
import json
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Self

from tests.fuzz.target import Broken

ROOT = Path(__file__).resolve().parents[2]
_OURS = ("crawler/", "spiders/", "storage/")
_LONGEST_TRACE = 4000  # characters of a traceback that are kept


class Slow(BaseException):
    """An input took more CPU time than it may; no `except Exception` on the way keeps it from getting out."""


@dataclass(frozen=True)
class Finding:
    """What went wrong. `kind`: exception, broken (a promise), slow, memory, hang or crash; `where`: the innermost place
    in our code; `what`: the error in words; `number`: the input's number under `seed`, with which it can be made again.
    """

    target: str
    kind: str
    where: str
    what: str
    trace: str = ""
    seed: int = 0
    number: int = 0

    @property
    def key(self) -> str:
        """One name for all inputs that show the same fault."""
        what = self.what.split(":")[0] if self.kind == "exception" else "" if self.kind != "broken" else self.what[:24]
        return hashlib.sha256(f"{self.target}|{self.kind}|{self.where}|{what}".encode()).hexdigest()[:10]

    @classmethod
    def of(cls, target: str, error: BaseException, seed: int = 0, number: int = 0) -> Self:
        """What an exception is as a finding."""
        kinds: dict[type[BaseException], str] = {Broken: "broken", Slow: "slow", MemoryError: "memory"}
        kind = next((kind for one, kind in kinds.items() if isinstance(error, one)), "exception")
        where = place(error.__traceback__ and traceback.extract_tb(error.__traceback__))
        what = str(error) if kind == "broken" else f"{type(error).__name__}: {error}"
        trace = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:].replace(f"{ROOT}/", "")
        return cls(target, kind, where, what[:500], trace, seed, number)

    def write(self, folder: Path, data: bytes) -> Path | None:
        """Write the input and a JSON file beside it, unless the same fault is there; returns the input's path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.target}-{self.kind}-{self.key}"
        if path.exists():
            return None
        path.write_bytes(data)
        facts = json.dumps(asdict(self), ensure_ascii=False, indent=2).encode("utf-8", "replace")
        path.with_name(f"{path.name}.json").write_bytes(facts)
        return path


def place(frames: "traceback.StackSummary | None") -> str:
    """file:function of the innermost frame in our own code, of the tests where there is none."""
    names = [(frame.filename.replace(f"{ROOT}/", ""), frame.name) for frame in frames or ()]
    ours = [one for one in names if one[0].startswith(_OURS)] or names[-1:]
    return ":".join(ours[-1]) if ours else "?"


def raise_slow(signum: int, frame: FrameType | None) -> None:
    """Handle a signal by raising Slow."""
    raise Slow("more CPU time than an input may take")
