"""Names of an article that are the same on every machine that keeps it, whatever its number in a database is."""

import re
from collections.abc import Iterator
from hashlib import sha256

from crawler import urls
from storage.exports.addresses import captured_address
from storage.rows import WholeArticle

_LENGTH = 20  # hex digits
_NO_NAME = re.compile(r"[^A-Za-z0-9.-]")


def stable_name(article: WholeArticle) -> str:
    """Return 20 hex digits that follow from the article's site and its identity there."""
    return name_of(article["site"], article["key"])


def name_of(site: str, key: str) -> str:
    """Return the stable name of the article that has the identity `key` on a site."""
    return sha256(f"{site}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def ark(article: WholeArticle, naan: str | None) -> str | None:
    """Return the article's ARK under the name assigning authority `naan` (five digits), None where there is none."""
    return f"ark:/{naan}/{stable_name(article)}" if naan else None


def oai_identifier(article: WholeArticle) -> str:
    """Return the OAI identifier of an article: the same on every machine that keeps it, also when its site is renamed.

    It holds the first host that its site had, without the port, whose colon would part the identifier once more.
    """
    issuer = article["issuer"]
    host = urls.host(f"//{issuer.get('first_host') or issuer['host']}")
    return f"oai:{_NO_NAME.sub('-', host or article['site'])}:{stable_name(article)}"


def identifiers(article: WholeArticle, naan: str | None) -> Iterator[str]:
    """Yield what names an article: the captured address, the canonical one, its others, the ARK, the OAI identifier."""
    others = (item["url"] for item in article["urls"])
    yield from dict.fromkeys((captured_address(article), article["url"], *others))
    if named := ark(article, naan):
        yield named
    yield oai_identifier(article)
