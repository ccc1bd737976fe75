"""The text of attached files: what they are, what they say, and that no file does harm."""

import os
import random
import struct
import zipfile
from io import BytesIO

import pytest

from crawler.extraction.file_text import LONGEST, FileTextProblem, file_text
from crawler.filetypes import agree, real_type, zip_members
from crawler.run.file_reader import SECONDS, FileReader
from tests.made_files import docx, odt, package, pdf, pptx, xlsx

SENTENCE = "Ủy ban nhân dân phường Trúc Bạch quyết định về việc đặt tên đường"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(SENTENCE), "pdf"),
        (b"\r\n\xef\xbb\xbf%PDF-1.7\n", "pdf"),
        (docx("a"), "docx"),
        (xlsx(["a"]), "xlsx"),
        (pptx("a"), "pptx"),
        (odt("a"), "odt"),
        (package({"a.pdf": pdf("a"), "word/a.txt": "a"}), "zip"),
        (b"PK\x05\x06" + bytes(18), "zip"),
        (b"PK\x03\x04 and no more", "zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (OLE + "Workbook".encode("utf-16-le"), "xls"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "ppt"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "ole"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"{\\rtf1 a}", "rtf"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"", None),
        (b"\x7fELF\x02", None),
        (b"MZ\x90\x00", None),
        (b"  <!DOCTYPE html><html>", None),
        (b"<html><body>%PDF-1.4", None),
        (b"any words", None),
    ],
)
def test_a_file_is_what_its_bytes_are(data, kind):
    assert real_type(data) == kind


def test_plain_text_is_believed_where_it_is_claimed():
    assert real_type("tên,số\nđường,1".encode(), "csv") == "csv"
    assert real_type(b"<html>", "csv") is None and real_type(b"\0\1\2", "txt") is None
    assert real_type(b"%PDF-1.4", "csv") == "pdf"


def test_a_file_may_be_of_a_kind_close_to_its_ending():
    assert agree("", "zip") and agree("docm", "docx") and agree("pps", "ppt")
    assert not agree("docx", "zip")


@pytest.mark.parametrize("packed", [False, True])
def test_vietnamese_in_a_pdf_is_read(packed):
    found = file_text(pdf(SENTENCE, "Trang hai: đúng thể thức", packed=packed), "pdf")
    assert found.text.split("\n") == [SENTENCE, "Trang hai: đúng thể thức"] and found.problem is None


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        (docx(SENTENCE, "Điều 1."), "docx", f"{SENTENCE}\nĐiều 1."),
        (xlsx(["Tổ dân phố", "Số hộ"], ["Tổ 5", 120]), "xlsx", "Tổ dân phố Số hộ\nTổ 5 120"),
        (pptx("Một", "Hai"), "pptx", "Một\nHai"),
        (odt(SENTENCE), "odt", SENTENCE),
        ("\ufeffTổ 5;120".encode(), "csv", "Tổ 5;120"),
        ("Tổ 5".encode("utf-16"), "txt", "Tổ 5"),
    ],
)
def test_the_text_of_other_kinds_of_files_is_read(data, kind, text):
    assert file_text(data, kind) == type(file_text(data, kind))(text, None)


def test_text_is_nfc_and_without_controls():
    assert file_text(docx("Tiê&#x301;ng&#xAD; Vie&#x323;&#x302;t"), "docx").text == "Tiếng Việt"


