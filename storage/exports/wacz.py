"""The captures of the chosen articles as a WACZ: the WARC file, its index, and the articles as pages with text."""

import contextlib
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.text.counted import counted
from storage.archives.warcio_brotli import teach_brotli
from storage.errors import CollectionError
from storage.exports import warc
from storage.exports.addresses import captured_address
from storage.exports.job import Job, need
from storage.exports.wacz_index import teach_order


class WaczFailed(CollectionError):
    """The WACZ could not be made."""


def write(job: Job, path: Path) -> None:
    """Write the WACZ to the file `path`. Raises WaczFailed where no chosen article has a capture."""
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as folder:
        records = Path(folder) / "articles.warc.gz"
        warc.write(job, records)
        pack(job, records, path)


def pack(job: Job, records: Path, path: Path) -> None:
    """Make a WACZ of a WARC file. The list of pages is ours: each article's page with title and text."""
    main = need("wacz.main", "wacz").main
    teach_brotli()
    teach_order()
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as folder:
        pages = Path(folder) / "pages.jsonl"
        count = _pages(job, pages)
        if not count:
            raise WaczFailed("none of the chosen articles has a capture: a WACZ would be empty")
        words = ["create", "-f", str(records), "-o", str(path), "-p", str(pages), "--copy-pages"]
        words += ["--title", job.collection.path.stem, "--desc", f"{counted(count, 'page')}, by {job.software}"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            failed = main(words)
        if failed:
            raise WaczFailed(f"the package could not be made: {said.getvalue().strip()[-200:]}")


def _pages(job: Job, path: Path) -> int:
    """Write the list of pages: each article at its newest capture."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
        out.write(json.dumps(head) + "\n")
        for article in job.articles():
            capture = article["capture"]
            if capture is None:
                continue
            count += 1
            text = f"{article['summary']}\n\n{article['body']}".strip()
            page = {"id": str(article["id"]), "url": captured_address(article), "ts": capture["captured_at"],
                    "title": article["title"], "text": text}  # fmt: skip
            out.write(json.dumps(page, ensure_ascii=False) + "\n")
    return count
