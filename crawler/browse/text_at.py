"""Which of an article's texts was there at a moment: what a permalink with a moment shows."""

import re
import sqlite3
from datetime import datetime, time

from crawler.dates.model import HANOI
from storage import fields
from storage.views import articles
from storage.views.select import Row

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_moment(text: str) -> datetime | None:
    """Return the moment in an address (ISO 8601 with its offset, or a day in Việt Nam, whose end is meant), or None."""
    try:
        moment = datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            return datetime.combine(moment, time.max, HANOI)
        return moment if moment.tzinfo else None
    except ValueError:
        return None


def text_at(connection: sqlite3.Connection, row: Row, moment: datetime) -> Row | None:
    """Return an article's row with the text that it had at a moment (aware), or None where it was not yet met.

    `is_earlier`: the text is no longer that of today, which `row` has. What is said of today's text alone, such as
    doubts, is left out of an earlier one.
    """
    today = row | {"seen_from": row["changed_at"] or row["first_seen_at"]}
    known = [text for text in (*articles.earlier_texts(connection, row["id"]), today) if _begin(text) <= moment]
    if not known:
        return None
    chosen = sorted(known, key=lambda text: datetime.fromisoformat(text["seen_from"]))[-1]  # of equals the last
    if chosen is today:
        return row
    versioned = fields.picked(chosen, (*fields.VERSIONED, "content_hash", "capture_id", "capture_elsewhere"))
    return row | versioned | {"changed_at": chosen["seen_from"], "doubts": "[]", "is_earlier": True}


def _begin(text: Row) -> datetime:
    """When a text was first seen, to the second, as addresses have it."""
    return datetime.fromisoformat(text["seen_from"]).replace(microsecond=0)
