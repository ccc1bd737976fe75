"""`tinphuong doubts` and `tinphuong confirm`, and docs/doubts.md, which shows what they print."""

import json
import re
import shlex
from datetime import datetime

import pytest

from crawler import clock
from crawler.cli import main
from crawler.doubts import DoubtKind
from storage import Collection
from storage.locking import sole_writer
from tests.running import ROOT
from tests.storage.doubted import keep

PAGE = (ROOT / "docs" / "doubts.md").read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the collection in the place where commands look for it."""
    (tmp_path / "data").mkdir()
    keep(tmp_path / "data" / "tinphuong.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TINPHUONG_DB", raising=False)
    monkeypatch.setenv("USER", "lan")
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-11-22T09:30:00+00:00"))
    return tmp_path


@pytest.fixture
def do(place, capsys):
    """Run a command: do("doubts", …) → (exit code, what it printed, what it complained of)."""

    def done(*words):
        code = main(list(words))
        return code, *capsys.readouterr()

    return done


def test_the_page_shows_what_the_commands_print(do):
    commands = [
        (line, output.strip())
        for block in re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        for line, _, output in (part.partition("\n") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])
    ]
    assert len(commands) >= 6
    for line, output in commands:
        code, printed, _ = do(*shlex.split(line)[1:])
        assert (code, "\n".join(row.rstrip() for row in printed.strip().splitlines())) == (0, output), line


def test_the_page_has_every_kind_once():
    (table,) = re.findall(r"^\| kind \| means .*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [*DoubtKind]


def test_doubts_as_json(do):
    code, printed, _ = do("--json", "doubts", "hoaan_tayson")
    (item,) = json.loads(printed)
    assert code == 0 and (item["article"], item["field"], item["kind"]) == (4, "title", "differs_from_list")
    assert item["url"] == "https://tayson.gov.vn/tin/7" and item["meaning"] == "the list says something else"


def test_fewer_are_listed_and_all_counted(do):
    code, printed, _ = do("doubts", "--limit", "1")
    assert code == 0 and "… and 3 more." in printed and printed.count("1 article:") == 4


@pytest.mark.parametrize(
    "words", [("--kind", "out_of_order"), ("--field", "tóm tắt"), ("hoaan_tayson", "--field", "date")]
)
def test_no_doubts_are_no_fault(do, words):
    code, printed, _ = do("doubts", *words)
    assert code == 0 and printed.startswith("No doubts")
    assert do("--json", "doubts", *words)[:2] == (0, "[]\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("doubts", "nowhere"), "no site is registered as 'nowhere'"),
        (("doubts", "--field", "colour"), "there is no field 'colour'"),
        (("doubts", "--kind", "colour"), "there is no kind of doubt called 'colour'"),
        (("doubts", "--limit", "0"), "--limit 0 lists nothing"),
        (("confirm", "99"), "there is no article 99"),
        (("confirm", "99", "--history"), "there is no article 99"),
        (("confirm", "1", "--published-at", "hôm nọ"), "'hôm nọ' is not a date"),
        (("confirm", "1", "--title", ""), "no article is without a title"),
        (("confirm", "1", "--body", "nowhere.txt"), "--body nowhere.txt"),
        (("confirm", "1", "--by", " "), "--by is empty"),
    ],
)
def test_what_makes_no_sense_is_said(do, words, said):
    code, printed, complaint = do(*words)
    assert (code, printed) == (2, "") and said in complaint


def test_confirm_as_json_says_what_is_left(do):
    code, printed, _ = do("--json", "confirm", "2", "--author", "", "--by", "Mai")
    said = json.loads(printed)
    assert code == 0 and said["article"] == 2 and [doubt["field"] for doubt in said["doubts"]] == ["body"]
    assert said["confirmations"] == [
        {"field": "author", "value": None, "was": "Đám mây thẻ", "by": "Mai", "at": "2026-11-22T16:30:00+07:00"}
    ]


def test_a_text_is_taken_from_a_file(do, place):
    (place / "right.txt").write_bytes("\ufeffĐoạn một.\r\n\r\nĐoạn hai.\r\n".encode())
    assert do("confirm", "2", "--body", "right.txt")[0] == 0
    with Collection(place / "data" / "tinphuong.db") as collection:
        assert collection.article(2)["body"] == "Đoạn một.\n\nĐoạn hai."


def test_nothing_is_confirmed_while_another_run_writes(do, place):
    with sole_writer(place / "data" / "tinphuong.db"):
        code, _, complaint = do("confirm", "1")
        assert code == 75 and "another run" in complaint
        assert do("doubts")[0] == 0


def test_an_empty_collection_has_no_doubts(do, place):
    with Collection(place / "new.db"):
        pass
    assert do("--db", "new.db", "doubts")[:2] == (0, "No doubts in new.db.\n")
