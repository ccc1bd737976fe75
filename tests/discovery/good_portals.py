"""Good portals of wards and communes, of varied makes: each has to be found, with the right codes."""

from dataclasses import dataclass

from crawler.units import NEW, OLD, Unit, table
from crawler.units.hosts.labels import label
from crawler.units.keys import key
from crawler.units.provinces import slug_of_province
from spiders.portals import directory
from tests.discovery.front_page_makes import MAKES, Make, Says

FROZEN = ("12/06/2025", "02/06/2025", "28/05/2025")
FRESH = ("28/11/2026", "20/11/2026", "03/11/2026")
# Hosts of the directory, one or two for each way in which provinces form them.
_OF_OLD_UNITS = (
    "aithuong.bathuoc.thanhhoa.gov.vn", "anbinh.thoaison.angiang.gov.vn", "namxuan.quanhoa.thanhhoa.gov.vn",
    "lechi.gialam.hanoi.gov.vn", "hoangtrach.hoanghoa.thanhhoa.gov.vn", "conhue2.bactuliem.hanoi.gov.vn",
    "thieugiang.thieuhoa.thanhhoa.gov.vn", "quangminh.samson.thanhhoa.gov.vn", "quangngaicattien.lamdong.gov.vn",
    "hailoc.hauloc.thanhhoa.gov.vn", "xasonmau.sontay.quangngai.gov.vn", "daisao.chodon.backan.gov.vn",
    "xaducphu.moduc.quangngai.gov.vn", "ngocthuy.longbien.hanoi.gov.vn", "ninhhai.hoalu.ninhbinh.gov.vn",
    "phonghien.thuathienhue.gov.vn", "hieuthanh.vinhlong.gov.vn", "minhduc-unghoa.thudo.gov.vn",
    "dongphu.vinhlong.gov.vn", "phuhau.thuathienhue.gov.vn", "phucdien.bactuliem.hanoi.gov.vn",
    "daloan.ductrong.lamdong.gov.vn", "banglang.chodon.gov.vn", "ducxuan.backancity.gov.vn",
    "anlac.halang.caobang.gov.vn", "anmy.myduc.hanoi.gov.vn", "bacson.kienan.haiphong.gov.vn",
    "bangoi.camranh.khanhhoa.gov.vn", "phuong2.baoloc.lamdong.gov.vn", "phuonghamrong.thanhpho.thanhhoa.gov.vn",
    "canhuu-quocoai.thudo.gov.vn", "ancuu.thuathienhue.gov.vn",
)  # fmt: skip
# New units, one in each of some provinces, on the host that units of today usually have.
_NEW_UNITS = (
    "00070", "00256", "14944", "05443", "30691", "29584", "21343", "25159", "22333", "27139", "11557", "19753",
)  # fmt: skip


@dataclass(frozen=True)
class Good:
    """A portal with the codes and the freshness that must come out."""

    portal: Make
    unit_old: str | None
    unit_new: str | None
    is_frozen: bool

    @property
    def host(self) -> str:
        """Its host."""
        return self.portal.says.host


def good_portals() -> list[Good]:
    """Return them all."""
    makes = list(MAKES)
    found: list[Good] = []
    for number, host in enumerate(_OF_OLD_UNITS):
        portal = directory().at(host)
        unit = table().get(portal.old_code if portal else None, OLD)
        if unit is None:
            continue
        frozen = number % 3 == 0
        says = Says(
            host, _name(unit), f"{unit.district}, {unit.province}", FROZEN if frozen else FRESH, _neighbours(unit)
        )
        new = None if frozen else successor(unit)
        found.append(Good(Make(says, makes[number % len(makes)]), unit.code, new and new.code, frozen))
    for number, code in enumerate(_NEW_UNITS):
        unit = table().get(code, NEW)
        if unit is None:
            continue
        host = f"{label(unit.name)}.{slug_of_province(unit.province)}.gov.vn"
        says = Says(host, _name(unit), unit.province, FRESH, _neighbours(unit))
        found.append(Good(Make(says, makes[(number * 5 + 1) % len(makes)]), None, unit.code, False))
    return found


def _name(unit: Unit) -> str:
    return f"{unit.kind} {unit.name}"


def successor(unit: Unit) -> Unit | None:
    """Return the new unit that an old one went into, if there is one, or that has its name."""
    after = table().successors(unit.code)
    same = [one for one in after if len(after) == 1 or key(one.name) == key(unit.name)]
    return same[0] if len(same) == 1 else None


def _neighbours(unit: Unit) -> tuple[tuple[str, str], ...]:
    """Links to other units of the district or province, as menus have them."""
    others = [one for one in table() if one.vintage == unit.vintage and one.code != unit.code]
    near = [one for one in others if one.province == unit.province and one.district == unit.district][:5]
    area = slug_of_province(unit.province)
    return tuple((f"{label(one.name)}.{area}.gov.vn", f"{one.kind.capitalize()} {one.name}") for one in near)
