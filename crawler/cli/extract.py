"""`tinphuong extract`: what would be stored of a saved page."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import UsageError, named_path
from crawler.cli.known_sites import registry_as_crawled
from crawler.cli.output.run_results import USUAL_RECORDS

if TYPE_CHECKING:
    from crawler.extraction import Article
    from crawler.extraction.layout import Layout
    from crawler.run.site import Site
    from crawler.units.links import Link
    from storage.archives.archive import Capture


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and what is known of them."""
    parser.add_argument(
        "files",
        nargs="+",
        type=named_path,
        metavar="FILE",
        help="an HTML page, a WARC or WACZ file, a folder of saved pages, or - for standard input",
    )
    parser.add_argument("--url", metavar="URL", help="where the page was; needed for links and for dates in the URL")
    parser.add_argument(
        "--platform",
        metavar="P",
        help="read it as a page of this platform (default: that of the URL's site, else none)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON line a page, of an archive one a capture; a page without an article has a `reason`."""
    from crawler.dates.local_time import local_iso
    from crawler.extraction import Article
    from crawler.pipelines.article_record import units_of
    from crawler.run.reading.reader import PageEnded, page_reader
    from crawler.urls import host_and_port
    from spiders.platforms import layout_named

    registry = registry_as_crawled(arguments)
    try:
        named = layout_named(arguments.platform) if arguments.platform else None
    except ValueError as error:
        raise UsageError(str(error)) from None
    with page_reader(registry, arguments.configuration.of_project()) as pages:
        for page in _pages(arguments.files, arguments.url):
            site = registry.by_host(host_and_port(page.url))
            layout = site.platform.layout_at(page.time) if site and not arguments.platform else named
            article, reason = Article(page.url), page.reason
            links: list[Link] = []
            if not reason:
                try:
                    article, links = pages.read_now(
                        site.name if site else "", read, page.body, page.url, layout, page.charset, page.time
                    )
                except PageEnded as ended:
                    article.notes, reason = [ended.detail], ended.reason
            found = article.to_dict() | {"units": units_of(links)}
            if reason:
                found["reason"] = str(reason)
            if page.time:
                found["captured_at"] = local_iso(page.time)
            print(json.dumps(found, ensure_ascii=False))
    return 0


def read(
    site: "type[Site] | None", html: bytes, url: str, layout: "Layout | None", charset: str | None, at: datetime | None
) -> "tuple[Article, list[Link]]":
    """Return a page's article and its units: work for a reader of pages."""
    from crawler.extraction import extract_article
    from crawler.units.links import linked_units
    from crawler.units.scope import Scope, scope_of

    article = extract_article(html, url, platform=layout, charset=charset, fetched_at=at)
    links = linked_units(
        article.title or "", article.summary or "", article.body, published=article.published_at,
        scope=scope_of(site.name, site.unit_old, site.unit_new) if site else Scope(),
    )  # fmt: skip
    return article, links


@dataclass(frozen=True, slots=True)
class _Page:
    """A page to extract. `time`: when it was captured, of an archive; `reason`: why there is nothing to extract."""

    body: bytes
    url: str
    charset: str | None = None
    time: datetime | None = None
    reason: str | None = None


def _pages(files: list[Path], url: str | None) -> Iterator[_Page]:
    """Yield each page in the files, and each capture of the archives among them."""
    for path in files:
        if str(path) == "-":
            yield _Page(sys.stdin.buffer.read(), url or "")
        elif _is_archive(path):
            yield from _captures(path)
        else:
            try:
                yield _Page(path.read_bytes(), url or "")
            except OSError as error:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _is_archive(path: Path) -> bool:
    name = path.name.lower()
    with suppress(OSError):  # reading it says why
        if path.is_dir():
            return True
    return name.endswith((".wacz", ".arc", ".arc.gz")) or ".warc" in name


def _captures(path: Path) -> Iterator[_Page]:
    """Yield every capture of an archive in the files' order; say on standard error which records are none."""
    from crawler.extraction.charsets import declared_charset
    from storage.archives.archive import Archive

    archive = Archive([path])
    for capture in archive.captures():
        charset = declared_charset(capture.content_type)
        yield _Page(capture.body, capture.url, charset, capture.time, _reason(capture))
    skipped = {reason: count for reason, count in archive.skipped.items() if reason not in USUAL_RECORDS}
    if skipped:
        told = ", ".join(f"{reason} {count}" for reason, count in skipped.items())
        print(f"tinphuong: passed over in {path}: {told}", file=sys.stderr)
    archive.close()


def _reason(capture: "Capture") -> str | None:
    """Return why a capture is not read: what the server answered, half a page, a file that is no page."""
    from crawler.reasons import Reason, http_reason

    if capture.status != HTTPStatus.OK:
        return http_reason(capture.status)
    if capture.fault is not None:
        return str(capture.fault)
    kind = capture.content_type.lower()
    return None if not kind or "html" in kind else str(Reason.NOT_HTML)
