"""What programs take from the pages: meta elements, COinS and linked data of an article, and files of citations."""

import sqlite3
from collections.abc import Sequence
from typing import TypedDict, cast

from storage.exports import citing, jsonld
from storage.exports.citations import Citation
from storage.exports.citing import page_meta
from storage.rows import WholeArticle
from storage.views import articles, sites
from storage.views.select import Row


class ForPrograms(TypedDict):
    """`meta`: (name, content) of meta elements; `coins`: the title of its span; `linked`: JSON-LD, safe in a script."""

    meta: list[tuple[str, str]]
    coins: str
    linked: str


def of_article(connection: sqlite3.Connection, row: Row, naan: str | None) -> ForPrograms:
    """Return what the page of an article holds for programs; `row`: as page_data.article returns it."""
    citation = articles.citation(connection, row)
    whole = {
        **row, "issuer": sites.site(connection, row["site"]), "units": articles.units(connection, row["id"]),
        "capture": articles.captured(connection, row),
    }  # fmt: skip
    return {
        "meta": page_meta.meta(citation, naan),
        "coins": page_meta.coins(citation),
        "linked": jsonld.in_html(jsonld.document(cast(WholeArticle, whole), naan=naan)),
    }


def cited(connection: sqlite3.Connection, row: Row) -> list[Citation]:
    """Return how one article is cited, as a list."""
    return [articles.citation(connection, row)]


def file_of(found: Sequence[Citation], name: str, naan: str | None) -> tuple[str, str, str]:
    """Return the text of citations in a format, its media type, and the name of a file for it."""
    kind = citing.FORMATS[name]
    stem = f"{found[0].site}-{found[0].stable_name[:8]}" if len(found) == 1 else "tinphuong"
    return "".join(citing.written(found, name, naan)), kind.media, f"{stem}.{kind.ending}"
