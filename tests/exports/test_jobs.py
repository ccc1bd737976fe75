"""Exports that several processes make are the same to the byte, also while somebody writes."""

import pytest

from crawler.cli import main
from crawler.run.reading.pool import workers
from crawler.workers import HERE
from storage import Collection
from storage.exports import Choice, export, html
from tests.keeping.kept import make


class Writing:
    """Workers of which somebody else writes to the collection after the second piece."""

    jobs = 2

    def __init__(self, db):
        self.db = db

    def each(self, work, calls):
        for number, arguments in enumerate(calls):
            if number == 2:
                with Collection(self.db) as collection:
                    collection.execute("UPDATE articles SET title = 'Tin khác'", ())
            yield work(*arguments)


@pytest.fixture(scope="module")
def three():
    with workers(3) as several:
        yield several


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setattr(html, "_PIECE", 2)
    made = make(tmp_path / "a", articles=9)
    with Collection(made) as collection:
        for table, column in (("files", "kept_at"), ("attachments", "fetched_at")):
            collection.execute(f"UPDATE {table} SET {column} = '2026-01-02T00:00:00+00:00'", ())
    return made


def made(db, dest, several):
    steps = []
    export(
        db, "html", dest, Choice(), software="x", progress=lambda *step: steps.append(step), workers=several
    )  # fmt: skip
    files = {path.relative_to(dest): path.read_bytes() for path in dest.rglob("*") if path.is_file()}
    return files, steps[-1]


def test_several_processes_make_the_same_bytes(db, three, tmp_path):
    one, several = made(db, tmp_path / "one", HERE), made(db, tmp_path / "several", three)
    assert one == several
    assert len([place for place in one[0] if place.parts[0] == "articles"]) == 9


def test_what_somebody_writes_meanwhile_is_not_mixed_in(db, tmp_path):
    before = made(db, tmp_path / "before", HERE)
    assert made(db, tmp_path / "meanwhile", Writing(db)) == before
    assert made(db, tmp_path / "after", HERE) != before


def test_the_command_names_the_option(db, tmp_path, capsys):
    for jobs in ("1", "3"):
        assert main(["--db", str(db), "export", "html", str(tmp_path / jobs), "--jobs", jobs]) == 0
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "--jobs" in capsys.readouterr().out
