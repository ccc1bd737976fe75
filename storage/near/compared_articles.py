"""Loads articles in the form in which they are compared, and keeps some of them in memory."""

from collections import OrderedDict

from sqlite_utils import Database

from crawler.near import Story, story
from storage import fields

_KEPT = 256


class Stories:
    """Gives the story of an article by its id; the last few hundred stay in memory."""

    def __init__(self, db: Database):
        self._db = db
        self._kept: OrderedDict[int, Story] = OrderedDict()

    def __getitem__(self, article_id: int) -> Story:
        if article_id not in self._kept:
            return self._read(article_id)
        self._kept.move_to_end(article_id)
        return self._kept[article_id]

    def forget(self, article_id: int) -> None:
        """Read an article anew when it is next asked for, as its text may have changed."""
        self._kept.pop(article_id, None)

    def _read(self, article_id: int) -> Story:
        title, summary, body, published = self._db.execute(
            f"SELECT {', '.join(fields.SEARCHED)}, published_at FROM articles WHERE id = ?",  # noqa: S608 — literals only
            (article_id,),
        ).fetchone()
        files = self._db.execute("SELECT name FROM attachments WHERE article_id = ?", (article_id,)).fetchall()
        if not files and not body:  # only pictures of a schedule, under the same title every week
            files = self._db.execute("SELECT url FROM images WHERE article_id = ?", (article_id,)).fetchall()
        made = story(title, summary, body, published=published, files=frozenset(row[0] for row in files))
        self._kept[article_id] = made
        self._kept.move_to_end(article_id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made
