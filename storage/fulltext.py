"""The full-text index: with diacritics exact, without them forgiving."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from sqlite_utils import Database

from crawler.text import even_tones, fold, normalize

# As in the schema. The index holds no second copy of the text.
_TABLE = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, summary, body, title_folded, text_folded,
    content='', tokenize='unicode61 remove_diacritics 0'
)
"""
_ADD = "INSERT INTO articles_fts (rowid, title, summary, body, title_folded, text_folded) VALUES (?, ?, ?, ?, ?, ?)"
_EXACT = "{title summary body}"
_FOLDED = "{title_folded text_folded}"
_RANK = "bm25(articles_fts, 8.0, 3.0, 1.0, 8.0, 1.0)"
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")


def _indexed(article_id: int, values: dict[str, Any]) -> tuple[object, ...]:
    title, summary, body = (even_tones(values[name] or "") for name in ("title", "summary", "body"))
    return article_id, title, summary, body, fold(title), fold(f"{summary}\n{body}")


def add(db: Database, article_id: int, values: dict[str, Any]) -> None:
    """Index title, summary and body of an article."""
    db.execute(_ADD, _indexed(article_id, values))


def remove(db: Database, article_id: int, values: dict[str, Any]) -> None:
    """Take an article out of the index; `values` must be the texts under which it was added."""
    db.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, summary, body, title_folded, text_folded) "
        "VALUES ('delete', ?, ?, ?, ?, ?, ?)",
        _indexed(article_id, values),
    )


def sizes(articles: Iterable[dict[str, Any]]) -> dict[int, bytes]:
    """Return id → how many words an index made afresh has for each article, as SQLite keeps it in `…_docsize`."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.execute(_TABLE)
        fresh.executemany(_ADD, (_indexed(row["id"], row) for row in articles))
        return dict(fresh.execute("SELECT id, sz FROM articles_fts_docsize"))


def match_expression(query: str) -> str | None:
    """Return the FTS5 expression for what a person typed, or None when it holds no word.

    Words are joined by AND, "…" is a phrase, a closing * a prefix. A word with diacritics is looked up as written
    (hoà and hòa alike), one without them matches any marks.
    """
    terms = []
    for phrase, word in _TERM.findall(normalize(query)):
        text = phrase or word
        words = _WORD.findall(even_tones(text))
        if not words:
            continue
        marked = fold(text) != text.casefold()
        quoted = " ".join(words if marked else _WORD.findall(fold(text)))
        star = "*" if word.endswith("*") else ""
        terms.append(f'{_EXACT if marked else _FOLDED} : "{quoted}"{star}')
    return " AND ".join(f"({term})" for term in terms) or None


def search(db: Database, query: str, *, site: str | None, limit: int) -> list[dict[str, Any]]:
    """Return rows of `articles` that match, best first, with `snippet`: text round the first hit, hits in [ ].

    A query without any word returns an empty list; none raises.
    """
    expression = match_expression(query)
    if expression is None:
        return []
    where, arguments = ("AND a.site = ?", [site]) if site else ("", [])
    sql = (
        "SELECT a.*, (SELECT count(*) FROM article_urls u WHERE u.article_id = a.id) AS urls FROM articles_fts "  # noqa: S608
        f"JOIN articles a ON a.id = articles_fts.rowid WHERE articles_fts MATCH ? {where} "
        f"ORDER BY {_RANK}, a.published_at DESC LIMIT ?"
    )
    try:
        rows = list(db.query(sql, [expression, *arguments, limit]))
    except sqlite3.OperationalError as error:
        raise ValueError(f"the search {query!r} could not be run: {error}") from error
    for row in rows:
        row["snippet"] = snippet(f"{row['summary']}\n{row['body']}", query)
    return rows


def snippet(text: str, query: str, width: int = 160) -> str:
    """Return about `width` characters of `text` round the first word of `query`, the words marked with [ ]."""
    wanted = {fold(word) for word in _WORD.findall(normalize(query))}
    flat = " ".join(text.split())
    hits = [match for match in _WORD.finditer(flat) if fold(match.group()) in wanted]
    if not hits:
        return flat if len(flat) <= width else flat[: flat.rfind(" ", 0, width + 1)] + "…"
    start = max(0, hits[0].start() - width // 3)
    start = flat.find(" ", start) + 1 if start else 0
    end = len(flat) if len(flat) <= start + width else max(flat.rfind(" ", 0, start + width + 1), hits[0].end())
    parts, at = [], start
    for match in hits:
        if at <= match.start() and match.end() <= end:
            parts += [flat[at : match.start()], f"[{match.group()}]"]
            at = match.end()
    return ("…" if start else "") + "".join(parts) + flat[at:end] + ("…" if end < len(flat) else "")
