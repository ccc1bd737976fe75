"""Which formats a citation can be written in, and how a whole list of them is written, one after another."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from storage.exports.citations import Citation
from storage.exports.citing import bibtex, csl, ris, styles

_Written = Callable[[Citation, str | None], str]


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """`name`: how people call it; `media`: its media type; `ending`: of a file's name; `write`: one citation and the
    NAAN → text; `head`, `between`, `tail`: what goes round a list."""

    name: str
    media: str
    ending: str
    write: _Written
    head: str = ""
    between: str = "\n"
    tail: str = ""


def _json(citation: Citation, naan: str | None) -> str:
    return json.dumps(csl.item(citation, naan), ensure_ascii=False, indent=2)


_TEXT = "text/plain; charset=utf-8"
FORMATS = {
    "bibtex": CitationFormat("BibTeX", "application/x-bibtex; charset=utf-8", "bib", bibtex.entry),
    "ris": CitationFormat("RIS", "application/x-research-info-systems; charset=utf-8", "ris", ris.entry, between=""),
    "csl-json": CitationFormat(
        "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", _json, "[\n", ",\n", "\n]\n"
    ),
    "chicago": CitationFormat("Chicago", _TEXT, "txt", styles.chicago, tail="\n"),
    "apa": CitationFormat("APA", _TEXT, "txt", styles.apa, tail="\n"),
    "tcvn": CitationFormat("TCVN 10256:2013", _TEXT, "txt", styles.tcvn, tail="\n"),
}


def is_format(name: object) -> TypeGuard[str]:
    """Tell whether a citation can be written in this format."""
    return name in FORMATS


def written(citations: Iterable[Citation], name: str, naan: str | None = None) -> Iterator[str]:
    """Yield the text of a list of citations in a format, piece by piece."""
    kind, is_first = FORMATS[name], True
    yield kind.head
    for citation in citations:
        yield ("" if is_first else kind.between) + kind.write(citation, naan)
        is_first = False
    yield kind.tail
