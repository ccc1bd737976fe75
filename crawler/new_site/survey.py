"""Finds out what a site is: its platform with evidence, its ward, sections and pager, and what would be stored."""

import re
from urllib.parse import urlsplit

from crawler import urls
from crawler.extraction import isolate
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_problems import is_frame, page_problem
from crawler.new_site.feeds_of_site import feeds_of
from crawler.new_site.frozen_pages import Page
from crawler.new_site.preview import show
from crawler.new_site.probe import Fetch, Fetched, PageNotFetched
from crawler.new_site.proposed_names import slug_of, ward_of
from crawler.new_site.survey_failures import HINTS, SurveyFailed
from crawler.new_site.surveyed import SeenPage, Survey, path_of
from crawler.reasons import Reason, sentence
from crawler.text import fold
from crawler.text.counted import counted
from spiders.fingerprint import GENERIC, Seen, identify, platforms
from spiders.lists.address_shapes import Learnt, pattern_of
from spiders.lists.listing import Listing, Refusal
from spiders.lists.reader import ListReader
from spiders.lists.responses import as_html
from spiders.platform import Platform
from spiders.platforms import generic

_MOST_SECTIONS = 8  # pages looked at for lists
_MOST_STARTS = 5  # start pages of a site's file, the first page included
_LEAST = 2  # articles on a page that is a list
_MENU = 40  # characters of a menu's entry
_SESSION = re.compile(r"[?&](?:_afr|_adf|ctl=|p_p_|redirect=)")
_NEWS = re.compile(r"tin|news|su kien|thong bao|hoat dong|ban tin|chuyen muc|category|danh muc")
_WITHOUT_TLS = frozenset({Reason.TLS, Reason.REFUSED, Reason.TIMEOUT, Reason.CONNECTION})


async def survey(url: str, fetch: Fetch, *, or_http: bool = False) -> Survey:
    """Look at about fifteen pages of the site at `url`; with `or_http`, over http where https does not work.

    Raises SurveyFailed with a sentence for the user.
    """
    try:
        home = await _look(url, fetch)
    except SurveyFailed as error:
        if not or_http or error.reason not in _WITHOUT_TLS:
            raise
        home = await _look(url.replace("https://", "http://", 1), fetch)
    if problem := page_problem(home.page.body, home.page.url):
        hint = HINTS.get(problem, "open it in a browser and try again later")
        raise SurveyFailed(f"{url}: {sentence(problem)}; {hint}", problem)
    if is_frame(home.fetched.response.text):
        raise SurveyFailed(
            f"{url}: {sentence(Reason.FILLED_BY_SCRIPT)}; give the address of a page that lists news by itself"
        )
    parts = urlsplit(home.page.url)
    bare = (parts.hostname or "").removeprefix("www.")
    hosts = {bare, f"www.{bare}"}
    guess, _ = identify([home.seen])
    pages = [home, *await _sections(home, hosts, platforms()[guess], fetch)]
    name, matches = identify(look.seen for look in pages)
    reader = _reader(name, hosts)
    await _fill(pages, reader, fetch)
    found = _read(pages, reader)
    notes: list[str] = []
    if urls.host(url) != parts.hostname:
        notes.append(f"{urls.host(url)} leads to {parts.hostname}")
    if not found and name != GENERIC:
        notes.append(
            f"the evidence names {name}, but no list of that platform was found: read as a site on an unknown one"
        )
        name = GENERIC
        reader = _reader(name, hosts)
        found = _read(pages, reader)
    feeds = await feeds_of(reader.platform, home, fetch)
    if not found:
        raise SurveyFailed(f"{url}: {_no_list(home)}")
    pattern = _pattern(found, reader.learnt) if reader.learnt is not None else None
    slug = slug_of(parts.netloc)
    result = Survey(
        home.page.url, name, matches, _ward(pages) or parts.netloc, slug, parts.netloc, parts.scheme,
        _starts(found, home, feeds), found, [], "none found", feeds, pattern, _text(home), notes,
    )  # fmt: skip
    result.pager = await _second_page(result, hosts, fetch)
    await show(result, fetch)
    return result


