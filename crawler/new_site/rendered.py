"""A survey that lets a browser finish the pages of a site that shows no list without one."""

from collections.abc import Callable
from dataclasses import replace

from crawler.extraction.page_problems import is_frame
from crawler.new_site import survey as plain
from crawler.new_site.allowance import Allowance
from crawler.new_site.preview import show
from crawler.new_site.probe import Fetch, Fetched, Probe
from crawler.new_site.survey_failures import SurveyFailed
from crawler.new_site.surveyed import Survey
from crawler.reasons import Reason
from crawler.rendering.browser import what_is_missing
from crawler.rendering.hash_links import CANNOT_BE_READ, names_pages_by_hash

LISTS, PAGES = "lists", "pages"
_MAY_HELP = frozenset({"", Reason.FILLED_BY_SCRIPT, Reason.EMPTY_LISTING, Reason.EMPTY_PAGE})


async def survey(
    url: str, fetch: Fetch, *, or_http: bool = False, check_host: Callable[[str], None] | None = None
) -> Survey:
    """Survey a site as `crawler.new_site.survey.survey` does; where it shows no list, with a browser, if there is one.

    What the browser has to finish is `render` of the result. Raises SurveyFailed as that does.
    """
    try:
        return await plain.survey(url, fetch, or_http=or_http, check_host=check_host)
    except SurveyFailed as error:
        probe = getattr(fetch, "__self__", None)
        if error.reason not in _MAY_HELP or not isinstance(probe, Probe) or probe.is_replay:
            raise
        return await _rendered(url, probe, error, or_http=or_http)


async def _rendered(url: str, probe: Probe[Survey], error: SurveyFailed, *, or_http: bool) -> Survey:
    needs_script = error.reason == Reason.FILLED_BY_SCRIPT or "script" in str(error)
    if missing := what_is_missing(probe.settings.get("TINPHUONG_BROWSER_PROGRAM") or ""):
        if_so = "A browser can run it" if needs_script else "If only a script shows its list, a browser can run it"
        raise type(error)(f"{error}. {if_so}, but {missing.partition(', and ')[2]}", error.reason) from None
    pages: dict[str, Fetched] = {}

    async def finished(address: str) -> Fetched:
        pages[address] = await probe.fetch(address, render=True)
        return pages[address]

    try:
        found = await plain.survey(url, finished, or_http=or_http)
    except SurveyFailed as second:
        raise type(error)(f"{error}. {_in_vain(second, pages)}", error.reason) from None
    whole = await _whole_without(found, probe.fetch)
    found.render = LISTS if whole else PAGES
    what = "its lists" if whole else "its lists and articles"
    found.notes.insert(0, f'only a script fills {what}: a browser finishes them (render = "{found.render}")')
    return found


def _in_vain(error: SurveyFailed, pages: dict[str, Fetched]) -> str:
    """Say what a browser made of it."""
    texts = [fetched.response.text for fetched in pages.values()]
    if any(map(names_pages_by_hash, texts)):
        return f"In a browser {CANNOT_BE_READ}"
    if error.reason in (Reason.NO_BROWSER, Reason.TOO_SLOW):
        return f"A browser did not help: {error}"
    if all(map(is_frame, texts)):
        return "In a browser it stays empty, too: its script may ask other hosts, or what robots.txt forbids"
    return "In a browser it shows no list either"


async def _whole_without(found: Survey, fetch: Fetch) -> bool:
    """Tell whether the articles are whole without a browser; then they are shown as they come without one."""
    bare = replace(found, shown=[], empty=[], lost=[], notes=[])
    await show(bare, Allowance(fetch))
    texts = {page.url: article.body for page, article in bare.shown if article.reason is None}
    sound = [(page, article) for page, article in found.shown if article.reason is None]
    if not sound or any(len(texts.get(page.url, "")) < len(article.body) / 2 for page, article in sound):
        return False
    found.shown, found.empty, found.lost = bare.shown, bare.empty, bare.lost
    return True
