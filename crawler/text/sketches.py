"""Sketches (MinHash): a few numbers for each article, by which its near duplicates are found among many."""

import struct

from crawler.text.word_forms import word_forms

WORDS = 6  # in a run of words
SLOTS = 16
_SEED = 1
_HALF = 1 << 31

Sketch = tuple[int, ...]


def sketch(title: str, summary: str, body: str) -> Sketch:
    """Return the sketch of an article, as `sketch_of` its words."""
    return sketch_of(" ".join(filter(None, (word_forms(text).plain for text in (title, summary, body)))))


def sketch_of(plain: str) -> Sketch:
    """Return 16 numbers from -2³¹ to 2³¹-1: for each of 16 random orders of all runs of six words, the first run.

    `plain`: the words, as `WordForms.plain`. Two texts share a number with a probability equal to the overlap of their
    runs (Jaccard). Texts with a fifth of their runs in common share at least one of 16 numbers in 97 of 100 cases.
    The numbers are sorted, and repeated ones left out.
    """
    from rensa import RMinHash  # imported here, because only a run that meets articles needs it

    words = plain.split(" ")
    runs = list(map(" ".join, zip(*(words[start:] for start in range(WORDS)), strict=False))) or [plain]
    hashed = RMinHash(num_perm=SLOTS, seed=_SEED)
    hashed.update(runs)
    return tuple(sorted({value - _HALF for value in hashed.digest()}))


def packed(numbers: Sketch) -> bytes:
    """Return a sketch as bytes: 4 for each number, little-endian."""
    return struct.pack(f"<{len(numbers)}i", *numbers)


def unpacked(packed_numbers: bytes) -> Sketch:
    """Return the sketch that `packed` wrote."""
    return struct.unpack(f"<{len(packed_numbers) // 4}i", packed_numbers)
