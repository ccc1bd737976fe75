"""Which tables hold data, and which only hold the page together."""

from typing import Any

from crawler.text import normalize

_LONG_CELL = 600
_MAX_CELLS = 6_000


def data_rows(table: Any) -> list[list[str]] | None:
    """Return the cells of a data table row by row (empty rows left out), or None for a layout table.

    Cures two failures at once: layout tables that come out as one `| … |` line with their neighbours' text, and data
    tables that are lost or run together. A layout table holds another table, headings, articles or a cell of prose,
    or has one column; a two-column table without border and header of one or two rows is a signature or a letterhead.
    """
    if table.get("role") == "presentation":
        return None
    if table.find(".//table") is not None or table.find(".//h1") is not None or table.find(".//article") is not None:
        return None
    rows: list[list[str]] = []
    widest = cells = long_cells = filled = pictures = 0
    for row in table.iter("tr"):
        texts: list[str] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            cells += 1
            if cells > _MAX_CELLS:
                break
            text = normalize(" ".join(cell.itertext()).replace("\n", " "))
            if not text and cell.find(".//img") is not None:
                pictures += 1
            if len(text) > _LONG_CELL:
                long_cells += 1
            if text:
                filled += 1
            texts.append(text)
        widest = max(widest, len(texts))
        if any(texts):
            rows.append(texts)
    header = table.find(".//th") is not None
    border = (table.get("border") or "0").strip() not in ("", "0") or "border" in (table.get("class") or "")
    border = border or _has_cell_borders(table)
    if widest < 2 or pictures > filled / 2:
        return None
    if long_cells and (widest < 3 or long_cells * 3 > filled) and not (header or border):
        return None
    if long_cells * 2 > filled:
        return None
    if len(rows) <= 2 and not (border or header):
        return None
    if widest == 2 and not (border or header) and len(rows) < 3:
        return None
    full = sum(1 for row in rows if sum(map(bool, row)) >= 2)
    if full * 2 < len(rows) and not header:
        return None
    return rows


def _has_cell_borders(table: Any) -> bool:
    """Return True where the first cells draw lines of their own, as Word's tables do."""
    for number, cell in enumerate(table.iter("td", "th")):
        style = (cell.get("style") or "").replace(" ", "").lower()
        if "border:solid" in style or "border:1" in style or "border-top:solid" in style or "bordersolid" in style:
            return True
        if "windowtext" in style:
            return True
        if number > 5:
            break
    return False
