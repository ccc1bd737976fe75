"""CSL-JSON: what a citation says, as reference managers (Zotero, Mendeley, JabRef, pandoc) take it in.

An article is a "webpage": it is a page of an authority's portal, and styles then show address and day of access.
Vietnamese names begin with the family name and are never inverted, and many author lines are offices: every name is a
literal. Moments become days in Việt Nam's time.
"""

from typing import Any

from crawler import urls
from crawler.text.terminal_text import without_steering
from storage.exports.citations import Citation
from storage.exports.citing import dates

ARCHIVE = "Tin Phường"


def item(citation: Citation, naan: str | None = None) -> dict[str, Any]:
    """Return a citation as an item of CSL-JSON. `naan`: name assigning authority number, for an ARK; None: no ARK.

    `archive_location` is the ARK, or else the identifier that the record has over OAI-PMH. Without a day of
    publication there is no `issued`; `container-title` is the portal's host.
    """
    issued = dates.parts(citation.published_at)
    found: dict[str, Any] = {
        "id": key(citation),
        "type": "webpage",
        "title": plain(citation.title),
        "author": [{"literal": author(citation)}],
        "container-title": urls.host(citation.url),
        "URL": plain(citation.url),
        "accessed": {"date-parts": [list(dates.day_of(citation.captured_at or citation.seen_at))]},
        "language": citation.language,
        "archive": ARCHIVE,
        "archive_location": citation.name(naan),
        "note": note(citation),
    }
    if issued:
        found["issued"] = {"date-parts": [list(day) for day in issued]}
    if author(citation) != issuer(citation):  # styles would name it twice
        found["publisher"] = issuer(citation)
    if citation.summary:
        found["abstract"] = plain(citation.summary)
    return found


def plain(text: str) -> str:
    """Return a text as one line without anything that cannot be seen or steers."""
    return " ".join(without_steering(text).split())


def key(citation: Citation) -> str:
    """Return the key of an item: the site, the year, and what is the article's alone on any machine."""
    year = (citation.published_at or "nd")[:4]
    site = "".join(char if char.isalnum() and char.isascii() else "-" for char in citation.site)
    return f"{site}-{year}-{citation.stable_name}"


def author(citation: Citation) -> str:
    """Return who an item is by: the author line of the page, or else the issuer in full."""
    return plain(citation.author or "") or issuer(citation)


def issuer(citation: Citation) -> str:
    """Return the ward or office whose site it is, with its unit at the time."""
    return plain(citation.issuer_in_full)


def note(citation: Citation) -> str:
    """Return the sentences that say what the address alone does not: unit, removal, digests."""
    return plain(" ".join(citation.remarks))
