"""One imported article: where it belongs, and how it joins what is there."""

import json
from collections.abc import Mapping
from typing import Any, cast

from crawler.text.text_keys import TextKeys, text_keys
from storage import article_units, fields
from storage.addresses.stored import DATES
from storage.collection import Collection
from storage.doubts import confirm, confirmed
from storage.imports.references import Pointing
from storage.imports.timeline import OURS, TEXT, THEIRS, Row, Text, joined, texts
from storage.records import Record
from storage.rows import Address, ArticleRow, VersionRow, WholeArticle
from storage.search import article_keys, fulltext

_FILE = ("sha256", "size", "real_type", "fetched_at")
_CAPTURED = ("capture_id", "capture_elsewhere")
_STATE = ("removed_at", "gone_at")


class Merger:
    """Takes articles into `collection`. `added`, `merged`, `tied`: how many were new, known, exact duplicates."""

    def __init__(self, collection: Collection, pointing: Pointing):
        self.collection = collection
        self.pointing = pointing
        self.added = self.merged = self.tied = 0
        self._inserted: set[int] = set()
        self._columns = {
            table: [column.name for column in collection.db[table].columns]
            for table in ("articles", "versions", "attachments", "images", "article_events")
        }

    def take(self, article: WholeArticle, keys: TextKeys | None = None) -> None:
        """Take an article in, in the shape of storage.exports.articles. `keys`: of its text, where they are known.

        What people confirmed on either side counts on both, the later word where they differ. Of an exact duplicate,
        which is another article there, it stays behind.
        """
        self.pointing.site(article["site"], article["issuer"])
        known = self._known(article)
        if known is not None:
            self._merge(known, self._with_confirmations(known, article))
            self.merged += 1
        elif (twin := self._twin(article)) is not None:
            known = twin
            last = "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE id = ?"
            self.collection.execute(last, (article["last_seen_at"], twin))
            self.tied += 1
        else:
            known = self._insert(article, keys)
            self.added += 1
        self._urls(known, article)
        self._files(known, article)
        self._events(known, article)

    # Which article it is

    def _known(self, article: WholeArticle) -> int | None:
        """The id of the article that has this identity, or of the one that it is an alias or exact duplicate of."""
        for sql in (
            "SELECT id FROM articles WHERE site = ? AND key = ?",
            "SELECT article_id AS id FROM article_urls WHERE site = ? AND key = ? LIMIT 1",
        ):
            row = next(self.collection.rows(sql, (article["site"], article["key"])), None)
            if row:
                return int(row["id"])
        return None

    def _twin(self, article: WholeArticle) -> int | None:
        """An article that was here before with the same text; one that has a history of its own stays its own."""
        if article.get("versions") or article.get("events"):
            return None
        record = Record(
            article["site"], article["key"], article["url"], article["content_hash"], article["last_seen_at"], article,
            attachments=article.get("attachments", ()), images=article.get("images", ()),
        )  # fmt: skip
        twin = self.collection.twin(record)
        return None if twin in self._inserted else twin

    # Rows

    def _insert(self, article: WholeArticle, keys: TextKeys | None) -> int:
        values = self._row("articles", article, article["site"])
        taken = next(self.collection.rows("SELECT 1 FROM articles WHERE id = ?", [article.get("id")]), None)
        if isinstance(article.get("id"), int) and not taken:
            values["id"] = article["id"]  # so that citations hold
        article_id = self.collection.insert("articles", values)
        if keys is None:
            keys = text_keys(*(str(values[name] or "") for name in fields.SEARCHED))
        article_keys.put_keys(self.collection.db, article_id, values, keys)
        article_units.put(self.collection.db, article_id, article.get("units", ()))
        self._inserted.add(article_id)
        for version in article.get("versions", ()):
            self.collection.insert(
                "versions", self._row("versions", version, article["site"]) | {"article_id": article_id}
            )
        confirm.take_in(self.collection, article_id, article.get("confirmations", ()))
        return article_id

    def _with_confirmations(self, article_id: int, article: WholeArticle) -> WholeArticle:
        """Take in what people said of an article over there, and return it with all that was said laid over."""
        added = confirm.take_in(self.collection, article_id, article.get("confirmations", ()))
        said = confirmed.of(self.collection.db, article_id)
        if not said:
            return article
        own = next(self.collection.rows("SELECT * FROM articles WHERE id = ?", [article_id], of=ArticleRow))
        if added:
            confirm.put_right(self.collection, own, said)
        newer = article["last_seen_at"] > own["last_seen_at"]
        laid = confirmed.over_today(article, said) if newer else confirmed.over_earlier(article, said)
        laid["versions"] = [
            confirmed.with_hash(confirmed.over_earlier(version, said)) for version in article.get("versions", ())
        ]
        return cast(WholeArticle, confirmed.with_hash(laid))

    def _row(self, table: str, values: Mapping[str, Any], site: str) -> dict[str, Any]:
        """The columns of a row that came from elsewhere, its run and capture as the ids they have here."""
        row = {
            name: values[name] for name in self._columns[table] if name in values and name not in ("id", "article_id")
        }
        for name in fields.LISTS:
            if name in row:
                row[name] = json.dumps(row[name], ensure_ascii=False)
        if "run_id" in self._columns[table]:
            row["run_id"] = self.pointing.run(values.get("run"), site)
        if "capture_id" in self._columns[table]:
            row["capture_id"] = self.pointing.capture(values.get("capture"))
        if "capture_elsewhere" in self._columns[table] and row["capture_id"] is None:
            row["capture_elsewhere"] = self.pointing.elsewhere(values.get("capture"))
        return row

    def _merge(self, article_id: int, article: WholeArticle) -> None:
        own = next(self.collection.rows("SELECT * FROM articles WHERE id = ?", [article_id], of=ArticleRow))
        sql = "SELECT * FROM versions WHERE article_id = ? ORDER BY id"
        versions = list(self.collection.rows(sql, [article_id], of=VersionRow))
        ours, theirs = texts(own, versions, OURS), texts(article, article.get("versions", []), THEIRS)
        *earlier, newest = joined(ours, theirs)
        for text in earlier:
            self._keep(article_id, text, own)
        changes = self._times(own, article, newest, bool(earlier))
        if newest.rows.get(OURS) is not own:
            self._replace(own, newest, versions)
            changes = self._today(newest, article) | changes
        elif own["capture_id"] is None and THEIRS in newest.rows:
            theirs_row = self._row("versions", newest.rows[THEIRS], own["site"])
            changes |= {name: theirs_row[name] for name in _CAPTURED if theirs_row.get(name)}
        for name, value in fields.picked(own, fields.ADOPTED).items():
            if value is None:
                changes.setdefault(name, article.get(name))
        self.collection.change_article(article_id, changes)
        if newest.rows.get(OURS) is not own:
            fulltext.add(self.collection.db, article_id, {**own, **changes})
        self._units(article_id, article, newest, own)

    def _keep(self, article_id: int, text: Text, own: ArticleRow) -> None:
        """Make sure that an earlier text is in `versions`, with all the time it was seen."""
        seen = {"seen_from": text.seen_from, "seen_until": text.seen_until}
        row = text.rows.get(OURS)
        if row is None:
            values = self._row("versions", text.rows[THEIRS], own["site"])
            self.collection.insert("versions", values | seen | {"article_id": article_id})
        elif row is own:
            kept = fields.picked(row, (*TEXT, "run_id", *_CAPTURED))
            self.collection.insert("versions", kept | seen | {"article_id": article_id})
        elif (row["seen_from"], row["seen_until"]) != (text.seen_from, text.seen_until):
            sql = "UPDATE versions SET seen_from = ?, seen_until = ? WHERE id = ?"
            self.collection.execute(sql, (text.seen_from, text.seen_until, row["id"]))
        if row is not None and row is not own and row["capture_id"] is None and THEIRS in text.rows:
            values = self._row("versions", text.rows[THEIRS], own["site"])
            sql = "UPDATE versions SET capture_id = ?, capture_elsewhere = ? WHERE id = ?"
            where = values.get("capture_elsewhere") or row["capture_elsewhere"]
            self.collection.execute(sql, (values["capture_id"], where, row["id"]))

    def _replace(self, own: ArticleRow, newest: Text, versions: list[VersionRow]) -> None:
        """Make room for another text than the one we show; where it was a version of ours, that row goes."""
        fulltext.remove(self.collection.db, own["id"], own)
        row = newest.rows.get(OURS)
        if row is not None and row in versions:
            self.collection.execute("DELETE FROM versions WHERE id = ?", (row["id"],))

    def _today(self, newest: Text, article: WholeArticle) -> dict[str, object]:
        """The columns of the text that is to be shown."""
        row = newest.rows.get(THEIRS) or newest.row
        if row is article:
            values = self._row("articles", article, article["site"])
            return {name: value for name, value in values.items() if name not in ("site", "key", "url", *_STATE)}
        pointed = self._row("versions", row, article["site"]) if "run" in row else row
        return {name: pointed.get(name) for name in (*TEXT, "run_id", *_CAPTURED)}

    def _times(self, own: ArticleRow, article: WholeArticle, newest: Text, has_earlier: bool) -> dict[str, object]:
        """First and last seen, changed, checked, removed: of both sides the widest, and the latest word."""
        first = min(own["first_seen_at"], article["first_seen_at"])
        changed = has_earlier or own["changed_at"] or article.get("changed_at")
        times: dict[str, object] = {
            "first_seen_at": first,
            "last_seen_at": max(own["last_seen_at"], article["last_seen_at"]),
            "changed_at": newest.seen_from if changed else None,
            "checked_at": max(filter(None, (own["checked_at"], article.get("checked_at"))), default=None),
        }
        if _looked(article) > _looked(own):
            times |= {name: article.get(name) for name in _STATE}
        return times

    # What belongs to it

    def _urls(self, article_id: int, article: WholeArticle) -> None:
        known = "CASE WHEN published_at IS NULL THEN excluded.{0} ELSE {0} END"
        filled = ", ".join(f"{name} = {known.format(name)}" for name in DATES)
        for item in article["urls"]:
            own = article_id in self._inserted
            relation = item["relation"] if own or item["relation"] != "canonical" else None
            self.collection.execute(
                "INSERT INTO article_urls (url, article_id, site, key, relation, first_seen_at, last_seen_at, "  # noqa: S608
                f"gone_at, {', '.join(DATES)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE "
                "SET first_seen_at = min(first_seen_at, excluded.first_seen_at), "
                "gone_at = CASE WHEN excluded.last_seen_at > last_seen_at THEN excluded.gone_at ELSE gone_at END, "
                f"last_seen_at = max(last_seen_at, excluded.last_seen_at), {filled}",
                (item["url"], article_id, item["site"], item["key"], relation or self._relation(article_id, item),
                 item["first_seen_at"], item["last_seen_at"], item.get("gone_at"),
                 *(item.get(name) for name in DATES)),
            )  # fmt: skip
        self.collection.settle_dates(article_id)

    def _relation(self, article_id: int, item: Address) -> str:
        """What the other side's canonical address is here."""
        row = next(self.collection.rows("SELECT site, key, url FROM articles WHERE id = ?", [article_id]))
        if (row["site"], row["key"]) != (item["site"], item["key"]):
            return "duplicate"
        return "canonical" if row["url"] == item["url"] else "alias"

    def _units(self, article_id: int, article: WholeArticle, newest: Text, own: ArticleRow) -> None:
        """The units of the text that is shown: ours; theirs where it is their text, or we had none; else none."""
        theirs = article.get("units", ()) if newest.rows.get(THEIRS) is article else ()
        if newest.rows.get(OURS) is own and (not theirs or article_units.of(self.collection.db, article_id)):
            return
        article_units.put(self.collection.db, article_id, theirs)

    def _files(self, article_id: int, article: WholeArticle) -> None:
        for item in article.get("attachments", ()):
            row = self._row("attachments", item, article["site"]) | {"article_id": article_id}
            if not self.pointing.file(item):  # the next crawl fetches it again
                row = {name: value for name, value in row.items() if name not in _FILE}
            self._add("attachments", row, fill=(*_FILE, "capture_id"))
        for picture in article.get("images", ()):
            row = self._row("images", picture, article["site"]) | {"article_id": article_id}
            self._add("images", row, fill=("capture_id",))

    def _add(self, table: str, row: Mapping[str, object], *, fill: tuple[str, ...]) -> None:
        """Insert a row, or where there is one of that article and address, fill in what it lacks."""
        filled = [f"{name} = coalesce({table}.{name}, excluded.{name})" for name in fill if name in row]
        do = f"UPDATE SET {', '.join(filled)}" if filled else "NOTHING"
        self.collection.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) "  # noqa: S608 — the schema's
            f"ON CONFLICT (article_id, url) DO {do}",
            row.values(),
        )

    def _events(self, article_id: int, article: WholeArticle) -> None:
        for event in article.get("events", ()):
            sql = "SELECT 1 FROM article_events WHERE article_id = ? AND kind = ? AND at = ?"
            if next(self.collection.rows(sql, (article_id, event["kind"], event["at"])), None) is None:
                row = self._row("article_events", event, article["site"]) | {"article_id": article_id}
                self.collection.insert("article_events", row)


def _looked(row: Row) -> str:
    """When a side last looked at an article's page."""
    return max(str(row[name]) for name in ("checked_at", "last_seen_at") if row.get(name))
