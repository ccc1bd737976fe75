"""Every hostile kind, by name, and the table that docs/hostile.md shows of them."""

from tests.hostile import pages, paths, transfers
from tests.hostile.kind import Kind

GROUPS: dict[str, tuple[Kind, ...]] = {
    "Transfers": transfers.KINDS,
    "Content": pages.KINDS,
    "Redirects, pagers, rules": paths.KINDS,
}
ALL: dict[str, Kind] = {kind.name: kind for group in GROUPS.values() for kind in group}


def row(kind: Kind) -> str:
    """The row of a kind in docs/hostile.md."""
    return f"| `{kind.name}`: {kind.tried} | {kind.happens} | {kind.bound or '–'} |"


def tables() -> str:
    """All rows, under the headings of their groups."""
    heading = "| what is tried | what happens | the bound |\n|---|---|---|"
    return "\n\n".join(f"### {name}\n\n{heading}\n" + "\n".join(map(row, kinds)) for name, kinds in GROUPS.items())
