"""What a killed import leaves: passed over, removed by whoever writes next, and never taken for the collection's."""

import pytest

from storage import Collection
from storage.archives import unfinished
from storage.archives.captures import Captures, folder_of
from storage.errors import CapturesUnwritable
from storage.fixity.verification import verify
from storage.imports import imported_captures
from tests.exports.handing import take
from tests.exports.strangers import article, written
from tests.storage.captured import Opened


def checked(db):
    return verify(db, lambda done, total: None)


@pytest.fixture
def torn(tmp_path):
    """A collection with a WARC file that an import had begun."""
    db = tmp_path / "a.db"
    take(db, written(tmp_path, article(1)))
    folder_of(db).mkdir()
    path = folder_of(db) / "import-20261006011500-00000.warc.gz"
    unfinished.begin(path)
    path.write_bytes(b"\x1f\x8b half of a record")
    return db, path


@pytest.fixture
def captured(tmp_path):
    """The database of another machine, with captures."""
    (tmp_path / "other").mkdir()
    with Opened(tmp_path / "other") as opened:
        opened.article(1, "Hội nghị đã đánh giá kết quả của phường trong năm qua.")
    return tmp_path / "other" / "a.db"


def test_verify_says_so_and_finds_no_damage(torn):
    db, path = torn
    verdict = checked(db)
    assert verdict.damage == [] and path.exists()
    assert any(path.name in remark and "cut short" in remark for remark in verdict.remarks)


def test_the_next_import_removes_it(torn, tmp_path):
    db, _ = torn
    take(db, written(tmp_path, article(2)))
    assert list(folder_of(db).iterdir()) == [] and checked(db).damage == []


def test_the_next_crawl_removes_it(torn):
    db, _ = torn
    with Collection(db) as collection:
        Captures(collection, {"software": "test"}).close()
    assert list(folder_of(db).iterdir()) == []


def test_a_file_that_rows_lead_to_stays_though_its_mark_was_left(captured, tmp_path):
    db = tmp_path / "a.db"
    take(db, captured)
    (path,) = folder_of(db).glob("import-*.warc.gz")
    unfinished.begin(path)
    assert checked(db).damage == []
    take(db, captured)
    assert [item.name for item in folder_of(db).iterdir()] == [path.name]


def test_a_file_without_a_mark_is_never_removed(torn, tmp_path):
    db, path = torn
    unfinished.mark_of(path).unlink()
    take(db, written(tmp_path, article(2)))
    assert path.exists() and checked(db).damage


def test_the_other_collections_unfinished_file_is_not_taken(captured, tmp_path):
    path = folder_of(captured) / "import-1.warc.gz"
    unfinished.begin(path)
    path.write_bytes(b"half")
    done = take(tmp_path / "a.db", captured)
    assert (done.captures, done.unreadable) == (1, 0) and path.exists()


def test_a_disk_that_is_full_leaves_nothing(captured, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(imported_captures.ImportedCaptures, "_append", staticmethod(full))
    with pytest.raises(CapturesUnwritable, match="cannot be written: No space left"):
        take(tmp_path / "a.db", captured)
    assert list(folder_of(tmp_path / "a.db").iterdir()) == []
    with Collection(tmp_path / "a.db") as collection:
        assert not list(collection.rows("SELECT 1 FROM articles UNION ALL SELECT 1 FROM runs"))
