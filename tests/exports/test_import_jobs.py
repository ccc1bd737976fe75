"""An import whose articles several processes read takes in what one takes in, in the same order and words."""

import gzip
import json
import os
import shutil
import signal
import sqlite3
from contextlib import closing

import pytest

from crawler.cli import main
from crawler.run.reading.pool import workers
from crawler.workers import HERE
from storage.imports import BadImport, incoming, jsonl, take_in
from tests.exports.handing import MOMENT, hand_on
from tests.exports.strangers import HEX, article, part, written
from tests.exports.test_hostile_import import BAD, RAW

KINDS = ("jsonl", "gzip", "bag", "database")


@pytest.fixture(scope="module")
def three():
    with workers(3) as several:
        yield several


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(incoming, "AT_ONCE", 3)


@pytest.fixture(scope="module")
def handed(kept, tmp_path_factory):
    """The same collection in each form that can be imported, by kind."""
    folder = tmp_path_factory.mktemp("handed")
    places = {kind: folder / kind for kind in KINDS}
    for kind, name in (("jsonl", "jsonl"), ("bag", "bagit"), ("database", "sqlite")):
        hand_on(kept, name, places[kind], allow_incomplete=True)
    places["gzip"].write_bytes(gzip.compress(places["jsonl"].read_bytes()))
    return places


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """A collection that refuses all that tests hand in."""
    db = tmp_path_factory.mktemp("target") / "a.db"
    take_in(db, written(db.parent, article(900)), moment=MOMENT, progress=lambda done, total: None)
    return db


def rows(db):
    """All rows of all tables, with their numbers."""
    with closing(sqlite3.connect(db)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: connection.execute(f"SELECT rowid, * FROM {name} ORDER BY 1").fetchall()
            for name in names
            if not name.startswith("sqlite_") and "WITHOUT ROWID" not in _made(connection, name)
        }


def _made(connection, name):
    return connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]


def taken(db, path, several):
    """What an import says, and what is there behind it."""
    steps = []
    done = take_in(db, path, moment=MOMENT, progress=lambda *step: steps.append(step), workers=several)
    return done.to_dict(), steps, rows(db)


def refusal(db, path, several):
    with pytest.raises(BadImport) as caught:
        take_in(db, path, moment=MOMENT, progress=lambda done, total: None, workers=several)
    return str(caught.value)


