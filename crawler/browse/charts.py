"""Charts as inline SVG, for pages with a strict policy: classes and attributes only, no script and no style."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from storage.exports.palette import BETWEEN, LIGHT, TRACK

_WIDTH, _HEIGHT, _BASE, _TOP = 760, 190, 160, 18
_SCALE = 34  # room for the scale's numbers, to the right of the columns
_MOST_COLUMNS = 240
_PARTS = ("bar", "known", "rest")
_BAR, _GRID, _FAINT, _NAME = (LIGHT[name] for name in ("accent", "rule", "soft", "ink"))
PART_COLOURS = (_BAR, BETWEEN, TRACK)  # of what is held, of what is known, and of what is not known


def columns(bars: Sequence[tuple[str, int]], *, title: str, unit: str, ident: str = "chart") -> str:
    """Return a column chart: `bars` are (label, count); the part of a label before "-" is written under its group."""
    if not bars:
        return ""
    highest = max(count for _, count in bars) or 1
    step = (_WIDTH - _SCALE) / len(bars)
    body = [_line(count, highest) for count in (highest, highest // 2) if count]
    for number, (label, count) in enumerate(bars):
        height = count / highest * (_BASE - _TOP)
        if count:
            body.append(
                f'<rect class="bar" x="{number * step + step * 0.1:.1f}" y="{_BASE - height:.1f}" '
                f'width="{max(step * 0.8, 1):.1f}" height="{height:.1f}" rx="1" fill="{_BAR}">'
                f"<title>{escape(label)}: {count} {escape(unit)}</title></rect>"
            )
    body += list(_labels(bars, step))
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="{ident}-title" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11">'
        f'<title id="{ident}-title">{escape(title)}</title>{"".join(body)}'
        f'<line class="axis" x1="0" x2="{_WIDTH - _SCALE}" y1="{_BASE}" y2="{_BASE}" stroke="{_FAINT}"/></svg>'
    )


def _line(count: int, highest: int) -> str:
    y = _BASE - count / highest * (_BASE - _TOP)
    return (
        f'<line class="grid" x1="0" x2="{_WIDTH - _SCALE}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GRID}" '
        'stroke-dasharray="2 4"/>'
        f'<text class="scale" x="{_WIDTH}" y="{max(y + 4, 9):.1f}" text-anchor="end" fill="{_FAINT}">{count}</text>'
    )


def _labels(bars: Sequence[tuple[str, int]], step: float) -> "Sequence[str]":
    """A label under each group that has room for it."""
    made, free = [], -1.0
    at = 0
    for group, members in groupby(bars, key=lambda bar: bar[0].split("-")[0]):
        size = len(list(members))
        x = at * step
        if x >= free:
            made.append(f'<text class="label" x="{x:.1f}" y="{_BASE + 18}" fill="{_FAINT}">{escape(group)}</text>')
            free = x + 7.5 * len(group) + 10
        at += size
    return made


def months(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return a bar for every month from the first to the last of `counts`, or for every year where those are many.

    `counts`: (2021-05, how many); a year alone counts in its January.
    """
    found: dict[str, int] = {}
    for label, count in counts:
        if label[:4].isdigit() and 1900 <= int(label[:4]) <= 2200:
            key = label if len(label) == 7 else f"{label[:4]}-01"
            found[key] = found.get(key, 0) + count
    if not found:
        return []
    first, last = min(found), max(found)
    span = range(int(first[:4]) * 12 + int(first[5:]) - 1, int(last[:4]) * 12 + int(last[5:]))
    if len(span) <= _MOST_COLUMNS:
        return [(month, found.get(month, 0)) for number in span if (month := f"{number // 12}-{number % 12 + 1:02}")]
    years: dict[str, int] = {str(year): 0 for year in range(int(first[:4]), int(last[:4]) + 1)}
    for month, count in found.items():
        years[month[:4]] += count
    return list(years.items())


def parts_bar(parts: Sequence[int]) -> str:
    """Return a small bar of a whole: `parts` are what is held, what is known, and what is not known of it.

    It shows numbers that are written beside it, so it is hidden from those who do not see it.
    """
    whole, x, body = max(sum(parts), 1), 0.0, ""
    for name, colour, part in zip(_PARTS, PART_COLOURS, parts, strict=True):
        width = 100 * part / whole
        if part:
            body += f'<rect class="{name}" x="{x:.2f}" y="0" width="{width:.2f}" height="8" fill="{colour}"/>'
        x += width
    return (
        '<svg class="parts" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def parts_chart(rows: Sequence[tuple[str, Sequence[int], str]], *, title: str, ident: str) -> str:
    """Return horizontal bars of three parts as of `parts_bar`: `rows` are (name, parts, text behind the bar)."""
    height, body = 26 * len(rows) + 6, []
    for number, (name, parts, text) in enumerate(rows):
        y, x, whole = number * 26 + 6, 190.0, max(sum(parts), 1)
        body.append(f'<text class="label" x="0" y="{y + 12}" fill="{_NAME}">{escape(name)}</text>')
        for kind, colour, part in zip(_PARTS, PART_COLOURS, parts, strict=True):
            width = 430 * part / whole
            if part:
                body.append(
                    f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="16" fill="{colour}">'
                    f"<title>{escape(name)}: {escape(text)}</title></rect>"
                )
            x += width
        body.append(f'<text class="scale" x="632" y="{y + 12}" fill="{_FAINT}">{escape(text)}</text>')
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{ident}-title" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12">'
        f'<title id="{ident}-title">{escape(title)}</title>{"".join(body)}</svg>'
    )


def shares(rows: Sequence[tuple[str, float, str]], *, title: str, ident: str) -> str:
    """Return horizontal bars: `rows` are (name, share from 0 to 1, text behind the bar)."""
    height = 26 * len(rows) + 6
    body = "".join(
        f'<text class="label" x="0" y="{number * 26 + 18}" fill="{_NAME}">{escape(name)}</text>'
        f'<rect class="rest" x="190" y="{number * 26 + 6}" width="430" height="16" rx="2" fill="{TRACK}"/>'
        f'<rect class="bar" x="190" y="{number * 26 + 6}" width="{430 * min(max(share, 0), 1):.1f}" height="16" rx="2" '
        f'fill="{_BAR}"><title>{escape(name)}: {escape(text)}</title></rect>'
        f'<text class="scale" x="632" y="{number * 26 + 18}" fill="{_FAINT}">{escape(text)}</text>'
        for number, (name, share, text) in enumerate(rows)
    )
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{ident}-title" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12">'
        f'<title id="{ident}-title">{escape(title)}</title>{body}</svg>'
    )
