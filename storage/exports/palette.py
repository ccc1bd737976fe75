"""The colours of all pages and charts: the web pages of `browse`, the report, the offline site."""

from collections.abc import Sequence

LIGHT = {
    "paper": "#fbf8f1", "sheet": "#fffdf8", "ink": "#1d1a16", "soft": "#5f574b", "rule": "#ddd3c2",
    "accent": "#8c1d18", "accent-soft": "#f4e4dc", "mark": "#ffe9a8", "good": "#1f6b3a", "warn": "#7a5200",
    "bad": "#a11b12", "new": "#d9f0dd", "old": "#fbdcd7",
}  # fmt: skip
DARK = {
    "paper": "#16140f", "sheet": "#1e1b16", "ink": "#efe8db", "soft": "#b3a999", "rule": "#3b352b",
    "accent": "#f0a08f", "accent-soft": "#3a2722", "mark": "#6b5410", "good": "#86d3a0", "warn": "#e6bf66",
    "bad": "#ff9d90", "new": "#1f3d27", "old": "#4a231e",
}  # fmt: skip
TRACK = "#eee6d8"  # behind a bar that shows a share
BETWEEN = "#cf9a8d"  # a part of such a bar that is neither held nor missing


def css(names: Sequence[str] = tuple(LIGHT)) -> str:
    """Return CSS rules that define the colours `names` as variables (`--paper`), for light and dark screens."""
    light, dark = (" ".join(f"--{name}: {colours[name]};" for name in names) for colours in (LIGHT, DARK))
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
