"""How an extraction is compared with the gold: what `quality.py` counts, in one place.

Body: precision, recall and F1 over the multiset of words (Unicode letters and digits, lower case, NFC), averaged over
pages. The lead is taken out of both texts alike, once, where it is in them word for word: extractors differ in
whether they call it a summary or text, and neither is wrong. A page without text in the gold scores 1 for an empty
answer and 0 for any other.

Title: equal after NFC, with spaces, typographic quotes and dashes evened out, for every extractor alike. Summary: equal
in words. Date: equal to the minute, or to the day where the gold has no time. Author: equal to the gold's; where the
gold has none, none or the gold's signature. Attachments: the same set of URLs. Lines: lines of the body that belong to
the portal (counters, ratings, related lists, footers, labels), by a list of its own, not by the extractor's rules.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

_WORD = re.compile(r"\w+")
_EVEN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\xa0": " "})
_PORTAL_LINE = re.compile(
    r"^\W*(?:content\W*$|đang (?:truy cập|trực tuyến)\b|tổng (?:số )?(?:lượt )?truy cập\b|số lượt truy cập|"
    r"thống kê truy cập|"
    r"lượt xem\b|view count|other news|tin (?:liên quan|khác|mới hơn|cũ hơn|đã đưa|cùng)|"
    r"các (?:tin|bài viết) (?:khác|liên)|"
    r"lượt đánh giá|mã xác thực|tổng số điểm của bài|bản quyền|chịu trách nhiệm nội dung|chia sẻ\W*$|in bài|gửi email|"
    r"liên kết website|trang chủ\b|thư viện hình ảnh|ngày đăng\b|publish date|đăng nhập$|leave a comment|previous post|"
    r"page content$|tệp đính kèm\W*$|online:? \d|published \d)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Answer:
    """What an extractor says of a page; None where it does not try."""

    body: str = ""
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    author: str | None = None
    attachments: frozenset[str] | None = None
    reason: str | None = None


@dataclass(slots=True)
class Gold:
    """What a page holds. `reason` is set for a page that is not an article."""

    url: str
    title: str | None
    body: str
    lead: str | None = None
    published: str | None = None
    author: str | None = None
    signature: str | None = None
    attachments: frozenset[str] = frozenset()
    forbidden: tuple[str, ...] = ()
    reason: str | None = None


@dataclass
class Score:
    """Sums over the pages of a corpus."""

    name: str
    pages: int = 0
    negatives: int = 0
    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0
    title: int = 0
    summary: int = 0
    date: int = 0
    author: int = 0
    attachments: int = 0
    lines: int = 0
    negatives_right: int = 0
    seconds: float = 0.0
    tries: set[str] = field(default_factory=set)
    worst: list[tuple[float, str]] = field(default_factory=list)

    def add(self, gold: Gold, answer: Answer, seconds: float) -> None:
        """Count one page."""
        self.seconds += seconds
        if gold.reason:
            self.negatives += 1
            self.negatives_right += bool(answer.reason) or not answer.body.strip()
            return
        self.pages += 1
        precision, recall, f1 = compare(answer.body, gold.body, gold.lead)
        self.precision, self.recall, self.f1 = self.precision + precision, self.recall + recall, self.f1 + f1
        if f1 < 0.97:
            self.worst.append((f1, gold.url))
        self.title += even(answer.title) == even(gold.title)
        self.summary += words(answer.summary) == words(gold.lead)
        self.date += same_date(answer.published, gold.published)
        self.author += same_author(answer.author, gold)
        self.attachments += answer.attachments == gold.attachments
        self.lines += portal_lines(answer.body, gold)
        for name in ("title", "summary", "published", "author", "attachments"):
            if getattr(answer, name) is not None:
                self.tries.add(name)


def words(text: str | None) -> list[str]:
    """The words of a text, lower case NFC."""
    return _WORD.findall(unicodedata.normalize("NFC", text or "").lower())


def even(text: str | None) -> str:
    """A title as it is compared."""
    return " ".join(unicodedata.normalize("NFC", text or "").translate(_EVEN).split())


def without(tokens: list[str], lead: list[str]) -> list[str]:
    """The tokens without the first word-for-word occurrence of the lead."""
    if lead:
        for start in range(len(tokens) - len(lead) + 1):
            if tokens[start] == lead[0] and tokens[start : start + len(lead)] == lead:
                return tokens[:start] + tokens[start + len(lead) :]
    return tokens


def compare(body: str, gold: str, lead: str | None) -> tuple[float, float, float]:
    """Precision, recall and F1 of the body's words."""
    out = words(lead)
    mine, theirs = Counter(without(words(body), out)), Counter(without(words(gold), out))
    if not mine and not theirs:
        return 1.0, 1.0, 1.0
    both = sum((mine & theirs).values())
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / sum(mine.values()), both / sum(theirs.values())
    return precision, recall, 2 * precision * recall / (precision + recall)


def same_date(mine: str | None, gold: str | None) -> bool:
    """Equal to the minute, or to the day where the gold has no time (then a time is an invention)."""
    if not gold or not mine:
        return not gold and not mine
    return mine[:16] == gold[:16] if len(gold) > 10 else mine == gold


def same_author(mine: str | None, gold: Gold) -> bool:
    """Equal to the gold's author, or none or the signature where the gold has none."""
    if gold.author:
        return even(mine) == even(gold.author)
    return not mine or bool(gold.signature and words(mine) == words(re.sub(r"^[^:]{2,16}:", "", gold.signature)))


def portal_lines(body: str, gold: Gold) -> int:
    """How many lines of the body are the portal's."""
    kept = set(gold.body.split("\n"))
    found = [line for line in body.split("\n") if _PORTAL_LINE.match(line) and line.strip() not in kept]
    return len(found) + sum(text in body for text in gold.forbidden)
