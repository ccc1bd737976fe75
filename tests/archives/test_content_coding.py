"""A packed body is unpacked, or it is told that it is not whole; what is only called packed is read as it is."""

import gzip
import zlib

import brotli
import pytest

from crawler.reasons import Reason
from crawler.text.content_coding import decoded, gunzipped, is_known

PAGE = "<!DOCTYPE html><html><body><p>Tổ 4 phường An Đông quét vôi nhà văn hóa</p></body></html>".encode() * 40
GZIP = gzip.compress(PAGE, mtime=0)
ZLIB = zlib.compress(PAGE)
RAW = zlib.compress(PAGE)[2:-4]
BROTLI = brotli.compress(PAGE)


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ("gzip", GZIP), ("x-gzip", GZIP), ("GZIP", GZIP), (" Gzip ", GZIP), ("gzip, identity", GZIP),
        ("identity, gzip", GZIP), ("gzip,gzip", gzip.compress(GZIP, mtime=0)), ("gzip, br", brotli.compress(GZIP)),
        ("gzip", GZIP + b"\r\n\r\n<!-- 0.2 s -->"), ("gzip", GZIP[:-8] + GZIP[-8:] + b"\0" * 20),
        ("gzip", gzip.compress(PAGE[:900], mtime=0) + gzip.compress(PAGE[900:], mtime=0)),
        ("deflate", ZLIB), ("deflate", RAW), ("deflate", GZIP), ("br", BROTLI),
        ("", PAGE), ("identity", PAGE), ("UTF-8", PAGE), ("none", PAGE),
        *((coding, PAGE) for coding in ("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "made-up")),
    ],
)  # fmt: skip
def test_a_whole_body_is_unpacked_whatever_its_coding_is_called(codings, body):
    assert decoded(body, codings) == (PAGE, None)


@pytest.mark.parametrize("body", [GZIP, gzip.compress(GZIP, mtime=0)])
def test_gzip_that_nothing_names_is_undone_where_that_is_asked_for(body):
    assert gunzipped(body) == (PAGE, None)
    assert decoded(body, "") == (body, None)


@pytest.mark.parametrize(("coding", "body"), [("gzip", GZIP), ("deflate", ZLIB), ("deflate", RAW), ("br", BROTLI)])
def test_a_body_that_ends_early_anywhere_is_not_whole(coding, body):
    for end in (*range(4 if coding == "gzip" else 20, len(body), 7), len(body) - 1):
        assert decoded(body[:end], coding)[1], f"{coding} cut after {end} of {len(body)} bytes is called whole"


def test_the_second_member_of_a_gzip_file_may_end_early_too():
    body, fault = decoded(GZIP + gzip.compress(PAGE)[:-20], "gzip")
    assert fault == Reason.TRUNCATED and body.startswith(PAGE)


@pytest.mark.parametrize("at", [30, -6])
def test_damage_within_a_body_is_noticed(at):
    body = bytearray(GZIP)
    body[at] ^= 0x55
    assert decoded(bytes(body), "gzip")[1] in (Reason.TRUNCATED, Reason.UNDECODABLE)


def test_a_coding_that_nothing_undoes_is_known_as_such():
    body = b"\x28\xb5\x2f\xfd\x04\x00\x01\x02"
    assert decoded(body, "made-up")[1] == Reason.UNDECODABLE and not is_known("made-up")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_nothing_is_nothing_in_every_coding(coding):
    assert decoded(b"", coding) == (b"", None)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress),
     ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body)))],
)  # fmt: skip
def test_a_bomb_is_not_unpacked(coding, pack):
    assert decoded(pack(bytes(3_000_000)), coding, limit=1_000_000) == (bytes(1_000_000), Reason.TOO_LARGE)


@pytest.mark.parametrize(
    "body",
    [gzip.compress(bytes(600_000)) * 2, gzip.compress(gzip.compress(bytes(3_000_000)))],
    ids=["members", "layers"],
)
def test_a_bomb_of_many_members_or_layers_is_not_unpacked(body):
    assert gunzipped(body, limit=1_000_000)[1] == Reason.TOO_LARGE
