"""Writes what a survey found: the site's file or its row in the table, its frozen pages, the expected values."""

import csv
import json
from pathlib import Path

from crawler.new_site import frozen_pages
from crawler.new_site.proposed_names import class_name
from crawler.new_site.survey import Survey
from spiders.base import PortalSpider
from spiders.fingerprint import spider_class
from spiders.site_table import COLUMNS

_LONGEST = 116  # characters of a line


def site_file(survey: Survey) -> str:
    """Return the source of the site's file: facts only, twelve lines at most."""
    base = spider_class(survey.platform)
    host = f'host = "{survey.host}"'
    if survey.scheme != "https":
        host = f'host, scheme = "{survey.host}", "{survey.scheme}"'
    starts = list(survey.start_pages)
    while len(_start_line(starts)) > _LONGEST and len(starts) > 1:
        starts.pop()
    lines = [
        f'"""{survey.ward}: {survey.host}, on the platform {survey.platform}."""',
        "",
        f"from {base.__module__} import {base.__name__}",
        "",
        "",
        f"class {class_name(survey.slug)}({base.__name__}):",
        f'    name = "{survey.slug}"',
        f"    ward = {json.dumps(survey.ward, ensure_ascii=False)}",
        f"    {host}",
        _start_line(starts),
    ]
    units = {name: code for name, code in zip(("unit_old", "unit_new"), survey.units(), strict=True) if code}
    if units:
        lines.append(f"    {', '.join(units)} = {', '.join(map(json.dumps, units.values()))}")
    if survey.article_urls:
        lines.append(f'    article_urls = r"{survey.article_urls}"')
    return "\n".join(lines) + "\n"


def _start_line(starts: list[str]) -> str:
    shown = ", ".join(json.dumps(path, ensure_ascii=False) for path in starts)
    return f"    start_pages = ({shown}{',' if len(starts) == 1 else ''})"


def write_file(survey: Survey, root: Path) -> list[Path]:
    """Write the site's file under `root`/spiders; returns the paths written."""
    province, place = survey.slug.split("_", 1)
    folder = root / "spiders" / province
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    package = folder / "__init__.py"
    if not package.exists():
        package.write_text(f'"""Sites of {province}."""\n', encoding="utf-8")
        written.append(package)
    path = folder / f"{place}.py"
    path.write_text(site_file(survey), encoding="utf-8")
    return [*written, path]


def write_row(survey: Survey, root: Path) -> list[Path]:
    """Append the site's row to `root`/spiders/sites.csv; returns the path written."""
    path = root / "spiders" / "sites.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(",".join((*COLUMNS, "scheme")) + "\n", encoding="utf-8")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    header = next(csv.reader(lines[:1]))
    if "scheme" not in header and survey.scheme != "https":
        header.append("scheme")
        lines = [",".join(header), *(f"{line}," for line in lines[1:] if line)]
    old, new = survey.units()
    facts = {
        "slug": survey.slug, "name": survey.ward, "host": survey.host, "platform": survey.platform,
        "unit_old": old or "", "unit_new": new or "",
        "start_pages": " ".join(survey.start_pages), "scheme": survey.scheme,
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("\n".join(lines) + "\n")
        csv.DictWriter(stream, header, restval="", extrasaction="ignore", lineterminator="\n").writerow(facts)
    return [path]


def freeze(survey: Survey, root: Path, site: type[PortalSpider] | None = None) -> Path:
    """Freeze the list with most articles, and the first article that was read completely; returns the folder.

    What is expected is what `site` reads in them, where the site is registered already.
    """
    sound = [page for page, article in survey.shown if article.reason is None and article.title]
    article = sound[0] if sound else survey.shown[0][0]
    return frozen_pages.write(site or survey.spider(), survey.lists[0].shows_list, article, root / "spiders" / "frozen")
