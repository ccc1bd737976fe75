"""Vietnamese text: one form to store, one key to search by, one hash to compare by. Pure functions."""

from crawler.text.content_hashes import content_hash
from crawler.text.normal_form import normalize, without_unstorable
from crawler.text.search_keys import even_tones, fold

__all__ = ["content_hash", "even_tones", "fold", "normalize", "without_unstorable"]
