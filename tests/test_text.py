"""Vietnamese text: stored form, search key, content hash."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import content_hash, even_tones, fold, normalize

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ .,\n"
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  Phường\xa0Đậu   Liêu ", "Phường Đậu Liêu"),
        ("một\r\n\r\n\r\nhai", "một\n\nhai"),
        ("a\u200bb\ufeff\xadc", "abc"),
        (unicodedata.normalize("NFD", "Hội nghị"), "Hội nghị"),
        ("a\x00b\x0bc", "ab c"),
        ("dòng \n cuối", "dòng\ncuối"),
    ],
)
def test_text_is_stored_in_one_form(text, wanted):
    assert normalize(text) == wanted


@given(st.text())
def test_normalize_is_idempotent_and_nfc(text):
    once = normalize(text)
    assert normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n\n\n" not in once and "  " not in once


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Đậu Liêu", "dau lieu"),
        ("Uỷ ban", "uy ban"),
        ("Ủy ban", "uy ban"),
        ("HOÀ  BÌNH\n", "hoa binh"),
        ("ĐƯỜNG", "duong"),
    ],
)
def test_text_is_found_without_marks_and_capitals(text, wanted):
    assert fold(text) == wanted


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_fold_does_not_see_unicode_form(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("uỷ ban", "ủy ban"), ("Thuỷ", "Thủy"), ("khoẻ", "khỏe"), ("LUỸ", "LŨY")],
)
def test_tone_placement_is_evened(one, other):
    assert even_tones(one) == even_tones(other)


@pytest.mark.parametrize("word", ["quý", "hoàn", "quả", "thuyền", "hoạt", "tuý"])
def test_words_with_one_spelling_stay(word):
    assert fold(even_tones(word)) == fold(word)
    assert even_tones(even_tones(word)) == even_tones(word)


def test_qu_keeps_its_tone_on_y():
    assert even_tones("quý") == "quý"
    assert even_tones("qùy") == "qùy"


def test_hash_forgives_what_carries_no_meaning():
    first = content_hash("Hội nghị tổng kết", "Uỷ ban nhân dân phường Hoà Khánh.\n\nTin: A")
    second = content_hash(
        "HỘI NGHỊ TỔNG KẾT!", unicodedata.normalize("NFD", "Ủy ban nhân dân  phường Hòa Khánh\nTin – A")
    )
    assert first == second


def test_hash_keeps_marks_and_digits():
    assert content_hash("Lịch tuần", "Từ 01/12 đến 07/12") != content_hash("Lịch tuần", "Từ 08/12 đến 14/12")
    assert content_hash("năm", "") != content_hash("nam", "")


def test_hash_knows_title_from_body():
    assert content_hash("một hai", "ba") != content_hash("một", "hai ba")


@given(VIETNAMESE, VIETNAMESE)
def test_hash_does_not_see_form_case_and_tone_placement(title, body):
    damaged = unicodedata.normalize("NFD", even_tones(body)).upper()
    assert content_hash(title, body) == content_hash(title.upper(), damaged)


def test_keys_of_words_stay_right_when_more_come_than_are_kept(monkeypatch):
    from crawler.text import word_cache

    monkeypatch.setattr(word_cache, "_KEPT", 8)
    upper = word_cache.word_by_word(str.upper)
    for start in range(0, 60, 7):
        many = [f"từ{number % 40}" for number in range(start, start + 30)] + ["x" * 500]
        assert upper(" ".join(many)) == " ".join(many).upper()
