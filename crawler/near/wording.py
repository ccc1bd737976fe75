"""The words of an article, evened so that two desks' spellings of one thing are one, and which of them are facts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.text import fold

_DAY, _MONTH = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])"
_DATE = re.compile(
    rf"(?<![\d/.,-]){_DAY}(?: ?([/.-]) ?{_MONTH}(?: ?\2 ?(\d{{4}}))?(?![\d/]|[.,-]\d)"
    rf"| tháng {_MONTH}(?![\d/]|[.,-]\d)(?:,? năm (\d{{4}}))?)"
)
_MONTH_YEAR = re.compile(rf"(?<![\d/.,-]){_MONTH}(?: ?[/-] ?| năm )((?:19|20)\d\d)(?![\d/-])")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}) ?(?:giờ|h|g)(?: ?(\d{2})(?![\d/])(?: ?phút)?)?(?![^\W\d_])")
_COMRADE = re.compile(r"(?<!\w)[đĐ]/[cC](?!\w)")
_TOKEN = re.compile(r"\d+_\d+|\d+h\d*|\d+(?:[.,]\d+)*|[^\W\d_]\w*|[\n.!?;…]")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_SPLITTING = frozenset("\n.!?;…")
# What desks write in full or in short.
_SHORT_FORMS = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc", "ubmttqvn": "uy ban mat tran to quoc viet nam", "tdp": "to dan pho",
    "tp": "thanh pho", "tx": "thi xa", "bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "ccb": "cuu chien binh",
    "btc": "ban to chuc", "bcd": "ban chi dao", "pccc": "phong chay chua chay", "cnch": "cuu nan cuu ho",
    "thcs": "trung hoc co so", "thpt": "trung hoc pho thong", "tdtt": "the duc the thao",
    "lhpn": "lien hiep phu nu", "nvqs": "nghia vu quan su", "ktxh": "kinh te xa hoi", "antt": "an ninh trat tu",
}  # fmt: skip
_WRITTEN_OUT = {short: tuple(full.split()) for short, full in _SHORT_FORMS.items()}
# Words with a capital that name nobody in particular.
_TITLES_AND_BODIES = (
    "uy ban nhan dan hoi dong dang bo bi thu chu tich pho truong phong so cong an mat tran to quoc doan thanh nien phu "
    "nu cuu chien binh lien hiep thuong vu truc nong nguoi cao tuoi trung tam van hoa thong tin phuong xa quan huyen "
    "tinh thi khu nha nuoc viet nam nghi quyet dinh ke hoach ngay chi trach nhiem"
)
_OFFICES = frozenset(_TITLES_AND_BODIES.split())
_CITATION = 8  # words from a document's number to its date, at most
_folded = lru_cache(maxsize=1 << 15)(fold)  # the language has some thousand syllables


@dataclass(frozen=True, slots=True)
class Wording:
    """An article's words by sentence, the title's first: "ngày 05/6/2024" is `ngay`, `5_6`, `2024`.

    `facts` is parallel to `sentences`: which of their words are numbers, dates, names. `cited`: those with which
    documents are cited (“Nghị định số 45/2022/NĐ-CP ngày 07/7/2022”), which many articles share. `days`: the dates
    that are not. `count`: words in all.
    """

    sentences: tuple[tuple[str, ...], ...]
    facts: tuple[frozenset[str], ...]
    days: frozenset[str]
    cited: frozenset[str]
    count: int

    def words(self) -> list[str]:
        """Return all words in order."""
        return [word for sentence in self.sentences for word in sentence]


def worded(title: str, summary: str, body: str) -> Wording:
    """Return the words of an article. Accepts any strings."""
    sentences: list[tuple[str, ...]] = []
    facts: list[frozenset[str]] = []
    words: list[str] = []
    numbers: list[str] = []
    names: list[str] = []
    days: set[str] = set()
    cited: set[str] = set()
    small = 0
    cited_until = 0
    for token in _TOKEN.findall(_evened("\n".join((title, summary, body, "")))):
        if token in _SPLITTING:
            if words:
                sentences.append(tuple(words))
                facts.append(frozenset(numbers + names if small else numbers))  # a line of capitals hides its names
                words, numbers, names, small, cited_until = [], [], [], 0, 0
        elif token[0].isdigit():
            if words and words[-1] == "so":
                cited_until = len(words) + _CITATION
            words.append(_number(token))
            numbers.append(words[-1])
            if len(words) <= cited_until:
                cited.add(words[-1])
            elif "_" in token:
                days.add(token)
        else:
            word = _folded(token)
            written_out = _WRITTEN_OUT.get(word)
            if written_out:
                words.extend(written_out)
                continue
            if not token[0].isupper():
                small += 1
            elif words and word not in _OFFICES:
                names.append(word)
                if len(words) < cited_until:
                    cited.add(word)
            words.append(word)
    return Wording(tuple(sentences), tuple(facts), frozenset(days), frozenset(cited), sum(map(len, sentences)))


def _evened(text: str) -> str:
    """Dates, months and clock times in one form, told apart from other numbers by `_` and `h`."""
    text = _CLOCK.sub(lambda m: f"{int(m[1])}h{(m[2] or '').strip('0') and m[2]}", _COMRADE.sub("đồng chí", text))
    text = _DATE.sub(lambda m: f"{int(m[1])}_{int(m[3] or m[5])} {m[4] or m[6] or ''}", text)
    return _MONTH_YEAR.sub(lambda m: f"{int(m[1])} {m[2]}", text)


def _number(token: str) -> str:
    if _THOUSANDS.fullmatch(token):
        return token.replace(".", "")
    return token.lstrip("0") or "0"