@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        (b"Rar!\x1a\x07", "rar", "no_reader"),
        (OLE, "doc", "no_reader"),
        (b"%PDF-1.4 and nothing more", "pdf", "damaged"),
        (pdf("a")[:300], "pdf", "damaged"),
        (pdf("a", content=b"0 0 10 10 re f"), "pdf", "no_text"),
        (docx("a")[:-30], "docx", "damaged"),
        (docx(document="<w:document"), "docx", "damaged"),
        (docx(document='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "docx", "damaged"),
        (package({"word/other.xml": "<a/>"}), "docx", "damaged"),
        (docx(), "docx", "no_text"),
        (docx(document="<a>" + " " * 40_000_000 + "</a>"), "docx", "unpacks_too_large"),
        (package({f"word/{n}": "" for n in range(6000)}), "docx", "unpacks_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_cause_has_its_name(data, kind, problem):
    found = file_text(data, kind)
    assert (found.text, found.problem) == ("", problem)


def test_an_encrypted_pdf_is_read_where_anybody_may_read_it():
    pypdf = pytest.importorskip("pypdf")

    def encrypted(user_password):
        writer = pypdf.PdfWriter(clone_from=BytesIO(pdf(SENTENCE)))
        writer.encrypt(user_password, "of the owner", algorithm="AES-256")
        out = BytesIO()
        writer.write(out)
        return out.getvalue()

    assert file_text(encrypted("secret"), "pdf").problem == FileTextProblem.ENCRYPTED
    assert file_text(encrypted(""), "pdf").text == SENTENCE  # anybody may read it, only not change it


def test_what_is_too_long_is_cut():
    found = file_text(docx(*["một hai ba bốn " * 1000] * 200), "docx")
    assert found.problem == FileTextProblem.CUT and len(found.text) <= LONGEST
    moments = iter([True, True, False])
    assert file_text(docx("a", "b", "c", "d"), "docx", go_on=lambda: next(moments)).text == "a\nb\nc"


def test_without_pypdf_it_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    assert file_text(pdf("a"), "pdf").problem == FileTextProblem.READER_MISSING


def test_a_central_directory_that_lies_ends_the_reading():
    data = bytearray(docx("a"))
    struct.pack_into("<I", data, data.rfind(b"PK\x05\x06") + 16, 0xFFFFFF00)
    assert list(zip_members(bytes(data))) == []


def test_a_broken_file_gives_a_text_or_a_problem():
    chance = random.Random(7)
    for make, kind in ((pdf, "pdf"), (docx, "docx"), (pptx, "pptx"), (odt, "odt")):
        whole = make(SENTENCE)
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 12)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            data = bytes(data[: chance.randint(len(data) // 2, len(data))])
            assert real_type(data, kind) in {kind, "zip", None}, "a broken file counts as another kind"
            found = file_text(data, kind)
            assert found.text or found.problem, "a broken file has neither text nor problem"


@pytest.fixture
def reader():
    reader = FileReader()
    yield reader
    reader.close()


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read(reader, tmp_path):
    slow, good = tmp_path / "slow.pdf", tmp_path / "good.pdf"
    slow.write_bytes(pdf("a", packed=True, content=b"BT /F1 12 Tf " + b"<0001> Tj " * 2_000_000 + b"ET"))
    good.write_bytes(pdf(SENTENCE))
    reader.seconds = 1.0
    assert reader.read(slow, "pdf").problem == FileTextProblem.TIMEOUT, "a file that takes too long is read to its end"
    reader.seconds = SECONDS
    assert reader.read(good, "pdf").text == SENTENCE, "behind a file that took too long the next one is not read"


def test_a_file_that_unpacks_without_end_takes_no_memory_of_ours(reader, tmp_path):
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(1 << 20))
    assert reader.read(bomb, "docx").problem == FileTextProblem.UNPACKS_TOO_LARGE


def test_a_file_that_is_gone_and_a_reader_that_is_closed(reader, tmp_path):
    assert reader.read(tmp_path / "none.pdf", "pdf").problem == FileTextProblem.DAMAGED
    reader.close()
    assert reader.read(tmp_path / "none.pdf", "pdf") is None


def test_a_process_that_dies_is_begun_again(reader, tmp_path):
    good = tmp_path / "good.docx"
    good.write_bytes(docx(SENTENCE))
    assert reader.read(good, "docx").text == SENTENCE
    os.kill(reader._process.pid, 9)
    reader._process.wait()
    assert reader.read(good, "docx").text == SENTENCE
