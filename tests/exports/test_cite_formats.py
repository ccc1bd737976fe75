"""Citations in the formats of reference managers are read back by the parsers of others; styles say what they must."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.cli import main
from storage import Collection
from storage.exports import citing
from storage.exports.citations import citation
from storage.exports.citing import csl, dates, styles
from tests import validators

_SCRIPT = Path(__file__).with_name("reading_back.py")
HOSTILE = (
    "Bài “trong ngoặc” và \"ngoặc thẳng\" và 'nháy đơn'",
    "Ngoặc {một} }lẻ{ {{hai",
    "100% & $5 #6 _7_ ~8 ^9 \\end{document} \\",
    "Vui 🎉 👨‍👩‍👧 lắm",
    "Có\x00 điều\x1b[31m khiển\u202e và\u200b ẩn",
    "ER  - hết @article{x, title={y}}",
    "<b>In đậm</b> & <script>alert(1)</script>",
    "and, AND and others; Nguyễn, Văn",
    "Dài " * 3000,
    "@string{a = {b}}",
    "  Hai\nhàng\r\nTY  - BOOK\tba ",
)
SHOWN = [csl.plain(title) for title in HOSTILE]


@pytest.fixture(scope="module")
def made(kept):
    """Citations with hostile titles, authors, days and addresses."""
    with Collection(kept, must_exist=True) as collection:
        one = citation(collection, 1)
    days = (None, "2021", "2021-05", "2021-05-09", "2021-05-09T10:11+07:00", "2021-05-09/2021-06-01")
    return [
        replace(
            one, id=number, title=title, author=HOSTILE[-number] if number % 2 else None, stable_name=f"{number:020x}",
            published_at=days[number % len(days)], url=f"https://a.vn/t%E1%BA%BF_{number}?q=1&b={{c}}#~d%20e",
            removed_at="2027-01-01T00:00:00+00:00" if number % 3 == 0 else None,
        )
        for number, title in enumerate(HOSTILE)
    ]  # fmt: skip


def read(name, kind, made, tmp_path):
    python = validators.python()
    file = tmp_path / f"made.{name}"
    file.write_bytes("".join(citing.written(made, name, "12345")).encode())
    done = subprocess.run([python, "-X", "utf8", _SCRIPT, kind, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _iso(day):
    return "-".join(f"{number:02}" for number in day)


def test_bibtexparser_reads_bibtex_back(made, tmp_path):
    found = read("bibtex", "bibtex", made, tmp_path)
    assert [entry["title"] for entry in found] == SHOWN
    assert [entry["author"] for entry in found] == [csl.author(item) for item in made]
    assert [entry.get("date") for entry in found] == [
        "/".join(map(_iso, dates.parts(item.published_at))) or None for item in made
    ]
    assert [entry["url"] for entry in found] == [item.url.replace("{", "%7B").replace("}", "%7D") for item in made]
    assert {entry["type"] for entry in found} == {"online"}
    assert len({entry["key"] for entry in found}) == len(made)
    assert all(item.text_digest in entry["note"] for entry, item in zip(found, made, strict=True))


def test_rispy_reads_ris_back(made, tmp_path):
    found = read("ris", "ris", made, tmp_path)
    assert [entry["title"] for entry in found] == SHOWN
    assert [entry["authors"] for entry in found] == [[csl.author(item).replace(", ", " – ")] for item in made]
    assert [entry["urls"] for entry in found] == [[item.url] for item in made]
    for entry, item in zip(found, made, strict=True):
        known = dates.parts(item.published_at)
        assert entry.get("year") == (str(known[0][0]) if known else None)
        assert entry.get("date") == ("/".join([*_iso(known[0]).split("-"), "", ""][:3]) if len(known) == 1 else None)
        assert entry["type_of_reference"] == "ELEC" and entry["access_date"] == "/".join(
            f"{number:02}" for number in dates.day_of(item.captured_at)
        )
    text = "".join(citing.written(made, "ris"))
    assert text.count("\r\n") == text.count("\n")


def test_citeproc_reads_csl_json_and_sets_it(made, tmp_path):
    found = read("csl-json", "csl", made, tmp_path)
    assert found["read"] == len(made)
    items = json.loads("".join(citing.written(made, "csl-json", "12345")))
    assert [item["title"] for item in items] == SHOWN
    assert all(
        item["archive_location"] == f"ark:/12345/{one.stable_name}" for item, one in zip(items, made, strict=True)
    )
    for text, item in zip(found["texts"], items, strict=True):
        assert item["author"][0]["literal"][:40] in text, "a name was inverted or taken apart"
        if len(item.get("issued", {}).get("date-parts", ())) == 1:  # citeproc-py sets no intervals
            assert str(item["issued"]["date-parts"][0][0]) in text


def test_no_control_character_is_in_any_format(made):
    for name in citing.FORMATS:
        text = "".join(citing.written(made, name))
        assert not [char for char in text if ord(char) < 32 and char not in "\r\n"], name
        assert "\u202e" not in text and "\u200b" not in text


def test_styles_say_what_their_guides_ask_for(kept):
    with Collection(kept, must_exist=True) as collection:
        one = replace(citation(collection, 1), title="Tin vui", author=None, url="https://a.vn/1", removed_at=None,
                      published_at="2021-11-26", captured_at="2026-11-30T20:00:00+00:00", issuer="Phường A",
                      unit_name="phường A, quận B", units_today=("phường C, tỉnh D",))  # fmt: skip
    signed = replace(one, author="Nguyễn Văn An", published_at="2021-11", removed_at="2027-01-02T03:04:05+00:00")
    undated = replace(one, published_at=None, title="Ai đó?")
    assert (
        styles.chicago(one)
        == "Phường A, quận B. “Tin vui.” November 26, 2021. Accessed December 1, 2026. https://a.vn/1."
    )
    assert styles.chicago(signed, "12345") == (
        "Nguyễn Văn An. “Tin vui.” Phường A, quận B, November 2021. Accessed December 1, 2026. https://a.vn/1. "
        f"Archived as ark:/12345/{one.stable_name}. Taken down by its site, noted January 2, 2027."
    )
    assert styles.chicago(undated) == ("Phường A, quận B. “Ai đó?” n.d. Accessed December 1, 2026. https://a.vn/1.")
    assert styles.apa(one) == (
        "Phường A, quận B. (2021, November 26). Tin vui. Retrieved December 1, 2026, from https://a.vn/1"
    )
    assert styles.apa(replace(signed, removed_at=None)) == (
        "Nguyễn Văn An. (2021, November). Tin vui. Phường A, quận B. Retrieved December 1, 2026, from https://a.vn/1"
    )
    assert "(n.d.). Ai đó? Retrieved" in styles.apa(undated)
    assert styles.tcvn(one) == (
        "Phường A, quận B (nay thuộc phường C, tỉnh D). Tin vui [trực tuyến]. 26 tháng 11 năm 2021 "
        "[xem ngày 1 tháng 12 năm 2026]. Địa chỉ: https://a.vn/1."
    )
    assert styles.tcvn(signed).startswith(
        "Nguyễn Văn An. Tin vui [trực tuyến]. Phường A, quận B (nay thuộc phường C, tỉnh D), tháng 11 năm 2021 [xem"
    )
    assert "Trang gốc đã gỡ bài" in styles.tcvn(signed)
    assert "Không rõ ngày [xem ngày" in styles.tcvn(undated)


def test_the_command_cites_ids_and_whole_searches(kept, capsys):
    assert main(["--db", str(kept), "cite", "1", "4", "--format", "ris"]) == 0
    out = capsys.readouterr().out
    assert out.count("TY  - ELEC\r\n") == out.count("ER  - \r\n") == 2
    assert main(["--db", str(kept), "cite", "--site", "hanoi_trucbach", "--format", "csl-json"]) == 0
    items = json.loads(capsys.readouterr().out)
    with Collection(kept, must_exist=True) as collection:
        (row,) = collection.rows("SELECT count(*) AS n FROM articles WHERE site = 'hanoi_trucbach'")
    assert len(items) == row["n"] > 3
    assert main(["--db", str(kept), "cite", "--query", "phường", "--limit", "2", "--format", "bibtex"]) == 0
    said = capsys.readouterr()
    assert said.out.count("@online{") == 2 and "2 of " in said.err
    assert main(["--db", str(kept), "cite", "--site", "hanoi_trucbach", "--since", "2020-06", "--until", "9/2020"]) == 0
    said = capsys.readouterr()
    assert said.out and "no date of publication" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "cite what?"), (["1", "--site", "a"], "not both"), (["--site", "nowhere"], "knows no site"),
        (["--since", "hôm qua kia", "--site", "hanoi_trucbach"], "is not a date"), (["--query", ""], "cite what?"),
        (["--unit", "Không Có Đâu"], "no ward or commune"), (["1000000", "--format", "apa"], "no article has the id"),
    ],
)  # fmt: skip
def test_what_cannot_be_cited_is_said(kept, capsys, words, sentence):
    assert main(["--db", str(kept), "cite", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_an_old_ward_is_cited_with_the_one_that_it_belongs_to_today(kept, capsys):
    assert main(["--db", str(kept), "cite", "1"]) == 0
    text = capsys.readouterr().out
    assert "danh mục đơn vị hành chính trước 01/7/2025; nay thuộc phường" in text


def test_an_ark_is_cited_where_the_configuration_has_a_naan(kept, capsys, monkeypatch):
    from crawler.cli import main

    for naan, named in (("", "oai:"), ("12345", "ark:/12345/")):
        monkeypatch.setenv("TINPHUONG_NAAN", naan)
        assert main(["--db", str(kept), "cite", "1", "--format", "bibtex"]) == 0
        assert f"Tin Phường: {named}" in capsys.readouterr().out
