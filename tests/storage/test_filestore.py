"""Attached files on the disk and in the database."""

import hashlib

import pytest

from storage import Collection
from storage.errors import CapturesUnwritable
from storage.files import attachments as attachment_files
from storage.files.attachments import TRIES, attachments_folder, keep, note_failure, wanted
from storage.records import Record

AT = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def collection(tmp_path):
    with Collection(tmp_path / "a.db") as collection:
        collection.put_site({"slug": "a", "name": "A", "host": "a.vn", "platform": "x", "updated_at": AT})
        for number in (1, 2):
            run = collection.begin_run("a", mode="live", started_at=AT, software="t")
            files = [{"url": f"http://a.vn/{number}.pdf", "name": "a", "type": "pdf"},
                     {"url": "http://a.vn/same.pdf", "name": "b", "type": "pdf"}]  # fmt: skip
            record = Record("a", str(number), f"http://a.vn/{number}", str(number), AT, {"title": str(number)})
            record.attachments = files
            collection.save(record, run)
        yield collection


def urls(collection, run=2, **options):
    return [file.url.rsplit("/", 1)[1] for file in wanted(collection, "a", run, **{"only_run": False} | options)]


def test_the_newest_articles_files_come_first_each_address_once(collection):
    assert urls(collection) == ["same.pdf", "2.pdf", "1.pdf"]
    assert sorted(urls(collection, only_run=True)) == ["2.pdf", "same.pdf"]


def test_a_content_is_kept_once(collection):
    first = keep(collection, "http://a.vn/1.pdf", b"%PDF-", "pdf", at=AT, capture_id=None)
    again = keep(collection, "http://a.vn/same.pdf", b"%PDF-", "pdf", at=AT, capture_id=None)
    assert first.is_new and not again.is_new and first.id == again.id
    assert first.sha256 == hashlib.sha256(b"%PDF-").hexdigest()
    assert urls(collection) == ["2.pdf"]
    collection.execute("UPDATE articles SET changed_at = '2026-11-23' WHERE key = '1'", ())
    assert urls(collection) == ["2.pdf", "1.pdf", "same.pdf"]
    collection.execute("UPDATE articles SET removed_at = ?", (AT,))
    assert urls(collection) == []


def test_a_failure_is_final_or_tried_again(collection):
    note_failure(collection, "http://a.vn/1.pdf", "http_404", at=AT, final=True)
    assert urls(collection) == ["same.pdf", "2.pdf"]
    assert urls(collection, again=True) == ["same.pdf", "2.pdf", "1.pdf"]
    for _ in range(TRIES):
        assert "2.pdf" in urls(collection)
        note_failure(collection, "http://a.vn/2.pdf", "timeout", at=AT, final=False)
    assert urls(collection) == ["same.pdf"]


def test_a_folder_that_cannot_be_written_is_said_and_leaves_no_row(collection):
    attachments_folder(collection.path).write_text("in the way")
    with pytest.raises(CapturesUnwritable, match="cannot be written"):
        keep(collection, "http://a.vn/1.pdf", b"%PDF-", "pdf", at=AT, capture_id=None)
    assert attachment_files.count(collection) == 0
    assert "1.pdf" in urls(collection)
