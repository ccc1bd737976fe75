"""The words of an article in one spelling, and which of the words are facts."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from crawler.text import fold
from crawler.text.word_cache import WordCache
from crawler.text.word_forms import SHORT_FORMS

# These begin with a digit, which makes the search fast; the character before it is checked after a match.
_DATE = re.compile(
    r"(\d{1,2})(?: ?([/.-]) ?(\d{1,2})(?: ?\2 ?(\d{4}))?(?![\d/]|[.,-]\d)"
    r"| tháng (\d{1,2})(?![\d/]|[.,-]\d)(?:,? năm (\d{4}))?)"
)
_MONTH_YEAR = re.compile(r"(\d{1,2})(?: ?[/-] ?| năm )((?:19|20)\d\d)(?![\d/-])")
_CLOCK = re.compile(r"(\d{1,2}) ?(?:giờ|h|g)(?: ?(\d{2})(?![\d/])(?: ?phút)?)?(?![^\W\d_])")
_DOCUMENT = re.compile(r"(\d{1,5})(?=/(?:\d{4}/)?[A-ZĐ]{2})")  # 45/2022/NĐ-CP, 318/QĐ-UBND
_PART_OF_NUMBER = frozenset("0123456789/.,-")
_COMRADE = re.compile(r"(?<!\w)[đĐ]/[cC](?!\w)")
_TOKEN = re.compile(r"[^\W\d_]\w*|\d+[_§]\d*|\d+h\d*|\d+(?:[.,]\d+)*|[\n.!?;…]")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_SPLITTING = frozenset("\n.!?;…")
_WRITTEN_OUT = {short: tuple(full.split()) for short, full in SHORT_FORMS.items()}
# Capitalised words that are not names.
_TITLES_AND_BODIES = (
    "uy ban nhan dan hoi dong dang bo bi thu chu tich pho truong phong so cong an mat tran to quoc doan thanh nien phu "
    "nu cuu chien binh lien hiep thuong vu truc nong nguoi cao tuoi trung tam van hoa thong tin phuong xa quan huyen "
    "tinh thi khu nha nuoc viet nam nghi quyet dinh ke hoach ngay chi trach nhiem"
)
OFFICES = frozenset(_TITLES_AND_BODIES.split())
_CITATION = 8  # words from a document's number to its date, at most
_BESIDE = 2  # places from a number to the next, or to the end of what is read with it
_DIGIT = re.compile(r"\d")
_Token = tuple[int, str]
_SPLIT, _NUMBER, _DOCUMENTS, _SMALL, _CAPITAL, _SHORT = range(6)


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """An article's words by sentence, the title's first: "ngày 05/6/2024" is `ngay`, `5_6`, `2024`.

    `facts` is parallel to `sentences`: which of their words are numbers, dates, names; `known`: all of these. `cited`:
    facts in citations of documents (“Nghị định số 45/2022/NĐ-CP ngày 07/7/2022”), which many articles share. `days`:
    the dates outside of citations. `count`: number of words; `times`: word → how often it occurs.
    """

    sentences: tuple[tuple[str, ...], ...]
    facts: tuple[frozenset[str], ...]
    days: frozenset[str]
    cited: frozenset[str]
    count: int
    known: frozenset[str]
    times: Counter[str]

    def words(self) -> list[str]:
        """Return all words in order."""
        return [word for sentence in self.sentences for word in sentence]


def article_words(title: str, summary: str, body: str) -> ArticleWords:
    """Return the words of an article. Accepts any strings."""
    sentences: list[tuple[str, ...]] = []
    facts: list[frozenset[str]] = []
    words: list[str] = []
    numbers: list[str] = []
    names: list[str] = []
    days: set[str] = set()
    cited: set[str] = set()
    small = False
    cited_until = 0
    for kind, word in _tokens("\n".join((title, summary, body, ""))):
        if kind == _SMALL:
            words.append(word)
            small = True
        elif kind == _CAPITAL:
            if words and word not in OFFICES:
                names.append(word)
                if len(words) < cited_until:
                    cited.add(word)
            words.append(word)
        elif kind == _SPLIT:
            if words:
                sentences.append(tuple(words))
                facts.append(frozenset(numbers + names if small else numbers))  # capitals hide names
                words, numbers, names, small, cited_until = [], [], [], False, 0
        elif kind == _SHORT:
            words.extend(_WRITTEN_OUT[word])
        else:
            if kind == _DOCUMENTS:
                cited_until = len(words) + _CITATION
            words.append(word)
            numbers.append(word)
            if len(words) <= cited_until:
                cited.add(word)
            elif "_" in word:
                days.add(word)
    times = Counter(chain.from_iterable(sentences))
    known: frozenset[str] = frozenset().union(*facts)
    return ArticleWords(tuple(sentences), tuple(facts), frozenset(days), frozenset(cited), times.total(), known, times)


def _tokens(text: str) -> Iterator[_Token]:
    """Yield what each token of a text is, and its form in one spelling.

    Only numbers have to be read with the words about them: a date or a time of day is written with at most one word
    behind a number or between two.
    """
    words = text.replace("\n", " \n ").split(" ")
    read = list(map(_words.__getitem__, words))
    done = 0
    numbers = [place for place, tokens in enumerate(read) if tokens is None]
    for at, place in enumerate(numbers):
        if place < done:
            continue
        end = place + _BESIDE
        while at + 1 < len(numbers) and numbers[at + 1] <= end:
            at += 1
            end = numbers[at] + _BESIDE
        yield from chain.from_iterable(filter(None, read[done:place]))
        done = end
        yield from map(_read, _TOKEN.findall(_evened(" ".join(words[place:done]))))
    yield from chain.from_iterable(filter(None, read[done:]))


def _tokens_of_word(word: str) -> tuple[_Token, ...] | None:
    """The tokens of a word with the signs about it, None where it has a digit."""
    return None if _DIGIT.search(word) else tuple(map(_read, _TOKEN.findall(_COMRADE.sub("đồng chí", word))))


_words = WordCache(_tokens_of_word)


@lru_cache(maxsize=1 << 15)  # Vietnamese has some thousand syllables
def _read(token: str) -> _Token:
    """Return what a token is, and its form in one spelling."""
    if token in _SPLITTING:
        return _SPLIT, token
    if token[0].isdigit():
        return (_DOCUMENTS if token[-1] == "§" else _NUMBER), _number(token.rstrip("§"))
    word = fold(token)
    if word in _WRITTEN_OUT:
        return _SHORT, word
    return (_CAPITAL if token[0].isupper() else _SMALL), word


def _evened(text: str) -> str:
    """Write dates, months and times in one form, marked by `_` and `h`, and numbers of documents, marked by `§`."""
    return _MONTH_YEAR.sub(_month, _DATE.sub(_date, _CLOCK.sub(_clock, _marked(text))))


def _marked(text: str) -> str:
    if "/c" in text or "/C" in text:
        text = _COMRADE.sub("đồng chí", text)
    return _DOCUMENT.sub(r"\1§", text)


def _clock(match: re.Match[str]) -> str:
    minutes = match[2] if match[2] and match[2] != "00" else ""
    return match[0] if _within_number(match) else f"{int(match[1])}h{minutes}"


def _date(match: re.Match[str]) -> str:
    day, month = int(match[1]), int(match[3] or match[5])
    if _within_number(match) or not 1 <= day <= 31 or not 1 <= month <= 12:
        return match[0]
    return f"{day}_{month} {match[4] or match[6] or ''}"


def _month(match: re.Match[str]) -> str:
    month = int(match[1])
    return match[0] if _within_number(match) or not 1 <= month <= 12 else f"{month} {match[2]}"


def _within_number(match: re.Match[str]) -> bool:
    start = match.start()
    return start > 0 and match.string[start - 1] in _PART_OF_NUMBER


def _number(token: str) -> str:
    if _THOUSANDS.fullmatch(token):
        return token.replace(".", "")
    return token.lstrip("0") or "0"
