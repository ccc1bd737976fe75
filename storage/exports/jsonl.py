"""JSON Lines: one object an article, UTF-8, everything known of it; `tinphuong import` takes it back."""

import json
from pathlib import Path

from storage.exports.job import Job


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the file `path`."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for article in job.articles():
            out.write(json.dumps(article, ensure_ascii=False, separators=(",", ":")) + "\n")
