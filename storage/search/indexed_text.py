"""Prepares a text for the full-text index. Pure functions.

Each text is indexed twice: as written, and folded. After the folded words come their first two letters, each pair once
and marked by a sign of its own, so that `th*` is one look-up instead of one for each of hundreds of words. After an
article's folded text comes its site in the same way, so that the index alone can find the articles of a site.
"""

import re

from crawler.text.word_forms import BEGINNING, SIGN, SITE, word_forms

__all__ = ["BEGINNING", "exact", "folded", "prefix_word", "site_word"]

_NO_LETTER = re.compile(r"[\W_]")


def exact(text: str) -> str:
    """Return `text` as it is indexed with diacritics."""
    return word_forms(text).exact


def folded(text: str) -> str:
    """Return `text` as it is indexed without diacritics, followed by the prefixes of its words."""
    return word_forms(text).indexed()


def site_word(slug: str) -> str:
    """Return the word that is indexed with all articles of a site, and with few others."""
    return SITE + _NO_LETTER.sub(SITE, slug.casefold())


def prefix_word(beginning: str) -> str:
    """Return the word that is indexed for all words with this prefix of BEGINNING letters."""
    return SIGN + beginning
