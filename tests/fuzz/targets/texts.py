"""Texts: rules for robots, dates, queries, addresses, names of wards."""

from datetime import UTC, datetime
from functools import cache

from scrapy.robotstxt import ProtegoRobotParser

from crawler import units, urls
from crawler.dates import DateCandidate, choose_publication, find_dates, find_event_dates, parse_date
from crawler.errors import TinphuongError
from crawler.network import robots_txt
from crawler.text import content_hash, fold, normalize
from crawler.units.links import linked_units
from crawler.units.scope import Scope
from storage import Collection
from storage.search import fulltext
from tests.fuzz import made_seeds
from tests.fuzz.target import Target, chosen, is_date, must, sound

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_SOURCES = ("page", "meta", "url", "listing", "body")


def read_robots(data: bytes) -> None:
    """Rules answer for any address; what is a page is told from rules."""
    text = robots_txt.read(data)
    must(isinstance(robots_txt.is_page(text), bool) and isinstance(robots_txt.is_challenge(text), bool), "no answer")
    robots_txt.are_alike(text, data.decode("utf-8", "replace"), "/robots.txt")
    rules = ProtegoRobotParser(text.encode(), None)
    for path in ("/", "/tin/1.html?a=b", "/%ff", "/" + "a/" * 50):
        must(isinstance(rules.allowed(f"http://mot.test{path}", "tinphuong/1"), bool), "no answer for an address")
    delay = rules.crawl_delay("tinphuong/1")
    must(delay is None or delay == delay, "the delay is not a number")


def read_dates(data: bytes) -> None:
    """What is found is a date, and is what it was found in."""
    text = data.decode("utf-8", "replace")
    for base in (None, NOW):
        found = parse_date(text, base=base)
        if found is not None:
            must(is_date(found.isoformat()), f"{found.isoformat()!r} is no date")
            sound(found.isoformat(), "a date")
    for found in find_dates(text, base=NOW):
        must(is_date(found.isoformat()), f"{found.isoformat()!r} is no date")
    body = normalize(text)
    for event in find_event_dates(body, published="2023-12-08"):
        must(is_date(event.iso), f"{event} is no event's date")
        must(body[event.start : event.end] == event.raw, f"{event} is not where it says")
    pieces = [text[n : n + 60] for n in range(0, min(len(text), 3000), 60)]
    candidates = [DateCandidate(piece, _SOURCES[n % len(_SOURCES)]) for n, piece in enumerate(pieces)]
    published = choose_publication(candidates, body=text, fetched_at=NOW)
    must(published.published_at is None or is_date(published.published_at), f"{published.published_at!r} is no date")


@cache
def _open_collection() -> Collection:
    return Collection(made_seeds.collection() / "a.db", must_exist=True)


def read_query(data: bytes) -> None:
    """Any query is answered; what was not understood is said in words."""
    text = data.decode("utf-8", "replace")
    query = fulltext.parse_query(text)
    for remark in query.remarks:
        must(str(remark), "a remark without words")
    try:
        rows = fulltext.search(_open_collection().db, query, limit=5)
    except TinphuongError as error:  # a unit that is not one, or several
        must(str(error), "an error without words")
        return
    must(len(rows) <= 5, "more rows than were asked for")
    for row in rows:
        sound(row["snippet"], "a snippet")


def read_address(data: bytes) -> None:
    """A link is None or an address that stays itself when it is read again."""
    text = data.decode("utf-8", "replace")
    base, _, href = text.partition("\n")
    for one in (href or base, base):
        url = urls.absolute("http://mot.test/tin/a.html?b=c", one)
        urls.absolute(base, one)
        if url is not None:
            must(url.startswith(("http://", "https://")), f"{url[:80]!r} is not http")
            again = urls.absolute("http://mot.test/", url)
            must(
                again == url or again is None or urls.absolute("http://mot.test/", again) == again,
                f"{url[:80]!r} never settles",
            )
            urls.without_locale(url), urls.without_query(url)
        for function in (urls.cleaned, urls.host, urls.host_and_port, urls.plain_host):
            must(isinstance(function(one), str), f"{function.__name__} gives no text")


def read_units(data: bytes) -> None:
    """Any text names wards or none; normal forms are stable."""
    text = data.decode("utf-8", "replace")
    once = normalize(text)
    must(normalize(once) == once, "normalising twice is not normalising once")
    must(fold(fold(once)) == fold(once), "folding twice is not folding once")
    sound(once, "a text in its normal form")
    content_hash(once, text)
    linked_units(text[:200], text[200:600], text, scope=Scope(), published=chosen(data, (None, "2023-12-08", "2026")))
    try:
        str(units.parse_unit(text[:200]).remark())
    except units.UnitError as error:
        must(str(error), "an error without words")


_QUERIES = (
    "thư viện", '"thu vien" tiêm*', "a AND b OR (c -d)", "site:hanoi_trucbach since:2021-05 until:2022",
    "unit:00277 year:2021",
    'section:"thanh tra" has:file is:removed', "title:họp doubt:any -doubt:date", "phường VÀ quận KHÔNG xã",
    "phuong mot hop",
)  # fmt: skip
_LINKS = (
    "/tin/1.html", "http://mot.test/tin\n../a b?x=1&utm_source=y#z", "https://MOT.test:443/;jsessionid=9?redirect=a",
    "//a.vn/b",
    "http://mot.test/vi/en/tin?p_p_id=101&_101_redirect=x", "mailto:a@b.vn", "http://192.0.2.1:8080/a",
    "http://[2001:db8::1]/",
)  # fmt: skip
_NAMES = (
    "UBND phường Bách Khoa, quận Hai Bà Trưng, thành phố Hà Nội họp ngày 8/12/2023.",
    "Phường 1, Quận 3, TP. Hồ Chí Minh",
    "xã An Sơn, huyện Nam Sách, tỉnh Hải Dương", "Gia Sàng", "phường Phan Đình Phùng (Thái Nguyên)",
    "thị trấn Cầu Diễn",
)  # fmt: skip

ROBOTS = Target(
    "robots",
    "text",
    "rules that answer for every address",
    made_seeds.robots,
    read_robots,
)
DATES = Target("dates", "text", "whatever is found is a real date in ISO form", made_seeds.date_strings, read_dates)
QUERIES = Target(
    "queries",
    "text",
    "every query is answered, remarks are words",
    lambda: [text.encode() for text in _QUERIES],
    read_query,
)
ADDRESSES = Target(
    "addresses", "text", "a link is nothing, or an http address that stays itself",
    lambda: [text.encode() for text in _LINKS],
    read_address,
)  # fmt: skip
UNITS = Target(
    "units", "text", "any text names units or none; normal forms are stable",
    lambda: [*(text.encode() for text in _NAMES), *made_seeds.date_strings()[-10:]], read_units,
)  # fmt: skip
