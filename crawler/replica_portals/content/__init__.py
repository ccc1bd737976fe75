"""The invented news of the replica portals: plain-text files, one a site, and their reader.

Every title, sentence and person in the `.txt` files was made up for these replicas; likeness to real people is chance.

A file is a run of articles, each opened by `=== key`, then `name: value` lines, an empty line, and the body:

    plain line            a paragraph; {@name.pdf|label} and {https://…|label} are links in it
    # text                a bold line between paragraphs
    * text                an item of a bullet list
    !file|alt|caption     a picture (caption may be empty)
    |a|b                  a row of a data table (neighbouring rows make one table)
    %text                 a cell of a layout table (neighbouring cells make one table)
    @name.pdf|label       a paragraph that is nothing but a link to an attachment
    ~text                 a line of the closing signature
"""

from functools import cache
from pathlib import Path

from crawler.replica_portals.model import Article, Block

_HERE = Path(__file__).parent
_PREFIXES = {"# ": "h", "* ": "li", "~": "sign"}


def _body(lines: list[str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for line in lines:
        if line.startswith("|"):
            row = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if blocks and blocks[-1].kind == "table":
                blocks[-1] = Block("table", rows=(*blocks[-1].rows, row))
            else:
                blocks.append(Block("table", rows=(row,)))
        elif line.startswith("%"):
            if blocks and blocks[-1].kind == "layout":
                blocks[-1] = Block("layout", rows=((*blocks[-1].rows[0], line[1:].strip()),))
            else:
                blocks.append(Block("layout", rows=((line[1:].strip(),),)))
        elif line.startswith("!"):
            file, alt, caption = line[1:].split("|")
            blocks.append(Block("img", caption.strip(), file, alt.strip()))
        elif line.startswith("@"):
            file, label = line[1:].split("|")
            blocks.append(Block("file", label.strip(), file))
        else:
            prefix = next((p for p in _PREFIXES if line.startswith(p)), "")
            blocks.append(Block(_PREFIXES.get(prefix, "p"), line[len(prefix) :].strip()))
    return tuple(blocks)


def _article(site: str, chunk: str) -> Article:
    head, _, body = chunk.partition("\n\n")
    key, *lines = head.strip().split("\n")
    facts = dict(line.split(": ", 1) for line in lines)
    return Article(
        key=key.strip(),
        title=facts.pop("title", ""),
        date=facts.pop("date"),
        id=int(facts.pop("id")),
        sections=tuple(facts.pop("in").split()),
        blocks=_body([line for line in body.split("\n") if line.strip()]),
        styles=frozenset(facts.pop("style", "").split()),
        pinned=facts.pop("pinned", "") == "yes",
        site=site,
        **facts,
    )


@cache
def articles_of(site: str) -> tuple[Article, ...]:
    """The articles of `content/{site}.txt` in the order of the file."""
    text = (_HERE / f"{site}.txt").read_text(encoding="utf-8")
    return tuple(_article(site, chunk) for chunk in ("\n" + text).split("\n=== ")[1:])
