"""Characters that may not come in: taken out of what people wrote, refused in what programs compare.

Control characters, noncharacters like U+FFFE, and halves of surrogate pairs are no text: neither XML nor UTF-8 nor a
terminal can hold all of them. Pages lose them as they are decoded, so an import loses them, too.
"""

import re
from typing import Any

from crawler.errors import InternalError
from crawler.text import without_unstorable

# Columns, and members of lists, that hold what people or servers wrote; all others are codes, names and addresses.
WRITTEN = {
    "title", "summary", "body", "markdown", "text", "author", "source", "section", "published_raw", "caption", "name",
    "value", "was", "by", "evidence", "message", "detail", "content_type", "raw", "notes",
}  # fmt: skip
_SPACES = re.compile("[\x0b\x0c\x1c-\x1f]")  # that part words
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unfit(InternalError):
    """Says what a text holds that it may not."""


def cleaned(text: str) -> str:
    """Return what a person wrote without what cannot be stored; the content hash stays. Raises Unfit at half of a
    surrogate pair: of such a text nobody knows what it was."""
    if text.isprintable():
        return text
    if _SURROGATE.search(text):
        raise Unfit("holds half of a surrogate pair, which is no character")
    return without_unstorable(_SPACES.sub(" ", text))


def checked(code: str) -> str:
    """Return a code, name or address as it is. Raises Unfit where something in it cannot be seen or stored."""
    if code.isprintable():
        return code
    if _SURROGATE.search(code):
        raise Unfit("holds half of a surrogate pair, which is no character")
    if _CONTROL.search(code) or without_unstorable(code) != code:
        raise Unfit("holds a control character, or another that is none")
    return code


def cleaned_all(value: Any) -> Any:
    """Return what JSON says, each text and name in it cleaned. Raises Unfit, also where it is nested too deeply."""
    try:
        return _cleaned_all(value)
    except RecursionError:
        raise Unfit("is nested too deeply") from None


def _cleaned_all(value: Any) -> Any:
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [_cleaned_all(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(name): _cleaned_all(item) for name, item in value.items()}
    return value
