"""The portals of a province's units since July 2025: each says whose it is, and lists news of its own."""

from collections.abc import Iterable, Iterator

from crawler.units import NEW, Unit, key, table
from crawler.units.provinces import parse_province, slug_of_province
from tests.discovery.portals_by_host import Answer, Host, made
from tests.fifty.portals import MAKERS
from tests.fifty.portals import made as made_by
from tests.platforms.nukeviet import NukeViet
from tests.platforms.replica import WARD

_MAKERS = tuple(maker for maker in MAKERS if maker is not NukeViet)  # it is asked once in two seconds
_ADDRESSES = 12  # of servers that the portals share


class OfUnit:
    """A portal of an existing maker, under the name and address of a unit. `unit`: since July 2025."""

    def __init__(self, maker, unit: Unit, articles: int):
        self.unit, self.host = unit, host_of(unit)
        self._replica = made_by(maker, self.host, articles)
        named = f"{unit.kind} {unit.name}"
        newest = self._replica.stories[0]
        self._latest = (
            f'<div class="moi-nhat"><a href="{self._replica.address(newest)}">{newest.title}</a> '
            f'<span class="ngay">{newest.at("%d/%m/%Y")}</span></div><footer>'
        )
        self._name = named[0].upper() + named[1:]
        self._foot = (
            f"<p>Trang thông tin điện tử {self._name}, {unit.province}</p>"
            f"<p>Cơ quan chủ quản: Ủy ban nhân dân {named}</p>"
            f"<p>Địa chỉ: Trụ sở UBND {named}, {unit.province}. Điện thoại: 0000 000 000</p></footer>"
        )

    def answer(self, host: str, target: str, form: str | None = None) -> Answer:
        """Answer a request as the maker's replica does, but for the names."""
        answer = self._replica.answer("GET" if form is None else "POST", target, form or "")
        if "html" in answer.content_type:
            text = answer.body.decode().replace(WARD, self._name).replace("</footer>", self._foot)
            if target == "/":
                text = text.replace("<title>", f"<title>{self._name} - ", 1).replace("<footer>", self._latest, 1)
            answer.body = text.encode()
        return made(answer)


def host_of(unit: Unit) -> str:
    """The host in the form that units have since July 2025."""
    return f"{key(unit.name).replace(' ', '')}.{slug_of_province(unit.province)}.gov.vn"


def units_of(province: str, most: int) -> Iterator[Unit]:
    """The first units of a province whose label no other unit of it has."""
    found: dict[str, list[Unit]] = {}
    for unit in table().new.values():
        if parse_province(province).includes(None, unit.code):
            found.setdefault(host_of(unit), []).append(unit)
    alone = [units[0] for units in found.values() if len(units) == 1]
    yield from [unit for unit in alone if unit.vintage == NEW][:most]


def portals_of(province: str, *, most: int, articles: int) -> dict[str, Host]:
    """Host → portal, of `most` units of a province, each with so many articles."""
    return {
        host_of(unit): Host(OfUnit(_MAKERS[number % len(_MAKERS)], unit, articles).answer)
        for number, unit in enumerate(units_of(province, most))
    }


def addresses_of(hosts: Iterable[str]) -> dict[str, str]:
    """Host → the loopback address that its name leads to: some portals share a server."""
    return {host: f"127.3.0.{number % _ADDRESSES + 1}" for number, host in enumerate(hosts)}
