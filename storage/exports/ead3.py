"""EAD3: a finding aid of the chosen articles, as archives describe: fonds, a series a site, a subseries a section, a
file a year.

Descriptions are in Vietnamese, with English beside them. `encodinganalog` names the element of ISAD(G) that is meant.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from crawler.text import fold
from storage.exports import bag_readme
from storage.exports.addresses import captured_address
from storage.exports.descriptions import ead3_texts
from storage.exports.descriptions.file_facts import ARTICLES_ONE_BY_ONE, identifier
from storage.exports.descriptions.markup import Markup, attributes_of, tag
from storage.exports.identifiers import ark, stable_name
from storage.exports.job import Job
from storage.rows import SiteRow, WholeArticle

_HEAD = attributes_of(xmlns="http://ead3.archivists.org/schema/", relatedencoding="isadg")
_BEGIN = "substr(a.published_at, 1, instr(a.published_at || '/', '/') - 1)"
_END = "substr(a.published_at, instr(a.published_at, '/') + 1)"
_FILES = f"""
SELECT a.site, a.section, CASE WHEN a.published_at GLOB '[0-9][0-9][0-9][0-9]*' THEN substr(a.published_at, 1, 4) END
AS year, count(*) AS articles, min({_BEGIN}) AS first, max({_END}) AS last, count(a.capture_id) AS captured,
count(a.removed_at) AS removed
FROM temp.chosen c JOIN articles a ON a.id = c.id GROUP BY 1, 2, 3
ORDER BY a.site, a.section IS NULL, a.section, year IS NULL, year
"""  # noqa: S608 — literals only
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class _File:
    """The articles of a section of a site in a year. `first`, `last`: ISO, None where no date is known."""

    site: str
    section: str | None
    year: str | None
    articles: int
    first: str | None
    last: str | None
    captured: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Item:
    """An article in a file."""

    name: str
    title: str
    date: str | None
    address: str


def write(job: Job, path: Path) -> None:
    """Write the finding aid to the file `path`."""
    files = [_File(**row) for row in job.collection.rows(_FILES)]
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<ead{_HEAD}>\n{_control(job)}\n')
        out.write('<archdesc level="fonds" relatedencoding="isadg">\n')
        for part in (_did_of_fonds(job, files), *ead3_texts.of_fonds(job)):
            out.write(part + "\n")
        series = list(_series(job, files))
        if series:
            out.write('<dsc dsctype="combined">\n')
            out.writelines(part + "\n" for part in series)
            out.write("</dsc>\n")
        out.write("</archdesc>\n</ead>\n")


def _control(job: Job) -> Markup:
    """What is said of the finding aid itself."""
    organization = job.options.get("organization")
    name = identifier("finding aid", job.name, job.moment)
    made = f"Lập bằng phần mềm {job.software} từ cơ sở dữ liệu của sưu tập, không có người biên tập."
    return tag(
        "control",
        tag("recordid", name),
        tag("filedesc",
            tag("titlestmt", tag("titleproper", f"Công cụ tra cứu: {bag_readme.title(job)}", lang="vie"),
                tag("titleproper", f"Finding aid: {bag_readme.title(job)}", lang="eng")),
            tag("publicationstmt", *([tag("publisher", organization)] if organization else []),
                tag("date", job.moment[:10], normal=job.moment[:10]))),
        tag("maintenancestatus", value="derived"),
        tag("maintenanceagency", tag("agencyname", organization or "không khai / not stated")),
        tag("languagedeclaration", tag("language", "tiếng Việt", langcode="vie"),
            tag("script", "chữ Latinh", scriptcode="Latn")),
        tag("conventiondeclaration", tag("abbr", "ISAD(G)"),
            tag("citation", "ISAD(G): General International Standard Archival Description, Second edition, 2000"),
            encodinganalog="3.7.2"),
        tag("maintenancehistory", tag(
            "maintenanceevent", tag("eventtype", value="derived"),
            tag("eventdatetime", job.moment, standarddatetime=job.moment, encodinganalog="3.7.3"),
            tag("agenttype", value="machine"), tag("agent", job.software),
            tag("eventdescription", made, encodinganalog="3.7.1"))),
        langencoding="iso639-2b",
    )  # fmt: skip


def _did_of_fonds(job: Job, files: list[_File]) -> Markup:
    organization = job.options.get("organization")
    repository = organization and tag("repository", tag("corpname", tag("part", organization)))
    creators = [tag("corpname", tag("part", site["name"]), relator="creator") for site in job.chosen.sites]
    extent = ead3_texts.extent(job)
    return tag(
        "did",
        _unitid(job.name),
        _unittitle(f"Tin đăng trên các trang tin của phường, xã: {job.name}",
                   f"News from the sites of wards and communes: {job.name}"),
        _unitdate(files),
        *_amounts(extent.articles, extent.captures, extent.files),
        tag("physdescstructured", tag("quantity", str(extent.bytes)), tag("unittype", "byte"),
            tag("descriptivenote", tag("p", "của các bản ghi WARC / of the WARC records")),
            coverage="whole", physdescstructuredtype="spaceoccupied", encodinganalog="3.1.5"),
        tag("origination", *creators, encodinganalog="3.2.1") if creators else None,
        repository,
        tag("langmaterial", tag("language", "tiếng Việt", langcode="vie"), encodinganalog="3.4.3"),
    )  # fmt: skip


def _series(job: Job, files: list[_File]) -> Iterator[str]:
    """A series for each site that was looked through, also for one that holds no article."""
    items = _items(job)
    of_site = {slug: list(group) for slug, group in groupby(files, attrgetter("site"))}
    for site in job.chosen.sites:
        held = of_site.get(site["slug"], [])
        yield '<c level="series">\n' + _did(
            site["slug"], site["name"], None, held, f"https://{site['host']}/",
            tag("origination", tag("corpname", tag("part", site["name"]), relator="creator"), encodinganalog="3.2.1"),
        )  # fmt: skip
        yield from ead3_texts.of_site(job, site)
        yield from _subseries(site, held, items)
        yield "</c>"


def _subseries(
    site: SiteRow, files: list[_File], items: dict[tuple[str, str | None, str | None], list[_Item]]
) -> Iterator[str]:
    names = _codes(sorted({file.section for file in files if file.section is not None}))
    for section, group in groupby(files, attrgetter("section")):
        held = list(group)
        code = f"{site['slug']}/{names[section] if section is not None else '-'}"
        title, english = ("Không ghi chuyên mục", "No section given") if section is None else (section, None)
        yield '<c level="subseries">\n' + _did(code, title, english, held)
        for file in held:
            year = ("Không rõ năm đăng", "Undated") if file.year is None else (f"Năm {file.year}", f"Year {file.year}")
            yield '<c level="file">\n' + _did(f"{code}/{file.year or '-'}", year[0], year[1], [file])
            yield from (_item(item) for item in items.get((file.site, file.section, file.year), ()))
            yield "</c>"
        yield "</c>"


def _items(job: Job) -> dict[tuple[str, str | None, str | None], list[_Item]]:
    """The articles of each file, where there are few in all."""
    found: dict[tuple[str, str | None, str | None], list[_Item]] = defaultdict(list)
    if job.count > ARTICLES_ONE_BY_ONE:
        return found
    for article in job.articles():
        found[(article["site"], article["section"], _year(article))].append(
            _Item(ark(article, job.options.get("naan")) or stable_name(article), article["title"],
                  article["published_at"], captured_address(article))
        )  # fmt: skip
    return found


def _year(article: WholeArticle) -> str | None:
    published = article["published_at"] or ""
    return published[:4] if re.match(r"[0-9]{4}", published) else None


def _item(item: _Item) -> Markup:
    dated = tag("unitdate", item.date, encodinganalog="3.1.3", **_normal(item.date)) if item.date else None
    did = tag(
        "did", _unitid(item.name), tag("unittitle", item.title, encodinganalog="3.1.2"), dated, _dao(item.address)
    )
    return tag("c", did, level="item")


def _did(
    code: str, title: str, english: str | None, files: list[_File], address: str | None = None, *more: Markup
) -> Markup:
    """What identifies a series, subseries or file."""
    articles, captured = sum(file.articles for file in files), sum(file.captured for file in files)
    removed = sum(file.removed for file in files)
    gone = removed and tag("didnote", f"{removed} bài đã bị trang gốc gỡ xuống / taken down by the site since")
    return tag(
        "did", _unitid(code), _unittitle(title, english), _unitdate(files), *_amounts(articles, captured, None),
        *more, gone or None, _dao(address) if address else None,
    )  # fmt: skip


def _unitid(code: str) -> Markup:
    return tag("unitid", code, encodinganalog="3.1.1")


def _unittitle(title: str, english: str | None) -> Markup:
    """A title, Vietnamese first; a section has only the name that its site gives it."""
    beside = tag("foreign", english, lang="eng") if english else None
    return tag("unittitle", title, " / " if beside else None, beside, encodinganalog="3.1.2")


def _unitdate(files: list[_File]) -> Markup | None:
    first = min((file.first for file in files if file.year and file.first), default=None)
    last = max((file.last for file in files if file.year and file.last), default=None)
    if not first or not last:
        return None
    interval = f"{first[:10]}/{last[:10]}"
    return tag("unitdate", interval, unitdatetype="inclusive", encodinganalog="3.1.3", **_normal(interval))


def _normal(date: str | None) -> dict[str, str]:
    """A date as the attribute `normal` takes it: days, months and years, or two of them; nothing for another."""
    parts = [part[:10] for part in (date or "").split("/")]
    return {"normal": "/".join(parts)} if all(_DATE.fullmatch(part) for part in parts) else {}


def _amounts(articles: int, captures: int, files: int | None) -> Iterator[Markup]:
    counts = (
        ("bài đăng / articles", articles),
        ("trang đã chụp / captures", captures),
        ("tệp / attached files", files),
    )
    for unit, count in counts:
        if count is not None:
            yield tag(
                "physdescstructured", tag("quantity", str(count)), tag("unittype", unit), coverage="whole",
                physdescstructuredtype="materialtype", encodinganalog="3.1.5",
            )  # fmt: skip


def _dao(address: str) -> Markup:
    return tag("dao", daotype="borndigital", coverage="whole", href=" ".join(address.split()))


def _codes(sections: list[str]) -> dict[str, str]:
    """A short code for each section of a site: its name without marks; where two would be the same, with a digest."""
    plain = {name: re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40] for name in sections}
    return {
        name: code if code and list(plain.values()).count(code) == 1
        else "-".join(filter(None, (code, sha256(name.encode("utf-8", "replace")).hexdigest()[:6])))
        for name, code in plain.items()
    }  # fmt: skip
