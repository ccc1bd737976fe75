"""What a command says on standard error: a sentence after the program's name, or a line of JSON."""

import sys
from typing import Protocol


class Complain(Protocol):
    """Says a sentence; `site` and `reason`: what it is about, for programs that read it; `grave`: an error."""

    def __call__(self, text: str, *, site: str | None = None, reason: str | None = None, grave: bool = True) -> None:
        """Say it."""


def complain_in_text(text: str, *, site: str | None = None, reason: str | None = None, grave: bool = True) -> None:
    """Say a sentence for people. The faults of a table of sites have a line each; all else is one."""
    print(f"tinphuong: {text}", file=sys.stderr)


def complain_in_json(text: str, *, site: str | None = None, reason: str | None = None, grave: bool = True) -> None:
    """Say a sentence as a line of JSON."""
    from crawler.cli.output.json_log import sentence_line

    print(sentence_line(text, grave=grave, site=site, reason=reason), file=sys.stderr)


def complaints(form: str) -> Complain:
    """Return how a command complains in the form `text` or `json`."""
    return complain_in_json if form == "json" else complain_in_text
