"""The first articles of a site as the pipelines would store them, and why a field of them is empty."""

from crawler.dates import DateCandidate
from crawler.extraction import Article, apply_publication, isolate
from crawler.new_site.allowance import Allowance
from crawler.new_site.frozen_pages import Page
from crawler.new_site.probe import PageNotFetched
from crawler.new_site.surveyed import Survey
from crawler.reasons import sentence
from crawler.run.items import Listed
from crawler.text.counted import counted
from spiders.lists.responses import content_type_of

_SHOWN = 3  # articles looked at
_MOST_TRIED = 5  # pages that are asked for, where the first are no articles
_LONGEST = 40  # characters of a date that is shown
FIELDS = ("title", "published_at", "summary", "body", "attachments", "images", "author")
"""The fields that a preview shows, by their names in `Article`."""


async def show(result: Survey, fetch: Allowance) -> None:
    """Read the first articles of the list with most articles as the pipelines would."""
    platform = result.spider().platform
    best = result.lists[0]
    listed = dict(reversed(best.listing.entries))
    lost: dict[str, list[str]] = {}  # why articles were not fetched
    for url in best.articles[:_MOST_TRIED]:
        if sum(article.reason is None for _, article in result.shown) == _SHOWN or len(result.shown) > _SHOWN:
            break
        if not fetch.allows("further articles", keep=0, share=1.0):
            break
        try:
            fetched = await fetch(url)
        except PageNotFetched as error:
            lost.setdefault(error.said, []).append(url)
            continue
        header = content_type_of(fetched.response, "text/html")
        page = Page(url, header, fetched.response.body, fetched.at, listed[url].title if platform.items_only else "")
        article = isolate(
            page.body, url, layout=platform.layout_at(fetched.at), charset=page.charset, listed=page.listed,
            listed_summary=listed[url].summary,
        )  # fmt: skip
        if article.reason is None and listed[url].date:
            article.date_candidates.append(DateCandidate(listed[url].date, "listing", ""))
        result.shown.append((page, apply_publication(article, fetched.at)))
        result.empty.append(why_empty(article, listed[url]))
    result.lost = [f"{counted(len(each), 'article')} not fetched: {said} ({each[0]})" for said, each in lost.items()]
    result.notes += result.lost


def why_empty(article: Article, listed: Listed) -> dict[str, str]:
    """Return field → why it is empty, as the end of a sentence; for a page that is no article, why that is so."""
    if article.reason is not None:
        return {"title": f"not an article: {sentence(article.reason)}"}
    why = {
        "title": "no heading, and the list names none",
        "published_at": _no_date(article, listed),
        "summary": "no sapo: the text begins at once" if article.body else "no sapo",
        "body": "no text of its own",
        "attachments": "none linked",
        "images": "none in the text",
        "author": "no author line",
    }
    return {name: why[name] for name in FIELDS if not getattr(article, name)}


def _no_date(article: Article, listed: Listed) -> str:
    """Say what stands where a date is looked for."""
    by = "the feed" if listed.by_feed else "the list"
    shown = [candidate.text for candidate in article.date_candidates if candidate.source != "listing"]
    on_page = f"“{shown[0][:_LONGEST]}” on the page is not a date" if shown else "no date on the page"
    if not listed.date:
        return f"{on_page}; the list shows none"
    return f"{on_page}; “{listed.date[:_LONGEST]}” in {by} is not a date"
