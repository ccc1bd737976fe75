"""The page with which a survey begins: what is at the address that was given, or where that leads."""

from contextlib import suppress
from urllib.parse import urljoin

from crawler import urls
from crawler.extraction.onward import sends_on_to
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_problems import page_problem
from crawler.new_site.allowance import Allowance
from crawler.new_site.feeds_of_site import SeenFeed, feed_in
from crawler.new_site.frozen_pages import Page
from crawler.new_site.probe import Fetch, Fetched, PageNotFetched
from crawler.new_site.survey_failures import SurveyFailed, failure
from crawler.new_site.surveyed import SeenPage
from crawler.reasons import Reason, sentence
from spiders.fingerprint import Seen
from spiders.lists.answers import is_other_data, page_of

_MOST_ONWARD = 4  # pages in a row that only send readers on to another
_MOST_FRAMES = 4
_WITHOUT_TLS = frozenset({Reason.TLS, Reason.REFUSED, Reason.TIMEOUT, Reason.CONNECTION})


async def first_page(url: str, visit: Allowance, *, or_http: bool) -> tuple[SeenPage, SeenFeed | None]:
    """Return the page at `url`; or the site's home page, and the feed or sitemap that is at `url`.

    Where the home page of a feed cannot be read, the feed is in its place. Raises SurveyFailed.
    """
    try:
        home = await look_at(url, visit)
    except SurveyFailed as error:
        if not or_http or error.reason not in _WITHOUT_TLS:
            raise
        home = await look_at(url.replace("https://", "http://", 1), visit)
    if given := feed_in(home.fetched):
        visit.keep_pauses_of(home.fetched.pause)
        try:
            return await page_at(urljoin(home.page.url, "/"), visit), given
        except SurveyFailed:
            home.is_feed = True
            return home, given
    return await _front(home, visit), None


async def page_at(url: str, visit: Allowance) -> SeenPage:
    """Return a page of HTML. Raises SurveyFailed."""
    return await _front(await look_at(url, visit), visit)


async def _front(page: SeenPage, visit: Allowance) -> SeenPage:
    """Return the page, with its frames; or the one to which it sends readers by script.

    Raises SurveyFailed for what is not a page of the portal: data, an empty page, a firewall's, an error.
    """
    for _ in range(_MOST_ONWARD):
        here = page.page.url
        if is_other_data(page.fetched.response):
            raise failure(here, Reason.NOT_A_FEED)
        onward = dict.fromkeys(
            urls.absolute(here, link) for link in sends_on_to(page.page.body, here, page.page.charset)
        )
        addresses = [address for address in onward if address and address != here]
        if len(addresses) != 1:
            break
        page = await look_at(addresses[0], visit)
    else:
        raise failure(page.page.url, Reason.REDIRECT_LOOP)
    for address in addresses[:_MOST_FRAMES]:
        with suppress(SurveyFailed):
            page.frames.append(await look_at(address, visit))
    if not page.frames and (problem := page_problem(page.page.body, page.page.url)):
        raise failure(page.page.url, problem)
    return page


async def look_at(url: str, fetch: Fetch) -> SeenPage:
    """Return what came, whatever it is. Raises SurveyFailed."""
    try:
        fetched = await fetch(url)
    except PageNotFetched as error:
        raise failure(url, error.reason, error.said) from None
    try:
        response = page_of(fetched.response)
    except PageTooLarge as error:
        raise failure(url, Reason.TOO_LARGE, f"{sentence(Reason.TOO_LARGE)} ({error})") from None
    seen = Seen.of_page(response)
    page = Page(seen.url, seen.headers.get("Content-Type", "text/html"), fetched.response.body, fetched.at)
    return SeenPage(page, seen, Fetched(response, fetched.at, fetched.pause))
