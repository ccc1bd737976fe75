"""The words of a message: one for all that changed. Pure."""

from collections import Counter
from collections.abc import Sequence

from crawler.dates.local_time import shown_moment
from crawler.run.advice import advice
from crawler.run.alarms.states import BAD, RECOVERED
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line
from storage.alarms.states import ChangeRow

_MOST_LINES = 50
_LONGEST = 400  # characters of what a site's run said
_ORDER = (*map(str, BAD), RECOVERED)


def title(changes: Sequence[ChangeRow]) -> str:
    """Return the title: `tinphuong: 2 sites failing, 1 recovered`; a site counts as what it became last."""
    counts = Counter({change["site"]: change["turned"] for change in changes}.values())
    words = [(counts[turned], turned) for turned in _ORDER if counts[turned]]
    parts = [f"{count} {word}" for count, word in words]
    if words:
        parts[0] = f"{counted(words[0][0], 'site')} {words[0][1]}"
    return f"tinphuong: {', '.join(parts)}"


def body(changes: Sequence[ChangeRow]) -> str:
    """Return a line for each change; of very many the first, and how many there are for each reason."""
    ordered = sorted(changes, key=lambda change: _ORDER.index(change["turned"]))
    lines = [_line(change) for change in ordered[:_MOST_LINES]]
    left = len(ordered) - _MOST_LINES
    if left > 0:
        reasons = Counter(change["reason"] or change["turned"] for change in ordered)
        counts = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
        lines += [f"… and {left} more; `tinphuong status` shows them.", f"All by reason: {counts}."]
    return "\n".join(lines)


def _line(change: ChangeRow) -> str:
    before = change["state_before"] or "first run"
    said = change["message"]
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    todo = "" if change["turned"] == RECOVERED else advice(change["reason"])
    turn = f"{before} → {change['state']} since {shown_moment(change['at'])}"
    return one_line(
        f"{change['name']} ({change['site']}): {turn}: {said}. "
        + (f"To do: {todo}{'' if todo.endswith('?') else '.'} " if todo else "")
        + change["link"]
    )
