"""A province to play: the front page, list and articles of each of its hosts, with invented text.

    python -m tests.discovery.replica_province thainguyen 150     # serves until it is ended, and prints its address

With `TINPHUONG_PROXY` set to that address `portals add`, `discover` and `crawl` work on it. A name service has to
answer for the names of `province`; a third of them or more the directory does not know.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import replace

from crawler.units import OLD, Unit, table
from crawler.units.host_labels import label
from crawler.units.provinces import parse_province, slug_of_province
from spiders.portals import directory
from tests.discovery.front_page_makes import MAKES, Make, Says
from tests.discovery.portals_by_host import Answer, Host, PortalsByHost

ARTICLES = 12  # of each portal
_WHO = ("Đoàn Thanh niên", "Hội Phụ nữ", "Hội Nông dân", "Mặt trận Tổ quốc", "Hội Cựu chiến binh", "Trạm Y tế")
_DID = (
    "ra quân dọn vệ sinh", "tập huấn kỹ năng số", "thăm tặng quà", "kiểm tra an toàn thực phẩm", "trồng cây xanh",
    "phát động thi đua", "tuyên truyền phòng cháy", "khám sức khỏe miễn phí", "tổng kết phong trào", "tiếp xúc cử tri",
)  # fmt: skip
_WHERE = ("tại nhà văn hóa", "trên các tuyến đường chính", "ở khu dân cư số {}", "tại trường tiểu học", "bên bờ kênh")
_MORE = (
    "Có {} người đã tham gia ngay từ sáng sớm, trong đó nhiều người cao tuổi.",
    "Ban tổ chức trao {} suất quà, mỗi suất gồm tiền mặt và nhu yếu phẩm.",
    "Sau {} ngày triển khai, kết quả bước đầu được bà con đánh giá cao.",
    "Kinh phí {} triệu đồng do nhân dân và doanh nghiệp đóng góp.",
    "Lãnh đạo địa phương đề nghị các tổ dân phố tiếp tục duy trì trong {} tuần tới.",
    "Theo kế hoạch, hoạt động sẽ được tổ chức ở {} điểm khác trước cuối năm.",
)


def province(name: str, most: int = 150) -> dict[str, Host]:
    """Return host → what plays it, for a province of today: those of the directory first, then new units' hosts."""
    query = parse_province(name)
    found: dict[str, Host] = {}
    makes = list(MAKES)
    for portal in directory().of_province(query):
        unit = table().get(portal.old_code, OLD)
        if portal.is_of_unit and unit is not None and portal.host.endswith(".gov.vn") and len(found) < most * 2 // 3:
            found[portal.host] = played(portal.host, unit, makes[len(found) % len(makes)])
    for unit in table().new.values():
        if slug_of_province(unit.province) != query.province.slug or len(found) >= most:
            continue
        host = f"{label(unit.name)}.{query.province.slug}.gov.vn"
        if host not in found and directory().at(host) is None:
            found[host] = played(host, unit, makes[len(found) % len(makes)])
    return found


def played(host: str, unit: Unit, make: str) -> Host:
    """Return the portal of a unit: its front page, its list `/tin-tuc`, and its articles."""
    area = f"{unit.district}, {unit.province}" if unit.vintage == OLD else unit.province
    items = list(_articles(host))
    says = Says(host, f"{unit.kind} {unit.name}", area, days=())
    front = Make(replace(says, extra=_list(items)), make)

    def answer(_: str, path: str) -> Answer | None:
        if path in ("/", ""):
            return Answer(front.body, content_type=front.content_type)
        if path.rstrip("/") == "/tin-tuc":
            html = (
                f"<html><meta charset='utf-8'><title>Tin tức - {says.unit}</title><h1>Tin tức</h1>{_list(items)}</html>"
            )
            return Answer(html.encode())
        for at, title, day, body in items:
            if path == at:
                return Answer(_page(says, title, day, body).encode())
        return None

    return Host(answer)


def _articles(host: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (path, title, day, body) of the articles of a host, newest first; always the same."""
    chance = random.Random(host)
    for number in range(ARTICLES):
        day = f"{28 - 2 * number:02d}/11/2026"
        where = chance.choice(_WHERE).format(chance.randint(1, 12))
        title = f"{chance.choice(_WHO)} {chance.choice(_DID)} {where}, đợt {number + 1}"
        body = "".join(
            f"<p>{' '.join(sentence.format(chance.randint(2, 400)) for sentence in chance.sample(_MORE, 3))}</p>"
            for _ in range(3)
        )
        yield f"/tin-tuc/ban-tin-{number + 100}.html", title, day, body


def _list(items: list[tuple[str, str, str, str]]) -> str:
    return "".join(
        f'<div class="news-item"><h3><a href="{path}">{title}</a></h3><span class="date">{day}</span></div>'
        for path, title, day, _ in items
    )


def _page(says: Says, title: str, day: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title} - {says.unit}</title></head>'
        f'<body><header><a href="/">{says.unit}</a></header><main><article><h1>{title}</h1>'
        f'<div class="date">{day} 08:30</div><div class="content"><p>Tin từ {says.unit}.</p>{body}</div>'
        "</article></main>"
        f"<footer>UBND {says.named}</footer></body></html>"
    )


if __name__ == "__main__":
    hosts = province(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 150)
    with PortalsByHost(hosts) as server:
        print(server.proxy, len(hosts), flush=True)
        sys.stdin.read()
