"""One pass over a text for all that is made of its words: the content hash, the search index, the sketch.

The language has some thousand syllables: the forms of a word, with the signs about it, are made once and kept.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from crawler.text.content_hashes import even_word
from crawler.text.search_keys import even_tones, fold
from crawler.text.word_cache import WordCache

BEGINNING = 2  # letters
SIGN, SITE = "\ue000", "\ue001"  # for private use: the index takes them for letters, and no text has them
_NOT_WORD = re.compile(r"[\W_]+")
_FIRST_LETTERS = re.compile(rf"(?<![^\W_])[^\W_]{{{BEGINNING}}}")
_COMRADE = re.compile(r"(?<!\w)d/c(?!\w)")
# What some newsrooms write in full and others abbreviate.
SHORT_FORMS = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc", "ubmttqvn": "uy ban mat tran to quoc viet nam", "tdp": "to dan pho",
    "tp": "thanh pho", "tx": "thi xa", "bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "ccb": "cuu chien binh",
    "btc": "ban to chuc", "bcd": "ban chi dao", "pccc": "phong chay chua chay", "cnch": "cuu nan cuu ho",
    "thcs": "trung hoc co so", "thpt": "trung hoc pho thong", "tdtt": "the duc the thao",
    "lhpn": "lien hiep phu nu", "nvqs": "nghia vu quan su", "ktxh": "kinh te xa hoi", "antt": "an ninh trat tu",
}  # fmt: skip


class WordForms(NamedTuple):
    """What a word with the signs about it is in each use, or the words of a text in order, joined by single spaces.

    `exact`: as it is indexed with diacritics; `folded`: without them; `beginnings`: the first letters of each of its
    folded words, of a text each once and sorted; `even`: what counts for the content hash, “(Hòa” → “hoà”, “21/11” →
    “21 11”; `plain`: the words by which near duplicates are found, “UBND” → “uy ban nhan dan”, “05/6” → “5 6”.
    """

    exact: str
    folded: str
    beginnings: str
    even: str
    plain: str

    def indexed(self) -> str:
        """Return the folded text as it is indexed: followed by the beginnings of its words, each under a sign."""
        marked = (SIGN + beginning for beginning in self.beginnings.split())
        return " ".join((self.folded, *marked))


def word_forms(text: str) -> WordForms:
    """Return the forms of all words of a text. Accepts any string."""
    return joined(map(_known.__getitem__, text.split()))


def joined(parts: Iterable[WordForms]) -> WordForms:
    """Return the forms of several words or texts, one behind the other."""
    columns = list(zip(*parts, strict=True))
    if not columns:
        return WordForms("", "", "", "", "")
    exact, folded, beginnings, even, plain = columns
    return WordForms(
        " ".join(filter(None, exact)),
        " ".join(filter(None, folded)),
        _each_once(beginnings),
        " ".join(filter(None, even)),
        " ".join(filter(None, plain)),
    )


def _each_once(beginnings: tuple[str, ...]) -> str:
    return " ".join(sorted(set(" ".join(set(beginnings)).split())))


def _forms(word: str) -> WordForms:
    toned = even_tones(word)
    key = fold(word)
    folded = _without_signs(key)
    even = even_word(word)
    beginnings = " ".join(_FIRST_LETTERS.findall(folded))
    plain = " ".join(map(_plain, _NOT_WORD.sub(" ", _COMRADE.sub("dong chi", key)).split()))
    exact, same = _without_signs(toned), {word: word, folded: folded}  # equal strings are kept once
    return WordForms(same.get(exact, exact), folded, beginnings, same.get(even, even), same.get(plain, plain))


def _plain(word: str) -> str:
    if word[0].isdigit():
        return word.lstrip("0") or "0"
    return SHORT_FORMS.get(word, word)


def _without_signs(text: str) -> str:
    return text.replace(SIGN, " ").replace(SITE, " ")


_known = WordCache(_forms)
