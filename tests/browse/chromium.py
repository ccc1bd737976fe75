"""Where the tests find a browser and the accessibility checker; each may be missing, then what needs it is skipped.

A machine gets them with `apt-get install chromium` and `npm install axe-core` in any folder above the checkout;
$TINPHUONG_CHROMIUM (a program) and $TINPHUONG_AXE (a folder with node_modules) name other places.
"""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def browser_path() -> str | None:
    """Return the path of a Chromium, or None where none is installed."""
    named = os.environ.get("TINPHUONG_CHROMIUM")
    if named is not None:
        return named if Path(named).is_file() else None
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def axe_path() -> Path | None:
    """Return the path of axe.min.js, or None where the npm package axe-core is not found."""
    named = os.environ.get("TINPHUONG_AXE")
    folders = [Path(named)] if named else [*ROOT.parents, Path.home()]
    places = [folder / "node_modules" / "axe-core" / "axe.min.js" for folder in folders] + folders[:1]
    return next((place for place in places if place.is_file()), None)
