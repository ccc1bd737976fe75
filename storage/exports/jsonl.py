"""JSON Lines: one object an article, UTF-8, everything known of it; `tinphuong import` takes it back.

`unit_then` and `unit_today`, the names of the issuer's unit, follow from its codes: an import works them out anew.
"""

import json
from pathlib import Path

from storage.exports.job import Job
from storage.exports.units_today import then_and_today


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the file `path`."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for article in job.articles():
            then, today = then_and_today(article["issuer"], article["published_at"])
            whole = {**article, "unit_then": then, "unit_today": today}
            out.write(json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n")
