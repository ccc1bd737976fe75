"""Charsets, and pages that lie about them."""

import unicodedata

import pytest

from crawler.extraction import extract_article
from crawler.extraction.charsets import decode, is_binary
from crawler.extraction.legacy_fonts import convert_page, font_of

TEXT = "Ủy ban nhân dân phường thông báo: những người đã đăng ký sẽ được tiêm vào sáng thứ Bảy."
PAGE = f"<html><head>%s<title>Thông báo</title></head><body><h1>Thông báo</h1><p>{TEXT}</p></body></html>"


def as_1258(text: str) -> bytes:
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        out.append(base + tones)
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1258", "gb2312", "khong-co", '"utf8"'])
@pytest.mark.parametrize(
    "meta", ["", '<meta charset="windows-1252">', '<meta http-equiv=x content="text/html; charset=utf-8">']
)
def test_utf8_is_utf8_whatever_is_declared(declared: str | None, meta: str) -> None:
    assert extract_article((PAGE % meta).encode(), "https://a.example/x", charset=declared).body == TEXT


@pytest.mark.parametrize("declared", [None, "windows-1258", "iso-8859-1", "utf-8"])
def test_windows_1258_is_read_whatever_is_declared(declared: str | None) -> None:
    assert extract_article(as_1258(PAGE % ""), "https://a.example/x", charset=declared).body == TEXT


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf_16_are_read(codec: str) -> None:
    assert extract_article((PAGE % "").encode(codec), "https://a.example/x").body == TEXT


def test_nfd_becomes_nfc() -> None:
    page = unicodedata.normalize("NFD", PAGE % '<meta charset="utf-8">').encode()
    article = extract_article(page, "https://a.example/x")
    assert article.body == TEXT
    assert unicodedata.is_normalized("NFC", f"{article.title}{article.markdown}")


def test_one_cut_byte_does_not_spoil_a_page() -> None:
    data = (PAGE % "").encode()
    found = decode(data[:-8] + b"\xe1\xba" + data[-8:])
    assert found is not None
    assert found.codec == "utf-8"
    assert TEXT in found.text


def test_files_are_told_from_pages() -> None:
    assert is_binary(b"%PDF-1.4")
    assert is_binary(bytes(range(256)) * 8)
    assert not is_binary((PAGE % "").encode())
    assert not is_binary((PAGE % "").encode("utf-16-le"))


TCVN3 = "S¸ng nay, UBND ph\u00adêng tæ chøc héi nghÞ tæng kÕt c«ng t¸c n¨m 2003 vµ triÓn khai nhiÖm vô n¨m 2004."
VNI = "Saùng nay, UBND phöôøng toå chöùc hoäi nghò toång keát coâng taùc naêm 2003 vaø trieån khai nhieäm vuï."


def test_font_encodings_are_known() -> None:
    assert font_of(TCVN3) == "tcvn3"
    assert font_of(VNI) == "vni"
    for text in (TEXT, "The quick brown fox jumps over a café.", "El niño pequeño comió una piña con su compañera."):
        assert font_of(text) is None


def test_a_short_title_follows_the_font_of_its_page() -> None:
    page, note = convert_page(f"<h1>Héi nghÞ tæng kÕt n¨m 2005</h1><a>Trang chính</a><a>Liên hệ</a><p>{TCVN3}</p>")
    assert "<a>Trang chính</a><a>Liên hệ</a>" in page
    assert "tinphuong[fonts]" in str(note) or "<h1>Hội nghị tổng kết năm 2005</h1>" in page


@pytest.mark.parametrize("text", [TCVN3, VNI])
def test_font_encodings_are_converted_or_named(text: str) -> None:
    page, note = convert_page(f"<p>{text}</p><script>if (a < b) x = 'ñ';</script>")
    assert note is not None
    if "tinphuong[fonts]" in note:
        assert text in page
    else:
        assert "Sáng nay, UBND phường tổ chức hội nghị" in page
    assert "if (a < b)" in page
