"""Exports that several processes make are the same to the byte, also while somebody writes."""

import time
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.run.reading.pool import workers
from crawler.workers import HERE
from storage import Collection
from storage.exports import FORMATS, Choice, export, html, job
from storage.exports.destination import DestinationUnwritable
from tests.keeping.kept import make
from tests.running import PATIENCE


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

    def rest(self):
        pass


@pytest.fixture(scope="module")
def three():
    with workers(3) as several:
        yield several


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setattr(html, "_PIECE", 2)
    monkeypatch.setattr(job, "_PIECE", 2)
    made = make(tmp_path / "a", articles=9)
    with Collection(made) as collection:
        for table, column in (("files", "kept_at"), ("attachments", "fetched_at")):
            collection.execute(f"UPDATE {table} SET {column} = '2026-01-02T00:00:00+00:00'", ())
    return made


@pytest.fixture(params=FORMATS)
def name(request):
    for package in FORMATS[request.param].needs:
        pytest.importorskip(package)
    return request.param


def made(db, dest, several, name):
    steps = []
    done = export(
        db, name, dest, Choice(), software="x", progress=lambda *step: steps.append(step), workers=several
    )  # fmt: skip
    files = {
        path.relative_to(dest).as_posix(): path.read_bytes() for path in (dest, *dest.rglob("*")) if path.is_file()
    }
    return files, steps[-1], done.remarks


def test_several_processes_make_the_same_bytes(db, three, tmp_path, name):
    one, several = made(db, tmp_path / "one", HERE, name), made(db, tmp_path / "several", three, name)
    assert one == several
    assert name != "html" or len([place for place in one[0] if place.startswith("articles/")]) == 9


@pytest.mark.parametrize("name", ["html", "jsonl", "jsonld", "csv", "oai", "bagit", "sqlite"])
def test_what_somebody_writes_meanwhile_is_not_mixed_in(db, tmp_path, name):
    for package in FORMATS[name].needs:
        pytest.importorskip(package)
    before = made(db, tmp_path / "before", HERE, name)
    assert made(db, tmp_path / "meanwhile", Writing(db), name) == before
    assert made(db, tmp_path / "after", HERE, name) != before


def test_where_an_export_fails_nobody_goes_on_writing(db, tmp_path, monkeypatch):
    real, ends = html._article, time.monotonic() + PATIENCE

    def without_end(site, article):
        while article["id"] > 2 and time.monotonic() < ends:  # from the second piece on
            (site.path / "articles" / f"{time.monotonic_ns()}").touch()
        return real(site, article)

    write = Path.write_text

    def no_room_for_the_index(path, *arguments, **options):
        if path.parent.name == "search":
            raise OSError("no room")
        return write(path, *arguments, **options)

    monkeypatch.setattr(html, "_article", without_end)
    monkeypatch.setattr(html, "_SHARD", 1)
    monkeypatch.setattr(Path, "write_text", no_room_for_the_index)
    with workers(2) as several:
        with pytest.raises(DestinationUnwritable, match="no room"):
            made(db, tmp_path / "out" / "site", several, "html")
        assert list((tmp_path / "out").iterdir()) == []


def test_the_command_names_the_option(db, tmp_path, capsys):
    for jobs in ("1", "3"):
        assert main(["--db", str(db), "export", "html", str(tmp_path / jobs), "--jobs", jobs]) == 0
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "--jobs" in capsys.readouterr().out
