"""From blocks to the two texts that are stored: plain text and Markdown."""

import re
from collections.abc import Iterable, Sequence

from crawler.extraction.blocks import Block, Run
from crawler.extraction.page_metadata import absolute
from crawler.extraction.rules.pictures import source_of
from crawler.text import normalize

_ESCAPED = re.compile(r"([\\`*_\[\]<>#|])")
_LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(\s)", re.MULTILINE)


def plain(blocks: Iterable[Block]) -> str:
    """Return the body as plain text: paragraphs and list items parted by one empty line, table rows by a break."""
    parts: list[str] = []
    for block in blocks:
        if not block.text:
            continue
        parts.append(block.text)
    return normalize("\n\n".join(parts))


def markdown(blocks: Sequence[Block], base: str, captions: dict[str, str | None]) -> str:
    """Return the body as Markdown: headings, lists, tables, links, pictures with the given captions by URL."""
    parts: list[str] = []
    previous = None
    for block in blocks:
        text = _block(block, base, captions)
        if not text:
            continue
        if parts:
            both = block.kind == "li" and previous is not None and previous.kind == "li"
            parts.append("\n" if both else "\n\n")
        parts.append(text)
        previous = block
    return "".join(parts)


def _block(block: Block, base: str, captions: dict[str, str | None]) -> str:
    if block.kind == "table":
        return _table(block.rows)
    if block.kind == "pre":
        return f"```\n{block.text}\n```" if block.text else ""
    text = _inline(block.runs, base, captions, bold=block.kind != "h")
    if not text:
        return ""
    if block.kind == "h":
        return "#" * min(6, max(2, block.level)) + " " + text.replace("\n", " ")
    if block.kind == "li":
        return "  " * max(0, block.level - 1) + "- " + text.replace("\n", " ")
    if block.kind == "quote":
        return "> " + text.replace("\n", "\n> ")
    if block.kind == "caption":
        return f"*{text}*" if "*" not in text and "\n" not in text else text
    return text.replace("\n", "  \n")


def _inline(runs: Sequence[Run], base: str, captions: dict[str, str | None], bold: bool) -> str:
    out: list[str] = []
    index = 0
    while index < len(runs):
        run = runs[index]
        if run.image is not None:
            url = source_of(run.image, base)
            if url:
                label = captions.get(url) or normalize(run.image.get("alt") or "").replace("\n", " ")
                out.append(f"![{_escape(label[:300])}]({_target(url)})")
            index += 1
            continue
        style = (run.href, run.bold, run.italic)
        text = run.text
        index += 1
        while (
            index < len(runs)
            and runs[index].image is None
            and (runs[index].href, runs[index].bold, runs[index].italic) == style
        ):
            text += runs[index].text
            index += 1
        out.append(_styled(text, *style, base=base, mark=bold))
    text = normalize("".join(out)).replace("\n\n", "\n")
    return _LINE_START.sub(r"\1\\\2\3", text) if text and not text.startswith("![") else text


def _styled(text: str, href: str | None, bold: bool, italic: bool, *, base: str, mark: bool) -> str:
    core = normalize(text)
    if not core:
        return text
    before = text[: len(text) - len(text.lstrip())] or (" " if text[:1].isspace() else "")
    after = text[len(text.rstrip()) :]
    core = _escape(core)
    if mark and "\n" not in core:
        core = f"**{core}**" if bold else f"*{core}*" if italic else core
    url = absolute(href, base)
    if url and "\n" not in core:
        core = f"[{core}]({_target(url)})"
    return f"{before}{core}{after}"


def _escape(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", text)


def _target(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")


def _table(rows: Sequence[Sequence[str]]) -> str:
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = []
    for number, row in enumerate(rows):
        cells = [_escape(cell.replace("\n", " ")) for cell in row] + [""] * (width - len(row))
        lines.append("| " + " | ".join(cells) + " |")
        if number == 0:
            lines.append("|" + " --- |" * width)
    return "\n".join(lines)
