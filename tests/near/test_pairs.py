"""How well the comparison judges pairs that were written for it, and what holds for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.near import NearVerdict, alike, story
from crawler.near.normal_words import article_words
from crawler.text.sketches import packed, sketch, unpacked
from tests.examples import examples
from tests.near.gold import NEWS, SPLITS, TEMPLATES, pairs, stories

_PIECES = "UBND phường Đậu Liêu ngày 30/10/2023 7h30 số 45/2022/NĐ-CP . ; 12,5 tổ I II Tết 1.200 giờ - 5 tháng 6"
ANY = st.text(max_size=300) | st.lists(st.sampled_from([*_PIECES.split(), "\n"]), max_size=60).map(" ".join)


def story_of(text):
    return story(text.title, text.lead, text.body, published=text.date)


@pytest.fixture(scope="module", params=SPLITS)
def judged(request):
    """Pairs with what is found of them: judged to be one story, found alike, sharing a number of their sketches."""
    known = {}
    results = []
    for pair in pairs(request.param):
        for text in (pair.one, pair.two):
            if text not in known:
                made = story_of(text)
                known[text] = made, set(sketch(text.title, text.lead, text.body))
        (one, first), (two, second) = known[pair.one], known[pair.two]
        results.append((pair, alike(one, two), bool(first & second)))
    return results


def test_there_are_pairs_enough():
    every = [pair for split in NEWS for pair in pairs(split)]
    assert sum(len(stories(split)) for split in NEWS) >= 60
    assert sum(pair.same for pair in every) >= 300
    assert sum(not pair.same and pair.made == "template" for pair in every) >= 200
    templates = [pair for split in TEMPLATES for pair in pairs(split)]
    assert sum(pair.same and pair.made == "hand" for pair in templates) >= 80
    assert sum(not pair.same and pair.made == "template" for pair in templates) >= 200


def test_near_duplicates_are_found_and_little_else(judged):
    right = sum(pair.same and found.same and shared for pair, found, shared in judged)
    wrong = [(pair.one.name, pair.two.name) for pair, found, _ in judged if found.same and not pair.same]
    assert right >= 0.95 * sum(pair.same for pair, _, _ in judged)
    assert right >= 0.98 * (right + len(wrong)), wrong


def test_templates_are_told_apart_for_a_reason(judged):
    kinds = {found.verdict for pair, found, _ in judged if pair.made == "template" and not found.same}
    assert NearVerdict.OTHER_FACTS in kinds
    assert NearVerdict.OTHER_DATES in kinds or NearVerdict.OTHER_ISSUE in kinds


def test_what_desks_write_differently_is_one():
    one, two, three = (
        article_words("", "", text)
        for text in (
            "Sáng 05/6/2024, UBND phường, đ/c Thuỷ, TDP Bắc: 1.200 người, 08h00",
            "sáng 5 tháng 6 năm 2024 Ủy ban nhân dân phường đồng chí Thủy tổ dân phố Bắc 1200 người 8 giờ",
            "Sáng 5-6-2024 - ủy ban nhân dân phường - đồng chí Thủy, tổ dân phố Bắc (1200 người) 8h",
        )
    )
    assert one.sentences == two.sentences == three.sentences
    assert one.days == {"5_6"}


def test_the_day_of_a_cited_decree_is_no_day_of_the_story():
    cited = article_words("", "", "Theo Nghị định số 45/2022/NĐ-CP ngày 07/7/2022 của Chính phủ, chiều 1/9 phường họp.")
    assert cited.days == {"1_9"} and {"45", "7_7"} <= cited.cited
    assert not article_words("", "", "Nhà số 12 tổ dân phố số 4 góp 5 ngày công").cited


def test_a_few_words_about_files_are_as_like_as_their_files():
    words = ("Thông báo", "", "Chi tiết xem tệp đính kèm.")
    one, two = (story(*words, files=frozenset({name})) for name in ("a.pdf", "b.pdf"))
    assert alike(one, one).same
    assert alike(one, two).verdict == NearVerdict.OTHER_FILES


def test_the_same_words_months_later_are_another_occasion():
    words = ("Ra quân tổng vệ sinh", "", "Sáng chủ nhật, phường Hồng Gai ra quân tổng vệ sinh, thu gom rác. " * 9)
    dated = (words[0], "", words[2] + "Buổi ra quân ngày 5/3/2023 có 200 người.")
    for text, same in ((words, False), (dated, True)):
        pair = [story(*text, published=day) for day in ("2023-03-05", "2024-03-03T08:00+07:00")]
        assert alike(*pair).same is same


_TEMPLATE = """Người dân mang theo giấy tờ tùy thân, sổ khám bệnh, thẻ bảo hiểm y tế; đến đúng giờ, xếp hàng theo
hướng dẫn, giữ trật tự. Trẻ em dưới 6 tuổi, người trên 80 tuổi được ưu tiên. Mỗi người được khám nội, mắt, răng, đo
huyết áp, thử đường huyết, siêu âm và phát thuốc trị giá 150.000 đồng theo Kế hoạch số 70/KH-BCĐ ngày 02/01/2024 và Luật
Khám bệnh, chữa bệnh năm 2023. Đoàn khám gồm 12 bác sĩ, 20 điều dưỡng của Bệnh viện Đa khoa khu vực Long Sơn; khám từ 7
giờ đến 11 giờ 30. Mọi thắc mắc gọi số 0299 777 123 hoặc 1900 9095."""


@pytest.mark.parametrize(
    ("one", "two", "verdict"),
    [
        (
            ("Khám bệnh tại ấp 3", "Trạm y tế khám bệnh tại ấp 3."),
            ("Khám bệnh tại ấp 5", "Trạm y tế khám bệnh tại ấp 5."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("Khám bệnh", "Trạm y tế xã khám bệnh đợt hai."),
            ("Khám bệnh", "Trạm y tế xã khám bệnh đợt ba."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("Lịch khám bệnh [3]", "Khám bệnh cho dân."),
            ("Lịch khám bệnh [4]", "Khám bệnh cho dân."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("Lịch khám bệnh: lượt 3", "Khám bệnh cho dân."),
            ("Lịch khám bệnh: lượt 4", "Khám bệnh cho dân."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("Lịch khám bệnh 03/2024", "Khám bệnh cho dân."),
            ("Lịch khám bệnh 04/2024", "Khám bệnh cho dân."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("Khám bệnh quý I/2024", "Trạm y tế khám bệnh."),
            ("Khám bệnh quý II/2024", "Trạm y tế khám bệnh."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("Khám bệnh tổ 12, 13", "Trạm y tế khám bệnh."),
            ("Khám bệnh tổ 14, 15", "Trạm y tế khám bệnh."),
            NearVerdict.OTHER_ISSUE,
        ),
        (
            ("KHÁM BỆNH XÃ LONG ĐIỀN", "Khám bệnh tại xã Long Điền."),
            ("KHÁM BỆNH XÃ TÂN HIỆP", "Khám bệnh tại xã Tân Hiệp."),
            NearVerdict.OTHER_NAMES,
        ),
        (
            ("Khám bệnh", "Sở Y tế hướng dẫn khám bệnh."),
            ("Khám bệnh", "Sở Lao động hướng dẫn khám bệnh."),
            NearVerdict.OTHER_NAMES,
        ),
        (
            ("Khám bệnh", "Khám bệnh ở Trường THCS Kim Đồng."),
            ("Khám bệnh", "Khám bệnh ở Trường THCS Lê Lai."),
            NearVerdict.OTHER_NAMES,
        ),
        (
            ("Khám bệnh", "UBND thành phố ra Chỉ thị 09/CT-UBND về khám bệnh."),
            ("Khám bệnh", "UBND phường có Kế hoạch 41/KH-UBND thực hiện Chỉ thị 09/CT-UBND về khám bệnh."),
            NearVerdict.OTHER_DOCUMENT,
        ),
        (
            ("Chỉ thị về khám bệnh", "Khám bệnh cho dân."),
            ("Kế hoạch triển khai Chỉ thị về khám bệnh", "Khám bệnh cho dân."),
            NearVerdict.OTHER_DOCUMENT,
        ),
    ],
)
def test_one_template_about_something_else_says_so_in_title_or_opening(one, two, verdict):
    a, b = (story(title, "", f"{opening}\n\n{_TEMPLATE}", published="2024-03-01") for title, opening in (one, two))
    assert alike(a, b).verdict == verdict
    assert alike(a, a).same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            ("Khám bệnh tại ấp 3", "Trạm y tế khám bệnh cho dân ấp 3."),
            ("Bà con ấp 3 được khám bệnh", "Sáng nay, bà con ấp 3 được khám bệnh."),
        ),
        (
            ("Khám bệnh đợt 2", "Trạm y tế xã Long Điền khám bệnh đợt 2."),
            ("Long Điền: khám bệnh đợt hai", "Xã Long Điền khám bệnh đợt II."),
        ),
        (
            ("Khám bệnh tháng 3/2024", "Trạm y tế khám bệnh tháng 3."),
            ("Khám bệnh tháng Ba", "Trạm y tế khám bệnh trong tháng Ba."),
        ),
        (
            ("Chỉ thị số 09/CT-UBND về khám bệnh", "UBND thành phố ra Chỉ thị số 09/CT-UBND."),
            ("Thông báo khám bệnh", "Thực hiện Chỉ thị số 09/CT-UBND, phường thông báo khám bệnh."),
        ),
        (
            ("Sở Y tế khám bệnh", "Sở Y tế khám bệnh cho dân."),
            ("Khám bệnh", "Trung tâm Y tế cùng Sở Y tế khám bệnh cho dân."),
        ),
        (
            ("Công ty Mai Hương tài trợ khám bệnh", "Công ty TNHH Mai Hương tài trợ khám bệnh."),
            ("Khám bệnh cùng Công ty Mai Hương", "Công ty Mai Hương đồng hành khám bệnh."),
        ),
        (
            ("Khám bệnh cho 500 người", "Khám bệnh cho dân."),
            ("Khám bệnh cho gần 500 người ở Long Sơn", "Khám bệnh cho dân."),
        ),
    ],
)
def test_one_subject_named_in_another_way_is_one_story(one, two):
    a, b = (story(title, "", f"{opening}\n\n{_TEMPLATE}", published="2024-03-01") for title, opening in (one, two))
    assert alike(a, b).same


@examples(150)
@given(one=st.tuples(ANY, ANY, ANY), two=st.tuples(ANY, ANY, ANY))
def test_any_two_texts_can_be_compared_in_either_order(one, two):
    a, b = story(*one), story(*two)
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b).score <= 1
    assert alike(a, a).same and alike(a, story(*one)).verdict == NearVerdict.SAME_TEXT
    numbers = sketch(*one)
    assert unpacked(packed(numbers)) == numbers and 1 <= len(numbers) <= 16
    assert all(-(2**31) <= number < 2**31 for number in numbers)
