"""Whatever `--db` names, every command answers in one sentence."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.cli import main
from storage import Collection

KINDS = ("none", "folder", "under a file", "noise", "empty", "cut", "mangled", "other", "newer", "lacks a table",
         "loop",
         "long name", "/proc/x/a.db", "/dev/null")  # fmt: skip
COMMANDS = [
    ("status",), ("search", "tin"), ("doubts",), ("removed",), ("similar",), ("similar", "1"), ("similar", "--link"),
    ("diff", "1"), ("cite", "1"), ("confirm", "1"), ("verify",), ("reprocess",), ("import", "EMPTY"),
    ("report", "--all", "--output", "OUT"), ("export", "jsonl", "OUT"), ("export", "html", "OUT"),
]  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "a.db"
    Collection(path).close()
    return path


def odd(kind, good, folder):
    """A database of that kind."""
    path = folder / "a.db"
    content = good.read_bytes()
    match kind:
        case "folder":
            path.mkdir()
        case "under a file":
            (folder / "file").write_text("")
            path = folder / "file" / "a.db"
        case "noise":
            path.write_bytes(bytes(range(1, 256)) * 40)
        case "empty":
            path.touch()
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "mangled":
            path.write_bytes(content[:4096] + bytes(range(1, 255)) * 100 + content[4096 + 25400 :])
        case "other" | "newer" | "lacks a table":
            if kind == "lacks a table":
                shutil.copy(good, path)
            sql = {"other": "CREATE TABLE x (a)", "newer": "PRAGMA user_version = 99"}
            with closing(sqlite3.connect(path)) as changed:
                changed.execute(sql.get(kind, "ALTER TABLE articles RENAME TO held"))
        case "loop":
            path.symlink_to("a.db")
        case "long name":
            path = folder / ("x" * 300 + ".db")
        case "/proc/x/a.db" | "/dev/null":
            path = folder / kind
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_answers_in_a_sentence(good, tmp_path, capsys, kind, words):
    (tmp_path / "nothing.jsonl").touch()
    places = {"OUT": tmp_path / "out", "EMPTY": tmp_path / "nothing.jsonl"}
    code = main(["--db", str(odd(kind, good, tmp_path)), *(str(places.get(word, word)) for word in words)])
    said = capsys.readouterr()
    assert code in (0, 1, 2)
    assert said.err.count("\n") <= 1 and "Traceback" not in said.err
    assert said.err.startswith("tinphuong: ") or said.out, "no word is said"


def test_a_disk_that_is_full_is_a_sentence(good, tmp_path, capsys):
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    code = main(["--db", str(good), "report", "--all", "--output", "/dev/full"])
    err = capsys.readouterr().err
    assert code in (1, 2) and err.startswith("tinphuong: ") and err.count("\n") == 1


@pytest.mark.parametrize("words", [("diff", "9" * 30), ("cite", "9" * 30), ("similar", "9" * 30), ("confirm", "9" * 30),
                                   ("search", "x", "--limit", "9" * 30), ("doubts", "--limit", "9" * 30)])  # fmt: skip
def test_a_number_that_no_database_can_hold_is_refused(good, capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(["--db", str(good), *words])
    assert ended.value.code == 2 and "18 digits" in capsys.readouterr().err
