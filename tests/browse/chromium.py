"""Where the tests find a browser and the accessibility checker; each may be missing, then what needs it is skipped.

A machine gets a browser with `apt-get install chromium`; $TINPHUONG_CHROMIUM (a program) names another.
"""

import importlib.util
import os
import shutil
from pathlib import Path

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
    """Return the path of axe.min.js as the package axe-playwright-python ships it, or None where that is missing."""
    found = importlib.util.find_spec("axe_playwright_python")
    return Path(found.origin).with_name("axe.min.js") if found and found.origin else None
