"""Text that can be shown on a terminal, or written where somebody will show it: nothing in it steers, hides or turns.

What a page, a server or a file of a stranger's said may hold characters that move the cursor, change colours or the
window's title, turn the direction of writing, or cannot be seen. They are shown as what they are, as `\\u001b` or
`\\u202e`, which is also right within JSON.
"""

import re

# Control characters (C0, DEL, C1); those that turn the direction; those that are not seen; ends of lines and
# paragraphs; halves of surrogate pairs; what is no character. ZWNJ and ZWJ belong to the spelling of some languages and
# of emoji; they stay, as do variation selectors.
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_UNSEEN = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
)
_STEERING = re.compile(f"[{_CONTROL}{_UNSEEN}]")
_ENDS = re.compile(r"\s*[\t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]\s*")


def one_line(text: object) -> str:
    """Return `text` as one line that a terminal only shows; ends of lines and tabs become blanks."""
    shown = str(text)
    return shown if shown.isprintable() else for_terminal(_ENDS.sub(" ", shown))


def for_terminal(text: str) -> str:
    """Return `text`, of one line or several, so that a terminal only shows it."""
    return _STEERING.sub(_escaped, text)


def without_steering(text: str) -> str:
    """Return `text` without what `for_terminal` escapes, for files that people open: ends of lines and tabs stay."""
    return _STEERING.sub("", text)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
