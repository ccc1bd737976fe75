"""What reference managers read from a page: Highwire and Dublin Core meta elements, and COinS.

`z.itemType` tells Zotero that the page is a web page, as it takes `citation_title` for a journal's. Programs take the
name in a meta element apart at its last word; COinS has it as that of a body (`aucorp`), which stays whole.
"""

from urllib.parse import quote, urlencode

from storage.exports.citations import Citation
from storage.exports.citing import csl, dates


def meta(citation: Citation, naan: str | None = None) -> list[tuple[str, str]]:
    """Return (name, content) of the meta elements of an article's page, in their order."""
    item, days = csl.item(citation, naan), dates.parts(citation.published_at)
    by = csl.plain(citation.author or "")
    seen = "-".join(f"{number:02}" for number in dates.day_of(citation.captured_at or citation.seen_at))
    found = [
        ("citation_title", item["title"]),
        ("citation_author", by),
        ("citation_publication_date", "/".join(f"{number:02}" for number in days[0]) if len(days) == 1 else ""),
        ("citation_publisher", csl.issuer(citation)),
        ("citation_public_url", item["URL"]),
        ("citation_language", item["language"]),
        ("citation_abstract", item.get("abstract", "")),
        ("citation_access_date", seen.replace("-", "/")),
        ("DC.title", item["title"]),
        ("DC.creator", csl.author(citation)),
        ("DC.publisher", csl.issuer(citation)),
        ("DC.date", "/".join("-".join(f"{number:02}" for number in day) for day in days)),
        ("DC.identifier", item["URL"]),
        ("DC.identifier", item["archive_location"]),
        ("DC.language", item["language"]),
        ("DC.description", item.get("abstract", "")),
        ("DC.type", "Text"),
        ("DCTERMS.spatial", citation.unit_name or ""),
        ("z.itemType", "webpage"),
    ]
    return [(name, content) for name, content in found if content]


def coins(citation: Citation) -> str:
    """Return the ContextObject (Z39.88-2004) of an article, for the title of an empty span of the class Z3988."""
    days = dates.parts(citation.published_at)
    fields = (
        ("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"), ("rfr_id", "info:sid/tinphuong"),
        ("rft.type", "webpage"), ("rft.title", csl.plain(citation.title)), ("rft.aucorp", csl.author(citation)),
        ("rft.publisher", csl.issuer(citation)), ("rft.language", citation.language),
        ("rft.date", "/".join("-".join(f"{number:02}" for number in day) for day in days)),
        ("rft.identifier", csl.plain(citation.url)),
    )  # fmt: skip
    return urlencode([(name, value) for name, value in fields if value], quote_via=quote, safe="")