def oddities(folder):
    """Articles with unknown fields, characters that are none, damaged texts, twins, and some that are there twice."""
    old = part("versions", 7)
    old["versions"][0] |= {"content_hash": HEX}
    return written(
        folder, article(1, mood="good"), article(2, title="Họp\x00 tổ"), article(3, content_hash=HEX), article(4),
        article(4, section="Tin khác"), article(5, weather=1, near_group={"a": [[[[1]]]]}), article(6, body="x" * 3000),
        old, part("versions", 8), part("confirmations", 9), article(11, title="Họp", body="Một."), part("units", 12),
        article(10, title="Họp", body="Một."), article(13), article(14),
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_several_take_in_what_one_takes_in_and_nothing_is_new_the_second_time(kind, handed, three, tmp_path):
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    first = taken(one, handed[kind], HERE)
    assert first[0]["added"] == 100 and len(first[1]) >= 100
    assert taken(other, handed[kind], three) == first
    again = taken(other, handed[kind], three)
    assert again[0]["nothing_new"] and again[0]["merged"] == 100
    assert again[2]["articles"] == first[2]["articles"]
    assert again == taken(one, handed[kind], HERE)


@pytest.mark.parametrize("large", [1 << 20, 900], ids=["small", "large"])
def test_oddities_come_to_the_same(large, three, tmp_path, monkeypatch):
    monkeypatch.setattr(incoming, "LARGE", large)
    twin = written(tmp_path, article(10, title="Họp", body="Một."))
    for name in ("one.db", "other.db"):
        taken(tmp_path / name, twin, HERE)
    file = oddities(tmp_path)
    first = taken(tmp_path / "one.db", file, HERE)
    assert (first[0]["damaged"], first[0]["tied"], first[0]["merged"], first[0]["cleaned"]) == (2, 1, 2, 1)
    assert first[0]["passed_over"] == ["articles.mood", "articles.weather"]
    assert taken(tmp_path / "other.db", file, three) == first


@pytest.mark.parametrize("kind", [*BAD, *RAW])
def test_a_bad_line_is_refused_in_the_same_words(kind, target, three, tmp_path):
    file = written(tmp_path, *(article(number) for number in range(1, 9)))
    bad = RAW[kind] if kind in RAW else json.dumps(BAD[kind]).encode()
    file.write_bytes(file.read_bytes() + bad + b"\n" + json.dumps(article(9)).encode() + b"\n")
    before = rows(target)
    said = refusal(target, file, HERE)
    assert refusal(target, file, three) == said
    assert "line 9 of " in said or "describes" in kind
    assert rows(target) == before


def cut_off(file):
    packed = gzip.compress(file.read_bytes())
    file.write_bytes(packed[: len(packed) // 2])


def too_long(file):
    file.write_bytes(file.read_bytes() + b'{"body": "' + b"x" * 9000 + b'"}\n')


def many_empty(file):
    file.write_bytes(file.read_bytes() + b"\n" * 20)


@pytest.mark.parametrize("spoil", [cut_off, too_long, many_empty])
def test_a_file_that_cannot_be_read_on_is_refused_in_the_same_words(spoil, target, three, tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "_LONGEST_LINE", 8000)
    monkeypatch.setattr(jsonl, "_MOST_EMPTY", 10)
    file = written(tmp_path, *(article(number, body=os.urandom(500).hex()) for number in range(1, 12)))
    spoil(file)
    before = rows(target)
    assert refusal(target, file, HERE) == refusal(target, file, three)
    assert rows(target) == before


def test_what_is_wrong_first_is_named(target, three, tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "_LONGEST_LINE", 8000)
    file = written(tmp_path, *(article(number, id=None if number == 4 else -number) for number in range(1, 12)))
    too_long(file)
    assert "line 1 of " in refusal(target, file, three)


class Killed:
    """Workers of which some end in between: each that gets a piece of those with these numbers, `times` times."""

    jobs = 3

    def __init__(self, several, folder, times):
        self.several, self.folder, self.times = several, folder, times

    def each(self, work, calls):
        numbered = ((number, self.folder, self.times, work, *call) for number, call in enumerate(calls))
        return self.several.each(_end, numbered)

    def rest(self):
        pass


def _end(number, folder, times, work, *arguments):
    if number in (0, 4, 5):
        signs = [folder / f"{number}-{time}" for time in range(times)]
        left = [sign for sign in signs if not sign.exists()]
        if left:
            left[0].touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return work(*arguments)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("kind", ["jsonl", "database"])
def test_a_process_that_is_killed_loses_and_doubles_nothing(kind, times, handed, three, tmp_path):
    first = taken(tmp_path / "one.db", handed[kind], HERE)
    (signs := tmp_path / "signs").mkdir()
    assert taken(tmp_path / "other.db", handed[kind], Killed(three, signs, times)) == first
    assert len(list(signs.iterdir())) == 3 * times


def test_the_command_takes_a_number_of_processes_and_leaves_one_file(handed, tmp_path, capsys):
    said = []
    for jobs in ("1", "3"):
        db = tmp_path / jobs / "a.db"
        assert main(["--db", str(db), "--json", "import", str(handed["jsonl"]), "--jobs", jobs]) == 0
        said.append(capsys.readouterr().out)
        assert not db.with_name("a.db-wal").exists(), "what was taken in is not in the database"
        shutil.rmtree(db.parent)
    assert said[0] == said[1] and '"added": 100' in said[0]
    assert main(["--db", str(tmp_path / "a.db"), "import", str(handed["jsonl"]), "--jobs", "0"]) == 2
