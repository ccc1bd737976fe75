"""Portals of public services: forms and lists of procedures, which look like lists of news and are none."""

import pytest

from crawler.extraction import extract_article
from spiders.fingerprint import platforms
from spiders.lists.procedures import is_procedure, may_be_procedure
from tests.platforms.crawling import crawl
from tests.platforms.replica import Replica, esc, menu, page
from tests.platforms.server import PlatformServer
from tests.running import tinphuong

PROCEDURES = (
    "Đăng ký khai sinh cho trẻ em tại ủy ban nhân dân cấp xã",
    "Đăng ký kết hôn có yếu tố nước ngoài",
    "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "Chứng thực bản sao từ bản chính giấy tờ",
    "Cấp lại thẻ bảo hiểm y tế cho người cao tuổi",
    "Xác nhận thông tin về cư trú của công dân",
)
FORM = (
    '<form action="/tra-cuu"><label>Mã hồ sơ</label><input name="ma"><input name="captcha"><button>Tra</button></form>'
)
TEXT = (
    "<h3>Cơ quan thực hiện</h3><p>Ủy ban nhân dân cấp xã nơi cư trú.</p><h3>Trình tự thực hiện</h3>"
    "<p>Người dân nộp tờ khai tại bộ phận một cửa và có mặt khi đăng ký.</p><p>Công chức ghi vào sổ trong ngày.</p>"
)


class Services(Replica):
    """Procedures in a list, as a national portal shows them."""

    platform, host = "generic", "dichvu.cong.test"
    head = ""

    def address(self, story):
        return f"/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc={story.number}"

    def entry(self, story):
        return f'<li class="item"><a href="{esc(self.address(story))}">{esc(PROCEDURES[story.number % 6])}</a></li>'

    def article(self, story):
        return self._frame(f"<h1>{esc(PROCEDURES[story.number % 6])}</h1>{TEXT}")

    def route(self, asked):
        return self._frame(f"<ul>{self.entries(1)}</ul>{FORM}") if asked.path in ("/", "/dich-vu-cong") else None

    def _frame(self, inner):
        links = menu(("/", "Trang chủ"), ("/dich-vu-cong", "Dịch vụ công"), ("/nop-ho-so", "Nộp hồ sơ"), ("/a", "A"))
        return page("Cổng dịch vụ công", self.head, f'{links}<div class="main">{inner}</div>')


class Applications(Services):
    """The same on Liferay 6.2, which is recognised, and whose display pages would be articles."""

    host = "ung.dung.test"
    head = (
        '<link class="lfr-css-file" href="/dvc-theme/css/main.css?browserId=other&amp;b=6205">'
        "<script>var Liferay = {}; Liferay.ThemeDisplay = {};</script>"
    )

    def address(self, story):
        return f"/web/guest/thu-tuc/chi-tiet?id={story.number}"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    made = [Services(), Applications(), Applications()]
    made[2].platform, made[2].host = "liferay", "ung.liferay.test"
    return crawl(tmp_path_factory.mktemp("screens"), made)


def test_no_procedure_becomes_an_article(crawled):
    assert crawled.code == 1 and crawled.rows("SELECT title FROM articles") == []
    assert [site["reason"] for site in crawled.summary["sites"]] == ["empty_listing"] * 3
    assert not [served for served in crawled.served if "id=" in served.target or "ma_thu_tuc" in served.target]


@pytest.mark.parametrize("replica", [Services(), Applications()], ids=["services", "applications"])
def test_new_site_finds_no_list_there(replica, tmp_path):
    with PlatformServer(only=replica) as server:
        done = tinphuong("new-site", f"http://127.0.0.1:{server.port}/", "--into", tmp_path, "--slug", "thu_phuong")
    assert done.returncode == 2 and "no list of articles was found" in done.stderr
    assert "anti-bot" not in done.stderr


def test_a_form_with_a_captcha_is_no_challenge():
    html = f"<body>{menu(*[(f'/{n}', 'Mục') for n in range(6)])}{FORM}</body>"
    assert extract_article(html.encode(), "https://ung.dung.test/").reason == "no_article"
    alone = '<body><form><input name="captcha"><button>OK</button></form></body>'
    assert extract_article(alone.encode(), "https://ung.dung.test/").reason == "antibot"


@pytest.mark.parametrize(
    ("path", "is_one", "may_be"),
    [
        ("/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc=5001", True, False),
        ("/web/guest/thu-tuc/chi-tiet?id=12", True, True),
        ("/nop-ho-so?tthc=7", True, False),
        ("/thu-tuc-hanh-chinh/cap-lai-giay-khai-sinh-1234.html", False, True),
        ("/tin-tuc/don-gian-hoa-thu-tuc-hanh-chinh-o-phuong-1234.html", False, False),
        ("/chi-tiet?id=12&_c=3", False, False),
        ("/tin/thu-tuc-hanh-chinh-moi-1234.html", False, False),
    ],
)
def test_addresses_of_procedures(path, is_one, may_be):
    assert is_procedure(f"https://x.test{path}") is is_one
    assert may_be_procedure(f"https://x.test{path}") is may_be


def test_a_liferay_article_is_none_in_a_section_of_procedures():
    identity = platforms()["liferay"].identity
    assert identity("https://x.test/chi-tiet?id=12&_c=3") == "12"
    assert identity("https://x.test/web/guest/thu-tuc/chi-tiet?id=12") is None
    assert identity("https://x.test/video?_c=3&id=12") is None
