"""Chooses the part of a text that is shown under a hit, and marks the words in it. Pure functions."""

import re
from dataclasses import dataclass
from itertools import accumulate

from storage.search.query import Query, Term, terms
from storage.search.term_positions import starts

WIDTH = 180  # characters, about
_WORDS = re.compile(r"(\w[\w\u0300-\u036f]*)")  # including combining marks
_FARTHEST = 200_000  # characters of a text that are searched


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as written; `hit`: it matches the query."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    terms: range  # the numbers of the typed terms that are here, or whose other form is
    weight: int  # words


def _hits(text: str, wanted: list[Term]) -> list[_Hit]:
    """Return the places of the terms, from left to right, without overlaps."""
    parts = _WORDS.split(text)  # gap, word, gap, …
    ends = list(accumulate(map(len, parts)))
    found = [
        _Hit(ends[2 * at], ends[2 * (at + len(term.words)) - 1], numbers, len(term.words))
        for term, numbers, places in zip(wanted, _numbers(wanted), starts(parts[1::2], wanted), strict=True)
        for at in places
    ]
    found.sort(key=lambda hit: (hit.start, -hit.weight))
    apart: list[_Hit] = []
    for hit in found:
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return apart


def _numbers(wanted: list[Term]) -> list[range]:
    """Return for each term the numbers of the typed terms that it is or stands for."""
    typed = list(accumulate(int(not term.stands_for) for term in wanted))
    return [range(end - (term.stands_for or 1), end) for term, end in zip(wanted, typed, strict=True)]


def _best_window(hits: list[_Hit], width: int) -> int:
    """Return the number of the hit that begins the window with most different terms, closest together."""
    best, best_score = 0, (-1, -1, 0)
    for first, hit in enumerate(hits):
        seen: set[int] = set()
        beside = 0
        last = hit
        for number in range(first, len(hits)):
            other = hits[number]
            if other.end - hit.start > width * 2 // 3:
                break
            seen.update(other.terms)
            beside += len(other.terms) - 1
            beside += number > first and other.start - last.end <= 1 and other.terms.start == last.terms.stop
            last = other
        score = (beside, len(seen), -first)
        if (score[1] + 2 * score[0], score[2]) > (best_score[1] + 2 * best_score[0], best_score[2]):
            best, best_score = first, score
    return best


def pieces(text: str, wanted: list[Term], width: int | None = WIDTH) -> list[Piece]:
    """Return about `width` characters of `text` around the place with most of `wanted`, as pieces; no word is cut.

    `width` None: the whole text. Without a hit the beginning is returned. Adjacent words of a hit are one piece.
    """
    flat = " ".join(text[:_FARTHEST].split())
    hits = _hits(flat, wanted)
    start, end = 0, len(flat)
    if width is not None and len(flat) > width:
        if hits:
            first = hits[_best_window(hits[:500], width)].start
            start = max(0, min(first - width // 3, len(flat) - width))
            start = _word_start(flat, start, first)
        end = _word_end(flat, start + width)
    parts: list[Piece] = [Piece("…", False)] if start else []
    typed = sum(not term.stands_for for term in wanted)
    at = start
    for hit in _joined(flat, [hit for hit in hits if start <= hit.start and hit.end <= end], typed):
        if hit[0] > at:
            parts.append(Piece(flat[at : hit[0]], False))
        parts.append(Piece(flat[hit[0] : hit[1]], True))
        at = hit[1]
    tail = flat[at:end].rstrip() + ("…" if end < len(flat) else "")
    return [*parts, Piece(tail, False)] if tail else parts


def _joined(text: str, hits: list[_Hit], typed: int) -> list[tuple[int, int]]:
    """Join hits with only a space between them; where all terms are together, lone words are not marked."""
    runs: list[tuple[int, int, set[int]]] = []
    for hit in hits:
        if runs and text[runs[-1][1] : hit.start] == " ":
            runs[-1] = (runs[-1][0], hit.end, runs[-1][2] | {*hit.terms})
        else:
            runs.append((hit.start, hit.end, {*hit.terms}))
    whole = typed > 1 and any(len(run[2]) == typed for run in runs)
    return [run[:2] for run in runs if not whole or len(run[2]) > 1]


def _word_start(text: str, at: int, latest: int) -> int:
    if at <= 0:
        return 0
    space = text.find(" ", at - 1)
    return latest if space < 0 or space >= latest else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", 0, at + 1)
    if space > at - 40:
        return space
    space = text.find(" ", at)  # one long word is kept whole or left out
    return len(text) if space < 0 else space


def plain_snippet(text: str, query: Query, width: int = WIDTH) -> str:
    """Return the snippet as a line of text, hits in [ ]."""
    return "".join(f"[{one.text}]" if one.hit else one.text for one in pieces(text, terms(query.node), width))
