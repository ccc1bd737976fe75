"""Prepares a text for the full-text index. Pure functions.

Each text is indexed twice: as written, and folded. After the folded words come their first two letters, each pair once
and marked by a sign of its own, so that `th*` is one look-up instead of one for each of hundreds of words. After an
article's folded text comes its site in the same way, so that the index alone can find the articles of a site.
"""

import re

from crawler.text import even_tones, fold

BEGINNING = 2  # letters
_SIGN, _SITE = "\ue000", "\ue001"  # for private use: the index takes them for letters, and no text has them
_NO_LETTER = re.compile(r"[\W_]")
_FIRST_LETTERS = re.compile(rf"(?<![^\W_])[^\W_]{{{BEGINNING}}}")


def exact(text: str) -> str:
    """Return `text` as it is indexed with diacritics."""
    return _without_signs(even_tones(text))


def folded(text: str) -> str:
    """Return `text` as it is indexed without diacritics, followed by the prefixes of its words."""
    plain = _without_signs(fold(text))
    return " ".join([plain, *map(prefix_word, sorted(set(_FIRST_LETTERS.findall(plain))))])


def site_word(slug: str) -> str:
    """Return the word that is indexed with all articles of a site, and with few others."""
    return _SITE + _NO_LETTER.sub(_SITE, slug.casefold())


def prefix_word(beginning: str) -> str:
    """Return the word that is indexed for all words with this prefix of BEGINNING letters."""
    return _SIGN + beginning


def _without_signs(text: str) -> str:
    return text.replace(_SIGN, " ").replace(_SITE, " ")
