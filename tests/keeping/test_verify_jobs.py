"""`verify` with several processes finds what one finds, in the same order and words."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from fractions import Fraction

import pytest

from crawler.cli import main
from crawler.run.reading.pool import workers
from crawler.workers import HERE
from storage.archives.captures import folder_of
from storage.collection import Collection
from storage.errors import Unwritable
from storage.files.attachments import attachments_folder
from storage.fixity import pieces
from storage.fixity.verification import verify
from storage.reading import apart
from storage.reading.read_only import close_all
from tests.keeping.kept import make, with_lists


@pytest.fixture(scope="module")
def three():
    with workers(3) as several:
        yield several


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Captures in several files, articles, earlier texts and attached files."""
    folder = tmp_path_factory.mktemp("made")
    with_lists(folder)
    make(folder, articles=8, first=20)
    return folder


@pytest.fixture
def db(made, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "_CAPTURES", 2)
    monkeypatch.setattr(pieces, "_ROWS", 3)
    monkeypatch.setattr(pieces, "_FILES", 2)
    shutil.copytree(made, tmp_path / "a")
    return tmp_path / "a" / "a.db"


def execute(*statements):
    def spoil(db):
        with closing(sqlite3.connect(db)) as connection, connection:
            for sql in statements:
                connection.execute(sql)

    return spoil


def files_of(db):
    return sorted(folder_of(db).glob("*.warc.gz"), key=lambda path: (-path.stat().st_size, path))


def flip(db, part):
    path = files_of(db)[0]
    data = bytearray(path.read_bytes())
    data[int(len(data) * part)] ^= 0xFF
    path.write_bytes(data)


def cut(db):
    path = files_of(db)[0]
    path.write_bytes(path.read_bytes()[:-30])


def files_differ(db):
    first, second, third, *_ = sorted(attachments_folder(db).glob("*/*"))
    first.unlink()
    second.write_bytes(second.read_bytes() + b"x")
    third.write_bytes(third.read_bytes()[:-1] + b"x")
    (third.parent / "strange.pdf").write_bytes(b"x")


def page_of_articles(db):
    """Break a page of the table of articles in the middle of the file."""
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sql = "SELECT pageno FROM dbstat WHERE name = 'articles' AND pagetype = 'leaf' ORDER BY pageno"
        try:
            (page,) = connection.execute(sql).fetchall()[-1]
        except sqlite3.OperationalError:
            page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()[0]
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(db.read_bytes())
    data[(page - 1) * size : (page - 1) * size + 200] = b"\xff" * 200
    db.write_bytes(data)


DAMAGE = {
    "none": execute(),
    "articles": execute("UPDATE articles SET body = body || 'x' WHERE id IN (2, 5, 9)"),
    "versions": execute("UPDATE versions SET title = 'x'"),
    "index": execute("UPDATE search_keys SET place = NULL WHERE id = 3", "UPDATE articles SET summary = 'x y z'"),
    "pointers": execute("UPDATE captures SET url = url || 'x' WHERE id % 5 = 1"),
    "offsets": execute("UPDATE captures SET offset = offset + 1 WHERE id = 4"),
    "lengths": execute("UPDATE captures SET length = length - 1 WHERE id IN (3, 8)"),
    "rows gone": execute("PRAGMA foreign_keys = OFF", "DELETE FROM captures WHERE id IN (2, 7)"),
    "a byte": lambda db: flip(db, 0.5),
    "the first byte": lambda db: flip(db, 0.0),
    "cut off": cut,
    "a file gone": lambda db: files_of(db)[0].unlink(),
    "attached files": files_differ,
    "a page": page_of_articles,
    "no database": lambda db: db.write_bytes(b"x" * 5000),
}


@pytest.mark.parametrize("sample", [None, Fraction(1)], ids=["all", "sample"])
@pytest.mark.parametrize("kind", DAMAGE)
def test_several_find_what_one_finds(kind, sample, db, three):
    DAMAGE[kind](db)
    said = []
    for looking in (HERE, three):
        steps = []
        verdict = verify(db, lambda *step, steps=steps: steps.append(step), sample=sample, workers=looking).to_dict()
        said.append((verdict, steps[-1:]))
    assert said[0] == said[1]
    looked_at = kind != "none" and (sample is None or kind != "index")  # a sample does not look at the index
    assert said[0][0]["whole"] != looked_at


def test_a_process_that_ends_leaves_its_piece_to_another(db, three):
    with Collection(db) as collection:
        assert list(apart.each(collection, three, end_elsewhere, [(os.getpid(), n) for n in range(20)])) == [*range(20)]


def end_elsewhere(collection, own, number):
    """End the process, but the one that asks."""
    if number == 7 and os.getpid() != own:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_what_is_asked_for_before_an_error_comes_first(db, three):
    def calls():
        yield from ((number,) for number in range(5))
        raise KeyError("five")

    done = []
    with Collection(db) as collection, pytest.raises(KeyError, match="five"):
        done.extend(apart.each(collection, three, count, calls()))
    assert done == [*range(5)]


def count(collection, number):
    return number


def test_nothing_can_be_written_from_a_piece(db):
    with Collection(db), pytest.raises(Unwritable, match="readonly"):
        apart._apart(db, write)
    close_all()


def write(collection):
    collection.db.execute("DELETE FROM articles")


def test_the_command_takes_a_number_of_processes(db, capsys):
    said = []
    for jobs in ("1", "3"):
        assert main(["--db", str(db), "--json", "verify", "--jobs", jobs]) == 0
        said.append(capsys.readouterr().out)
    assert '"whole": true' in said[0]
    with pytest.raises(SystemExit):
        main(["verify", "--help"])
    assert "--jobs" in capsys.readouterr().out
    assert main(["--db", str(db), "verify", "--jobs", "0"]) == 2
