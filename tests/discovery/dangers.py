"""Hosts that answer and are no portal of the unit that their names suggest, by danger, and near misses that are.

Each is a replica with invented text. `Case.wrong` says what must not come out: no `sure`, and no unit at all but those
of `right`. A near miss must be sure, with exactly the codes of `right`.
"""

# ruff: noqa: E501 — markup is written as portals send it

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crawler.units import Unit, table
from tests.discovery.front_page_makes import Says, liferay, sharepoint, tables, wordpress

FRESH = ("27/11/2026", "19/11/2026", "05/11/2026")
OLD_DAYS = ("18/06/2025", "10/06/2025", "02/05/2025")


@dataclass(frozen=True)
class Case:
    """A host with the page that comes from it. `codes`: (old, new) that may be said of it, both None where none may;
    `is_good`: a near miss, which must be sure with these codes; `url`: where the page came from in the end."""

    danger: str
    host: str
    html: str | bytes
    codes: tuple[str | None, str | None] = (None, None)
    is_good: bool = False
    is_frozen: bool = False
    url: str = ""
    page: dict = field(default_factory=dict)
    answer: dict = field(default_factory=dict)
    reasons: frozenset[str] = frozenset()
    units: tuple[Unit, ...] = ()

    @property
    def body(self) -> bytes:
        """The page as sent."""
        return self.html if isinstance(self.html, bytes) else self.html.encode()


