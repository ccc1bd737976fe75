"""What of a text stands in the full-text index. Pure functions.

Each text is indexed twice: as written, and folded. Behind the folded words stand their beginnings of two letters, each
once and under a sign of its own, so that `th*` is one look-up and not one of hundreds of words. Behind an article's
folded text its site stands in the same way, so that the index finds a site's articles by itself.
"""

import re

from crawler.text import even_tones, fold

BEGINNING = 2  # letters
_SIGN, _SITE = "\ue000", "\ue001"  # for private use: the index takes them for letters, and no text has them
_NO_LETTER = re.compile(r"[\W_]")
_FIRST_LETTERS = re.compile(rf"(?<![^\W_])[^\W_]{{{BEGINNING}}}")


def exact(text: str) -> str:
    """Return `text` as it is indexed under its marks."""
    return _without_signs(even_tones(text))


def folded(text: str) -> str:
    """Return `text` as it is indexed without marks, with the beginnings of its words."""
    plain = _without_signs(fold(text))
    return " ".join([plain, *map(prefix_word, sorted(set(_FIRST_LETTERS.findall(plain))))])


def site_word(slug: str) -> str:
    """Return the word of the index that stands with all articles of a site, and few others."""
    return _SITE + _NO_LETTER.sub(_SITE, slug.casefold())


def prefix_word(beginning: str) -> str:
    """Return the word of the index that stands for all words with this beginning of BEGINNING letters."""
    return _SIGN + beginning


def _without_signs(text: str) -> str:
    return text.replace(_SIGN, " ").replace(_SITE, " ")
