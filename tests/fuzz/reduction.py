"""Making the input of a finding small: what can be left out without another fault is left out."""

import time

from tests.fuzz.findings import Finding
from tests.fuzz.target import Target
from tests.fuzz.worker import Worker

_PATIENCE = 120.0  # seconds


def reduced(target: Target, data: bytes, found: Finding, patience: float = _PATIENCE) -> bytes:
    """Return a shorter input with the same fault: pieces are taken out, ever smaller ones, as long as it stays."""
    ends = time.monotonic() + patience
    trial = data
    worker = Worker(target, 0, lambda number: trial)  # a new process for each trial, as the input is in its memory
    piece = max(1, len(data) // 2)
    while piece and time.monotonic() < ends:
        at, shorter = 0, False
        while at < len(data) and time.monotonic() < ends:
            trial = data[:at] + data[at + piece :]
            again = worker.take(0)
            worker.close()
            if again and again.key == found.key:
                data, shorter = trial, True
            else:
                at += piece
        if not shorter or piece > len(data):
            piece = min(piece // 2, max(1, len(data)) // 2 if piece > 1 else 0)
    return data
