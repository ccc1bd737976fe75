"""What a user writes by mistake costs nothing and is answered by one sentence."""

import hashlib
import os
import shutil

import pytest

from crawler.cli import main


def answer(capsys, *words):
    """(exit code, standard error) of the command line, in this process."""
    try:
        code = main([str(word) for word in words])
    except SystemExit as ended:
        code = ended.code
    return code, capsys.readouterr().err


def contents(folder):
    """Digest of every file of a folder, by its place; what SQLite keeps beside an open database is left out."""
    files = (
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".db-shm", ".db-wal", ".lock")
    )
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def collection(crawled, tmp_path):
    """A folder with a copy of a crawled collection, and a link to its database."""
    folder = tmp_path / "kho"
    folder.mkdir()
    shutil.copy(crawled.db, folder / "a.db")
    for kind in ("captures", "attachments"):
        (folder / f"a.{kind}").mkdir()
        (folder / f"a.{kind}" / "kept").write_text("kept", encoding="utf-8")
    os.link(folder / "a.db", folder / "hard.db")
    (folder / "link.db").symlink_to("a.db")
    return folder


@pytest.mark.parametrize("place", ["a.db", "a.db-wal", "a.db.lock", "a.captures", "a.captures/x", "a.attachments/x",
                                   "hard.db", "link.db", "../kho", "new/../a.db"])  # fmt: skip
@pytest.mark.parametrize(
    "words",
    [
        ("export", "jsonl", "PLACE", "--force"), ("export", "html", "PLACE", "--force"),
        ("report", "--all", "--output", "PLACE"),
        ("crawl", "hanoi_sotttt", "--replay", "none.warc", "--summary", "PLACE"),
        ("crawl", "hanoi_sotttt", "--replay", "none.warc", "--log", "PLACE"),
    ],
    ids=lambda words: f"{words[0]} {words[-2]}",
)  # fmt: skip
def test_nothing_is_written_over_the_collection(collection, capsys, place, words):
    before = contents(collection)
    wanted = [word.replace("PLACE", str(collection / place)) for word in words]
    for db in ("a.db", "link.db"):
        code, err = answer(capsys, "--db", collection / db, *wanted)
        assert code == 2, f"`{words[0]}` to {place} of the collection is not refused"
        assert "collection" in err and "name another place" in err and err.count("\n") == 1, f"not one sentence: {err}"
        assert contents(collection) == before, f"`{words[0]}` to {place} changed the collection"


def test_pictures_of_a_report_are_kept_out_of_the_captures_but_may_lie_beside_them(collection, capsys, monkeypatch):
    monkeypatch.chdir(collection)
    written = []
    monkeypatch.setattr("crawler.browse.report.write_pictures", lambda page, folder: written.append(folder) or [])
    code, err = answer(capsys, "--db", "a.db", "report", "--all", "--png", "a.captures/x")
    assert code == 2 and not written, "a report's pictures are written among the captures"
    assert "name another place" in err
    code, err = answer(capsys, "--db", "a.db", "report", "--all", "--png", ".")
    assert code == 0 and written, f"a report's pictures cannot be written beside the database: {err}"


@pytest.mark.parametrize(
    "words",
    [
        ("--sites", "", "sites"), ("sites", "--sites="), ("--db", "", "search", "tin"), ("export", "jsonl", ""),
        ("report", "--all", "--output", ""), ("report", "--all", "--png", ""), ("crawl", "--all", "--summary", ""),
        ("crawl", "--all", "--log", ""), ("crawl", "--all", "--replay", ""), ("import", ""), ("extract", ""),
        ("check", "--frozen", ""), ("sites", "--check", "--table", ""), ("new-site", "a.test", "--into", ""),
    ],
)  # fmt: skip
def test_an_empty_path_is_not_the_current_folder(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("open('read', 'w')", encoding="utf-8")
    code, err = answer(capsys, *words)
    assert code == 2 and "the path is empty" in err, f"tinphuong {' '.join(words)} takes an empty path: {err}"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"], "a file of the current folder was imported"
