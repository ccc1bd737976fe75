r"""BibTeX: an `@online` entry of biblatex, which classic styles set as `@misc` with `year`, `url` and `note`.

Braces count in BibTeX although they are escaped: where those of a text do not match, they become commands
(`\textbraceleft{}`), as one of them would end the entry.
"""

from urllib.parse import quote

from storage.exports.citations import Citation
from storage.exports.citing import csl

_COMMANDS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_ESCAPES = str.maketrans(_COMMANDS)
_UNMATCHED = _ESCAPES | str.maketrans({"{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
_IN_ADDRESSES = "/:?#[]@!$&'()*+,;=-._~%"  # what stays as it is in an address; braces and blanks do not


def entry(citation: Citation, naan: str | None = None) -> str:
    """Return a citation as an entry, with a line end behind it."""
    item = csl.item(citation, naan)
    fields = {
        "author": f"{{{escaped(item['author'][0]['literal'])}}}",  # braced twice: one name, not to be inverted
        "title": f"{{{escaped(item['title'])}}}",  # and one title, whose capitals stay
        "organization": f"{{{escaped(item['publisher'])}}}" if "publisher" in item else "",
        "date": "/".join(_iso(day) for day in item.get("issued", {}).get("date-parts", [])),
        "year": str(item["issued"]["date-parts"][0][0]) if "issued" in item else "",
        "url": address(item["URL"]),
        "urldate": _iso(item["accessed"]["date-parts"][0]),
        "langid": "vietnamese" if item["language"] == "vi" else "",
        "note": escaped(f"{item['archive']}: {item['archive_location']}. {item['note']}"),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{item['id']},\n{lines}}}\n"


def escaped(text: str) -> str:
    """Return a text as it stands in a field: what TeX would take for a command is written as one."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            break
    return text.translate(_UNMATCHED if depth else _ESCAPES)


def address(url: str) -> str:
    """Return an address as it stands in `url`, which is taken literally: braces, blanks and letters are quoted."""
    return quote(url, safe=_IN_ADDRESSES)


def _iso(day: list[int]) -> str:
    return "-".join(f"{number:02}" if place else f"{number:04}" for place, number in enumerate(day))
