"""Finds the attached files whose text matched a search, to show them with their articles."""

from json import dumps
from typing import TypedDict

from sqlite_utils import Database

from storage.rows import FoundArticle
from storage.search.fts_match import compiled, resolved
from storage.search.query import Query
from storage.search.snippets import plain_snippet


class _File(TypedDict):
    article_id: int
    name: str
    id: int


def mark(db: Database, rows: list[FoundArticle], query: Query) -> None:
    """Set `matched_attachment` of each article found: the name of its first file whose text matches, or None.

    Where the article's own text does not match, the snippet is taken from the file.
    """
    for row in rows:
        row["matched_attachment"] = None
    match = compiled(resolved(db.conn, query.node), scored=False) if query.node is not None and rows else None
    if match is None or not match.positive:
        return
    files = _matching(db, [row["id"] for row in rows], match.text)
    if not files:
        return
    own = db.execute(
        "SELECT k.id FROM search_keys k CROSS JOIN articles_fts ON articles_fts.rowid = k.place "  # noqa: S608
        f"WHERE articles_fts MATCH ? AND k.id IN ({', '.join('?' * len(files))})",
        [match.text, *files],
    )
    by_themselves = {number for (number,) in own}
    for row in rows:
        file = files.get(row["id"])
        if file is None:
            continue
        row["matched_attachment"] = file["name"]
        if row["id"] not in by_themselves:
            text = next(iter(db.query("SELECT text FROM files WHERE id = ?", [file["id"]])))["text"]
            row["snippet"] = plain_snippet(text, query)


def _matching(db: Database, articles: list[int], expression: str) -> dict[int, _File]:
    """Return article → name and id of its first file whose text matches.

    One query covers the files of all articles; one for each article would be slow with a long expression.
    """
    attached: list[_File] = list(
        db.query(
            "SELECT t.article_id, t.name, f.id FROM attachments t CROSS JOIN files f ON f.sha256 = t.sha256 "  # noqa: S608
            f"WHERE t.article_id IN ({', '.join('?' * len(articles))}) ORDER BY t.article_id, t.position",
            articles,
        )
    )
    if not attached:
        return {}
    numbers = {file["id"] for file in attached}
    found = db.execute(
        "SELECT rowid FROM attachments_fts WHERE attachments_fts MATCH ? AND rowid BETWEEN ? AND ? "
        "AND +rowid IN (SELECT value FROM json_each(?))",
        [expression, min(numbers), max(numbers), dumps(sorted(numbers))],
    )
    matching = {number for (number,) in found}
    files: dict[int, _File] = {}
    for file in attached:
        if file["id"] in matching:
            files.setdefault(file["article_id"], file)
    return files
