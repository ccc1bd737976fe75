"""Whether Python finds somebody else's package where one of ours is meant: their names are common ones."""

from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("spiders", "storage")  # `crawler` is imported already: tinphuong.py looks at that
_OURS = Path(__file__).resolve().parents[2]


def shadowed() -> str:
    """Say which folder or file stands before one of our packages, and what to do; "" for none. Imports nothing."""
    for name in _PACKAGES:
        place = _found(name)
        if place != _OURS / name:
            return (
                f"Python finds {place or 'nothing'} where this program's own package `{name}` in {_OURS} is meant; "
                "start it in another folder, or take that one out of PYTHONPATH"
            )
    return ""


def _found(name: str) -> Path | None:
    """The folder that an import of `name` takes, or the file where it is a single one.

    A folder without `__init__.py` counts only where Python takes it: behind a package of that name it does not.
    """
    spec = find_spec(name)
    if spec is None:
        return None
    if spec.has_location and spec.origin:
        place = Path(spec.origin).resolve()
        return place.parent if place.name == "__init__.py" else place
    return next((Path(place).resolve() for place in spec.submodule_search_locations or ()), None)
