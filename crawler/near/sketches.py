"""Sketches (MinHash): a few numbers for each article, by which its near duplicates are found among many."""

from crawler.near.normal_words import ArticleWords

WORDS = 6  # in a run of words
SLOTS = 16
_SEED = 1
_HALF = 1 << 31


def sketch(text: ArticleWords) -> list[int]:
    """Return 16 numbers from -2³¹ to 2³¹-1: for each of 16 random orders of all runs of six words, the first run.

    Two texts share a number with a probability equal to the overlap of their runs (Jaccard). Texts with a fifth of
    their runs in common share at least one of 16 numbers in 97 of 100 cases. Repeated numbers are left out.
    """
    from rensa import RMinHash  # imported here, because only a run that compares articles needs it

    words = text.words()
    runs = [" ".join(words[start : start + WORDS]) for start in range(max(1, len(words) - WORDS + 1))]
    hashed = RMinHash(num_perm=SLOTS, seed=_SEED)
    hashed.update(runs)
    return sorted({value - _HALF for value in hashed.digest()})