def _reader(platform: str, hosts: set[str]) -> ListReader:
    """A reader that knows nothing of the site yet."""
    named = platforms()[platform]
    return ListReader(named, hosts, named.fresh_learnt())


async def _look(url: str, fetch: Fetch) -> SeenPage:
    try:
        fetched = await fetch(url)
    except PageNotFetched as error:
        hint = HINTS.get(error.reason)
        raise SurveyFailed(f"{error}; {hint}" if hint else str(error), error.reason) from None
    try:
        response = as_html(fetched.response)
    except PageTooLarge as error:
        raise SurveyFailed(f"{url}: {sentence(Reason.TOO_LARGE)}: {error}", Reason.TOO_LARGE) from None
    headers = {
        name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
        for name, values in response.headers.items()
    }
    content_type = headers.get("Content-Type", "text/html")
    page = Page(urls.cleaned(response.url), content_type, fetched.response.body, fetched.at)
    return SeenPage(page, Seen.of(page.url, headers, response.text), Fetched(response, fetched.at))


def _no_list(home: SeenPage) -> str:
    """Return a sentence that says why no list was found, and what to do."""
    read = isolate(home.page.body, home.page.url, charset=home.page.charset)
    if read.reason in (Reason.LOGIN, Reason.ERROR_PAGE):
        return f"{sentence(read.reason)}; open it in a browser"
    return "no list of articles was found; give the address of a page that lists news"


async def _sections(home: SeenPage, hosts: set[str], platform: Platform, fetch: Fetch) -> list[SeenPage]:
    """Return the pages that are probably lists by their links on the home page, news first."""
    links: dict[str, str] = {}
    first = ListReader(platform, hosts).read(home.fetched.response) if platform.items_only else None
    articles = {url for url, _ in first.entries} if isinstance(first, Listing) else set()
    for anchor in home.fetched.response.xpath("//a[@href]"):
        url = urls.absolute(home.page.url, anchor.attrib["href"])
        text = " ".join(anchor.xpath(".//text()").getall()).strip()
        if url is None or url in articles or urls.host(url) not in hosts or len(text) > _MENU or _SESSION.search(url):
            continue
        if (
            url.rstrip("/") != home.page.url.rstrip("/")
            and platform.is_followed(url)
            and generic.PLATFORM.is_followed(url)
        ):
            links.setdefault(url, text)
    ranked = sorted(
        links, key=lambda url: not _NEWS.search(fold(f"{links[url]} {urlsplit(url).path}".replace("-", " ")))
    )
    found = []
    for url in ranked[:_MOST_SECTIONS]:
        try:
            found.append(await _look(url, fetch))
        except SurveyFailed:
            continue
    return found


async def _fill(pages: list[SeenPage], reader: ListReader, fetch: Fetch) -> None:
    """Ask for the entries of lists that scripts fill."""
    for look in pages:
        named = reader.platform.more_pages(look.fetched.response, 0)
        address = next((url for (_, number), url in named.items() if number == 1), None)
        if address is None:
            continue
        try:
            fetched = await fetch(address)
        except PageNotFetched:
            continue
        listing = reader.read(fetched.response)
        if isinstance(listing, Listing) and listing.entries:
            kind = (fetched.response.headers.get("Content-Type") or b"application/json").decode("latin-1")
            look.answer, look.listing = Page(address, kind, fetched.response.body, fetched.at), listing


def _read(pages: list[SeenPage], reader: ListReader) -> list[SeenPage]:
    """Read the pages as lists of a platform; returns those that are, most articles first."""
    platform = reader.platform
    for _ in range(
        2 if reader.learnt is not None else 1
    ):  # only after all pages is it known which boxes are side boxes
        for look in pages:
            if look.answer is None:
                listing = reader.read(look.fetched.response)
                look.listing = listing if isinstance(listing, Listing) else Listing()
    articles = {platform.identity(url) for look in pages for url in look.articles}  # they may list others too
    found = [
        look
        for look in pages
        if len(look.articles) >= _LEAST
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


def _ward(pages: list[SeenPage]) -> str | None:
    response = pages[0].fetched.response
    declared = response.xpath("//meta[@property='og:site_name']/@content").get() or ""
    title = response.xpath("string(//title)").get() or ""
    return ward_of(declared, title, _text(pages[0]))


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
