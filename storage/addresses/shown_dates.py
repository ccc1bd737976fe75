"""The days that the addresses of one text show, and which of them the article has.

Two addresses of one text may show two days: it was posted again, copied to another section, or moved with a new date.
Both are kept (`article_urls.published_at`). The article has the earlier one, as that is when the text came out, and
says so. Up to `_NOTED` days apart this is how portals work, a ward copying what the city wrote, and a note is enough.
Further apart one of the two is likely to be something else, such as the day on which the site was rebuilt or a date
that was misread: then nobody can tell which is right without looking, and that is a doubt.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlite_utils import Database

from crawler.doubts import Doubt, DoubtKind
from storage.addresses.stored import DATES
from storage.rows import ArticleRow

_NOTED = 31  # days between two addresses that are remarked on; more are a doubt
_NOTE = "addresses of this text show different days: "
_DAY = 10  # characters: 2024-03-05


class Shown(NamedTuple):
    """The date that one identity of an article shows: the columns of DATES, and where."""

    published_at: str
    published_precision: str | None
    published_raw: str | None
    published_from: str | None
    url: str
    is_own: bool

    @property
    def day(self) -> str:
        """The day, month or year as far as it is known: 2024-03-05, 2024-03."""
        return self.published_at.partition("/")[0][:_DAY]


def changes(db: Database, row: ArticleRow) -> dict[str, Any]:
    """Return which columns of a stored article are to change for the dates that its addresses show by now."""
    is_said = _NOTE in row["notes"] or DoubtKind.OTHER_COPY in row["doubts"]
    if row["published_at"] and not is_said and len(_shown(db, row["id"], None)) == 1:
        return {}
    stored = dict(row)
    found = with_shown_dates(db, stored, stored, own_is_read=False)
    return {name: value for name, value in found.items() if stored[name] != value}


def with_shown_dates(
    db: Database, row: Mapping[str, Any], values: Mapping[str, Any], *, own_is_read: bool
) -> dict[str, Any]:
    """Return the columns of DATES, `notes` and `doubts` that an article is to have.

    `row`: the article as it is stored; `values`: the same columns as they would be; `own_is_read`: the date in them is
    that of its own page, as read now, and not what an earlier call chose.
    """
    made = {name: values[name] for name in (*DATES, "notes", "doubts")}
    shown = _shown(db, row["id"], values if own_is_read else None)
    notes = [note for note in json.loads(made["notes"]) if not str(note).startswith(_NOTE)]
    doubts = [doubt for doubt in json.loads(made["doubts"]) if not _is_ours(doubt)]
    if len(shown) > 1 or (shown and not made["published_at"]):
        first = min(shown, key=lambda one: (_sortable(one.day), not one.is_own))
        last = max(shown, key=lambda one: _sortable(one.day))
        own = next((one for one in shown if one.is_own), None)
        chosen = own if own and _agree(own, first) else first
        if not is_confirmed(db, row["id"]):
            made |= dict(zip(DATES, chosen[: len(DATES)], strict=True))
        if not _agree(first, last):
            evidence = f"{first.published_at} at {first.url}; {last.published_at} at {last.url}"
            if _days_between(first.day, last.day) > _NOTED:
                doubts.append(Doubt("published_at", DoubtKind.OTHER_COPY, evidence).to_dict())
            else:
                notes.append(_NOTE + evidence)
    return made | {"notes": _json(notes, made["notes"]), "doubts": _json(doubts, made["doubts"])}


def is_confirmed(db: Database, article_id: int) -> bool:
    """Tell whether a person said what the date of an article is; then no copy changes it."""
    sql = "SELECT 1 FROM confirmations WHERE article_id = ? AND field = 'published_at'"
    return next(db.query(sql, (article_id,)), None) is not None


def _shown(db: Database, article_id: int, read: Mapping[str, Any] | None) -> list[Shown]:
    """One date for each identity of an article that shows one; that of its own page from `read`, if given."""
    rows = db.query(
        "SELECT u.*, u.site = a.site AND u.key IS a.key AS is_own FROM article_urls u JOIN articles a "
        "ON a.id = u.article_id WHERE u.article_id = ? ORDER BY u.relation = 'alias', u.last_seen_at DESC, u.url",
        (article_id,),
    )
    found: dict[tuple[str, str | None], Shown] = {}
    for row in rows:
        values = read if read is not None and row["is_own"] else row
        if values["published_at"]:
            dates = {name: values[name] for name in DATES}
            found.setdefault((row["site"], row["key"]), Shown(**dates, url=row["url"], is_own=bool(row["is_own"])))
    return list(found.values())


def put_own(db: Database, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Keep the date of an article's own page, as read now, with its addresses."""
    db.execute(
        f"UPDATE article_urls SET {', '.join(f'{name} = ?' for name in DATES)} "  # noqa: S608 — literals only
        "WHERE article_id = ? AND site = ? AND key = ?",
        (*(values[name] for name in DATES), row["id"], row["site"], row["key"]),
    )


def is_of_own_page(db: Database, row: Mapping[str, Any]) -> bool:
    """Tell whether the capture of an article is that of its own page, and not of a page to which it has moved."""
    sql = "SELECT u.key FROM captures c JOIN article_urls u ON u.url = c.url WHERE c.id = ? AND u.article_id = ?"
    found = next(db.query(sql, (row["capture_id"], row["id"])), None)
    return found is None or found["key"] in (None, row["key"])


def _is_ours(doubt: Mapping[str, str]) -> bool:
    return doubt.get("kind") == DoubtKind.OTHER_COPY and doubt.get("field") == "published_at"


def _sortable(day: str) -> str:
    """A day as text to sort by; where only the month or year is known, after all days of it."""
    return day + "-99-99"[len(day) - _DAY :] if len(day) < _DAY else day


def _agree(one: Shown, other: Shown) -> bool:
    """Whether two dates may be of one day: a month agrees with each of its days."""
    return one.day.startswith(other.day) or other.day.startswith(one.day)


def _days_between(first: str, last: str) -> int:
    """Days between two dates; a month or a year counts from its first day."""
    days = []
    for text in (first, last):
        try:
            days.append(date.fromisoformat((text + "-01-01")[:_DAY]))
        except ValueError:
            return _NOTED + 1
    return (days[1] - days[0]).days


def _json(items: list[Any], before: str) -> str:
    """The list as JSON; as it was written before where it holds the same."""
    return before if json.loads(before) == items else json.dumps(items, ensure_ascii=False)
