"""Fifty invented portals: nearly forty on ten platforms that work, and one for each way to fail."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.replica_portals.special import antibot
from tests.living import texts
from tests.platforms import common, enterprise, government, nukeviet, unknown
from tests.platforms.replica import Answer, Replica, page
from tests.platforms.stories import Story, paged

MAKERS = (
    unknown.Handmade, common.WordPress, enterprise.Liferay, common.Drupal, common.Joomla, nukeviet.NukeViet,
    government.Vnpt, enterprise.DotNetNuke, government.HaTinh2025, unknown.Slugs,
)  # fmt: skip
# A way to fail → the reason that its run must give. `dns`, `refused` and `tls` are no answers: the server makes them.
FAILURES = {
    "dns": "dns",
    "refused": "refused",
    "tls": "tls",
    "silent": "timeout",
    "missing": "http_404",
    "error": "http_500",
    "antibot": "antibot",
    "forbidden": "robots_forbidden",
    "empty": "empty_listing",
}
FEW = ("dns", "dns", "dns", "refused", "refused", "tls", "missing", "missing", "error", "antibot", "forbidden", "empty")
MANY = (*FEW, "silent")
_PATIENT = 8  # articles at most of a NukeViet, which is asked once in two seconds
_NEWEST = datetime.fromisoformat("2026-11-01 08:30")


@dataclass(frozen=True)
class Plan:
    """What one portal is: `articles` of a `maker`, or none and a way of `failing` ("" for none)."""

    number: int
    maker: type[Replica] = unknown.Handmade
    articles: int = 0
    failing: str = ""

    @property
    def slug(self) -> str:
        return f"thu_{self.failing or self.maker.__name__.lower()}{self.number:03}"

    @property
    def platform(self) -> str:
        return self.maker.platform

    def portal(self, host: str) -> "Broken | Replica":
        """The portal that answers as `host`."""
        return Broken(self.failing) if self.failing else made(self.maker, host, self.articles)


def plans(count: int = 50, *, failing: tuple[str, ...] = MANY, large: int = 5, most: int = 230, articles: int = 32):
    """`count` portals: the first `large` with `most` articles, the others that work with `articles`."""
    working = count - len(failing)
    found = []
    for number in range(working):
        maker = MAKERS[number % len(MAKERS)]
        size = most if number < large else articles
        found.append(Plan(number, maker, min(size, _PATIENT) if maker is nukeviet.NukeViet else size))
    return [*found, *(Plan(working + number, failing=way) for number, way in enumerate(failing))]


def made(maker: type[Replica], host: str, articles: int) -> Replica:
    """A working portal under `host` whose list has two pages."""
    portal = maker()
    portal.host = host
    portal.headers = tuple((name, value.replace(maker.host, host)) for name, value in maker.headers)
    portal.stories = list(stories(host, articles))
    portal.pages = paged(portal.stories, math.ceil(articles / 2))
    return portal


def stories(host: str, count: int) -> Iterator[Story]:
    """Invented notices of one portal, the newest first; no two have a text in common."""
    for number in range(count):
        seed = f"{host.partition(':')[0]}/{number}"
        paragraphs = tuple(f"{texts.paragraph(f'{seed}/{part}')} Tin số {number} của {host}." for part in range(3))
        slug = f"tin-so-{number}-cua-phuong-trong-thang-nay"
        moment = _NEWEST - timedelta(days=number, minutes=number)
        yield Story(900_000 - number, slug, texts.title(seed), texts.paragraph(f"{seed}/sapo"), paragraphs, moment)


class Broken:
    """A portal that answers every request with the same trouble."""

    def __init__(self, failing: str):
        self.failing = failing

    def answer(self, method: str, target: str, form: str = "") -> Answer | None:
        """Answer a request; None for no answer at all."""
        if self.failing == "silent":
            return None
        if target == "/robots.txt":
            rules = "Disallow: /" if self.failing == "forbidden" else "Disallow:"
            return Answer(f"User-agent: *\n{rules}\n".encode(), "text/plain")
        match self.failing:
            case "missing":
                return Answer(page("Không tìm thấy", "", "<h1>404</h1>").encode(), status=404)
            case "error":
                return Answer(b"Internal Server Error", "text/plain", status=500)
            case "antibot":
                return Answer(antibot(target).body)
        return Answer(page("Trang chủ", "", "<p>Cổng đang được nâng cấp.</p>").encode())
