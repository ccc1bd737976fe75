"""What a crawl found of the articles that were put into a CMS. Pure, but for `read_collection`."""

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote


@dataclass(frozen=True)
class Stored:
    """An article as the collection has it."""

    urls: frozenset[str]
    title: str
    summary: str
    body: str
    author: str
    published: str  # ISO 8601, "" if none
    files: tuple[str, ...]  # address and name of each
    gone: bool = False
    versions: int = 0  # earlier texts that are kept


@dataclass
class Score:
    """Counts over the articles that should be found; `wrong` tells each fault as a line."""

    of: int = 0
    found: int = 0
    false: int = 0
    titles: int = 0
    minutes: int = 0
    dates_wrong: int = 0
    leads: int = 0
    summaries: int = 0
    authors: int = 0
    authors_of: int = 0
    authors_wrong: int = 0
    files: int = 0
    files_of: int = 0
    texts: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def text(self) -> float:
        """The mean F1 of the words of the texts, leads and captions included."""
        return sum(self.texts) / len(self.texts) if self.texts else 0.0


def neat(text: object) -> str:
    """Text in NFC with single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", str(text or ""))).strip()


def plain(text: object) -> str:
    """The words of a text, in lower case, parted by single spaces."""
    return re.sub(r"\W+", " ", neat(text).lower()).strip()


def f1(one: str, other: str) -> float:
    """The F1 of the words of two texts; 1 where both are empty."""
    ours, theirs = (Counter(plain(text).split()) for text in (one, other))
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0


def match(row: dict, stored: list[Stored], used: set[int]) -> int | None:
    """The index of the stored article that a gold row means: by its address, else by its title."""
    url = unquote(str(row["url"]))
    by_url = (at for at, one in enumerate(stored) if url and url in one.urls)
    by_title = (at for at, one in enumerate(stored) if plain(one.title) == plain(row["title"]) and at not in used)
    return next(by_url, None) if url and any(url in one.urls for one in stored) else next(by_title, None)


def score(gold: Iterable[dict], stored: list[Stored]) -> Score:
    """Compare what is stored with a gold file's rows; articles that are gone are not counted as false."""
    result, used = Score(), set[int]()
    for row in gold:
        result.of += 1
        at = match(row, stored, used)
        if at is None:
            result.wrong.append(f"absent: {row['title']} ({row['url']})")
            continue
        used.add(at)
        _compare(row, stored[at], result)
    for at, one in enumerate(stored):
        if at not in used and not one.gone:
            result.false += 1
            result.wrong.append(f"false: {one.title!r} ({min(one.urls)})")
    return result


def _compare(row: dict, one: Stored, result: Score) -> None:
    result.found += 1
    if plain(one.title) == plain(row["title"]):
        result.titles += 1
    else:
        result.wrong.append(f"title: {one.title!r}, should be {row['title']!r}")
    wanted = str(row["published"])[:16]
    result.minutes += one.published[:16] == wanted
    if one.published[:10] != wanted[:10]:
        result.dates_wrong += bool(one.published)
        result.wrong.append(f"date: {one.published or 'none'}, should be {wanted} ({row['url']})")
    text = _text_score(row, one)
    result.texts.append(text)
    if text < 0.97:
        result.wrong.append(f"text: F1 {text:.2f} ({row['url']})")
    result.leads += plain(row["lead"]) in plain(f"{one.summary} {one.body}")
    result.summaries += plain(one.summary) == plain(row["lead"])
    if row.get("author"):
        result.authors_of += 1
        result.authors += neat(one.author) == neat(row["author"])
        if one.author and neat(one.author) != neat(row["author"]):
            result.authors_wrong += 1
            result.wrong.append(f"author: {one.author!r}, should be {row['author']!r} ({row['url']})")
    names = file_names(row)
    result.files_of += len(names)
    result.files += sum(any(name in file for file in one.files) for name in names)


def file_names(row: dict) -> list[str]:
    """The names of a gold row's attachments; older gold files have an object for each."""
    return [one if isinstance(one, str) else one["url"].rpartition("/")[2] for one in row["attachments"]]


def _text_score(row: dict, one: Stored) -> float:
    """F1 of the text; a lead that is stored in `summary` alone counts as text, and names of files may be in or not."""
    cells = " ".join(cell for line in row.get("table") or [] for cell in line)
    wanted = " ".join([row["lead"], *row["body_paragraphs"], cells, *row["captions"]])
    inside = neat(one.summary) and neat(one.summary)[:60] in neat(one.body)
    ours = (one.body, one.body if inside else f"{one.summary}\n{one.body}")
    return max(f1(wanted + " " + " ".join(names), text) for names in ([], file_names(row)) for text in ours)


def read_collection(db: Path, site: str) -> list[Stored]:
    """The articles of a site in a collection's database."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as base:
        base.row_factory = sqlite3.Row
        urls: dict[int, set[str]] = {}
        for number, url in base.execute("SELECT article_id, url FROM article_urls"):
            urls.setdefault(number, set()).add(unquote(url))
        files: dict[int, list[str]] = {}
        for number, url, name in base.execute("SELECT article_id, url, name FROM attachments ORDER BY position"):
            files.setdefault(number, []).append(unquote(f"{url} {name}"))
        versions = dict(base.execute("SELECT article_id, count(*) FROM versions GROUP BY article_id"))
        return [
            Stored(
                frozenset(urls.get(row["id"], set()) | {unquote(row["url"])}), row["title"], row["summary"] or "",
                row["body"] or "", row["author"] or "", row["published_at"] or "", tuple(files.get(row["id"], ())),
                bool(row["removed_at"] or row["gone_at"]), versions.get(row["id"], 0),
            )
            for row in base.execute("SELECT * FROM articles WHERE site = ?", (site,))
        ]  # fmt: skip


def sections(db: Path, site: str) -> int:
    """How many pages the collection knows as lists of articles."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as base:
        return int(base.execute("SELECT count(*) FROM sections WHERE site = ? AND is_list", (site,)).fetchone()[0])
