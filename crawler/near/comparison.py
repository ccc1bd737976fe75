"""Decides whether two articles report the same story, from the differences between their texts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from crawler.near.normal_words import ArticleWords, article_words
from crawler.near.openings import other_terms, titles_told
from crawler.near.subjects import OPENING, other_document, other_issue, other_names, subject

FAR_APART = 60  # days between publications; a similar text further apart is about another occasion
_SHORT = 40  # words; shorter texts may differ only in form
_WORDS_OF_SHORT = 0.8  # of them must be in the longer text, and all of them if no fact supports it
_WORDS_SHARED = 0.4  # share of the shorter text that must be in the longer
_FEW_FACTS, _WORDS_WITHOUT_FACTS = 3, 0.7  # the same where fewer facts than this support one story
_MANY_FACTS, _WORDS_WITH_FACTS = 8, 0.28  # the same where at least so many do: the story was rewritten
_FACTS_KNOWN = 0.7  # then the longer text must have this share of the shorter one's facts,
_LENGTHS = 0.5  # and the shorter must have at least this share of its length
_SENTENCE = 0.5  # share of its pairs of words that a sentence must share with another to be compared
_CONFLICTS = 0.12  # facts that contradict each other, for each fact that both texts have
_CORRECTED = 6  # facts in common that outweigh a single contradiction
_STRANGE = 0.8  # facts that only one text has, on either side, for each fact that both have
_OPENING = 60  # words at the beginning, which say who, when and where
_OPENING_FACTS = 0.4  # share of their facts that the other text must have, at least in one direction
_TITLE_TOLD = 0.25  # share of the pairs of words of a title that the other text must have, if they share no day;
_WHOLE = 0.8  # unless they are as alike as this;
_OPENING_TOLD = 1.0  # that share and the opening's, added


class NearVerdict(StrEnum):
    """Why two articles are one story, or why not."""

    SAME_TEXT = "same_text"  # the same words, apart from spelling
    EDITED = "edited"
    FAR_APART = "far_apart"  # published months apart
    OTHER_DATES = "other_dates"  # both name days, but none in common
    OTHER_FACTS = "other_facts"  # the same sentences with other numbers or names: one template
    OTHER_FILES = "other_files"  # a few words about attached files, and other files
    OTHER_WORDS = "other_words"  # little in common
    OTHER_ISSUE = "other_issue"  # the same series: another month, round or lot
    OTHER_DOCUMENT = "other_document"  # another document, or one that carries out the other
    OTHER_NAMES = "other_names"  # about other units, firms or persons
    OTHER_SUBJECT = "other_subject"  # neither tells what the other's title and opening announce
    OTHER_OPENING = "other_opening"  # what they share is quoted in both; they begin with different events


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score`: share of the words of both texts that are in the other too, 0 to 1; 0 where facts alone decide."""

    same: bool
    score: float
    verdict: NearVerdict


@dataclass(frozen=True, slots=True)
class Story:
    """An article in the form in which it is compared. `title` and `opening`: as printed; `published`: an ISO date or
    moment, None where unknown; `files`: names of attached files, which distinguish articles of a few words."""

    wording: ArticleWords
    title: str = ""
    opening: str = ""
    published: str | None = None
    files: frozenset[str] = frozenset()


def story(
    title: str, summary: str, body: str, *, published: str | None = None, files: frozenset[str] = frozenset()
) -> Story:
    """Return an article in the form in which it is compared."""
    opening = f"{summary}\n{body[:OPENING]}"[:OPENING]
    return Story(article_words(title, summary, body), title, opening, published, files)


