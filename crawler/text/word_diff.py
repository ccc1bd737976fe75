"""What differs between two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_CONTEXT = 8  # words kept beside a change
_MANY = 60_000  # words beyond which only the whole is compared


def word_diff(old: str, new: str, *, context: int | None = _CONTEXT) -> str:
    """Return `new` with what went from `old` as [-…-] and what came as {+…+}; long unchanged runs become " … ".

    `context`: words kept on each side of a change, None for all. Cost is linear for texts that are alike.
    """
    frames = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(frames[kind].format(text) for kind, text in changes(old, new, context=context))


def changes(old: str, new: str, *, context: int | None = _CONTEXT) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) for what is the "same", "gone" from `old` and "new", in order; see word_diff."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MANY:
        yield from [("same", new)] if old == new else [("gone", old), ("new", new)]
        return
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(opcodes):
        if kind == "equal":
            yield "same", _shortened(after[c:d], context, first=number == 0, last=number == len(opcodes) - 1)
            continue
        if b > a:
            yield "gone", "".join(before[a:b])
        if d > c:
            yield "new", "".join(after[c:d])


def _shortened(words: list[str], context: int | None, *, first: bool, last: bool) -> str:
    if context is None or len(words) <= 4 * context:
        return "".join(words)
    head = "" if first else "".join(words[: 2 * context])
    tail = "" if last else "".join(words[-2 * context :])
    return f"{head} … {tail}"
