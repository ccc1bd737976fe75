"""What a user writes by mistake costs nothing and is answered by one sentence."""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from crawler.cli import main, verify
from crawler.run.run_report import RunReport
from crawler.run.site_report import SiteReport
from storage.fixity.verification import Verdict
from storage.run_log import Head
from tests.running import ROOT


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


needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write every folder")


def _one_sentence(code, err, about):
    assert code == 2, f"{about} ends with {code}, not 2 for bad usage"
    assert err.startswith("tinphuong: ") and err.count("\n") == 1, f"{about} is not answered by one sentence: {err}"


@pytest.mark.parametrize("place", ["file/a.db", "/proc/x/a.db", "/proc/a.db", "folder.db/a.db"])
def test_a_database_that_cannot_be_made_is_one_sentence(tmp_path, capsys, place):
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder.db" / "a.db.lock").mkdir(parents=True)
    code, err = answer(capsys, "--db", tmp_path / place, "crawl", "hanoi_sotttt")
    _one_sentence(code, err, f"--db {place}")
    assert "cannot be written" in err and "another run" not in err, f"the sentence does not say what is wrong: {err}"


@needs_permissions
@pytest.mark.parametrize("command", ["crawl", "verify"])
def test_a_database_in_a_folder_that_is_not_ours_is_one_sentence(tmp_path, capsys, command):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "a.db").touch()
    (tmp_path / "theirs").chmod(0o555)
    words = ["crawl", "hanoi_sotttt"] if command == "crawl" else [command]
    _one_sentence(*answer(capsys, "--db", tmp_path / "theirs" / "a.db", *words), "a folder that cannot be written")


