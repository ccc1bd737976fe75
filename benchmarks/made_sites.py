"""Sites of our own with the faults that real ones have: what is read of them wrongly must at least be doubted."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scoring import Gold

from tests.profile.portal import address, clock, day, fetched, page, story

_COUNT = 14
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_FOOT = "<p>Trang tin phường Sông Mây</p><p>Số 4 đường Bờ Sông, điện thoại 0200</p><p>Giữ bản quyền nội dung</p>"


@dataclass
class SitePage:
    """A page of a site, what a list says of it, and what it holds."""

    html: str
    gold: Gold
    fetched_at: datetime
    listed_date: str = ""


@dataclass
class MadeSite:
    """A site with one fault."""

    name: str
    pages: list[SitePage] = field(default_factory=list)


def made_sites() -> list[MadeSite]:
    """All of them, always the same."""
    dmy = "{:%d/%m/%Y}"

    def iso(number: int) -> str:
        return f"{day(number):%Y-%m-%d}"

    def with_wrong_weekday(number: int) -> str:
        return f"Thứ {_WEEKDAYS[(day(number).weekday() + 3) % 6]}, {day(number):%d/%m/%Y}"

    def later(number: int) -> str:
        return f"{day(number) + timedelta(days=40):%d/%m/%Y}"

    return [
        _site("nothing wrong", stamp=dmy),
        _site("a clock above the article", stamp=dmy, head=clock),
        _site("a clock and no date", stamp="", head=clock, published=lambda n: None),
        _site("month first, with weekdays", stamp="{:%a, %m/%d/%Y}"),
        _site("month first, the list has ISO days", stamp="{:%m/%d/%Y}", listed=iso),
        _site("the page's weekdays are other days'", stamp=with_wrong_weekday),
        _site("the list shows the day of the last edit", stamp=dmy, listed=later),
        _site("one date in the template of all", stamp="Ngày đăng: 01/07/2025", published=lambda n: None),
        _site("a label ends every text", stamp=dmy, after=lambda n: f"<p>Mã số tin nội bộ {n + 7}</p>"),
        _site("one footer runs into the text", stamp=dmy, foot=lambda n: "" if n == 9 else _FOOT,
              after=lambda n: _FOOT if n == 9 else ""),
        _site("a box's heading where the author should be", stamp=dmy, inside="<p class='author'>Tag Cloud</p>"),
        _site("the poster's login on all", stamp=dmy, inside="<p class='author'>bbt_songmay</p>"),
        _site("three pages are cut off", stamp=dmy, cut=(3, 6, 8)),
    ]  # fmt: skip


def _site(name, *, stamp, published=None, listed=None, cut=(), **parts) -> MadeSite:
    site = MadeSite(name)
    for number in range(_COUNT):
        own = {part: value(number) if callable(value) else value for part, value in parts.items()}
        html = page(number, stamp=stamp(number) if callable(stamp) else stamp, **own)
        title, texts = story(number)
        if number in cut:
            html = html[: html.index(texts[1]) + 40]
        shown = published(number) if published else f"{day(number):%Y-%m-%d}"
        gold = Gold(address(number), title, "\n\n".join(texts), None, shown, None)
        site.pages.append(SitePage(html, gold, fetched(number), listed(number) if listed else ""))
    return site
