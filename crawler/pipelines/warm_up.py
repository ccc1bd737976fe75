"""Loads in one process what reading articles takes, before others are forked from it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.extraction.observe import Observer
from crawler.pipelines.stages import PageRead, read_article
from crawler.run.items import Listed, PageItem

_PAGE = """\
<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Phường Mẫu phát động trồng cây</title></head>
<body><nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul></nav>
<main><article><h1>Phường Mẫu phát động trồng cây</h1><p>Thứ Hai, 05/02/2024, 08:30</p>
<p><strong>Sáng 05/02/2024, UBND phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội tổ chức lễ phát động
Tết trồng cây.</strong></p>
<p>Dự lễ có đồng chí Nguyễn Văn A, Bí thư Đảng ủy phường, cùng đông đảo cán bộ và nhân dân các tổ dân phố. Tại buổi lễ,
các đại biểu đã trồng 50 cây xanh dọc tuyến đường liên phường.</p>
<p>Trong tháng 2, phường sẽ trồng thêm 200 cây tại trường học, nhà văn hóa và các khu dân cư. Từ ngày 10 đến ngày 15/02,
mỗi tổ dân phố dọn vệ sinh đường làng, ngõ xóm vào 7 giờ 30 các buổi sáng.</p>
<p>Tác giả: Ban Biên tập</p></article></main>
<footer>© 2024 UBND phường Mẫu. Địa chỉ: số 1, phố Mẫu.</footer></body></html>
"""


@dataclass(frozen=True)
class _NoSite:
    unit_old: str | None = None
    unit_new: str | None = None


def warm_up() -> PageRead:
    """Read a page of no site, with all that a run may want to know of one; returns what was read."""
    moment = datetime(2024, 2, 6, tzinfo=UTC)
    item = PageItem(
        "hanoi_mau", "1", "https://mau.example.vn/tin-tuc/1.html", _PAGE.encode(), None, "utf-8", moment,
        Listed("Phường Mẫu phát động trồng cây", "05/02/2024"), observer=Observer(whole=True, reads_along=True),
    )  # fmt: skip
    return read_article(_NoSite, item)  # type: ignore[arg-type]  # of a site only its units are asked for
