"""JSON Lines: one object an article, UTF-8, everything known of it; `tinphuong import` takes it back.

`unit_then` and `unit_today`, the names of the issuer's unit, follow from its codes: an import works them out anew.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from storage.exports.job import Job
from storage.exports.units_today import then_and_today
from storage.rows import WholeArticle

_TYPES = {str: "string", int: "integer", list: "array"}  # of Python, and the types of JSON that Table Schema has


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the file `path`."""
    with path.open("wb") as out:
        for some in job.texts(lines):
            out.write(some)


def lines(articles: Iterable[WholeArticle]) -> bytes:
    """Return articles as lines."""
    return "".join(map(_line, articles)).encode()


def _line(article: WholeArticle) -> str:
    then, today = then_and_today(article["issuer"], article["published_at"])
    whole = {**article, "unit_then": then, "unit_today": today}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def fields(path: Path) -> list[dict[str, str]]:
    """Return the names and types of an article's fields, as Table Schema has them, in the order of the file `path`."""
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
    hints = get_type_hints(WholeArticle)
    return [{"name": name, "type": _type(hints.get(name, Any))} for name in (json.loads(first) if first else ())]


def _type(hint: Any) -> str:
    """The type in Table Schema of a type of Python: "object" for rows; what may be None has the type of the rest."""
    if isinstance(hint, UnionType):
        hint = get_args(hint)[0]
    return "object" if is_typeddict(hint) else _TYPES.get(get_origin(hint) or hint, "any")
