"""Fixity over years: a sample that walks the whole collection, a ledger, and damage that a second copy heals."""

import json
import shutil
import sqlite3
from contextlib import closing
from fractions import Fraction

import pytest

from crawler.cli import main
from storage.archives.captures import folder_of
from storage.errors import BadBackup
from storage.files.attachments import attachments_folder
from storage.fixity.verification import verify
from tests.keeping.kept import backed_up, content, make, nothing, with_lists


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two generations of files: articles with attached files and lists, and a backup of all of it."""
    folder = tmp_path_factory.mktemp("made")
    db = with_lists(folder / "a")
    make(folder / "a", articles=5, first=20)
    backed_up(db, folder / "backup")
    return folder


@pytest.fixture
def db(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "a" / "a.db"


def at(number):
    """The moment of a run: a day each."""
    return f"2030-01-01T00:00:{number:02d}.000000+00:00"


def rows(db, sql, *values):
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, values).fetchall()


def changed(path, place, to=None):
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[place] = data[place] ^ 0xFF if to is None else to
    path.write_bytes(data)


def placed(db, number=0):
    """A capture whose file is known: (id, file, offset, length)."""
    sql = "SELECT id, file, offset, length FROM captures WHERE revisit_of IS NULL ORDER BY id LIMIT 1 OFFSET ?"
    ((item, file, offset, length),) = rows(db, sql, number)
    return item, folder_of(db) / file, offset, length


def test_fifty_samples_go_through_everything_and_nothing_twice(db):
    seen = 0
    for number in range(50):
        verdict = verify(db, nothing, at=at(number), sample=Fraction(2, 100))
        assert not verdict.damage
        seen += verdict.captures
    assert {item.never for item in verdict.standing} == {0} and {item.kind for item in verdict.standing} == {
        "capture", "article", "version", "file",
    }  # fmt: skip
    captures = rows(db, "SELECT count(*) FROM captures")[0][0]
    assert captures > 30 and seen <= 50
    ((first, last),) = rows(db, "SELECT min(tried_at), max(tried_at) FROM fixity_checks WHERE kind = 'capture'")
    assert (first, last) == (at(50 - captures), at(49)), "one a run, and none again before all had their turn"


def test_what_is_new_comes_after_what_waited_longer(db):
    for number in range(3):
        verify(db, nothing, at=at(number), sample=Fraction(1, 3))
    make(db.parent, articles=2, first=50)
    verdict = verify(db, nothing, at=at(4), sample=Fraction(1, 100))
    assert rows(db, "SELECT count(*) FROM fixity_checks WHERE tried_at = ?", at(4))[0][0] == 4  # one of each kind
    assert sum(item.never for item in verdict.standing) > 0


def test_a_full_check_enters_all_and_damage_keeps_its_earlier_moment(db):
    verify(db, nothing, at=at(1))
    item, path, offset, length = placed(db, 2)
    changed(path, offset + length // 2)
    verdict = verify(db, nothing, at=at(2))
    assert {damage.item for damage in verdict.damage} == {item}
    assert rows(db, "SELECT tried_at, whole_at FROM fixity_checks WHERE kind = 'capture' AND item = ?", item) == [
        (at(2), at(1))
    ]
    assert {(each.kind, each.damaged) for each in verdict.standing if each.damaged} == {("capture", 1)}
    again = verify(db, nothing, at=at(3), sample=Fraction(1, 1000))
    assert [damage.item for damage in again.damage] == [item], "what was damaged is looked at in every sample"


def test_without_a_moment_nothing_is_entered(db):
    verify(db, nothing)
    assert rows(db, "SELECT count(*) FROM fixity_checks") == [(0,)]


def test_a_sample_finds_each_kind_of_damage(db):
    verify(db, nothing, at=at(1))
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE articles SET body = body || 'x' WHERE id = 1")
        connection.execute("UPDATE versions SET title = 'khác' WHERE id = 1")
    file = next(attachments_folder(db).glob("*/*"))
    changed(file, 3)
    _, path, offset, _ = placed(db)
    changed(path, offset + 2)
    found = verify(db, nothing, at=at(2), sample=Fraction(1)).damage
    assert {(damage.of, damage.kind) for damage in found} == {
        ("article", "content hash"), ("version", "content hash"), ("file", "attachment"), ("capture", "damaged record"),
    }  # fmt: skip


def damaged_in_every_way(db):
    """Damage a record in its middle and one at its head, cut the end of a file off, remove another, and two files."""
    files = sorted(folder_of(db).glob("*.warc.gz"))
    assert len(files) >= 4
    for number in (0, 3):
        _, path, offset, length = placed(db, number)
        changed(path, offset + (1 if number else length // 2))
    data = files[1].read_bytes()
    files[1].write_bytes(data[: len(data) // 2])
    files[2].unlink()
    attached = sorted(attachments_folder(db).glob("*/*"))
    attached[0].unlink()
    changed(attached[1], 7)


@pytest.mark.parametrize("copy", ["backup", "a copy of the folder"])
def test_a_second_copy_heals_what_is_damaged(db, made, tmp_path, copy):
    whole = content(db)
    damaged_in_every_way(db)
    source = tmp_path / "backup" if copy == "backup" else made / "a"
    verdict = verify(db, nothing, at=at(1), heal_from=source)
    assert not verdict.damage and len(verdict.healed) >= 5
    *rest, attached = content(db)
    attached = {name: digest for name, digest in attached.items() if not name.endswith(".damaged")}
    assert (*rest, attached) == whole, "byte for byte what it was"
    again = verify(db, nothing)
    assert not again.damage and any("have been replaced" in remark for remark in again.remarks)
    assert list(folder_of(db).glob("*.damaged")), "what was damaged is kept"
    assert {item.damaged for item in verdict.standing} == {0}


def test_a_record_is_taken_from_an_earlier_generation_where_the_newest_has_it_damaged(db, tmp_path):
    item, path, offset, length = placed(db, 1)
    changed(path, offset + length // 2)
    backed_up(db, tmp_path / "backup", full=True)  # the damage is copied
    verdict = verify(db, nothing, heal_from=tmp_path / "backup")
    assert not verdict.damage and f"capture {item}:" in verdict.healed[0]


def test_what_the_copy_has_damaged_too_is_left_and_said(db, made, tmp_path):
    shutil.copytree(made / "a", tmp_path / "other")
    item, path, offset, length = placed(db, 1)
    for each in (path, tmp_path / "other" / path.parent.name / path.name):
        changed(each, offset + length // 2)
    before = path.read_bytes()
    verdict = verify(db, nothing, heal_from=tmp_path / "other")
    assert {damage.item for damage in verdict.damage} == {item} and not verdict.healed
    assert path.read_bytes() == before


def test_a_copy_with_another_content_at_that_place_is_not_believed(db, made, tmp_path):
    shutil.copytree(made / "a", tmp_path / "other")
    _, path, offset, length = placed(db, 1)
    _, _, elsewhere, size = placed(db, 2)
    other = tmp_path / "other" / path.parent.name / path.name
    data = bytearray(other.read_bytes())
    data[offset : offset + length] = data[elsewhere : elsewhere + size][:length].ljust(length, b"\0")
    other.write_bytes(data)
    (tmp_path / "other" / "a.db").unlink()
    changed(path, offset + length // 2)
    assert verify(db, nothing, heal_from=tmp_path / "other").damage


def test_a_folder_without_a_copy_is_refused(db, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder, said in ((tmp_path / "empty", "neither a backup nor a copy"), (tmp_path / "none", "not a folder"),
                         (db.parent, "the collection itself")):  # fmt: skip
        with pytest.raises(BadBackup, match=said):
            verify(db, nothing, heal_from=folder)


def test_the_command_says_what_was_looked_at_and_healed(db, tmp_path, capsys):
    assert main(["--db", str(db), "verify", "--sample", "0,5 %"]) == 0
    said = capsys.readouterr().out
    assert "all of that is whole" in said and "never verified" in said
    for wrong in ("2", "0%", "101%", "viel"):
        assert main(["--db", str(db), "verify", "--sample", wrong]) == 2
        assert "write 2%" in capsys.readouterr().err
    _, path, offset, length = placed(db)
    changed(path, offset + length // 2)
    assert main(["--db", str(db), "verify"]) == 1
    capsys.readouterr()
    assert main(["--db", str(db), "--json", "verify", "--heal-from", str(tmp_path / "backup")]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["whole"] and len(facts["healed"]) == 1 and facts["ledger"]["capture"]["damaged"] == 0
