"""A stored capture taken through the stages of a crawl again, without the network."""

from collections.abc import Callable

from scrapy.http import HtmlResponse

from crawler.extraction.charsets import declared_charset
from crawler.pipelines.stages import complete_dates, fingerprint, isolate_article, link_units
from crawler.reasons import Reason
from crawler.run.article_parts import Gathering
from crawler.run.items import Listed, PageItem
from crawler.run.site import Site
from crawler.units.scope import scope_of
from storage.versions import CapturedPage


def read_again(
    page: CapturedPage, site: type[Site], find_part: Callable[[str], CapturedPage | None] = lambda url: None
) -> PageItem:
    """Take a captured page of `site` through the stages of a crawl; its layout is that of the capture's day.

    `find_part` gives the capture of a further page of the article, None where there is none: the whole is then none.

    What a list said is known only as far as it became the article's, and is then offered again: the date where it was
    taken from the list, the section, which a page's own comes before, and the title, a help to find it on the page.
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
        listed=Listed(
            title=row["title"] or "",
            date=row["published_raw"] or "" if row["published_from"] == "listing" else "",
            section=row["section"] or "",
        ),
        capture_id=row["capture_id"],
    )
    gathering = Gathering(item, site.platform, frozenset())
    if site.platform.parts:
        gathering.note(_response(row["url"], page))
    while asked := gathering.next():
        number, url = asked
        part = find_part(url)
        if part is None or not gathering.take(number, _response(url, part), declared_charset(part.content_type)):
            break
    item = gathering.whole()
    article = isolate_article(item)
    if not gathering.is_whole:
        article.reason = article.reason or Reason.PART_MISSING
    item.article = article
    if not article.reason:
        complete_dates(item, article)
        link_units(item, article, scope_of(row["site"], site.unit_old, site.unit_new))
        item.content_hash = fingerprint(article)
    return item


def _response(url: str, page: CapturedPage) -> HtmlResponse:
    return HtmlResponse(url, body=page.html, headers={"Content-Type": page.content_type})
