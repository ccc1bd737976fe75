"""Writes what a survey found: the site's file or its row in the table, its frozen pages, the expected values."""

import json
from pathlib import Path

from crawler.new_site import frozen_pages
from crawler.new_site.proposed_names import class_name
from crawler.new_site.surveyed import Survey
from crawler.new_site.table_rows import append
from crawler.new_site.whole_files import write_whole
from spiders.base import PortalSpider
from spiders.spider_classes import spider_class

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
    if survey.render:
        lines.append(f'    render = "{survey.render}"')
    if survey.article_urls:
        lines.append(f'    article_urls = r"{survey.article_urls}"')
    return "\n".join(lines) + "\n"


def _start_line(starts: list[str]) -> str:
    shown = ", ".join(json.dumps(path, ensure_ascii=False) for path in starts)
    return f"    start_pages = ({shown}{',' if len(starts) == 1 else ''})"


def path_of_file(slug: str, folder: Path) -> Path:
    """Return the path of a site's file in a folder of site files."""
    province, place = slug.split("_", 1)
    return folder / province / f"{place}.py"


def write_file(survey: Survey, folder: Path, *, in_package: bool) -> list[Path]:
    """Write the site's file into a folder of site files; returns the paths written.

    `in_package`: the folder is `spiders` of a checkout, whose folders are packages. Raises OSError.
    """
    path = path_of_file(survey.slug, folder)
    written = []
    package = path.with_name("__init__.py")
    if in_package and not package.exists():
        write_whole(package, f'"""Sites of {path.parent.name}."""\n'.encode())
        written.append(package)
    write_whole(path, site_file(survey).encode("utf-8"))
    return [*written, path]


def write_row(survey: Survey, table: Path) -> list[Path]:
    """Append the site's row to a table; returns the path written. Raises as `crawler.new_site.table_rows.append`."""
    old, new = survey.units()
    starts = " ".join(survey.start_pages)
    append(
        table,
        {
            "slug": survey.slug, "name": survey.ward, "host": survey.host,
            "platform": survey.platform, "unit_old": old or "", "unit_new": new or "", "start_pages": starts,
            "scheme": survey.scheme, "render": survey.render,
        },
    )  # fmt: skip
    return [table]


def freeze(survey: Survey, folder: Path, site: type[PortalSpider] | None = None) -> Path:
    """Freeze the list with most articles, and the first article that was read completely, in a folder of frozen pages.

    What is expected is what `site` reads in them, where the site is registered already. Returns the site's folder.
    """
    sound = [page for page, article in survey.shown if article.reason is None and article.title]
    article = sound[0] if sound else survey.shown[0][0]
    return frozen_pages.write(site or survey.spider(), survey.lists[0].shows_list, article, folder)