def _short(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"


def _links(words: str, count: int = 12) -> str:
    return "".join(f'<li><a href="/{number}">{words} {number}</a></li>' for number in range(count))


TRUC_BACH = Says("trucbach.badinh.hanoi.gov.vn", "phường Trúc Bạch", "quận Ba Đình, thành phố Hà Nội", FRESH)
HAI_BA_TRUNG = Says("haibatrung.hanoi.gov.vn", "phường Hai Bà Trưng", "thành phố Hà Nội", FRESH)
BA_THUOC = Says("bathuoc.thanhhoa.gov.vn", "xã Bá Thước", "tỉnh Thanh Hóa", FRESH)
AI_THUONG = Says("aithuong.bathuoc.thanhhoa.gov.vn", "xã Ái Thượng", "huyện Bá Thước, tỉnh Thanh Hóa", FRESH)


def codes_of(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    return old, new


def new_of(old: str) -> str | None:
    after = table().successors(old)
    name = table().old[old].name
    same = [one for one in after if len(after) == 1 or one.name == name]
    return same[0].code if len(same) == 1 else None


_NEWS_ITEMS = "".join(
    f"<div><a href='/bai-{number}.html'>{title}</a> <span>({day})</span></div>"
    for number, (title, day) in enumerate(
        zip(("Khai mạc hội thao", "Tổng kết phong trào thi đua", "Kiểm tra công tác phòng dịch"), FRESH, strict=True)
    )
)
_OFFICE = "<ul><li>Thủ tục hành chính</li><li>Văn bản chỉ đạo điều hành</li><li>UBND</li><li>Lịch công tác</li></ul>"


def cases() -> list[Case]:
    """Return all of them."""
    return [
        *_wildcards(), *_same_for_any(), *_redirects(), *_frozen(), *_homonyms(), *_betting(), *_others(), *_levels(),
        *_by_path(), *_no_pages(), *_contradictions(),
    ]  # fmt: skip


def _wildcards() -> Iterator[Case]:
    any_name = {"any_name": True}
    welcome = _short(
        "Chào mừng", "<h1>Chào mừng bạn đến với hệ thống cổng thông tin thành phần</h1>" + _OFFICE + _NEWS_ITEMS
    )
    yield Case("wildcard DNS", "longphu.bathuoc.thanhhoa.gov.vn", welcome, answer=any_name, page={"same_as_any": True})
    yield Case(
        "wildcard DNS",
        "hoangmai.bathuoc.thanhhoa.gov.vn",
        liferay(replace(BA_THUOC, unit="huyện Bá Thước")),
        answer=any_name,
    )
    unasked = {"asked_any": False}
    yield Case(
        "wildcard DNS",
        TRUC_BACH.host,
        liferay(TRUC_BACH),
        codes_of("00004", new_of("00004")),
        answer=any_name,
        page=unasked,
    )
    yield Case(
        "wildcard DNS", AI_THUONG.host, wordpress(AI_THUONG), codes_of("14944", new_of("14944")), True, answer=any_name
    )  # fmt: skip


def _same_for_any() -> Iterator[Case]:
    same = {"same_as_any": True}
    yield Case(
        "one page for any host",
        "tanan.longxuyen.angiang.gov.vn",
        _short("Portal", f"<h1>Cổng thông tin</h1>{_OFFICE}{_NEWS_ITEMS}"),
        page=same,
    )
    province = replace(BA_THUOC, unit="tỉnh Thanh Hóa", area="", title="Cổng thông tin điện tử tỉnh Thanh Hóa")
    yield Case("one page for any host", "hacrong.thanhhoa.gov.vn", liferay(province), page=same)
    yield Case("one page for any host", "nguyentrungtruc.badinh.hanoi.gov.vn", liferay(TRUC_BACH), page=same)
    own = codes_of("00004", new_of("00004"))
    yield Case("one page for any host", TRUC_BACH.host, liferay(TRUC_BACH), own, page=same)


def _redirects() -> Iterator[Case]:
    yield Case(
        "redirects", "bachkhoa.haibatrung.hanoi.gov.vn", liferay(HAI_BA_TRUNG), codes_of(None, "00256"), True,
        url="https://haibatrung.hanoi.gov.vn/web/phuong-hai-ba-trung",
    )  # fmt: skip
    province = Says("hatinh.gov.vn", "tỉnh Hà Tĩnh", "", FRESH, lead="Cổng thông tin điện tử")
    yield Case(
        "redirects",
        "locha.hatinh.gov.vn",
        sharepoint(province),
        url="https://hatinh.gov.vn/portal/",
        reasons=frozenset({"higher_level"}),
    )
    yield Case(
        "redirects",
        "phuong5.tanbinh.gov.vn",
        _short("Nổ hũ 789bet", "<h1>Nhà cái 789bet</h1>" + _links("Tài xỉu")),
        url="https://789bet.example/",
    )
    other = replace(TRUC_BACH, host="trucbach.example.com.vn")
    yield Case(
        "redirects",
        TRUC_BACH.host,
        wordpress(other),
        codes_of("00004", new_of("00004")),
        url="https://trucbach.example.com.vn/",
        reasons=frozenset({"not_gov_vn"}),
    )


def _frozen() -> Iterator[Case]:
    frozen = replace(TRUC_BACH, days=OLD_DAYS, extra=(
        "<div class='sidebar'><p>Hôm nay: 30/11/2026</p><p>Dự báo thời tiết 30/11/2026: 25 độ</p>"
        "<p>Hội nghị tổng kết sẽ diễn ra ngày 15/12/2026</p><p>Lượt truy cập hôm nay 30/11/2026: 12</p></div>"
    ))  # fmt: skip
    yield Case("frozen portals", TRUC_BACH.host, liferay(frozen), codes_of("00004", None), True, True)
    stale = replace(
        AI_THUONG,
        days=("25/06/2025", "20/06/2025"),
        footer="<p>UBND xã Ái Thượng</p><p>Copyright © 2026</p><p>Cập nhật 01/10/2026</p>",
    )
    yield Case("frozen portals", AI_THUONG.host, tables(stale), codes_of("14944", None), True, True)
    clock = replace(AI_THUONG, days=OLD_DAYS, extra="<div>30/11/2026</div>")
    yield Case("frozen portals", AI_THUONG.host, wordpress(clock), codes_of("14944", None), True, True)
    yield Case(
        "frozen portals",
        AI_THUONG.host,
        liferay(replace(AI_THUONG, days=())),
        codes_of("14944", None),
        reasons=frozenset({"no_dates"}),
    )
    yield Case(
        "frozen portals",
        HAI_BA_TRUNG.host,
        liferay(replace(HAI_BA_TRUNG, days=OLD_DAYS)),
        reasons=frozenset({"contradicts"}),
    )


def _homonyms() -> Iterator[Case]:
    minh_khai = Says("minhkhai.hanoi.gov.vn", "phường Minh Khai", "thành phố Hà Nội", OLD_DAYS)
    yield Case("homonyms", minh_khai.host, liferay(minh_khai), reasons=frozenset({"homonym"}))
    yield Case("homonyms", "tandan.hanoi.gov.vn", wordpress(Says("tandan.hanoi.gov.vn", "xã Tân Dân", "", OLD_DAYS)))
    by_host = replace(minh_khai, host="minhkhai.bactuliem.hanoi.gov.vn")
    yield Case("homonyms", by_host.host, liferay(by_host), codes_of("00613", None))
    whole = replace(minh_khai, area="quận Bắc Từ Liêm, thành phố Hà Nội", host="minhkhai.hanoi.gov.vn")
    yield Case("homonyms", whole.host, sharepoint(whole), codes_of("00613", None), True, True)
    dong_tam = Says("dongtam.hanoi.gov.vn", "xã Đồng Tâm", "huyện Mỹ Đức, thành phố Hà Nội", OLD_DAYS)
    yield Case("homonyms", dong_tam.host, upper(dong_tam), codes_of("10444", None), True, True)
    township = Says("muongte.laichau.gov.vn", "thị trấn Mường Tè", "huyện Mường Tè, tỉnh Lai Châu", OLD_DAYS)
    yield Case("homonyms", township.host, liferay(township), codes_of("03433", None), True, True)
    marks = Says("yenso.hanoi.gov.vn", "phường Yên Sở", "thành phố Hà Nội", ())
    yield Case(
        "homonyms",
        "xuandinh.phuctho.hanoi.gov.vn",
        liferay(
            replace(
                marks,
                host="xuandinh.phuctho.hanoi.gov.vn",
                unit="phường Xuân Đỉnh",
                area="quận Bắc Từ Liêm, thành phố Hà Nội",
            )
        ),
    )


def upper(says: Says) -> str:
    """Return a page whose title is in capitals."""
    return liferay(replace(says, title=f"UBND {says.named}".upper()))


def _betting() -> Iterator[Case]:
    yield Case("betting", "phuong6tanbinh.gov.vn", _short(
        "Phường 6 Tân Bình - Nhà cái uy tín số 1", "<h1>UBND phường 6</h1><p>Đăng ký nhận khuyến mãi, nạp tiền 1 đổi 1, casino trực tuyến, nổ hũ.</p>" + _links("Kèo nhà cái")))  # fmt: skip
    yield Case(
        "betting",
        "banglang.chodon.gov.vn",
        _short("Slot Gacor - Situs Judi", "<p>Slots, jackpot, poker, casino online bonus</p>" + _links("Slot game")),
    )
    yield Case(
        "betting",
        "xanamphong.gov.vn",
        liferay(
            Says(
                "xanamphong.gov.vn",
                "xã Nam Phong",
                "tỉnh Nam Định",
                FRESH,
                title="Xã Nam Phong | Soi cầu lô đề, tài xỉu, bắn cá đổi thưởng",
            )
        ),
    )
    hacked = replace(
        TRUC_BACH,
        extra="<div style='display:none'><a href='https://x.example/'>nhà cái uy tín</a><a href='https://y.example/'>casino online</a></div>",
    )
    yield Case(
        "betting", TRUC_BACH.host, liferay(hacked), codes_of("00004", new_of("00004")), reasons=frozenset({"betting"})
    )
    article = replace(TRUC_BACH, extra=(
        "<div class='tin'><a href='/tin/12.html'>Công an phường bắt nhóm đối tượng đánh bạc bằng hình thức lô đề, cá độ bóng đá</a>"
        "<p>Ngày 12/11/2026, lực lượng chức năng đã triệt phá đường dây tài xỉu, xóc đĩa và casino trực tuyến trên địa bàn.</p></div>"
    ))  # fmt: skip
    yield Case("betting", TRUC_BACH.host, liferay(article), codes_of("00004", new_of("00004")), True)


def _others() -> Iterator[Case]:
    hospital = _short("Bệnh viện Bạch Mai", f"<header><h1>BỆNH VIỆN BẠCH MAI</h1></header><p>Văn bản, thủ tục hành chính, tiếp công dân</p>{_NEWS_ITEMS}"
        "<footer>Bệnh viện Bạch Mai - Địa chỉ: 78 Giải Phóng, phường Bạch Mai, thành phố Hà Nội</footer>")  # fmt: skip
    yield Case("another body's", "bachmai.gov.vn", hospital, reasons=frozenset({"other_owner"}))
    school = liferay(
        replace(
            TRUC_BACH,
            title="Trường Tiểu học phường Trúc Bạch, quận Ba Đình",
            footer="<p>Trường Tiểu học Trúc Bạch</p><p>Địa chỉ: phường Trúc Bạch, quận Ba Đình, Hà Nội</p>",
        )
    )
    yield Case("another body's", TRUC_BACH.host, school, reasons=frozenset({"other_owner"}))
    police = wordpress(replace(TRUC_BACH, title="Công an phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội")).replace(
        'content="phường Trúc Bạch"', 'content="Công an phường Trúc Bạch"'
    )
    yield Case("another body's", TRUC_BACH.host, police, reasons=frozenset({"other_owner"}))
    cooperative = _short(
        "Hợp tác xã Tân An",
        f"<h1>HỢP TÁC XÃ TÂN AN</h1>{_OFFICE}{_NEWS_ITEMS}<footer>Hợp tác xã Tân An, huyện Thanh Hà, tỉnh Hải Dương</footer>",
    )
    yield Case("another body's", "tanan.thanhha.haiduong.gov.vn", cooperative)
    paper = _short(
        "Báo và phát thanh, truyền hình Thanh Hóa",
        f"{_NEWS_ITEMS}<p>UBND xã Ái Thượng tổ chức hội nghị</p><p>Xã Bá Thước ra quân</p>{_OFFICE}<footer>Cơ quan ngôn luận của Đảng bộ tỉnh Thanh Hóa</footer>",
    )
    yield Case("another body's", AI_THUONG.host, paper)
    blog = _short("Blog du lịch", f"<p>Xã Ái Thượng có nhiều cảnh đẹp</p>{_links('Điểm đến')}")
    yield Case("another body's", AI_THUONG.host, blog, reasons=frozenset({"no_office"}))
    school_news = replace(
        AI_THUONG,
        extra="<ul><li><a href='/y-te'>Trạm y tế xã Ái Thượng</a></li><li><a href='/thcs'>Trường THCS Ái Thượng</a></li><li>Công an xã Ái Thượng: 0237.000.000</li></ul>",
    )
    yield Case("another body's", AI_THUONG.host, wordpress(school_news), codes_of("14944", new_of("14944")), True)


def _levels() -> Iterator[Case]:
    district = Says("bathuoc.thanhhoa.gov.vn", "huyện Bá Thước", "tỉnh Thanh Hóa", OLD_DAYS, tuple(
        (f"{name}.bathuoc.thanhhoa.gov.vn", f"Xã {shown}") for name, shown in (("aithuong", "Ái Thượng"), ("bancong", "Ban Công"), ("dienlu", "Điền Lư"))
    ))  # fmt: skip
    higher = frozenset({"higher_level"})
    yield Case("district at the new ward's label", district.host, liferay(district), reasons=higher)
    yield Case("district at the new ward's label", district.host, tables(replace(district, days=FRESH)), reasons=higher)
    yield Case(
        "district at the new ward's label",
        "haibatrung.hanoi.gov.vn",
        sharepoint(Says("haibatrung.hanoi.gov.vn", "quận Hai Bà Trưng", "thành phố Hà Nội", OLD_DAYS)),
        reasons=higher,
    )
    mixed = liferay(
        replace(
            HAI_BA_TRUNG,
            title="Cổng thông tin điện tử quận Hai Bà Trưng",
            footer="<p>UBND quận Hai Bà Trưng, địa chỉ: phường Lê Đại Hành, quận Hai Bà Trưng</p>",
        )
    )
    yield Case("district at the new ward's label", HAI_BA_TRUNG.host, mixed, reasons=higher)
    yield Case("district at the new ward's label", BA_THUOC.host, wordpress(BA_THUOC), codes_of(None, "14923"), True)
    former = replace(
        HAI_BA_TRUNG,
        footer="<p>UBND phường Hai Bà Trưng, thành phố Hà Nội</p><p>Địa chỉ: 30 phố Lê Đại Hành, phường Lê Đại Hành, quận Hai Bà Trưng (cũ)</p>",
    )
    yield Case("district at the new ward's label", HAI_BA_TRUNG.host, liferay(former), codes_of(None, "00256"), True)


def _by_path() -> Iterator[Case]:
    names = (("tra-tan", "Trà Tân"), ("tra-bui", "Trà Bùi"), ("tra-giac", "Trà Giác"), ("tra-don", "Trà Đốc"))
    for form, host, title in (
        ("/xa-{}/", "bactramy.quangnam.gov.vn", "Cổng thông tin điện tử huyện Bắc Trà My"),
        ("/web/xa-{}", "tratan.bactramy.quangnam.gov.vn", "Cổng thông tin các xã, thị trấn"),
        ("/donvi/{}/", "donvi.quangnam.gov.vn", "Trang thông tin điện tử các đơn vị"),
    ):
        links = "".join(
            f'<li><a href="{form.format(path.replace("-", "") if "donvi" in form else path)}">Xã {name}</a></li>'
            for path, name in names
        )
        yield Case("many units by path", host, _short(title, f"<ul>{links}</ul>{_NEWS_ITEMS}{_OFFICE}"))
    before = table().predecessors("14923")
    own = "".join(
        f'<li><a href="/{unit.name.lower()}">{unit.kind.capitalize()} {unit.name} (cũ)</a></li>' for unit in before
    )
    yield Case(
        "many units by path",
        BA_THUOC.host,
        wordpress(replace(BA_THUOC, extra=f"<ul>{own}</ul>")),
        codes_of(None, "14923"),
        True,
    )


def _no_pages() -> Iterator[Case]:
    host = TRUC_BACH.host
    for title, body in (
        ("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed.</p>"),
        ("Apache2 Ubuntu Default Page: It works", "<p>It works! This is the default welcome page.</p>"),
        ("IIS Windows Server", "<img src='iisstart.png' alt='IIS'>"),
        ("Default Web Site Page", "<p>cPanel, Inc.</p>"),
        ("Web Server's Default Page", "<p>This page is generated by Plesk.</p>"),
        ("Account Suspended", "<h1>This Account has been suspended.</h1>"),
        ("Thông báo", "<p>Website này đã bị tạm ngưng hoạt động. Vui lòng liên hệ nhà cung cấp dịch vụ.</p>"),
        ("trucbach - This domain is for sale", "<p>Buy this domain.</p>"),
        ("Tên miền", "<p>Tên miền này đang được rao bán.</p>" + _links("Quảng cáo", 5)),
        ("Cổng thông tin điện tử phường Trúc Bạch", "<h1>Website đang nâng cấp, mời bạn quay lại sau</h1>"),
        ("Coming soon", "<h1>UBND phường Trúc Bạch</h1><p>Under construction</p>"),
        ("Đăng nhập hệ thống", "<form><input name=u><input type=password name=p></form><p>UBND phường Trúc Bạch, quận Ba Đình</p>"),
        ("404 - Không tìm thấy trang", "<p>Trang bạn tìm không tồn tại</p>"),
        ("Runtime Error", "<h1>Server Error in '/' Application.</h1>"),
        ("Just a moment...", "<p>Checking your browser before accessing</p><script>document.cookie='a=1'</script>"),
        ("", ""),
        ("Cổng thông tin", "<div id='root'></div><script src='/main.js'></script>"),
    ):  # fmt: skip
        yield Case("no portal behind it", host, _short(title, body))
    box = replace(
        TRUC_BACH,
        extra="<div><p>Đăng nhập</p><form><input name=u><input type=password name=p></form></div><p>Giao diện đang nâng cấp, mời bạn góp ý</p><a href='/b'>Lỗi 404 là gì? Tập huấn kỹ năng số</a>",
    )
    yield Case("no portal behind it", host, wordpress(box), codes_of("00004", new_of("00004")), True)


def _contradictions() -> Iterator[Case]:
    yield Case(
        "another unit's page", "phucxa.badinh.hanoi.gov.vn", liferay(TRUC_BACH), reasons=frozenset({"other_area"})
    )
    several = liferay(
        replace(
            TRUC_BACH, title="Cụm thi đua phường Trúc Bạch, phường Phúc Xá, phường Kim Mã", footer="<p>UBND quận</p>"
        )
    )
    yield Case("another unit's page", TRUC_BACH.host, several)
    unknown = Says("tanhung.bathuoc.thanhhoa.gov.vn", "xã Tân Hưng Đông Lạ", "huyện Bá Thước, tỉnh Thanh Hóa", FRESH)
    yield Case("another unit's page", unknown.host, wordpress(unknown))
    elsewhere = replace(AI_THUONG, area="huyện Quan Hóa, tỉnh Thanh Hóa")
    yield Case("another unit's page", elsewhere.host, liferay(elsewhere))
    unnamed = liferay(
        replace(
            TRUC_BACH, title="Trang chủ", footer="<p>Bản quyền © 2026</p>", banner="<h1>Cổng thông tin điện tử</h1>"
        )
    )
    yield Case("another unit's page", TRUC_BACH.host, unnamed, reasons=frozenset({"owner_not_named"}))
    seat = liferay(
        replace(TRUC_BACH, title="Trang chủ", footer="<p>Địa chỉ: 25 Quán Thánh, phường Trúc Bạch, quận Ba Đình</p>")
    )
    yield Case("another unit's page", TRUC_BACH.host, seat, reasons=frozenset({"owner_not_named"}))
