"""Takes a stored capture through the stages of a crawl again, without the network."""

import json
from collections.abc import Callable

from scrapy.http import HtmlResponse

from crawler.doubts import OF_LISTS, Doubt
from crawler.extraction.article import Article
from crawler.extraction.charsets import declared_charset
from crawler.pipelines.article_record import record_of
from crawler.pipelines.stages import read_article
from crawler.profile.model import EMPTY, SiteProfile
from crawler.reasons import Reason
from crawler.run.article_parts import ArticleParts
from crawler.run.items import Listed, PageItem
from crawler.run.reading.reader import PageEnded, Reads
from crawler.run.site import Site
from storage import Collection
from storage.archives.payloads import UnreadableCapture
from storage.records import Record
from storage.rows import ArticleRow
from storage.versions import CapturedPage, captured_page, captured_part


async def read_again(
    pages: Reads,
    page: CapturedPage,
    site: type[Site],
    find_part: Callable[[str], CapturedPage | None] = lambda url: None,
    *,
    profile: SiteProfile = EMPTY,
    listed: Listed | None = None,
) -> PageItem:
    """Take a captured page of `site` through the stages of a crawl, with the layout of the capture's day.

    `find_part` returns the capture of a further page of the article, or None: then the item has no whole article.
    `profile`: what is known of the site; `listed`: what a list said about the article.

    Without `listed` only the stored values are known. They are offered again: date and summary if they were taken from
    the list, the section, and the title, which helps to find it on the page. Raises PageEnded and ReadingStopped.
    """
    row = page.row
    item = PageItem(
        site=row["site"],
        key=row["key"],
        url=row["url"],
        html=page.html,
        layout=site.platform.layout_at(page.captured_at),
        charset=declared_charset(page.content_type),
        fetched_at=page.captured_at,
        listed=listed
        or Listed(
            title=row["title"] or "",
            date=row["published_raw"] or "" if row["published_from"] == "listing" else "",
            section=row["section"] or "",
            summary=row["summary"] or "" if "summary from the list" in row["notes"] else "",
            summary_is_written="written beside the text" in row["notes"],
        ),
        capture_id=row["capture_id"],
        profile=profile,
    )
    gathering = ArticleParts(item, site.platform, frozenset())
    await gathering.note(pages, _response(row["url"], page))
    while asked := gathering.next():
        number, url = asked
        part = find_part(url)
        if part is None and gathering.do_without(number):
            continue
        if part is None:
            break
        response = _response(url, part)
        if not gathering.take(number, response, declared_charset(part.content_type)):
            break
        await gathering.note(pages, response)
    item = gathering.whole()
    article = (await pages.read(item.site, read_article, item)).onto(item)
    if not gathering.is_whole:
        article.reason = article.reason or Reason.PART_MISSING
    if not article.reason and listed is None:
        article.doubts += _of_lists(page.row, article)
    return item


def _of_lists(row: ArticleRow, article: Article) -> list[Doubt]:
    """Return the stored doubts that a list raised of fields that are read as they are stored."""
    stored = [one for one in json.loads(row["doubts"]) if one["kind"] in OF_LISTS]
    values = article.to_dict()
    same = [one for one in stored if row.get(one["field"]) == values.get(one["field"])]
    return [Doubt.from_dict(one) for one in same]


async def record_read_again(
    pages: Reads, collection: Collection, row: ArticleRow, site: type[Site], profile: SiteProfile
) -> Record | None:
    """Return what today's code, and what is known of the site today, reads in the capture of a stored article.

    None where there is no capture that can be read, or it no longer gives the article, or not by its layout. Raises
    ReadingStopped.
    """
    try:
        page = captured_page(collection, row["id"])
        item = await read_again(pages, page, site, lambda url: captured_part(collection, page, url), profile=profile)
    except (UnreadableCapture, PageEnded):
        return None
    if item.article is None or item.article.reason:
        return None
    record = record_of(item)
    return record if record.trusted or not row["layout_matched"] else None


def _response(url: str, page: CapturedPage) -> HtmlResponse:
    return HtmlResponse(url, body=page.html, headers={"Content-Type": page.content_type})
