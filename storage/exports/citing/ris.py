"""RIS: tags of two letters, lines that end with CRLF, UTF-8; for EndNote, Zotero, Mendeley and library catalogues."""

from storage.exports.citations import Citation
from storage.exports.citing import csl


def entry(citation: Citation, naan: str | None = None) -> str:
    """Return a citation as a record of the type ELEC (a web page), with an empty line behind it.

    A comma in AU parts a family name from the others, so that the commas of an issuer's name are dashes there; PB has
    the name as it is.
    """
    item = csl.item(citation, naan)
    issued = item.get("issued", {}).get("date-parts", [])
    lines = [
        ("TY", "ELEC"),
        ("ID", item["id"]),
        ("TI", item["title"]),
        ("AU", name(item["author"][0]["literal"])),
        ("T2", item["container-title"]),
        ("PB", csl.issuer(citation)),
        ("PY", f"{issued[0][0]:04}" if issued else ""),
        ("DA", _day(issued[0]) if len(issued) == 1 else ""),
        ("AB", item.get("abstract", "")),
        ("UR", item["URL"]),
        ("Y2", _day(item["accessed"]["date-parts"][0])),
        ("LA", item["language"]),
        ("DB", item["archive"]),
        ("AN", item["archive_location"]),
        ("N1", f"{' – '.join(map(_day, issued))}. {item['note']}" if len(issued) > 1 else item["note"]),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value or tag == "ER") + "\r\n"


def name(literal: str) -> str:
    """Return a name that no program takes apart: dashes in place of commas."""
    return " – ".join(part.strip() for part in literal.split(",") if part.strip()) or literal


def _day(parts: list[int]) -> str:
    """YYYY/MM/DD, as far as it is known; the slashes stay, as the tag has them."""
    written = [f"{number:02}" if place else f"{number:04}" for place, number in enumerate(parts)]
    return "/".join([*written, "", ""][:3])
