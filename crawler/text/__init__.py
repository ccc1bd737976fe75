"""Vietnamese text: one form to store, one key to search by, one hash to compare by. Pure functions."""

from crawler.text.folding import even_tones, fold
from crawler.text.hashing import content_hash
from crawler.text.normalizing import normalize

__all__ = ["content_hash", "even_tones", "fold", "normalize"]