def alike(a: Story, b: Story) -> Likeness:
    """Compare two articles; symmetric, and never raises.

    Precision matters most: a template filled with other days, numbers or names is another article.
    """
    one, two = a.wording, b.wording
    if (one.count, one.sentences) > (two.count, two.sentences):
        one, two = two, one
    short = one.count < _SHORT
    if short and a.files != b.files:
        return Likeness(False, 0.0, NearVerdict.OTHER_FILES)
    if one.sentences == two.sentences:
        return _unless_far_apart(a, b, Likeness(True, 1.0, NearVerdict.SAME_TEXT))
    found = _Comparison(one, two)
    if verdict := found.objection_to_facts():
        return Likeness(False, 0.0, verdict)
    found.lay_side_by_side()
    if found.too_many_conflicts():
        return Likeness(False, 0.0, NearVerdict.OTHER_FACTS)
    score = round(2 * found.shared / max(1, one.count + two.count), 3)
    if verdict := found.objection(short):
        return Likeness(False, score, verdict)
    if verdict := _objection_to_subject(a, b, score):
        return Likeness(False, score, verdict)
    return _unless_far_apart(a, b, Likeness(True, score, NearVerdict.EDITED))


def _objection_to_subject(a: Story, b: Story, score: float) -> NearVerdict | None:
    """Return what in titles and openings speaks against one story, or None."""
    mine, theirs = subject(a.title, a.opening), subject(b.title, b.opening)
    if other_issue(mine, theirs):
        return NearVerdict.OTHER_ISSUE
    if other_document(mine, theirs):
        return NearVerdict.OTHER_DOCUMENT
    if other_names(mine, theirs, a.wording, b.wording):
        return NearVerdict.OTHER_NAMES
    if other_terms(a.wording, b.wording):
        return NearVerdict.OTHER_SUBJECT
    if a.wording.days & b.wording.days:
        return None
    title, opening = titles_told(a.wording, b.wording, (a.title, b.title))
    told = opening >= _OPENING_TOLD and (title >= _TITLE_TOLD or score >= _WHOLE)
    return None if told else NearVerdict.OTHER_SUBJECT


class _Comparison:
    """The sentences of the shorter text, each next to the most similar one of the longer text.

    `shared`: words of the shorter that are in the longer in the same order; `conflicts`: facts in whose place the other
    text has another fact.
    """

    def __init__(self, one: ArticleWords, two: ArticleWords):
        self.one, self.two = one, two
        self.common = (one.known & two.known) - one.cited - two.cited
        self.shared = self.conflicts = 0

    def lay_side_by_side(self) -> None:
        """Find `shared` and `conflicts`; stops when there are too many conflicts for one story."""
        there = set(self.two.sentences)
        left = [sentence for sentence in self.one.sentences if sentence not in there]
        self.shared = self.one.count - sum(map(len, left))
        places = _places(self.two.sentences) if left else {}
        for sentence in left:
            other = _most_like(sentence, self.two.sentences, places)
            if other is not None:
                self._align(sentence, other)
            if self.too_many_conflicts():
                return

    def too_many_conflicts(self) -> bool:
        """Whether the facts contradict each other too often for one story; one among several may be a correction."""
        allowed = max(_CONFLICTS * len(self.common), len(self.common) >= _CORRECTED)
        return self.conflicts > allowed

    def _align(self, sentence: tuple[str, ...], other: tuple[str, ...]) -> None:
        mine, theirs = self.one.known, self.two.known
        start, end = _common_ends(sentence, other)
        self.shared += start + end
        sentence, other = sentence[start : len(sentence) - end], other[start : len(other) - end]
        for kind, a, b, c, d in SequenceMatcher(None, sentence, other, autojunk=False).get_opcodes():
            if kind == "equal":
                self.shared += b - a
            elif kind == "replace":
                gone = {word for word in sentence[a:b] if word in mine and word not in theirs}
                new = {word for word in other[c:d] if word in theirs and word not in mine}
                if gone and new:
                    self.conflicts += min(len(gone), len(new))

    def objection_to_facts(self) -> NearVerdict | None:
        """Return what speaks against one story in the facts alone, however the words are arranged."""
        days, their_days = self.one.days, self.two.days
        if days and their_days and not days & their_days:
            return NearVerdict.OTHER_DATES
        mine, theirs = self.one.known, self.two.known
        in_common = (self.one.times & self.two.times).total()
        if in_common < self._words_needed(len(mine), len(self.common)) * self.one.count:
            return NearVerdict.OTHER_WORDS
        if min(len(mine - theirs), len(theirs - mine)) > max(_FEW_FACTS, _STRANGE * len(self.common)):
            return NearVerdict.OTHER_FACTS
        return None

    def objection(self, short: bool) -> NearVerdict | None:
        """Return what else speaks against one story, or None."""
        mine, theirs = self.one.known, self.two.known
        if self.shared < self._words_needed(len(mine), len(self.common)) * self.one.count:
            return NearVerdict.OTHER_WORDS
        if short and any(word[0].isdigit() for word in mine - theirs):
            return NearVerdict.OTHER_FACTS
        if short and self.conflicts:
            return NearVerdict.OTHER_FACTS
        if short and self.shared < (_WORDS_OF_SHORT if self.common else 1.0) * self.one.count:
            return NearVerdict.OTHER_WORDS
        if max(self._known_opening(self.one, theirs), self._known_opening(self.two, mine)) < _OPENING_FACTS:
            return NearVerdict.OTHER_OPENING
        return None

    def _words_needed(self, facts: int, common: int) -> float:
        """Return which share of the shorter text must be in the longer."""
        if common < _FEW_FACTS:
            return _WORDS_WITHOUT_FACTS
        told_anew = (
            common >= _MANY_FACTS
            and common >= _FACTS_KNOWN * facts
            and not self.conflicts
            and self.one.count >= _LENGTHS * self.two.count
        )
        return _WORDS_WITH_FACTS if told_anew else _WORDS_SHARED

    @staticmethod
    def _known_opening(text: ArticleWords, known: frozenset[str]) -> float:
        """Return which share of the facts in a text's opening the other text has; 1 for an opening without facts."""
        opening: set[str] = set()
        words = 0
        for sentence, facts in zip(text.sentences, text.facts, strict=True):
            opening |= facts
            words += len(sentence)
            if words >= _OPENING:
                break
        return len(opening & known) / len(opening) if opening else 1.0


