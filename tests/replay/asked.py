"""What a replay is asked for: addresses of articles, the time of the capture, and the title that must come."""

import html
import re
import unicodedata
from dataclasses import dataclass

from storage import Collection
from storage.exports.citations import citation


@dataclass(frozen=True)
class Asked:
    """An article as it is cited. `others`: its further addresses, the canonical one among them; of no copy."""

    id: int
    title: str
    url: str
    moment: str
    others: tuple[str, ...]

    @property
    def timestamp(self):
        """The moment in 14 digits, as replay tools have it in addresses."""
        return re.sub(r"\D", "", self.moment)[:14]

    def is_in(self, page):
        """Tell whether a page, as bytes of HTML, shows the article's title, however its server encodes it."""
        return any(plain(self.title) in plain(page.decode(charset, "replace")) for charset in ("utf-8", "windows-1258"))


def plain(text):
    """Return HTML as text with one space between words, each letter one character, lower case."""
    words = re.sub(r"<[^>]*>", " ", html.unescape(text)).split()
    return unicodedata.normalize("NFC", " ".join(words)).casefold()


def asked(db):
    """Return all articles of a collection that have a capture."""
    with Collection(db) as collection:
        rows = list(collection.rows("SELECT id, url, site, key FROM articles WHERE capture_id IS NOT NULL ORDER BY id"))
        found = []
        for row in rows:
            cited = citation(collection, row["id"])
            sql = "SELECT url, relation FROM article_urls WHERE article_id = ? AND site = ? AND key = ?"
            own = collection.rows(sql, [row["id"], row["site"], row["key"]])
            known = {row["url"], *(one["url"] for one in own if one["relation"] != "duplicate")}
            others = tuple(sorted(known - {cited.url}))
            found.append(Asked(row["id"], cited.title, cited.url, cited.captured_at, others))
    return found
