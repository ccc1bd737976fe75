"""Whether one text tells what the title and the opening of another announce."""

from itertools import pairwise

from crawler.near.normal_words import ArticleWords

_OPENING = 16  # words after the title that are looked for, with the rest of their sentence
_TITLE = 4  # words; a shorter title (“Thông báo”) announces nothing
_TERM = 3  # times a word of the title must occur to be a term of the text


def titles_told(one: ArticleWords, two: ArticleWords, titles: tuple[str, str]) -> tuple[float, float]:
    """Return the larger share of a title's pairs of words that are in the other text, and the larger sum of that share
    and of the opening's, 0 to 2. A title that is missing or of less than four words counts as told.
    """
    told = [_told(text, other, title) for text, other, title in ((one, two, titles[0]), (two, one, titles[1]))]
    return max(title for title, _ in told), max(map(sum, told))


def _told(text: ArticleWords, other: ArticleWords, title: str) -> tuple[float, float]:
    there = {pair for sentence in other.sentences for pair in pairwise(sentence)}
    headed = bool(title.strip()) and len(text.sentences) > 1
    opening: list[tuple[str, str]] = []
    for sentence in text.sentences[headed:]:
        opening += pairwise(sentence)
        if len(opening) >= _OPENING:
            break
    head = list(pairwise(text.sentences[0])) if headed and len(text.sentences[0]) >= _TITLE else []
    return _share(head, there), _share(opening, there)


def _share(pairs: list[tuple[str, str]], there: set[tuple[str, str]]) -> float:
    return sum(pair in there for pair in pairs) / len(pairs) if pairs else 1.0


def other_terms(one: ArticleWords, two: ArticleWords) -> bool:
    """Whether the title of each has a word that its text repeats and the other text never uses: tạm trú, thường trú."""
    return _own_term(one, two) and _own_term(two, one)


def _own_term(text: ArticleWords, other: ArticleWords) -> bool:
    title = text.sentences[0] if text.sentences else ()
    return any(text.times[word] >= _TERM and word not in other.times and not word[0].isdigit() for word in title)
