"""The texts that two collections have seen of one article, as one history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage import fields
from storage.rows import ArticleRow, EarlierText, VersionRow, WholeArticle

TEXT = (*fields.VERSIONED, "content_hash")
OURS, THEIRS = "ours", "theirs"
Row = Mapping[str, Any]  # an article or a version, ours or theirs: what they have in common is TEXT


@dataclass(slots=True)
class Text:
    """One text and when it was seen. `rows`: by side, the row it was (of an article or a version)."""

    rows: dict[str, Row]
    seen_from: str
    seen_until: str

    @property
    def row(self) -> Row:
        """The row that is used: ours if we have one."""
        return self.rows.get(OURS) or self.rows[THEIRS]

    def same(self, other: "Text") -> bool:
        """Whether the other side means the same text."""
        return not self.rows.keys() & other.rows.keys() and all(
            self.row[name] == other.row[name] for name in ("content_hash", "summary")
        )


def texts(article: ArticleRow | WholeArticle, versions: Sequence[VersionRow | EarlierText], side: str) -> list[Text]:
    """Return the texts of an article as one side knows them; today's is the last."""
    earlier = [Text({side: row}, row["seen_from"], row["seen_until"]) for row in versions]
    since = article.get("changed_at") or article["first_seen_at"]
    return [*earlier, Text({side: article}, since, article["last_seen_at"])]


def joined(ours: list[Text], theirs: list[Text]) -> list[Text]:
    """Return both histories as one, by when each text was first seen; the text that was seen last is the last.

    A text that both have seen without another in between is one. Nothing of ours or theirs is lost.
    """
    made: list[Text] = []
    for text in sorted([*ours, *theirs], key=lambda text: (text.seen_from, text.seen_until)):
        before = made[-1] if made else None
        if before and before.same(text):
            rows = before.rows | text.rows
            made[-1] = Text(rows, before.seen_from, max(before.seen_until, text.seen_until))
        else:
            made.append(text)
    newest = max(made, key=lambda text: (text.seen_until, text is ours[-1] or ours[-1].row in text.rows.values()))
    made.remove(newest)
    return [*made, newest]
