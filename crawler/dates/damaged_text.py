"""Repair of text that older systems left broken: HTML entities, UTF-8 read as Latin-1, TCVN3 and VNI remains.

Only what a date needs is repaired, and only where the damage is certain; each repaired character keeps its place in the
original. The tables of TCVN3 (TCVN 5712:1993) and VNI give the base letter only, as the grammar reads without marks.
"""

import html
import re
from functools import cache

# UTF-8 of Vietnamese letters seen through cp1252: "Ã¡", "áº¥", "Ä‘", "Æ°"; à loses its second byte to a space ("Ã ").
_MOJIBAKE = r"á[º»][^\s\w]|á[º»][\w\xa0]|[ÃÄÅÆ][^\x00-\x7f]|Ã (?=[a-zA-Z ])|(?<=[gG]i)á»(?= |$)|Â\xa0"
_SIGNS_MOJIBAKE = ("Ã", "Ä", "Æ", "áº", "á»")
_SIGN_TCVN3 = r"[A-Za-z][µ¶·¸¹¨©«¬®»¼½¾¦§](?:[A-Za-z\s]|$)|[gG]iê(?![a-z])|tr\xadí|[pP]hót"
_SIGN_VNI = r"[aA][øùûïêØÙÛÏÊ]|[öôÖÔ][øùûõïØÙÛÕÏ]|[uU][ûùøÛÙØ]|[eE]â|[oO]â|[aA][äàáåã]|ñ"
_VIETNAMESE = r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300-\u0323]"
_VNI_MARKS = "øùûõïêâéèúüëáàåãäØÙÛÕÏÊÂÉÈÚÜËÁÀÅÃÄ"

_TCVN3 = {
    "a": "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË",
    "d": "®",
    "e": "ÌÎÏÐÑªÒÓÔÕÖ",
    "i": "×ØÜÝÞ",
    "o": "ßáâãä«åæçèé¬êëìíî",
    "u": "ïñòóô\xadõö÷øù",
    "y": "úûüýþ",
}


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


@cache
def _tcvn3_table() -> dict[int, str]:
    return {ord(letter): base for base, letters in _TCVN3.items() for letter in letters}


_LOST = {"Ã ": "à", "á»": "ờ"}  # the last byte fell to a space; the second only in "giờ"


@cache
def _undo_latin1(found: str) -> str:
    """Return the letter whose UTF-8 bytes were read as cp1252 (or Latin-1), or `found` itself."""
    if found in _LOST:
        return _LOST[found]
    raw = bytearray()
    for character in found:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 255:
                return found
            raw.append(ord(character))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found


def _replace(text: str, pattern: str, change: str, origin: list[int] | None) -> tuple[str, list[int] | None]:
    """Replace every match by what `change` ("entity" or "latin1") makes of it; return the text and the places."""
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in _pattern(pattern).finditer(text):
        found = match[0]
        new = html.unescape(found) if change == "entity" else _undo_latin1(found)
        if new == found:
            continue
        pieces += (text[done : match.start()], new)
        places.extend(range(done, match.start()))
        places.extend([match.start()] * len(new))
        done = match.end()
    if not pieces:
        return text, origin
    pieces.append(text[done:])
    places.extend(range(done, len(text)))
    if origin is not None:
        places = [origin[place] for place in places]
    return "".join(pieces), places


def _undo_vni(text: str) -> tuple[str, list[int]]:
    """Return base letters of VNI text ("naêm" gives "nam") with their places."""
    letters: list[str] = []
    places: list[int] = []
    vowel = False
    for place, character in enumerate(text):
        if vowel and character in _VNI_MARKS:
            vowel = character in "öÖôÔ"
            continue
        base = {"ñ": "d", "Ñ": "D", "ô": "o", "Ô": "O", "ö": "u", "Ö": "U", "æ": "i", "ó": "i", "ò": "i", "î": "y"}
        letters.append(base.get(character, character))
        places.append(place)
        vowel = character in "aeouyAEOUYôÔöÖ"
    return "".join(letters), places


def repair(text: str) -> tuple[str, list[int] | None]:
    """Return the repaired text and, where anything moved, the place in `text` of each of its characters."""
    origin: list[int] | None = None
    if "&" in text:
        text, origin = _replace(text, r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});", "entity", origin)
    if text.isascii():
        return text, origin
    if any(sign in text for sign in _SIGNS_MOJIBAKE) and not _pattern(r"[đơư\u1ea1-\u1ef9]").search(text):
        text, origin = _replace(text, _MOJIBAKE, "latin1", origin)
    if _pattern(_VIETNAMESE).search(text):
        return text, origin
    if _pattern(_SIGN_TCVN3).search(text):
        return text.translate(_tcvn3_table()), origin
    if _pattern(_SIGN_VNI).search(text):
        text, places = _undo_vni(text)
        return text, places if origin is None else [origin[place] for place in places]
    return text, origin
