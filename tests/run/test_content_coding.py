"""A packed body is unpacked, or it is told that it is not whole; what is only called packed is read as it is."""

import gzip
import zlib

import brotli
import pytest

from crawler.text.content_coding import TooMuch, Unpacked, unpacked

PAGE = "<!DOCTYPE html><html><body><p>Tổ 4 phường An Đông quét vôi nhà văn hóa</p></body></html>".encode() * 40
GZIP = gzip.compress(PAGE, mtime=0)
ZLIB = zlib.compress(PAGE)
RAW = zlib.compress(PAGE)[2:-4]
BROTLI = brotli.compress(PAGE)


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ("gzip", GZIP), ("x-gzip", GZIP), ("GZIP", GZIP), (" Gzip ", GZIP), ("gzip, identity", GZIP),
        ("identity, gzip", GZIP), ("gzip,gzip", gzip.compress(GZIP)), ("gzip, br", brotli.compress(GZIP)),
        ("gzip", GZIP + b"\r\n\r\n<!-- 0.2 s -->"), ("gzip", GZIP[:-8] + GZIP[-8:] + b"\0" * 20),
        ("gzip", gzip.compress(PAGE[:900]) + gzip.compress(PAGE[900:])),
        ("deflate", ZLIB), ("deflate", RAW), ("deflate", GZIP), ("br", BROTLI),
        ("", PAGE), ("identity", PAGE), ("UTF-8", PAGE), ("none", PAGE),
        *((coding, PAGE) for coding in ("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "made-up")),
    ],
)  # fmt: skip
def test_a_whole_body_is_unpacked_whatever_its_coding_is_called(codings, body):
    assert unpacked(body, codings) == Unpacked(PAGE)


@pytest.mark.parametrize("body", [GZIP, gzip.compress(GZIP)])
def test_gzip_that_nothing_names_is_undone_where_that_is_asked_for(body):
    assert unpacked(body, "", unnamed=True) == Unpacked(PAGE)
    assert unpacked(body, "") == Unpacked(body)


@pytest.mark.parametrize(("coding", "body"), [("gzip", GZIP), ("deflate", ZLIB), ("deflate", RAW), ("br", BROTLI)])
def test_a_body_that_ends_early_anywhere_is_not_whole(coding, body):
    for end in (*range(3 if coding == "gzip" else 20, len(body), 7), len(body) - 1):
        assert unpacked(body[:end], coding).flaw, f"{coding} cut after {end} of {len(body)} bytes is called whole"


def test_the_second_member_of_a_gzip_file_may_end_early_too():
    found = unpacked(GZIP + gzip.compress(PAGE)[:-20], "gzip")
    assert found.flaw == "its gzip ends early" and found.body.startswith(PAGE)


@pytest.mark.parametrize("at", [30, -6])
def test_damage_within_a_body_is_noticed(at):
    body = bytearray(GZIP)
    body[at] ^= 0x55
    assert unpacked(bytes(body), "gzip").flaw in ("its gzip is damaged", "its gzip ends early")


def test_a_coding_that_nothing_undoes_is_named():
    body = b"\x28\xb5\x2f\xfd\x04\x00\x01\x02"
    assert unpacked(body, "zstd") == Unpacked(body, unknown="zstd")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_nothing_is_nothing_in_every_coding(coding):
    assert unpacked(b"", coding) == Unpacked(b"")


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress),
     ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))), ("", gzip.compress)],
)  # fmt: skip
def test_a_bomb_is_not_unpacked(coding, pack):
    with pytest.raises(TooMuch):
        unpacked(pack(bytes(3_000_000)), coding, most=1_000_000, unnamed=True)


def test_a_bomb_of_many_members_is_not_unpacked():
    with pytest.raises(TooMuch):
        unpacked(gzip.compress(bytes(600_000)) * 2, "gzip", most=1_000_000)
