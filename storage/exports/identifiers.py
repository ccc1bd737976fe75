"""Names of an article that are the same on every machine that keeps it, whatever its number in a database is."""

from hashlib import sha256

from storage.rows import WholeArticle

_LENGTH = 20  # hex digits


def stable_name(article: WholeArticle) -> str:
    """Return 20 hex digits that follow from the article's site and its identity there."""
    name = f"{article['site']}\n{article['key']}"
    return sha256(name.encode()).hexdigest()[:_LENGTH]


def ark(article: WholeArticle, naan: str | None) -> str | None:
    """Return the article's ARK under the name assigning authority `naan` (five digits), None where there is none."""
    return f"ark:/{naan}/{stable_name(article)}" if naan else None
