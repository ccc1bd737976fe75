"""One value of a key: from TOML, or from the text of an environment variable."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import msgspec

from crawler.configuration.keys import Key
from crawler.errors import InternalError
from crawler.network.addresses import Reach
from crawler.network.proxies import is_proxy


class BadSetting(InternalError):
    """A value that a key does not take; the message is the second half of a sentence that begins with the key."""


_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_PARTED = re.compile(r"[,\n]")
_ADDRESSES = re.compile(r"[,\s]+(?=[\w+-]+://)")  # an address may hold commas itself
_PROXIES = {"politeness.proxy", "proxy"}
_PATTERNS = {  # of keys whose texts must look like something; "" is none
    "alarms.ping": re.compile(r"https?://[^\s/]\S*"),
    "archive.email": re.compile(r"[^@\s/,<>]+@[^@\s/,<>]+"),
    "archive.naan": re.compile(r"[0-9bcdfghjkmnpqrstvwxz]{5}"),
    "rights.url": re.compile(r"https?://[^\s/]\S*"),
    "rights_url": re.compile(r"https?://[^\s/]\S*"),
}
_FIRST_LETTER, _DELETE = 32, 127


def of_toml(key: Key, value: object, folder: Path) -> Any:
    """Return what a value of a file means; paths are relative to `folder`. Raises BadSetting."""
    wanted = list[str] if key.type == list[Path] else str if key.type is Path else key.type
    try:
        found = msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        raise _refused(key, value) from None
    return _checked(key, found, folder)


def of_text(key: Key, text: str, folder: Path) -> Any:
    """Return what the text of an environment variable means; paths are relative to `folder`. Raises BadSetting."""
    text = text.strip()
    if key.type in (Path, str):
        return _checked(key, text, folder)
    given: object = _WORDS.get(text.lower(), text) if bool in (key.type, *get_args(key.type)) else _number(text)
    if key.is_list:
        given = [part.strip() for part in _PARTED.split(text) if part.strip()]
        if key.name == "alarms.to":
            given = [part for said in _ADDRESSES.split(text) if (part := said.strip(", \n"))]
    try:
        found = msgspec.convert(given, list[str] if key.is_list else key.type)
    except msgspec.ValidationError:
        raise _refused(key, text) from None
    return _checked(key, found, folder)


def _checked(key: Key, value: Any, folder: Path) -> Any:
    for text in (value,) if isinstance(value, str) else value if key.is_list else ():
        # a line break in a user agent would be a second header, and no path holds a NUL
        if any(ord(character) < _FIRST_LETTER or ord(character) == _DELETE for character in text):
            raise BadSetting(f" is {_named(key, text)}; it takes {key.takes}, without control characters")
    if key.type is Path:
        if not value:
            raise BadSetting(" is empty; name a path")
        return folder / Path(value).expanduser()
    if key.type == list[Path]:
        return tuple(folder / Path(part).expanduser() for part in value)
    if key.name in _PROXIES and value and not is_proxy(value):
        raise _refused(key, value)
    if key.name in _PATTERNS and value and not _PATTERNS[key.name].fullmatch(value):
        raise _refused(key, value)
    if key.name == "politeness.allow_private":
        try:
            Reach.of_names(value)
        except ValueError as error:
            raise BadSetting(f": {error}; part several by commas") from None
    return tuple(value) if key.is_list else value


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _refused(key: Key, value: object) -> BadSetting:
    return BadSetting(f" is {_named(key, value)}; it takes {key.takes}")


def _named(key: Key, value: object) -> str:
    return "not what it takes" if key.secret else repr(value)


def shown(key: Key, value: Any) -> str:
    """Return a value for people; of one that may hold a password, only its scheme."""
    if value in (None, "", (), []):
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(shown(key, part) for part in value)
    if key.secret:
        return f"{str(value).partition(':')[0]}://…"
    return f"{value:g}" if isinstance(value, float) else str(value)
