"""What is learned of a site from its pages, and what that changes in reading them."""

from dataclasses import replace

import pytest

from crawler.extraction import apply_publication, isolate
from crawler.extraction.observe import Observer
from crawler.profile import EMPTY, Observation, SiteProfile, learn
from crawler.profile.model import Order
from spiders.platforms import layout_named
from tests.profile.portal import address, day, fetched, page, pages, story

FOOT = "<p>Trang tin phường Sông Mây</p><p>Số 4 đường Bờ Sông, điện thoại 0200</p><p>Giữ bản quyền nội dung</p>"


def observed(made, profile=EMPTY):
    """The observations that a crawl makes of pages."""
    found = []
    for number, html in enumerate(made):
        observer = Observer()
        article = isolate(html.encode(), address(number), profile=profile, observer=observer)
        found.append(observer.observation(article, str(number), "", fetched(number).isoformat()))
    return found


def test_nothing_is_learned_from_five_articles_or_from_copies_of_one():
    assert learn(observed(pages(5, foot=FOOT))) == EMPTY
    assert learn(observed(pages(1, foot=FOOT) * 9)) == EMPTY


def test_a_profile_and_an_observation_survive_json():
    found = observed(pages(8, after="<p>Chuyên mục nội bộ</p>", foot=FOOT))
    assert [Observation.from_dict(one.to_dict()) for one in found] == found
    profile = learn(found)
    assert profile.furniture and SiteProfile.from_dict(profile.to_dict()) == profile


def test_a_line_at_the_end_of_every_text_is_the_portals():
    profile = learn(observed(pages(8, after=lambda n: f"<p>Mã số tin nội bộ {n + 7}</p>")))
    assert profile.furniture == {"Mã số tin nội bộ 0": (8, 0)}
    read = isolate(page(9, after="<p>Mã số tin nội bộ 3</p>").encode(), address(9), profile=profile)
    assert read.body == "\n\n".join(story(9)[1])


def test_a_line_in_the_middle_of_every_text_is_the_editors():
    made = [html.replace("</p><p>Bà con", "</p><p>Theo tổ trưởng:</p><p>Bà con") for html in pages(8)]
    made = [html.replace("</div></td>", "<p>Chi tiết ở nhà văn hóa.</p>" * 7 + "</div></td>") for html in made]
    assert "Theo tổ trưởng:" not in learn(observed(made)).furniture


@pytest.mark.parametrize(
    "closing", ["Trân trọng thông báo!", "TM. TỔ DÂN PHỐ", "Đỗ Minh Hạnh", "Chủ tịch phường", "Hết."]
)
def test_what_editors_close_every_text_with_is_theirs(closing):
    assert learn(observed(pages(8, after=f"<p>{closing}</p>"))).furniture == {}


def test_a_footer_that_runs_into_one_text_is_known_from_the_other_pages():
    assert len(learn([*observed(pages(8, foot=FOOT)), *observed([page(9, after=FOOT)])]).furniture) == 3
    profile = learn(observed(pages(8, foot=FOOT)))
    read = isolate(page(9, after=FOOT).encode(), address(9), profile=profile)
    assert "điện thoại" not in read.body and read.body.endswith(story(9)[1][-1])


def test_a_lead_that_a_box_shows_on_every_page_stays_where_it_is_the_articles_own():
    lead = story(9)[1][0]
    profile = learn([*observed(pages(8, foot=f"<p>{lead}</p>")), *observed([page(9)])])
    assert isolate(page(9).encode(), address(9), profile=profile).body.startswith(lead)


def test_the_end_of_every_declared_title_is_known():
    profile = learn(observed(pages(7)))
    assert (profile.title_tail, profile.title_tail_seen) == (" - Phường Sông Mây", 7)


@pytest.mark.parametrize(
    ("author", "signed", "expected"),
    [
        ("Tag Cloud", False, ("", {"Tag Cloud": 8})),
        ("bbt_songmay", False, ("", {"bbt_songmay": 8})),
        ("Đỗ Minh Hạnh", False, ("Đỗ Minh Hạnh", {})),
        ("Đỗ Minh Hạnh", True, ("", {})),
    ],
)
def test_one_name_on_all_articles(author, signed, expected):
    found = [replace(one, author=author, signed=signed) for one in observed(pages(8))]
    profile = learn(found)
    assert (profile.one_author, dict(profile.not_authors)) == expected


def test_names_that_vary_are_authors():
    found = [replace(one, author=f"Người {n}") for n, one in enumerate(observed(pages(8)))]
    profile = learn(found)
    assert (profile.one_author, profile.not_authors) == ("", {})


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("{:%A, %m/%d/%Y}", False),  # the weekday tells
        ("{:%A, %d/%m/%Y}", True),
        ("{:%d/%m/%Y}", None),  # every number is under 13
    ],
)
def test_the_order_of_day_and_month(stamp, expected):
    assert learn(observed(pages(10, stamp=stamp))).order.day_first is expected


def test_an_order_with_witnesses_on_both_sides_is_not_known():
    assert Order(day=9, month=1).day_first is None
    assert Order(day=40, month=1).day_first is True
    assert Order(day=2, month=0).day_first is None
    assert Order(day=9, month=2, sure_day=6).day_first is True  # no weekday outweighs a 13th
    assert Order(day=1, month=2, astray=9).day_first is True  # the weekdays are wrong
    assert Order(day=4, month=4, astray=3).day_first is None


def test_the_place_of_the_date_that_varies_is_found_where_no_date_was():
    def aside(number):
        return f"<div class='the'><i>Lên trang</i><b class='hom'>{day(number):%d/%m/%Y}</b></div>"

    found = observed(pages(8, stamp="", foot=aside))
    profile = learn(found)
    assert profile.date_place.endswith("div.the") and profile.date_place_seen == 8
    html = page(9, stamp="", foot=aside(9))
    article = apply_publication(isolate(html.encode(), address(9), profile=profile), fetched(9), profile)
    assert article.published_at == f"{day(9):%Y-%m-%d}"


def test_with_a_known_layout_a_footer_that_runs_into_one_text_is_known_too():
    layout = layout_named("hanoi_liferay62")

    def known(number, *, closed=True):
        title, texts = story(number)
        body = "".join(f"<p>{text}</p>" for text in texts)
        end = "</div></div></div>" if closed else ""
        return (
            f"<html><head><title>{title} - Phường Sông Mây</title></head><body><div class='asset-full-content-title'>"
            f"{title}</div><div class='asset-full-content'><div class='journal-content-article'>{body}{end}{FOOT}"
        )

    found = []
    for number in range(8):
        observer = Observer()
        article = isolate(known(number).encode(), address(number), layout=layout, observer=observer)
        assert article.layout_matched and "điện thoại" not in article.body
        found.append(observer.observation(article, str(number), "", fetched(number).isoformat()))
    broken = isolate(known(9, closed=False).encode(), address(9), layout=layout)
    assert "điện thoại" in broken.body
    profile = learn(found)  # of sound pages alone
    mended = isolate(known(9, closed=False).encode(), address(9), layout=layout, profile=profile)
    assert mended.body == "\n\n".join(story(9)[1])
