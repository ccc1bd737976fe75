"""The text of a link or button, as much of it as can matter: a page may put all its text into each of many."""

from typing import Any

from crawler.text import normalize


def short_text(element: Any, most: int = 2_000) -> str:
    """Return an lxml element's text, normalised; of one with more than `most` characters the beginning."""
    from lxml.etree import iterwalk

    if not len(element):
        return normalize(element.text or "")
    pieces, size = [], 0
    for event, node in iterwalk(element, events=("start", "end", "comment", "pi")):
        piece = node.text if event == "start" else node.tail if node is not element else None
        if piece:
            pieces.append(piece)
            size += len(piece.strip())
            if size > most:
                break
    return normalize("".join(pieces))
