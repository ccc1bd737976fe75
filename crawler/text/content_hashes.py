"""The fingerprint by which two copies of one article are known."""

import hashlib
import re

from crawler.text.normal_form import normalize
from crawler.text.search_keys import even_tones
from crawler.text.word_cache import word_by_word

_NOT_WORD = re.compile(r"[\W_]+")


def content_hash(title: str, body: str) -> str:
    """Return the SHA-256, in hex, of title and body after evening out what editors and systems change without meaning.

    Unicode form, tone placement (hoà/hòa), case, punctuation and spaces do not count; letters with their marks and all
    digits do, so that two weekly schedules which differ only in their dates stay two articles.
    """
    return hash_of_even(*(_even_words(normalize(part)) for part in (title, body)))


def hash_of_even(title: str, body: str) -> str:
    """Return the content hash of a title and a body of which only what counts is given, as `even_word` for each word.

    The words are joined by single spaces, and must be those of the normal forms of both.
    """
    return hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()


def even_word(word: str) -> str:
    """Return what counts of a word with the signs about it: "(Hòa" → "hoà", "21/11" → "21 11"."""
    return _NOT_WORD.sub(" ", even_tones(word.casefold())).strip()


_even_words = word_by_word(even_word)
