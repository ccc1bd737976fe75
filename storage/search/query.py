"""Parses what a person typed into the search box into a tree of terms, filters, and remarks on corrections.

    thư viện            both words; with diacritics as written, except for the placement of the tone
    thu vien            the same words with any diacritics
    "thu vien"          the words next to each other, and in no other form
    tiêm*               every word with this prefix
    a AND b OR c        VÀ, HOẶC, KHÔNG as well; -b for NOT b; brackets group
    site:hanoi_trucbach unit:00277 section:"thanh tra" since:2021-05 until:2022 year:2021 has:file is:removed title:word
    doubt:any doubt:date doubt:weekday

Nothing raises: what cannot be understood is left out or read as plain words, and a remark says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crawler.doubts import DoubtKind
from crawler.text import even_tones, fold, normalize
from crawler.text.remarks import Remark
from storage.doubts.listing import NAMES as FIELDS_DOUBTED
from storage.search.indexed_text import BEGINNING

_LONGEST = 2000  # characters
_MOST_TERMS = 40
_SHORTEST_PREFIX, _SHORTEST_BEHIND = 2, 3  # letters of a prefix alone, and of one after other words in a phrase
_DEEPEST = 20  # brackets inside each other
_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"|([^\s()"]+))(\*?)|([()])')
_QUOTES = str.maketrans("“”„«»", '"""""')
_WORD = re.compile(r"\w+")
_DATE = re.compile(r"(?:(?:(\d{1,2})[/.])?(\d{1,2})[/.])?(\d{4})|(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_ENGLISH = {"AND": "AND", "OR": "OR", "NOT": "NOT", "&": "AND", "|": "OR", "&&": "AND", "||": "OR"}
_VIETNAMESE = {"VÀ": "AND", "HOẶC": "OR", "KHÔNG": "NOT"}
_FIELDS = {
    "site": "site", "trang": "site", "unit": "unit", "phuong": "unit", "xa": "unit", "section": "section",
    "muc": "section", "since": "since", "from": "since", "tu": "since", "until": "until", "to": "until", "den": "until",
    "year": "year", "nam": "year", "has": "has", "co": "has", "is": "is", "la": "is", "title": "title",
    "tieude": "title", "doubt": "doubt", "doubts": "doubt", "ngo": "doubt",
}  # fmt: skip
_FILES = {"file", "files", "attachment", "attachments", "tep", "dinhkem"}
_ANY = {"any", "*", "1", "yes", "batky", "bat ky", "co"}
_REMOVED, _PRESENT = {"removed", "gone", "go", "dago"}, {"present", "there", "con"}


@dataclass(frozen=True, slots=True)
class Term:
    """Adjacent words, in NFC with evened tones; `marked`: they are looked up as written.

    `stands_for`: 0 for what was typed; of another form, how many of the terms right before it in the tree it replaces.
    """

    words: tuple[str, ...]
    marked: bool
    prefix: bool = False  # the last word is only a prefix
    title_only: bool = False
    endings: tuple[str, ...] = ()  # the indexed words with this prefix
    quoted: bool = field(default=False, compare=False)
    stands_for: int = field(default=0, compare=False)

    @property
    def short(self) -> bool:
        """Whether it is a prefix that the index has as a word of its own."""
        return self.prefix and not self.marked and len(self.words) == 1 and len(self.words[0]) == BEGINNING


@dataclass(frozen=True, slots=True)
class Both:
    """All parts must match."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part must match."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Spelled(Either):
    """Words as typed, and the other forms of what they say (see storage/search/spellings.py)."""


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not match."""

    part: "Node"


Node = Term | Both | Either | Not


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions besides the words. Dates are ISO, of any precision, both ends included."""

    sites: tuple[str, ...] = ()  # slugs
    units: tuple[str, ...] = ()  # names or codes, as crawler.units reads them
    sections: tuple[str, ...] = ()  # parts of a section's name, or = and the whole name; diacritics do not matter
    since: str | None = None
    until: str | None = None
    has_file: bool | None = None
    removed: bool | None = None
    doubts: tuple[str, ...] = ()  # "any", a column, or a kind of doubt; with - before it: not so doubted

    def joined(self, other: "Filters") -> "Filters":
        """Return filters that require both; of two dates the narrower counts."""
        since = max(filter(None, (self.since, other.since)), default=None)
        until = min(filter(None, (self.until, other.until)), key=end, default=None)
        return Filters(
            self.sites + other.sites, self.units + other.units, self.sections + other.sections, since, until,
            other.has_file if self.has_file is None else self.has_file,
            other.removed if self.removed is None else self.removed, self.doubts + other.doubts,
        )  # fmt: skip


@dataclass(slots=True)
class Query:
    """A parsed query: `node` is None for a query without words."""

    node: Node | None
    filters: Filters = field(default_factory=Filters)
    remarks: list[Remark] = field(default_factory=list)


def parse(text: str) -> Query:
    """Return `text` as a query."""
    return _Parser(text).query()


def terms(node: Node | None) -> list[Term]:
    """Return the terms that can be marked in a matching article: all outside of NOT."""
    match node:
        case Term():
            return [node]
        case Both(parts) | Either(parts):
            return [term for part in parts for term in terms(part)]
    return []


def _doubt(plain: str) -> str | None:
    """Return what a folded word behind doubt: means: "any", a column, or a kind; None for anything else."""
    if plain in _ANY:
        return "any"
    return FIELDS_DOUBTED.get(plain.replace(" ", "")) or (plain if plain in [*DoubtKind] else None)


def iso_date(text: str) -> str | None:
    """Return 2021, 2021-05 or 2021-05-09 for a day, month or year as written here or in ISO; None for anything else."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    day, month, year = match[1] or match[6], match[2] or match[5], match[3] or match[4]
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
        return None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def end(date: str) -> str:
    """Return a text that sorts after every moment of an ISO day, month or year, and before all that follows."""
    return f"{date}~"  # sorts after every digit, dash and letter


def term_of(text: str, *, prefix: bool = False) -> Term | None:
    """Return the term for adjacent words, or None where the text has no word."""
    words = tuple(_WORD.findall(even_tones(normalize(text))))
    if not words:
        return None
    marked = any(fold(word) != word.casefold() for word in words)
    return Term(words if marked else tuple(map(fold, words)), marked, prefix)


class _Parser:
    """Recursive descent over tokens; a token is (operator, node), of which one is empty."""

    def __init__(self, text: str):
        self.remarks: list[Remark] = []
        self.filters = Filters()
        text = normalize(text).translate(_QUOTES)
        if len(text) > _LONGEST:
            text = text[:_LONGEST].rsplit(" ", 1)[0]
            self._remark("too_long", most=_LONGEST)
        if text.count('"') % 2:
            at = text.rfind('"')
            text = f"{text[:at]} {text[at + 1 :]}"
            self._remark("quotation_open")
        capitals = text == text.upper() and len(_WORD.findall(text)) > 3  # a pasted headline, not operators
        self.operators = _ENGLISH if capitals else _ENGLISH | _VIETNAMESE
        self.tokens: list[tuple[str, Node | None]] = []
        for match in _TOKEN.finditer(text):
            self._take(match)
        self.at = 0

    def _take(self, match: re.Match[str]) -> None:
        minus, name, phrase, word, star, bracket = match.groups()
        if bracket:
            self.tokens.append((bracket, None))
            return
        value = phrase if phrase is not None else word
        prefix = bool(star) or (phrase is None and value.endswith("*"))
        if name and self._field(fold(name), value, negated=bool(minus)):
            return
        if not name and phrase is None and not minus and value in self.operators:
            self.tokens.append((self.operators[value], None))
            return
        if prefix and self._too_short(_WORD.findall(value)):
            self._remark("beginning_short", text=value.rstrip("*"))
            prefix = False
        term = term_of(f"{name} {value}" if name and fold(name) != "title" else value, prefix=prefix)
        if term is None:
            return
        if sum(1 for _, node in self.tokens if node) >= _MOST_TERMS:
            self._remark("too_many", most=_MOST_TERMS)
            return
        if name and _FIELDS.get(fold(name)) == "title":
            term = replace(term_of(value, prefix=prefix) or term, title_only=True)
        if phrase is not None:
            term = replace(term, quoted=True)
        self.tokens.append(("", Not(term) if minus else term))

    @staticmethod
    def _too_short(words: list[str]) -> bool:
        """Tell whether a prefix has too many words: after other words, each of them makes a phrase of its own."""
        shortest = _SHORTEST_PREFIX if len(words) == 1 else _SHORTEST_BEHIND
        return not words or len(words[-1]) < shortest

    def _field(self, name: str, value: str, *, negated: bool) -> bool:
        """Take a filter; False where there is no filter of this name, so that it is read as words."""
        kind = _FIELDS.get(name)
        if kind is None or kind == "title":
            return False
        if negated and kind not in ("has", "is", "doubt"):
            self._remark("not_turned", text=name)
            return True
        taken = self._filter(kind, value, negated=negated)
        if taken is None:
            self._remark("not_understood", text=f"{name}:{value}")
        else:
            self.filters = self.filters.joined(taken)
        return True

    def _filter(self, kind: str, value: str, *, negated: bool) -> Filters | None:
        plain = fold(value)
        if kind in ("since", "until", "year"):
            date = iso_date(value)
            if date is None or (kind == "year" and len(date) != 4):
                return None
            return Filters(since=date if kind != "until" else None, until=date if kind != "since" else None)
        if kind == "has":
            return Filters(has_file=not negated) if plain in _FILES else None
        if kind == "is":
            return Filters(removed=(plain in _REMOVED) != negated) if plain in _REMOVED | _PRESENT else None
        if kind == "doubt":
            meant = _doubt(plain)
            return Filters(doubts=(f"-{meant}" if negated else meant,)) if meant else None
        if not plain:
            return None
        made: dict[str, Callable[[], Filters]] = {
            "site": lambda: Filters(sites=(plain,)),
            "unit": lambda: Filters(units=(value,)),
            "section": lambda: Filters(sections=(plain,)),
        }
        return made[kind]()

    def query(self) -> Query:
        node = self._either(0)
        while self.at < len(self.tokens):  # an unmatched bracket
            self._remark("bracket_alone")
            self.at += 1
            rest = self._either(0)
            node = both([part for part in (node, rest) if part])
        return Query(node, self.filters, self.remarks)

    def _remark(self, code: str, **values: str | int) -> None:
        if (remark := Remark(code, values)) not in self.remarks:
            self.remarks.append(remark)

    def _peek(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def _either(self, depth: int) -> Node | None:
        parts = [self._both(depth)]
        while self._peek() == "OR":
            self.at += 1
            parts.append(self._both(depth))
        found = [part for part in parts if part]
        if len(found) < len(parts) and len(parts) > 1:
            self._remark("one_sided", text="OR")
        return found[0] if len(found) == 1 else (Either(tuple(found)) if found else None)

    def _both(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in (None, "OR", ")"):
            if kind == "AND":
                self.at += 1
                if not parts or self._peek() in (None, "OR", ")", "AND"):
                    self._remark("one_sided", text="AND")
                continue
            if part := self._not(depth):
                parts.append(part)
        return both(parts)

    def _not(self, depth: int) -> Node | None:
        turned = False
        while self._peek() == "NOT":
            self.at += 1
            turned = not turned
        kind = self._peek()
        if kind in (None, "OR", "AND", ")"):
            self._remark("nothing_behind", text="NOT")
            return None
        self.at += 1
        if kind != "(":
            node = self.tokens[self.at - 1][1]
        elif depth >= _DEEPEST:
            self._remark("too_deep", most=_DEEPEST)
            return None
        else:
            node = self._either(depth + 1)
            if self._peek() == ")":
                self.at += 1
            else:
                self._remark("bracket_open")
        return Not(node) if node and turned else node


def both(parts: list[Node]) -> Node | None:
    """Return a tree for which all parts must match, without one Both in another; None for no parts."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Both) else (part,))
    return flat[0] if len(flat) == 1 else (Both(tuple(flat)) if flat else None)
