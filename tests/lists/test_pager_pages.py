"""Further pages of a list are known as such, so that none is taken for a list of its own."""

import pytest
from scrapy.http import HtmlResponse

from spiders.lists.pager import find_pages
from spiders.lists.pager_pages import first_pages, further_pages
from spiders.platforms.generic import PLATFORM

URL = "http://xa.test/"


@pytest.mark.parametrize("arrow", ["»", "&rang;", "→", "❯", "▶", "Trang sau »"])
def test_an_arrow_leads_to_the_next_page_also_where_the_number_is_in_the_name_of_a_file(arrow):
    pager = (
        f"<ul><li>Page 1 / 4</li><li><a href='/index2.html'>{arrow}</a></li><li><a href='/index4.html'>⟫</a></li></ul>"
    )
    body = f"<html><body><h2><a href='/tin-1.html'>Họp dân xóm Bãi</a></h2>{pager}</body></html>"
    response = HtmlResponse(URL, body=body.encode(), encoding="utf-8")
    assert find_pages(response, 1).pages == {2: "http://xa.test/index2.html"}


def test_pages_that_a_pager_names_and_those_like_them_are_no_lists():
    texts = {f"{URL}index2.html": "⟩", f"{URL}index4.html": "⟫", f"{URL}chuyen-muc.html": "Chuyên mục"}
    assert further_pages(texts, PLATFORM) == set()
    named = [f"{URL}index2.html", f"{URL}index9.html"]
    assert further_pages(texts, PLATFORM, named) == {f"{URL}index2.html", f"{URL}index4.html"}


@pytest.mark.parametrize(
    ("given", "first"),
    [
        (["/", "/page/2/"], ["/"]),
        (["/tin-tuc", "/tin-tuc?page=3"], ["/tin-tuc"]),
        (["/tin-tuc?start=12"], ["/tin-tuc"]),
        (["/muc?id=3", "/muc?id=4"], ["/muc?id=3", "/muc?id=4"]),
        (["/", "/?p=12"], ["/"]),
        (["/?p=12"], ["/?p=12"]),
    ],
)
def test_start_pages_are_the_first_pages_of_their_lists(given, first):
    found = first_pages([f"http://xa.test{path}" for path in given], PLATFORM)
    assert found == [f"http://xa.test{path}" for path in first]
