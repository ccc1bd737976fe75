"""Reading only near the words and digits that a date needs gives what reading the whole text gives."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import windows
from crawler.dates.folded_text import fold
from crawler.dates.numerals import _PATTERN, _numbers
from crawler.dates.vocabulary import compiled
from crawler.dates.word_forms import _FAMILIES
from tests.examples import examples

CASES = (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8")
TEXTS = [str(json.loads(line)) for line in CASES.splitlines()]
PIECES = """
hôm ngày nay qua mai kia mốt này quả quá quý quí năm tháng tuần trước sau nữa tới toi ngoái sắp vừa rồi xong mới đây
đăng
bây giờ từ đến cho cách khoảng một hai ba bốn tư năm sáu bảy tám chín mười mươi lăm nhâm nửa a an mùng mồng rằm tết
nguyên đán giao thừa ngoài đón xuân quý mão giáp thìn bính tuất giêng chạp nhuận âm lịch giai đoạn đầu cuối nghìn không
trăm linh thứ chủ nhật chúa CN T2 t. 2 T.4 thứ2 sáng rạng trưa chiều tối đêm khuya sớm giây phút giờ tiếng đồng hồ lúc
second minute hours day days week months year ago just now yesterday today tomorrow Monday thurs sat, Wednesday, January
Jan jan. sept September may May maybe mayor Nov. Dec, th 30th 1st of 1 7 08 12 28 29 30 31 2023 1999 20231 23 10:14:25
ICT+07:00 UTC +0700 GMT 10h30 7 giờ 8/12 08/12/2023 8-12 1-15/12 /Date(1700000000000+0700)/ date( quyII IV iii xnay nayx
ahôm homnay ngàymai trướcx hội nghị phường
""".split()  # noqa: SIM905
GAPS = [" ", " ", " ", " ", " ", ", ", ". ", "", "-", " - ", "/", "\n\n", "\n", " (", ") "]
RICH = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=60).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
FILLER = st.integers(0, 45).map(lambda count: "x y " * count)
APART = st.lists(st.tuples(RICH, FILLER), max_size=6).map(lambda parts: "".join(map("".join, parts)))


@pytest.fixture(autouse=True)
def _windows_in_short_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_SHORT", 0)


def spans(matches: object) -> list[tuple[object, ...]]:
    return [(match.span(), match.groups()) for match in matches]  # type: ignore[attr-defined]


def check(text: str) -> None:
    plain = fold(text, paragraphs=True).plain
    for wording, _, _ in _FAMILIES:
        assert spans(wording.matches(plain)) == spans(compiled(wording.pattern).finditer(plain)), wording.words
    assert spans(_numbers(plain)) == spans(compiled(_PATTERN).finditer(plain))


@given(st.one_of(RICH, APART))
@examples(300)
def test_near_its_words_a_pattern_finds_what_it_finds_in_the_whole_text(text: str) -> None:
    check(text)


@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS), FILLER)
@examples(200)
def test_texts_of_portals_are_read_alike(first: str, second: str, between: str) -> None:
    check(first + between + second)


@pytest.mark.parametrize(
    "text",
    [
        "hai mươi lăm tháng trước",
        "cách đây hai mươi nhâm phút trước",
        "rạng sáng sớm ngày ngày hôm qua",
        "wednesday, tuan vua roi",
        "chủ nhật, sắp tới",
        "september., 30 10:14:25 ict+07:00 2023",
        "mùng hai mươi nhâm tết nguyên đán, xuân bính tuất, năm 2006",
    ],
)
@pytest.mark.parametrize("ahead", range(0, 90, 7))
def test_the_longest_matches_lie_in_one_window(text: str, ahead: int) -> None:
    check("x " * ahead + text + " và " + text + " y" * ahead)


@given(st.lists(st.sampled_from([*PIECES, "Đ", "ð", "–", "m²", "½", "Ấp", "①", "Ⅳ", "１２"]), min_size=1, max_size=30))
@examples(100)
def test_letters_have_the_marks_that_reading_them_one_by_one_gives(words: list[str]) -> None:
    text = " ".join(words)
    quick, slow = fold(text), fold("  " + text)  # two spaces leave no letter in its place
    assert (quick.plain, quick.accented) == (slow.plain, slow.accented)


@given(RICH, st.integers(0, 60), st.integers(0, 30))
@examples(200)
def test_a_piece_is_written_as_in_the_whole_text(text: str, start: int, length: int) -> None:
    for paragraphs in (False, True):
        piece = fold(text, paragraphs=paragraphs).written(start, start + length)
        assert piece == fold(text, paragraphs=paragraphs).accented[start : start + length]
