"""Databases and bags that strangers hand in: nothing of theirs is run, and nothing half taken."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from crawler.cli import main
from storage import Collection
from storage.files.attachments import attachments_folder
from tests.exports.handing import hand_on, take
from tests.exports.strangers import DAY, HEX, article, part, refused, stored, written


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A small database as it is exported."""
    folder = tmp_path_factory.mktemp("exported")
    take(folder / "a.db", written(folder, article(1), part("attachments", 2), part("confirmations", 3),
                                  *(article(number) for number in range(4, 9))))  # fmt: skip
    hand_on(folder / "a.db", "sqlite", folder / "a.sqlite", allow_incomplete=True)
    return folder / "a.sqlite"


ENDLESS = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n)"
HOSTILE = {
    "an endless view": ("ALTER TABLE articles RENAME TO held",
                        f"CREATE VIEW articles AS SELECT *, {ENDLESS} FROM held"),
    "a view for the sites": ("ALTER TABLE sites RENAME TO held", "CREATE VIEW sites AS SELECT * FROM held"),
    "a virtual table": ("DROP TABLE files", "CREATE VIRTUAL TABLE files USING fts5(sha256, size, type, kept_at, text)"),
    "a computed column": ("ALTER TABLE images RENAME TO held", "CREATE TABLE images (id, article_id, url, position, "
                          "caption AS (hex(zeroblob(900000000))), capture_id, fetch_error, fetch_tries)"),
    "no table": ("DROP TABLE confirmations",),
    "no column": ("ALTER TABLE articles DROP COLUMN markdown",),
    "a newer schema": ("PRAGMA user_version = 99",),
    "a schema below 0": ("PRAGMA user_version = -3",),
    "a title of bytes": ("UPDATE articles SET title = x'ff00'",),
    "a text that is no UTF-8": ("UPDATE articles SET body = CAST(x'41ff42' AS TEXT)",),
    "an id below 0": ("UPDATE articles SET id = -5 WHERE id = 8",),
    "an impossible day": ("UPDATE articles SET first_seen_at = '2026-02-31T00:00:00+00:00' WHERE id = 4",),
    "notes that are deep": ("UPDATE articles SET notes = replace(hex(zeroblob(100000)), '00', '[') WHERE id = 4",),
    "a slug that leaves the folder": ("UPDATE sites SET slug = '../x'",),
    "a row that points nowhere": ("UPDATE articles SET run_id = 77 WHERE id = 4",),
    "a huge text": ("UPDATE articles SET body = replace(hex(zeroblob(11000000)), '00', 'x') WHERE id = 4",),
    "a confirmed column that is SQL": ("UPDATE confirmations SET field = 'title = 1, body'",),
    "a broken schema": ("PRAGMA writable_schema = ON",
                        "UPDATE sqlite_master SET sql = 'CREATE TABLE x(' WHERE name = 'runs'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_database_is_refused(exported, tmp_path, kind):
    shutil.copy(exported, tmp_path / "a.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as changed:
        changed.execute("PRAGMA foreign_keys = OFF")
        changed.execute("PRAGMA legacy_alter_table = ON")
        for sql in HOSTILE[kind]:
            changed.execute(sql)
    refused(tmp_path / "new.db", tmp_path / "a.sqlite", "a.sqlite")


def test_views_and_triggers_of_a_database_are_never_run(exported, tmp_path, capsys):
    shutil.copy(exported, tmp_path / "a.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as changed:
        changed.execute(f"CREATE VIEW mine AS SELECT {ENDLESS}")
        changed.execute("CREATE TRIGGER t AFTER INSERT ON articles BEGIN UPDATE articles SET title = 'taken over'; END")
        changed.execute("CREATE TRIGGER u AFTER UPDATE ON articles BEGIN DELETE FROM article_urls; END")
    before = (tmp_path / "a.sqlite").read_bytes()
    assert main(["--db", str(tmp_path / "new.db"), "import", str(tmp_path / "a.sqlite")]) == 0
    assert "view mine" in capsys.readouterr().out
    titles = stored(tmp_path / "new.db")
    assert len(titles) == 8 and "taken over" not in titles
    assert (tmp_path / "a.sqlite").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"a.sqlite", "new.db", "new.db.lock"}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_database_that_is_cut_off_is_refused(exported, tmp_path, share):
    content = exported.read_bytes()
    (tmp_path / "a.sqlite").write_bytes(content[: int(len(content) * share)])
    refused(tmp_path / "new.db", tmp_path / "a.sqlite", "a.sqlite")


# Bags


@pytest.fixture
def bag(exported, tmp_path):
    db = exported.parent / "a.db"
    hand_on(db, "bagit", tmp_path / "bag", allow_incomplete=True)
    return tmp_path / "bag"


def _more(bag):
    (bag / "data" / "extra.txt").write_text("x")


def _less(bag):
    (bag / "data" / "articles.csv").unlink()


def _link(bag):
    (bag / "data" / "articles.csv").unlink()
    (bag / "data" / "articles.csv").symlink_to("/etc/hostname")


def _outside(bag):
    with (bag / "manifest-sha256.txt").open("a") as out:
        out.write(f"{HEX}  ../../secret\n")


def _absolute(bag):
    with (bag / "manifest-sha256.txt").open("a") as out:
        out.write(f"{HEX}  /etc/passwd\n")


def _twice(bag):
    lines = (bag / "manifest-sha256.txt").read_text()
    (bag / "manifest-sha256.txt").write_text(lines + lines.splitlines()[0] + "\n")


def _fetch(bag):
    (bag / "fetch.txt").write_text("http://a.test/x - data/x\n")


def _noise(bag):
    (bag / "manifest-sha256.txt").write_bytes(bytes(range(256)) * 100)


def _pipe(bag):
    os.mkfifo(bag / "data" / "pipe")


def _tag(bag):
    (bag / "bag-info.txt").write_text("Payload-Oxum: 1.1\n")


def _bytes(bag):
    content = (bag / "data" / "collection.sqlite").read_bytes()
    (bag / "data" / "collection.sqlite").write_bytes(content[:5000] + b"\x00\x01" + content[5002:])


@pytest.mark.parametrize(
    ("change", "said"),
    [(_more, "extra.txt"), (_less, "articles.csv"), (_link, "is a link"), (_outside, "outside the bag"),
     (_absolute, "outside the bag"), (_twice, "a second time"), (_fetch, "fetch.txt"), (_noise, "line 1 of"),
     (_pipe, "is not a file"), (_tag, "bag-info.txt"), (_bytes, "collection.sqlite")],
)  # fmt: skip
def test_a_bag_that_is_not_what_it_says_is_refused(bag, tmp_path, change, said):
    change(bag)
    refused(tmp_path / "new.db", bag, said)


def test_a_manifest_with_windows_line_ends_is_read(bag, tmp_path):
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        lines = (bag / name).read_bytes()
        if name.startswith("tag"):
            lines = b"".join(line for line in lines.splitlines(True) if b"manifest-sha256" not in line)
        (bag / name).write_bytes(lines.replace(b"\n", b"\r\n"))
    assert take(tmp_path / "new.db", bag).added == 8


def test_a_file_whose_content_is_another_than_its_name_says_is_left(exported, tmp_path):
    shutil.copy(exported, tmp_path / "a.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as changed:
        changed.execute("INSERT INTO files (sha256, size, type, kept_at) VALUES (?, 3, 'pdf', ?)", (HEX, DAY))
        changed.execute("UPDATE attachments SET sha256 = ?, size = 3, real_type = 'pdf', fetched_at = ?", (HEX, DAY))
    place = attachments_folder(tmp_path / "a.sqlite") / HEX[:2] / f"{HEX[2:]}.pdf"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"bad")
    db = tmp_path / "new.db"
    assert take(db, tmp_path / "a.sqlite").added == 8
    with Collection(db) as collection:
        assert next(collection.rows("SELECT count(sha256) AS n FROM attachments"))["n"] == 0
    assert not list(attachments_folder(db).rglob("*.*"))
