"""Hostile paths: redirects, pagers, calendars and rules that lead on and on, or where nothing may go."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from tests.hostile.kind import EITHER, FAILED, OK, Answer, Asked, Kind, head, whole
from tests.living.portal import PAGE

_HOPS = "`REDIRECT_MAX_TIMES`"
_SECTION = "pages and articles of a section in one run"
_PLACES = "public addresses, and those that `TINPHUONG_ALLOW_PRIVATE` names"
_LOOP = frozenset({"redirect_loop"})
_FORBIDDEN = frozenset({"internal_address", "offsite", "bad_address", "other_port", "redirected_away"})


def redirected(location: str, status: str = "302 Found") -> bytes:
    return whole(b"", status, Location=location)


def circle(asked: Asked) -> Answer:
    return redirected(asked.target)


def growing(asked: Asked) -> Answer:
    return redirected(f"{asked.target}{'&' if '?' in asked.target else '?'}n={asked.count}")


def to_private(asked: Asked) -> Answer:
    return redirected(f"http://{asked.elsewhere}/")


def to_spelled(asked: Asked) -> Answer:
    address, _, port = asked.elsewhere.partition(":")
    number = sum(int(part) << shift for part, shift in zip(address.split("."), (24, 16, 8, 0), strict=True))
    return redirected(f"http://{number:#x}:{port}/")


def to_file(asked: Asked) -> Answer:
    return redirected("file:///etc/passwd")


def to_nothing(asked: Asked) -> Answer:
    return whole(b"", "302 Found")


def to_nonsense(asked: Asked) -> Answer:
    return redirected("http://[::1:99999/\\\\%%%")


def refreshed(asked: Asked) -> Answer:
    return whole(f"<html><head><meta http-equiv=refresh content='0;url={asked.target}?n={asked.count}'></head></html>")


def pager(asked: Asked) -> Answer:
    """A list whose pager always has a next page, each with the same articles."""
    number = int(parse_qs(urlsplit(asked.target).query).get("_101_cur", ["1"])[0])
    more = f'<li><a href="http://{asked.host}/tin-tuc?{PAGE.format(size=5, n=number + 1)}">{number + 1}</a></li>'
    return whole(asked.page.replace(b"lfr-menu-list", f'lfr-menu-list">{more}<i class="'.encode(), 1))


def pager_of_news(asked: Asked) -> Answer:
    """As `pager`, and each page links to articles that no other has, which are not there."""
    number = int(parse_qs(urlsplit(asked.target).query).get("_101_cur", ["1"])[0])
    more = f'<li><a href="http://{asked.host}/tin-tuc?{PAGE.format(size=5, n=number + 1)}">{number + 1}</a></li>'
    path = f"http://{asked.host}/tin-tuc/-/view_content/{900_000 + number}-tin.html"
    news = f'<h3 class="asset-title"><a href="{path}">Tin số {number}</a></h3>'
    return whole(asked.page.replace(b"lfr-menu-list", f'lfr-menu-list">{news}{more}<i class="'.encode(), 1))


def calendar(asked: Asked) -> Answer:
    """Sections that lead to further sections, each with a link to one article."""
    here = urlsplit(asked.target).path
    more = "".join(f'<li><a href="http://{asked.host}/lich-{asked.count}-{n}">Lịch {n}</a></li>' for n in range(20))
    return whole(asked.page.replace(b'<ul class="navi">', f'<ul class="navi">{more}'.encode(), 1) if here else b"")


def sessions(asked: Asked) -> Answer:
    """The same list under another session in each link."""
    more = "".join(
        f'<li><a href="http://{asked.host}/tin-tuc?phien={asked.count}{n}">Tin tức</a></li>' for n in range(10)
    )
    return whole(asked.page.replace(b'<ul class="navi">', f'<ul class="navi">{more}'.encode(), 1))


def changing(asked: Asked) -> Answer:
    return whole(asked.put(f"<p>Lượt xem thứ {asked.count}, mã {asked.count * 7919}.</p>"))


def long_robots(asked: Asked) -> Iterator[bytes]:
    yield head(kind="text/plain")
    yield b"User-agent: *\nDisallow: /cam/\n"
    for n in range(1000):
        yield b"# a line that says nothing at all, over and over\n" * 2048 + b"Disallow: /%d\n" % n


def robots_of_stars(asked: Asked) -> Answer:
    rules = "".join(f"Disallow: /{'*a' * 400}${n}\n" for n in range(2000))
    return whole(f"User-agent: *\n{rules}", kind="text/plain")


def robots_page(asked: Asked) -> Answer:
    return whole("<html><head><title>Trang chủ</title></head><body>Mời xác nhận</body></html>")


def robots_delay(asked: Asked) -> Answer:
    return whole("User-agent: *\nCrawl-delay: 86400\n", kind="text/plain")


def robots_circle(asked: Asked) -> Answer:
    return redirected("/robots.txt")


KINDS = (
    Kind("circle", "article", circle, "an article that redirects to itself", "counted under `redirect_loop`", _HOPS,
         _LOOP, OK),
    Kind("growing", "article", growing, "redirects to an address that grows each time",
         "counted under `redirect_loop`", _HOPS, _LOOP, OK),
    Kind("to_private", "article", to_private, "a redirect to a private address",
         "not asked for; counted under `internal_address`", _PLACES, _FORBIDDEN, OK),
    Kind("to_spelled", "article", to_spelled, "a redirect to a private address, spelled as one hexadecimal number",
         "not asked for; counted under `internal_address`", _PLACES, _FORBIDDEN, OK),
    Kind("to_file", "article", to_file, "a redirect to file:///etc/passwd",
         "not opened; counted under a reason", "http and https", frozenset(), OK),
    Kind("to_nothing", "article", to_nothing, "a redirect without Location", "counted under `http_302`",
         "one request", frozenset({"http_302"}), OK),
    Kind("to_nonsense", "article", to_nonsense, "a redirect to what is no address", "counted under a reason",
         "one request", frozenset(), OK),
    Kind("refreshed", "article", refreshed, "a page that refreshes to itself for ever",
         "counted under `redirect_loop` or as no article", _HOPS, frozenset(), OK),
    Kind("pager", "section", pager, "a pager without an end, each page with the same articles",
         "read until a page brings nothing new", _SECTION, frozenset(), OK),
    Kind("pager_of_news", "section", pager_of_news, "a pager without an end, each page with links that lead nowhere",
         "read to the bound; the run says so", _SECTION, frozenset(), EITHER | {"doubtful"}),
    Kind("calendar", "everything", calendar, "sections that lead to sections without an end",
         "read to the bound; the run says so", "sections and clicks of a run", frozenset(), EITHER | {"doubtful"}, 0),
    Kind("sessions", "everything", sessions, "a new session in every link", "read to the bound; articles once each",
         "sections and clicks of a run", frozenset(), EITHER | {"doubtful"}, 0),
    Kind("changing", "article", changing, "an article that is another at each fetch", "stored as it came",
         "one request a run", frozenset(), OK),
    Kind("long_robots", "robots", long_robots, "a robots.txt of 100 MB", "its first 500 KiB are obeyed", "500 KiB",
         frozenset(), OK),
    Kind("robots_of_stars", "robots", robots_of_stars, "2,000 rules of 400 wildcards", "obeyed, in bounded time",
         "500 KiB", frozenset(), EITHER, 0),
    Kind("robots_page", "robots", robots_page, "a page in the place of robots.txt, and only there",
         "nothing is fetched: the rules are unknown", "",
         frozenset({"robots_unreadable", "antibot"}), FAILED, 0),
    Kind("robots_delay", "robots", robots_delay, "Crawl-delay: 86400", "the pause is a minute at most",
         "`ROBOTS_MAX_CRAWL_DELAY`", frozenset(), EITHER | {"interrupted"}, 0),
    Kind("robots_circle", "robots", robots_circle, "robots.txt redirects to itself",
         "no rules, or unknown ones; said in the run", _HOPS, frozenset(), EITHER, 0),
)  # fmt: skip
