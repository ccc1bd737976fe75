"""Finds out what a site is: its platform with evidence, its ward, sections and pager, and what would be stored."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

from crawler import urls
from crawler.extraction import isolate
from crawler.extraction.page_problems import is_frame
from crawler.new_site.allowance import Allowance
from crawler.new_site.feeds_of_site import SeenFeed, feed_as_list, feeds_of, feeds_of_robots
from crawler.new_site.first_page import first_page, look_at, page_at
from crawler.new_site.frozen_pages import Page
from crawler.new_site.preview import show
from crawler.new_site.probe import Fetch, PageNotFetched
from crawler.new_site.proposed_names import slug_of, ward_of
from crawler.new_site.survey_failures import NoList, SurveyFailed, failure
from crawler.new_site.surveyed import SeenPage, Survey, path_of
from crawler.reasons import Reason, sentence
from crawler.text import fold
from crawler.text.counted import counted
from spiders.fingerprint import GENERIC, identify, platforms
from spiders.lists.address_shapes import Learnt, pattern_of
from spiders.lists.empty_lists import why_empty
from spiders.lists.listing import Listing, Refusal
from spiders.lists.pager_pages import further_pages, is_first
from spiders.lists.reader import ListReader
from spiders.lists.responses import content_type_of
from spiders.platform import Platform
from spiders.platforms import generic

_MOST_SECTIONS = 8  # pages looked at for lists
_MOST_STARTS = 5  # start pages of a site's file, the first page included
_LEAST = 2  # articles on a page that is a list
_KEPT = 5  # requests kept for the pager and the articles
_FOR_FEEDS = 2  # requests kept for feeds
_MENU = 40  # characters of a menu's entry
_SESSION = re.compile(r"[?&](?:_afr|_adf|ctl=|p_p_|redirect=)")
_NEWS = re.compile(r"tin|news|su kien|thong bao|hoat dong|ban tin|chuyen muc|category|danh muc")
_NO_NEWS = re.compile(
    r"gioi thieu|co cau|bo may|so do|lien he|danh ba|gop y|hoi dap|tim kiem|dang nhap|dang ky|ban quyen|"
    r"\b(?:about|contact|login|register|search|sitemap|privacy|english)\b"
)
_HOPELESS = 2  # the rank of links that lead to no news
_FEWEST_SECTIONS = 3  # pages from which side boxes are told from lists


async def survey(
    url: str, fetch: Fetch, *, or_http: bool = False, check_host: Callable[[str], None] | None = None
) -> Survey:
    """Look at some twenty pages of the site at `url`; with `or_http`, over http where https does not work.

    `url` may be a home page, any other page of the site, or its feed or sitemap. `check_host` is called with the host
    and port to which `url` leads, once that is known; what it raises ends the survey. Raises SurveyFailed with a
    sentence for the user.
    """
    visit = Allowance(fetch)
    home, given = await first_page(url, visit, or_http=or_http)
    if check_host:
        check_host(urlsplit(home.page.url).netloc)
    visit.keep_pauses_of(home.fetched.pause)
    try:
        return await _survey(url, home, given, visit)
    except NoList:
        root = urljoin(home.page.url, "/")
        if given or path_of(home.page.url) == "/" or not visit.allows("the home page", keep=_KEPT, share=0.5):
            raise
        try:  # the address of an article, of a search, of a page without news
            found = await _survey(url, await page_at(root, visit), None, visit)
        except SurveyFailed:
            found = None
        if found is None:
            raise
        found.notes.insert(0, f"{home.page.url} lists no articles: its site was looked at from its home page on")
        return found


async def _survey(url: str, home: SeenPage, given: SeenFeed | None, visit: Allowance) -> Survey:
    parts = urlsplit(home.page.url)
    bare = (parts.hostname or "").removeprefix("www.")
    hosts = {bare, f"www.{bare}"}
    guess, _ = identify([home.seen])
    front = max([home, *home.frames], key=lambda look: len(look.seen.links))  # a frame may hold the menu
    pages = [home, *home.frames]
    pages += await _sections(front, hosts, platforms()[guess], visit, {look.page.url for look in pages})
    name, matches = identify(look.seen for look in pages)
    reader = _reader(name, hosts)
    await _fill(pages, reader, visit)
    found = _read(pages, reader)
    notes: list[str] = []
    if urls.host(url) != parts.hostname:
        notes.append(f"{urls.host(url)} leads to {parts.hostname}")
    named = reader.platform
    if not found and name != GENERIC:
        name = GENERIC
        reader = _reader(name, hosts)
        found = _read(pages, reader)
    feeds = await feeds_of(reader.platform if found else named, pages, visit)
    if given:
        feeds = [given, *(feed for feed in feeds if feed.path != given.path)]
    of_feed = None
    if given or not found:
        of_feed = await feed_as_list([given] if given else feeds, reader, visit)
        if of_feed is None and not found:
            feeds += await feeds_of_robots(home, [feed.path for feed in feeds], visit)
            of_feed = await feed_as_list(feeds, reader, visit)
    if not found and named.name != GENERIC:
        notes.append(
            f"the evidence names {named.name}, but no list of that platform was found: read as a site on an unknown one"
        )
    if of_feed:
        notes.append(_of_feed_note(of_feed, home, found))
        found = [of_feed, *found]
    if not found:
        raise _no_list(url, home)
    pattern = _pattern(found, reader.learnt) if reader.learnt is not None else None
    counts = {feed.path: feed.count for feed in feeds}
    starts = _starts(found, home, counts)
    result = Survey(
        home.page.url, name, matches, _ward(home) or _ward(front) or parts.netloc, slug_of(parts.netloc), parts.netloc,
        parts.scheme, starts, found, [], "none found", counts, pattern, _text(front), notes,
    )  # fmt: skip
    result.pager = await _second_page(result, hosts, visit)
    await show(result, visit)
    if left_out := visit.note():
        result.notes.append(left_out)
    result.requests = visit.asked
    return result


def _of_feed_note(of_feed: SeenPage, home: SeenPage, found: list[SeenPage]) -> str:
    """Return a sentence that says that a feed or sitemap is the list, and why."""
    path = path_of(of_feed.page.url)
    if found:
        return f"{path} is the site's list, as it was given; its pages list articles too"
    why = (
        "is filled by a script" if is_frame(home.fetched.response.text) else "and the sections show no list of articles"
    )
    return f"the home page {why}, so {path} is the list: articles are found there"


def _reader(platform: str, hosts: set[str]) -> ListReader:
    """A reader that knows nothing of the site yet."""
    named = platforms()[platform]
    return ListReader(named, hosts, named.fresh_learnt())


def _no_list(url: str, home: SeenPage) -> SurveyFailed:
    """Return the error that says why no list was found, and what to do."""
    if home.is_feed:
        return NoList(f"{url}: it names no article of {urls.host(home.page.url)}; give the address of the home page")
    why = why_empty(home.fetched.response, platforms()[GENERIC])
    if why and why[0] in (Reason.FILLED_BY_SCRIPT, Reason.LOGIN, Reason.NOTHING_PUBLISHED):
        return failure(url, why[0], "" if why[0] is Reason.LOGIN else why[1])
    if isolate(home.page.body, home.page.url, charset=home.page.charset).reason is Reason.ERROR_PAGE:
        return failure(url, Reason.ERROR_PAGE)
    return NoList(
        f"{url}: no list of articles was found; give the address of a page that lists news, or of a feed or sitemap"
    )


async def _sections(
    home: SeenPage, hosts: set[str], platform: Platform, fetch: Allowance, seen: set[str]
) -> list[SeenPage]:
    """Return the pages that are probably lists by their links on the home page, news first. Those in `seen`, addresses
    that came, are not among them."""
    links: dict[str, str] = {}
    first = ListReader(platform, hosts).read(home.fetched.response) if platform.items_only else None
    articles = {url for url, _ in first.entries} if isinstance(first, Listing) else set()
    for anchor in home.fetched.response.xpath("//a[@href]"):
        url = urls.absolute(home.page.url, anchor.attrib["href"])
        text = " ".join(anchor.xpath(".//text()").getall()).strip()
        if url is None or url in articles or urls.host(url) not in hosts or len(text) > _MENU or _SESSION.search(url):
            continue
        if (
            url.rstrip("/") not in {each.rstrip("/") for each in seen}
            and platform.is_followed(url)
            and generic.PLATFORM.is_followed(url)
        ):
            links.setdefault(url, text)
    further = further_pages(links, platform, first.pages.values() if isinstance(first, Listing) else ())
    ranked = sorted((url for url in links if url not in further), key=lambda url: _rank(url, links[url]))
    promising = [url for url in ranked if _rank(url, links[url]) < _HOPELESS]
    ranked = ranked[: max(len(promising), _FEWEST_SECTIONS)]
    found = []
    for url in ranked[:_MOST_SECTIONS]:
        if not fetch.allows("further sections", keep=_KEPT + _FOR_FEEDS, share=0.55):
            break
        try:
            look = await look_at(url, fetch)
        except SurveyFailed:
            continue
        if look.page.url not in seen:
            seen.add(look.page.url)
            found.append(look)
    return found


def _rank(url: str, text: str) -> int:
    """Tell how little a link promises to lead to news, by its words and its address."""
    words = fold(f"{text} {unquote(urlsplit(url).path)}".replace("-", " "))
    return _HOPELESS if _NO_NEWS.search(words) else 0 if _NEWS.search(words) else 1


async def _fill(pages: list[SeenPage], reader: ListReader, fetch: Allowance) -> None:
    """Ask for the entries of lists that scripts fill."""
    for look in pages:
        named = reader.platform.more_pages(look.fetched.response, 0)
        address = next((url for (_, number), url in named.items() if number == 1), None)
        if address is None:
            continue
        if not fetch.allows("lists that scripts fill", keep=_KEPT, share=0.7):
            break
        try:
            fetched = await fetch(address)
        except PageNotFetched:
            continue
        listing = reader.read(fetched.response)
        if isinstance(listing, Listing) and listing.entries:
            kind = content_type_of(fetched.response, "application/json")
            look.answer, look.listing = Page(address, kind, fetched.response.body, fetched.at), listing


def _read(pages: list[SeenPage], reader: ListReader) -> list[SeenPage]:
    """Read the pages as lists of a platform; returns those that are, most articles first."""
    platform = reader.platform
    for _ in range(
        2 if reader.learnt is not None else 1
    ):  # only after all pages is it known which boxes are side boxes
        for look in pages:
            if look.answer is None and not look.is_feed:
                listing = reader.read(look.fetched.response)
                look.listing = listing if isinstance(listing, Listing) else Listing()
    articles = {platform.identity(url) for look in pages for url in look.articles}  # they may list others too
    further = {url for look in pages for url in look.listing.pages.values()}  # they are pages of those lists
    found = [
        look
        for look in pages
        if len(look.articles) >= _LEAST
        and (look is pages[0] or look.page.url not in further)
        and (look is pages[0] or is_first(look.page.url, platform, reader.learnt))
        and platform.identity(look.page.url) not in articles - {None}
        and (platform.items_only or platform.identity(look.page.url) is None)
    ]
    return sorted(found, key=lambda look: (look is pages[0], -len(look.articles)))


def _pattern(found: list[SeenPage], learnt: Learnt) -> str | None:
    """The pattern that all articles' addresses fit and no menu's or list's does."""
    articles = list(dict.fromkeys(url for look in found for url in look.articles))
    return pattern_of(articles, sorted({*learnt.menus, *(look.page.url for look in found)} - set(articles)))


