"""The captures of the chosen articles as a WACZ: the WARC file, its index, and the articles as pages with text."""

import contextlib
import io
import json
import shutil
import zipfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.text.counted import counted
from storage.archives.warcio_brotli import teach_brotli
from storage.errors import CollectionError
from storage.exports import delivery, warc
from storage.exports.addresses import captured_address
from storage.exports.job import Job, need
from storage.exports.wacz_index import teach_order
from storage.rows import WholeArticle

_PACKAGE, _DIGEST = "datapackage.json", "datapackage-digest.json"
_DESCRIBING = {_PACKAGE, _DIGEST}
_CHUNK = 1 << 20  # bytes
_UNIX = 3  # the system that made an entry


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
        pages, made = Path(folder) / "pages.jsonl", Path(folder) / "made.wacz"
        count = _pages(job, pages)
        if not count:
            raise WaczFailed("none of the chosen articles has a capture: a WACZ would be empty")
        words = ["create", "-f", str(records), "-o", str(made), "-p", str(pages), "--copy-pages"]
        words += ["--title", job.name, "--desc", f"{counted(count, 'page')}, by {job.software}"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            failed = main(words)
        if failed:
            raise WaczFailed(f"the package could not be made: {said.getvalue().strip()[-200:]}")
        _date(job, made, path)


def _date(job: Job, made: Path, path: Path) -> None:
    """Copy a package to `path` with the date of the delivery in place of the clock's, and with its statement."""
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            if entry.filename not in _DESCRIBING:
                with (
                    source.open(entry) as stream,
                    target.open(_entry(job, entry.filename, entry.file_size), "w") as out,
                ):
                    shutil.copyfileobj(stream, out, _CHUNK)
        package = json.loads(source.read(_PACKAGE))
        package |= {"created": job.moment.replace("+00:00", "Z"), delivery.KEY: job.delivery.to_dict()}
        content = json.dumps(package, ensure_ascii=False, indent=2).encode()
        digest = {"path": _PACKAGE, "hash": f"sha256:{sha256(content).hexdigest()}"}
        for name, data in ((_PACKAGE, content), (_DIGEST, json.dumps(digest, indent=2).encode())):
            target.writestr(_entry(job, name, len(data)), data)


def _entry(job: Job, name: str, size: int) -> zipfile.ZipInfo:
    """An entry that depends on nothing but the delivery. What is large is compressed already, the rest is small: so no
    version of a compressor leaves its mark."""
    entry = zipfile.ZipInfo(name, datetime.fromisoformat(job.moment).timetuple()[:6])
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    entry.file_size = size
    return entry


def _pages(job: Job, path: Path) -> int:
    """Write the list of pages: each article at its newest capture."""
    count = 0
    with path.open("wb") as out:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
        out.write(json.dumps(head).encode() + b"\n")
        for lines, number in job.texts(_lines):
            out.write(lines)
            count += number
    return count


def _lines(articles: list[WholeArticle]) -> tuple[bytes, int]:
    """Return the lines of those articles that have a capture, and how many these are."""
    lines = []
    for article in articles:
        if capture := article["capture"]:
            text = f"{article['summary']}\n\n{article['body']}".strip()
            page = {"id": str(article["id"]), "url": captured_address(article), "ts": capture["captured_at"],
                    "title": article["title"], "text": text}  # fmt: skip
            lines.append(json.dumps(page, ensure_ascii=False) + "\n")
    return "".join(lines).encode(), len(lines)
