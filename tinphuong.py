"""Starts the program: `tinphuong`, and `python -m tinphuong`.

Its packages are called `crawler`, `spiders` and `storage`, and other folders may be called so, too. This module has a
name of its own, so that it can say so where somebody else's `crawler` comes first; `crawler.cli` looks at the others.
"""

import sys
from importlib.util import find_spec
from pathlib import Path


def main() -> int:
    """Run the command line and return the exit code."""
    ours = Path(__file__).resolve().parent / "crawler"
    found = find_spec("crawler")
    places = [Path(place).resolve() for place in (found and found.submodule_search_locations) or ()]
    if places != [ours]:
        said = places[0] if places else (found and found.origin) or "nothing"
        sys.stderr.write(
            f"tinphuong: Python finds {said} where this program's own package `crawler` in {ours.parent} is meant; "
            "start it in another folder, or take that one out of PYTHONPATH\n"
        )
        return 2
    from crawler.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