def _starts(found: list[SeenPage], home: SeenPage, feeds: dict[str, int]) -> tuple[str, ...]:
    """Return the home page and the lists that have articles of their own."""
    starts = [path_of(home.page.url)] if home in found or path_of(home.page.url) == "/" else []
    known: set[str] = set()
    for look in found:
        own = set(look.articles)
        if look is not home and own - known and len(starts) < _MOST_STARTS:
            starts.append(path_of(look.page.url))
            known |= own
    return tuple(dict.fromkeys(starts))


def _ward(look: SeenPage) -> str | None:
    response = look.fetched.response
    declared = response.xpath("//meta[@property='og:site_name']/@content").get() or ""
    title = response.xpath("string(//title)").get() or ""
    return ward_of(declared, title, _text(look))


def _text(look: SeenPage) -> str:
    """Return title and text of a page, with a break between elements so that names do not run together."""
    texts = look.fetched.response.xpath("//title//text() | //body//text()[not(ancestor::script or ancestor::style)]")
    return " | ".join(texts.getall())


async def _second_page(result: Survey, hosts: set[str], fetch: Fetch) -> str:
    """Try the pager: the second page of the first list that names one."""
    cut = sum(look.listing.goes_on_by_script for look in result.lists)
    for look in result.lists:
        if not look.listing.pages:
            continue
        (name, number), address = min(look.listing.pages.items(), key=lambda item: item[0][1])
        way = "GET" if urls.form_of(address) is None else "POST"
        shown = f"{name or 'path'} {number}, {way} {path_of(address)}"
        try:
            fetched = await fetch(address)
        except PageNotFetched as error:
            return f"{shown}: not read ({error})"
        found = ListReader(result.spider().platform, hosts).read(fetched.response)
        if isinstance(found, Refusal):
            return f"{shown}: not read ({sentence(found.reason)})"
        fresh = {url for url, _ in found.entries} - set(look.articles) if isinstance(found, Listing) else set()
        return f"{shown}: {len(fresh)} further articles"
    if cut:
        lists = f"{cut} of {counted(len(result.lists), 'list')} {'goes' if cut == 1 else 'go'}"
        return f"none that can be followed: {lists} on by a script that names no address"
    return "no list names a further page"