@pytest.mark.parametrize(
    "words",
    [
        ("--db", "PLACE/x.db", "status"), ("--db", "PLACE/x.db", "verify"), ("--db", "PLACE/x.db", "search", "tin"),
        ("crawl", "hanoi_sotttt", "--replay", "PLACE/x.warc"), ("--sites", "PLACE/x.csv", "sites"),
        ("--sites", "PLACE/x.csv", "sites", "--check"), ("import", "PLACE/x.jsonl"),
        ("check", "--frozen", "PLACE/x"), ("extract", "PLACE/x.html"), ("export", "jsonl", "PLACE/x", "--force"),
    ],
)  # fmt: skip
def test_a_place_that_we_may_not_look_at_is_one_sentence(crawled, tmp_path, monkeypatch, capsys, words):
    closed = tmp_path / "closed"
    closed.mkdir()
    real = os.stat

    def stat(path, *arguments, **options):  # as an ordinary user meets it; root may look everywhere
        if str(path).startswith(f"{closed}/"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", stat)
    words = [word.replace("PLACE", str(closed)) for word in words]
    db = ["--db", crawled.db] if words[0] == "export" else ["--db", tmp_path / "a.db"] if "--db" not in words else []
    _one_sentence(*answer(capsys, *db, *words), " ".join(words))


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_there_is_not_is_one_sentence(crawled, capsys, port):
    code, err = answer(capsys, "--db", crawled.db, "browse", "--port", port)
    _one_sentence(code, err, f"--port {port}")
    assert "a number from 0 to 65535" in err, f"it is not said which ports there are: {err}"


def test_letters_that_the_terminal_lacks_are_escaped_and_json_stays_json():
    def printed(*words, **more):
        environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "crawler", *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, f"`{' '.join(words)}` ends with a traceback: {done.stderr}"
        return done

    assert printed("sites").returncode == 0, "a table with Vietnamese letters cannot be printed in ASCII"
    said = printed("date", "Th\u1ee9 s\u00e1u, 08/12/2023 \U0001f4c5")
    found = json.loads(said.stdout)["text"]
    assert found == "Th\u1ee9 s\u00e1u, 08/12/2023 \U0001f4c5", "JSON printed in ASCII does not give the letters back"
    assert "\\u1ea1" in printed("crawl", "h\u1ea1").stderr, "an error cannot name what the user wrote"


@pytest.mark.parametrize("words", [("status", "--site", "hanoi_sotttt"), ("--sit=x.csv", "sites"), ("sites", "--js")])
def test_the_beginning_of_an_option_is_not_taken_for_it(crawled, capsys, words):
    code, err = answer(capsys, "--db", crawled.db, *words)
    assert code == 2 and "unrecognized arguments" in err, f"tinphuong {' '.join(words)} reads another option: {err}"


@pytest.mark.parametrize("command", ["diff", "similar"])
def test_what_is_advised_for_an_unknown_article_shows_its_number(crawled, capsys, command):
    code, err = answer(capsys, "--db", crawled.db, command, "987654")
    _one_sentence(code, err, f"{command} of an unknown article")
    assert "`tinphuong search --json`" in err, f"{command} advises what shows no numbers: {err}"
    main(["--db", str(crawled.db), "search", "--json", "phường"])
    assert all(row["id"] for row in json.loads(capsys.readouterr().out)), "`search --json` shows no numbers"


def test_what_is_advised_for_an_unknown_site_of_an_export_lists_those_there_are(crawled, tmp_path, capsys):
    with sqlite3.connect(shutil.copy(crawled.db, tmp_path / "a.db")) as connection:
        connection.execute(
            "INSERT INTO sites (slug, name, host, platform, updated_at) "
            "VALUES ('tinh_xathu', 'Xã', 'a.test', 'drupal', '2026-01-01')"
        )
    code, err = answer(capsys, "--db", tmp_path / "a.db", "export", "jsonl", tmp_path / "x", "--site", "tinh_khac")
    _one_sentence(code, err, "export of an unknown site")
    assert "`tinphuong status` lists those it has" in err
    main(["--db", str(tmp_path / "a.db"), "status"])
    assert "tinh_xathu" in capsys.readouterr().out, "status does not list a site that the database has"


@pytest.mark.parametrize("place", ["folder", "file/a.json", "/proc/x/a.json"])
def test_a_summary_that_cannot_be_written_is_known_before_the_run(tmp_path, monkeypatch, capsys, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.setattr("crawler.run.run.crawl", lambda *_, **__: pytest.fail("the run began"))
    words = ["--db", tmp_path / "a.db", "crawl", "hanoi_sotttt", "--summary", tmp_path / place]
    code, err = answer(capsys, *words)
    _one_sentence(code, err, f"--summary {place}")
    assert "the summary cannot be written" in err, f"the sentence does not say what is wrong: {err}"
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "file"}, "something is left of the summary"


@pytest.mark.parametrize("host", ["www.a.test", "a.test:443", "a.test:80", "www.a.test:443"])
def test_a_host_is_registered_once_however_it_is_written(tmp_path, capsys, host):
    one, two, both = (tmp_path / name for name in ("one.csv", "two.csv", "both.csv"))
    one.write_text("slug,name,host\ntinh_a,Xã A,a.test\n", encoding="utf-8")
    two.write_text(f"slug,name,host\ntinh_b,Xã B,{host}\n", encoding="utf-8")
    both.write_text(f"slug,name,host\ntinh_a,Xã A,a.test\ntinh_b,Xã B,{host}\n", encoding="utf-8")
    code, err = answer(capsys, "--sites", one, "--sites", two, "sites")
    _one_sentence(code, err, f"a.test a second time, as {host},")
    assert f"'{host}' is registered already, in {one}, line 2" in err, "it is not said which row has the host"
    code, err = answer(capsys, "--sites", both, "sites")
    _one_sentence(code, err, f"a.test a second time in one table, as {host},")
    assert main(["--sites", str(one), "--sites", str(two), "sites", "--check"]) == 1, "sites --check lets it pass"
    assert f"'{host}' is the host of tinh_a" in capsys.readouterr().out


def test_another_port_is_another_host(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("slug,name,host\nx_a,A,127.0.0.1:81\nx_b,B,127.0.0.1:82\n", encoding="utf-8")
    code, err = answer(capsys, "--sites", tmp_path / "a.csv", "sites")
    assert code == 0, f"two sites on two ports of one machine are taken for one: {err}"


def test_one_of_a_kind_is_in_the_singular(tmp_path, capsys):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    line = RunReport("live", tmp_path / "a.db", now, now, [SiteReport("x_a", new=1, attachments=1)], {}).line()
    assert "1 article new, 1 attachment" in line, f"a run's line counts one thing as several: {line}"
    verify._print(Verdict(captures=1, files=1, articles=1, attachments=1, runs=Head(1, "abc")))
    said = capsys.readouterr().out
    for words in ("1 capture in 1 file", "1 article and 0 earlier versions", "holds 1 run;", "1 attached file was"):
        assert words in said, f"verify does not say {words!r}: {said}"
