"""The hand-over package: a bag (RFC 8493) with the articles in every form that an archive may ask for.

The bag is written here and checked in tests by the Library of Congress's bagit.py.
"""

import csv as comma
import json
from pathlib import Path

from storage.exports import bag_info, bag_readme, csv, ead3, jsonl, rights, sqlite, wacz, warc
from storage.exports.delivery import NAME
from storage.exports.descriptions import premis
from storage.exports.descriptions.file_facts import FileFacts, facts, file_facts
from storage.exports.files import copied
from storage.exports.job import Job
from storage.exports.wacz import WaczFailed
from storage.exports.xml import dcterms, oai_dc
from storage.rows import WholeArticle

_MEDIA = {
    ".csv": "text/csv", ".jsonl": "application/jsonl", ".sqlite": "application/vnd.sqlite3", ".gz": "application/warc",
    ".wacz": "application/wacz", ".xml": "application/xml", ".md": "text/markdown", ".json": "application/json",
}  # fmt: skip
_TABLES = {"articles.csv", "attachments.csv", "rights.csv"}


def write(job: Job, path: Path) -> None:
    """Write the bag into the folder `path`."""
    data = path / "data"
    missing_files = payload(job, data)
    (data / "README.md").write_text(bag_readme.readme(job, missing_files), encoding="utf-8")
    (data / "metadata").mkdir()
    ead3.write(job, data / "metadata" / "ead3.xml")
    files = facts(path)  # of each the digests are needed three times, and it is read once
    premis.write(job, data / "metadata" / "premis.xml", files, package=job.delivery.identifier)
    files.append(file_facts(path, data / "metadata" / "premis.xml"))
    _datapackage(job, data, files)
    files.append(file_facts(path, data / "datapackage.json"))
    _tags(job, path, files)


def payload(job: Job, data: Path) -> int:
    """Write the articles in every form into the folder `data`; returns how many attached files are missing."""
    (data / "raw").mkdir(parents=True)
    jsonl.write(job, data / "articles.jsonl")
    csv.write(job, data / "articles.csv")
    warc.write(job, data / "raw" / "articles.warc.gz")
    sqlite.write(job, data / "collection.sqlite", archive=data / "raw" / "articles.warc.gz")
    try:
        wacz.pack(job, data / "raw" / "articles.warc.gz", data / "raw" / "articles.wacz")
    except WaczFailed as error:
        job.remarks.append(f"no WACZ: {error}")
    _dublin_core(job, data)
    rights.write_table(job, data / "rights.csv")
    (data / NAME).write_text(job.delivery.to_text(), encoding="utf-8")
    return _attachments(job, data)


def _dublin_core(job: Job, data: Path) -> None:
    """Write the records in the fifteen elements, and in DCMI terms, which tell apart what those run together."""
    with (
        (data / "dublin-core.xml").open("wb") as simple,
        (data / "dcterms.xml").open("wb") as terms,
    ):
        simple.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n')
        terms.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<records xmlns:dcterms="http://purl.org/dc/terms/">\n')
        for in_elements, in_terms in job.texts(_records, job.naan):
            simple.write(in_elements)
            terms.write(in_terms)
        for out in (simple, terms):
            out.write(b"</records>\n")


def _records(articles: list[WholeArticle], naan: str | None) -> tuple[bytes, bytes]:
    """Return the records of articles, in the fifteen elements and in DCMI terms, a line each."""
    simple, terms = ("".join(f"{make(article, naan)}\n" for article in articles) for make in (oai_dc, dcterms))
    return simple.encode(), terms.encode()


def _attachments(job: Job, data: Path) -> int:
    """Copy the attached files, each under its digest, and list them; returns how many of those asked for are missing.

    Their own names come from other people's pages: they are in the list, but no file here is named by them.
    """
    rows = job.collection.rows(
        "SELECT a.id AS article, a.site, t.name, t.url, t.sha256, f.type, f.size FROM temp.chosen c "
        "JOIN articles a ON a.id = c.id JOIN attachments t ON t.article_id = a.id "
        "LEFT JOIN files f ON f.sha256 = t.sha256 ORDER BY c.position, t.position, t.id"
    )
    missing = 0
    with (data / "attachments.csv").open("w", encoding="utf-8-sig", newline="") as out:
        table = comma.writer(out, lineterminator="\r\n")
        table.writerow(["article", "site", "name", "url", "file", "sha256", "bytes"])
        for row in rows:
            place = copied(job.collection, row["sha256"], row["type"], data) if row["sha256"] else None
            missing += place is None
            cells = (row["article"], row["site"], row["name"], row["url"], place, row["sha256"], row["size"])
            table.writerow([csv.cell(cell) for cell in cells])
    return missing


def _in_order(files: list[FileFacts]) -> list[FileFacts]:
    return sorted(files, key=lambda file: Path(file.place))


def _datapackage(job: Job, data: Path, files: list[FileFacts]) -> None:
    """Describe the payload `files` as a Frictionless data package."""
    resources = []
    for file in _in_order(files):
        place = file.place.removeprefix("data/")
        path = data / place
        resource: dict[str, object] = {
            "name": "".join(char if char.isalnum() else "-" for char in place.lower()),
            "path": place,
            "mediatype": _MEDIA.get(path.suffix, "application/octet-stream"),
            "bytes": file.size,
            "hash": f"sha256:{file.sha256}",
        }
        if place in _TABLES:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                header = next(comma.reader(stream, delimiter=_delimiter(job, place)))
            resource |= {
                "profile": "tabular-data-resource", "format": "csv", "encoding": "utf-8-sig",
                "dialect": {"delimiter": _delimiter(job, place), "lineTerminator": "\r\n"},
                "schema": {"fields": [{"name": name, "type": "string"} for name in header], "missingValues": [""]},
            }  # fmt: skip
        elif place == "articles.jsonl":
            # Without the types, a reader guesses them from the first articles, and calls wrong what comes later.
            resource["schema"] = {"fields": jsonl.fields(path)}
        resources.append(resource)
    package: dict[str, object] = {
        "profile": "data-package",
        "name": "".join(char if char.isalnum() else "-" for char in job.name.lower()),
        "title": bag_readme.title(job),
        "created": job.moment,
        "sources": [{"title": site["name"], "path": f"https://{site['host']}/"} for site in job.chosen.sites],
        "resources": resources,
    }
    if licences := rights.licences(job):
        package["licenses"] = licences
    content = json.dumps(package, ensure_ascii=False, indent=2)
    (data / "datapackage.json").write_text(content + "\n", encoding="utf-8")


def _delimiter(job: Job, place: str) -> str:
    return str(job.options.get("delimiter") or ",") if place == "articles.csv" else ","


def _tags(job: Job, path: Path, payload: list[FileFacts]) -> None:
    """Write the bag's own files: declaration, bag-info, manifests of the payload and of these."""
    size = sum(file.size for file in payload)
    _manifests(path, "manifest", payload)
    (path / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", encoding="utf-8")
    (path / bag_info.PROFILE_FILE).write_text(bag_info.profile(job), encoding="utf-8")
    info = bag_info.fields(job, (size, len(payload)))
    lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info)
    (path / "bag-info.txt").write_text(lines, encoding="utf-8")
    _manifests(path, "tagmanifest", [file_facts(path, file) for file in path.iterdir() if file.is_file()])


def _manifests(path: Path, name: str, files: list[FileFacts]) -> None:
    for algorithm in ("sha256", "sha512"):
        lines = "".join(f"{getattr(file, algorithm)}  {file.place}\n" for file in _in_order(files))
        (path / f"{name}-{algorithm}.txt").write_text(lines, encoding="utf-8")