def _common_ends(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[int, int]:
    """Return how many words two sentences share at their beginnings, and how many more at their ends."""
    most = min(len(one), len(two))
    start = next((at for at in range(most) if one[at] != two[at]), most)
    end = next((at for at in range(most - start) if one[-1 - at] != two[-1 - at]), most - start)
    return start, end


@lru_cache(maxsize=32)  # one new article is compared with several, and several with one
def _places(sentences: tuple[tuple[str, ...], ...]) -> dict[tuple[str, str], list[int]]:
    """Return pair of words → the sentences that contain it."""
    places: dict[tuple[str, str], list[int]] = {}
    for number, sentence in enumerate(sentences):
        for pair in set(pairwise(sentence)):
            places.setdefault(pair, []).append(number)
    return places


def _most_like(
    sentence: tuple[str, ...],
    sentences: tuple[tuple[str, ...], ...],
    places: dict[tuple[str, str], list[int]],
) -> tuple[str, ...] | None:
    pairs = set(pairwise(sentence))
    votes = Counter(number for pair in pairs for number in places.get(pair, ()))
    if not votes:
        return None
    best = max(votes, key=lambda number: (votes[number], -len(sentences[number]), -number))
    least = min(len(pairs), len(sentences[best]) - 1)
    return sentences[best] if votes[best] >= _SENTENCE * least and votes[best] > 1 else None


def _unless_far_apart(a: Story, b: Story, found: Likeness) -> Likeness:
    """Return `found`, or for texts months apart FAR_APART: the same words then usually announce another year's event.

    Only identical texts that name a day with its year stay one story.
    """
    days = _day(a.published), _day(b.published)
    if days[0] and days[1] and abs((days[0] - days[1]).days) > FAR_APART:
        shared = a.wording.known & b.wording.known
        dated = a.wording.days & b.wording.days and any(len(fact) == 4 and fact[:2] in ("19", "20") for fact in shared)
        if not dated or found.verdict is not NearVerdict.SAME_TEXT:
            return Likeness(False, found.score, NearVerdict.FAR_APART)
    return found


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
