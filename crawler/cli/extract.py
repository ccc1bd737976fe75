"""`tinphuong extract`: what would be stored of a saved page."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import UsageError, named_path, registry_of

if TYPE_CHECKING:
    from crawler.extraction import Article
    from crawler.extraction.layout import Layout
    from crawler.run.site import Site
    from crawler.units.links import Link


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and what is known of them."""
    parser.add_argument(
        "files", nargs="+", type=named_path, metavar="FILE", help="an HTML page, a WARC file, or - for standard input"
    )
    parser.add_argument("--url", metavar="URL", help="where the page was; needed for links and for dates in the URL")
    parser.add_argument(
        "--platform",
        metavar="P",
        help="read it as a page of this platform (default: that of the URL's site, else none)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON line a page; a page without an article has a `reason`."""
    from crawler import settings
    from crawler.extraction import Article
    from crawler.pipelines.article_record import units_of
    from crawler.run.reading.reader import PageEnded, page_reader
    from crawler.urls import host_and_port
    from spiders.platforms import layout_named

    registry = registry_of(arguments)
    try:
        named = layout_named(arguments.platform) if arguments.platform else None
    except ValueError as error:
        raise UsageError(str(error)) from None
    with page_reader(registry, vars(settings)) as pages:
        for html, url, charset, fetched_at in _pages(arguments.files, arguments.url):
            site = registry.by_host(host_and_port(url))
            layout = site.platform.layout_at(fetched_at) if site and not arguments.platform else named
            try:
                article, links = pages.read_now(site.name if site else "", read, html, url, layout, charset, fetched_at)
            except PageEnded as ended:
                article, links = Article(url, reason=ended.reason, notes=[ended.detail]), []
            print(json.dumps(article.to_dict() | {"units": units_of(links)}, ensure_ascii=False))
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


def _pages(files: list[Path], url: str | None) -> Iterator[tuple[bytes, str, str | None, datetime | None]]:
    """Yield (page, URL, declared charset, when it was captured) of each page in the files."""
    for path in files:
        if str(path) == "-":
            yield sys.stdin.buffer.read(), url or "", None, None
        elif ".warc" in path.name or path.suffix == ".wacz":
            from crawler.extraction.charsets import declared_charset
            from storage.archives.archive import Archive

            for capture in Archive([path]).captures():
                if capture.status == 200 and "html" in (capture.content_type or "text/html"):
                    yield capture.body, capture.url, declared_charset(capture.content_type), capture.time
        else:
            try:
                yield path.read_bytes(), url or "", None, None
            except OSError as error:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from None
