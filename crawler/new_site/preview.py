"""The first articles of a site as the pipelines would store them."""

from crawler.extraction import apply_publication, isolate
from crawler.new_site.frozen_pages import Page
from crawler.new_site.probe import Fetch, PageNotFetched
from crawler.new_site.surveyed import Survey

_SHOWN = 3  # articles looked at


async def show(result: Survey, fetch: Fetch) -> None:
    """Read the first articles of the list with most articles as the pipelines would."""
    platform = result.spider().platform
    titles = {url: listed.title for url, listed in result.lists[0].listing.entries}
    for url in result.lists[0].articles[:_SHOWN]:
        try:
            fetched = await fetch(url)
        except PageNotFetched as error:
            result.notes.append(str(error))
            continue
        header = (fetched.response.headers.get("Content-Type") or b"text/html").decode("latin-1")
        page = Page(url, header, fetched.response.body, fetched.at, titles[url] if platform.items_only else "")
        article = isolate(
            page.body, url, layout=platform.layout_at(fetched.at), charset=page.charset, listed=page.listed
        )
        result.shown.append((page, apply_publication(article, fetched.at)))
