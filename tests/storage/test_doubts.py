"""Doubts are settled by people, and what they said outlives crawls, re-reading and imports."""

import json

import pytest

from storage import Collection, Outcome
from storage.doubts import confirmed
from storage.doubts.confirm import BadCorrection, confirm, corrected
from storage.doubts.listing import counted, listed
from storage.exports.oai import datestamp
from storage.fixity.verification import verify
from storage.versions import of_article, revise, revision
from tests.exports.handing import hand_on, take
from tests.storage.doubted import LATER, end, keep, meet, record, run_of

SAID = "2026-11-22T09:30:00+00:00"
AFTER = "2026-12-01T02:00:00+00:00"


@pytest.fixture
def db(tmp_path):
    return keep(tmp_path / "tin.db")


def say(db, article_id, *, by="lan", at=SAID, **given):
    """Confirm an article: with fields, as `tinphuong confirm` does with its options."""
    with Collection(db) as collection:
        row = collection.article(article_id)
        made = {name: corrected(row, name, text) for name, text in given.items()}
        return confirm(collection, row, made, by=by, at=at)


def row_of(db, article_id):
    with Collection(db) as collection:
        row = collection.article(article_id)
    return row | {"doubts": json.loads(row["doubts"])}


def history(db, article_id):
    with Collection(db) as collection:
        return confirmed.history(collection.db, article_id)


def whole(db):
    return verify(db, lambda done, total: None).damage == []


def reread(db, article_id, item):
    """Read an article's own capture again as `reprocess` does; returns the fields that differ."""
    with Collection(db) as collection:
        row = collection.article(article_id)
        found = revision(collection, row, item)
        if found.fields:
            run = run_of(collection, row["site"], AFTER)
            revise(collection, row, item, found, run)
            end(collection, run, AFTER)
    return set(found.fields)


# Listing


def test_doubts_are_listed_with_what_is_stored(db):
    with Collection(db) as collection:
        found = listed(collection.db.conn)
        assert [(item["article"], item["field"], item["kind"]) for item in found] == [
            (1, "published_at", "weekday"), (2, "author", "alike_on_all"), (2, "body", "mid_sentence"),
            (4, "title", "differs_from_list"),
        ]  # fmt: skip
        assert found[1]["value"] == "Đám mây thẻ" and found[0]["evidence"] == "Sun, 10/11/2026"
        assert len(listed(collection.db.conn, site="hoaan_tayson")) == 1
        assert [item["article"] for item in listed(collection.db.conn, field="published_at")] == [1]
        assert [item["field"] for item in listed(collection.db.conn, kind="mid_sentence")] == ["body"]
        assert len(listed(collection.db.conn, limit=2)) == 2
        assert counted(collection.db.conn, site="hoaan_tayson") == [
            {"field": "title", "kind": "differs_from_list", "articles": 1}
        ]


# Saying


def test_doubts_are_settled_as_it_is(db):
    assert {one["field"] for one in say(db, 2)} == {"author", "body"}
    row = row_of(db, 2)
    assert row["doubts"] == [] and row["author"] == "Đám mây thẻ"
    assert [(one["field"], one["by"], one["at"]) for one in history(db, 2)] == [
        ("author", "lan", SAID), ("body", "lan", SAID),
    ]  # fmt: skip
    assert say(db, 2) == []  # nothing is left
    assert whole(db)


def test_one_field_is_corrected_and_the_other_stays_in_doubt(db):
    (one,) = say(db, 2, author="")
    assert (one["value"], one["was"]) == (None, "Đám mây thẻ")
    row = row_of(db, 2)
    assert row["author"] is None and [doubt["field"] for doubt in row["doubts"]] == ["body"]


def test_a_corrected_date_is_as_exact_as_it_was_typed(db):
    say(db, 1, published_at="10/11/2026 lúc 7h30")
    row = row_of(db, 1)
    assert (row["published_at"], row["published_precision"]) == ("2026-11-10T07:30+07:00", "minute")
    assert (row["published_raw"], row["published_from"]) == ("10/11/2026 lúc 7h30", "person")
    say(db, 1, published_at="", at=LATER)
    row = row_of(db, 1)
    assert {row[name] for name in ("published_at", "published_precision", "published_raw", "published_from")} == {None}
    assert whole(db)


def test_a_corrected_title_and_text_are_found_and_make_no_version(db):
    say(db, 4, title="Hội chợ nông sản", body="Hội chợ khai mạc ngày 21/11/2026 tại đình.\n\nMời bà con.")
    row = row_of(db, 4)
    assert row["markdown"] == "" and json.loads(row["event_dates"])[0]["date"] == "2026-11-21"
    with Collection(db) as collection:
        assert [hit["id"] for hit in collection.search("khai mạc")] == [4]
        assert collection.search('"tin tức hội chợ"') == []
        assert len(of_article(collection, 4)) == 1
    assert whole(db)


@pytest.mark.parametrize(
    ("field", "text"), [("title", "  "), ("published_at", "hôm nọ"), ("published_at", "31/2/2026")]
)
def test_what_cannot_be_is_refused(db, field, text):
    with pytest.raises(BadCorrection):
        say(db, 1, **{field: text})
    assert history(db, 1) == []


# A later run


def test_a_run_that_reads_the_same_again_changes_nothing(db):
    say(db, 1, published_at="11/10/2026")
    say(db, 2)
    say(db, 4, title="Hội chợ nông sản cuối tuần")
    assert set(meet(db, *(record(number, LATER) for number in (1, 2, 4)))) == {Outcome.UNCHANGED}
    assert row_of(db, 1)["published_at"] == "2026-10-11" and row_of(db, 1)["doubts"] == []
    assert row_of(db, 2)["doubts"] == []
    assert row_of(db, 4)["title"] == "Hội chợ nông sản cuối tuần" and row_of(db, 4)["last_seen_at"] == LATER
    assert whole(db)


def test_a_confirmed_field_stays_where_the_text_changed(db):
    say(db, 1, published_at="11/10/2026", author="Minh Khuê (UBND phường)")
    body = "Sáng nay, tám mươi người dân cùng dọn rác trên kênh Bảy."
    assert meet(db, record(1, LATER, body=body)) == [Outcome.CHANGED]
    row = row_of(db, 1)
    assert (row["body"], row["published_at"], row["author"]) == (body, "2026-10-11", "Minh Khuê (UBND phường)")
    assert row["doubts"] == []
    assert whole(db)


def test_a_page_that_says_a_third_thing_of_a_confirmed_title_is_a_doubt(db):
    say(db, 4, title="Hội chợ nông sản cuối tuần")
    assert meet(db, record(4, LATER, title="Hội chợ nông sản dời sang tháng sau", doubts=[])) == [Outcome.UNCHANGED]
    row = row_of(db, 4)
    assert row["title"] == "Hội chợ nông sản cuối tuần"
    (doubt,) = row["doubts"]
    assert doubt == {"field": "title", "kind": "changed_since", "evidence": "Hội chợ nông sản dời sang tháng sau"}
    meet(db, record(4, AFTER))  # the page says again what it said
    assert row_of(db, 4)["doubts"] == []


@pytest.mark.parametrize("title", ["Hội chợ nông sản cuối tuần", "Hội chợ nông sản dời lại", "Hội chợ"])
def test_confirming_again_settles_that_the_page_changed(db, title):
    say(db, 4, title="Hội chợ nông sản cuối tuần")
    changed = {"title": "Hội chợ nông sản dời lại", "doubts": []}
    meet(db, record(4, LATER, **changed))
    say(db, 4, at=LATER, title=title)
    meet(db, record(4, AFTER, **changed))
    row = row_of(db, 4)
    assert row["title"] == title and row["doubts"] == [] and whole(db)


def test_a_field_that_a_page_no_longer_shows_is_no_doubt(db):
    say(db, 1, published_at="11/10/2026")
    meet(db, record(1, LATER, published_at=None, body="Chữ khác hẳn.", doubts=[]))
    assert row_of(db, 1)["published_at"] == "2026-10-11" and row_of(db, 1)["doubts"] == []


def test_a_text_that_changed_after_it_was_confirmed_is_a_version_without_a_doubt(db):
    say(db, 2)
    body = "Hội khuyến học phường trao hai mươi suất học bổng."
    assert meet(db, record(2, LATER, body=body, doubts=[])) == [Outcome.CHANGED]
    row = row_of(db, 2)
    assert row["body"] == body and row["doubts"] == []
    with Collection(db) as collection:
        assert len(of_article(collection, 2)) == 2


def test_a_text_that_changed_after_it_was_corrected_is_a_version_in_doubt(db):
    right = "Hội khuyến học phường trao mười lăm suất học bổng. Mỗi suất gồm tiền mặt, sách vở và một chiếc xe đạp."
    say(db, 2, body=right)
    assert meet(db, record(2, LATER)) == [Outcome.UNCHANGED]  # the reading that was wrong then
    assert row_of(db, 2)["body"] == right
    body = "Hội khuyến học phường trao hai mươi suất học bổng, mỗi suất gồm một chiếc xe"
    assert meet(db, record(2, AFTER, body=body)) == [Outcome.CHANGED]
    row = row_of(db, 2)
    assert row["body"] == body and {doubt["kind"] for doubt in row["doubts"]} >= {"mid_sentence", "changed_since"}
    with Collection(db) as collection:
        assert [text["body"] for text in of_article(collection, 2)] == [right, body]
    assert whole(db)


def test_a_list_gives_no_section_to_an_article_that_has_none_as_a_person_said(db):
    say(db, 1, section="")
    with Collection(db) as collection:
        collection.add_aliases("hoaan_dongha", "1", [], LATER, section="Tin chung")
        collection.add_aliases("hoaan_dongha", "3", [], LATER, section="Tin chung")
    assert (row_of(db, 1)["section"], row_of(db, 3)["section"]) == (None, "Tin chung")


def test_a_copy_of_a_corrected_article_is_recognised_still(db):
    say(db, 4, title="Hội chợ nông sản cuối tuần")
    assert meet(db, record(4, LATER, site="hoaan_dongha", key="99"), twin=True) == [Outcome.DUPLICATE]


# Reading captures again


def test_reading_a_capture_again_changes_nothing_that_was_confirmed(db):
    right = "Hội khuyến học phường trao mười lăm suất học bổng, mỗi suất gồm một chiếc xe đạp."
    say(db, 2, body=right, author="")
    better = record(2, author="Admin", body="Một cách đọc khác của cùng trang ấy.", source="Báo xã")
    assert reread(db, 2, better) == {"source"}
    row = row_of(db, 2)
    assert (row["body"], row["author"], row["source"], row["doubts"]) == (right, None, "Báo xã", [])
    assert reread(db, 2, better) == set()
    assert whole(db)


# Other machines


@pytest.mark.parametrize("form", ["jsonl", "sqlite"])
def test_what_people_said_is_exported_and_comes_back(db, tmp_path, form):
    say(db, 1, published_at="11/10/2026")
    say(db, 2)
    hand_on(db, form, tmp_path / "out")
    other = tmp_path / "other.db"
    take(other, tmp_path / "out")
    assert history(other, 1) == history(db, 1) and history(other, 2) == history(db, 2)
    assert row_of(other, 1)["published_at"] == "2026-10-11" and row_of(other, 4)["doubts"] == row_of(db, 4)["doubts"]
    meet(other, record(1, LATER, body="Chữ khác."))
    assert row_of(other, 1)["published_at"] == "2026-10-11"


def test_a_correction_is_handed_on_as_a_change(db, tmp_path):
    say(db, 1, published_at="11/10/2026")
    hand_on(db, "jsonl", tmp_path / "since.jsonl", changed_since="2026-11-22")
    (line,) = (tmp_path / "since.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["id"] == 1
    assert datestamp(json.loads(line)) == SAID


def test_an_import_does_not_overwrite_what_was_confirmed_here(db, tmp_path):
    hand_on(db, "jsonl", tmp_path / "before.jsonl")
    meet(db, record(1, LATER, body="Chữ mới của trang."))
    hand_on(db, "jsonl", tmp_path / "newer.jsonl")
    mine = keep(tmp_path / "mine.db")
    say(mine, 1, published_at="11/10/2026", title="Ra quân dọn kênh Bảy")
    say(mine, 2)
    for name in ("before.jsonl", "newer.jsonl", "before.jsonl"):
        take(mine, tmp_path / name)
    row = row_of(mine, 1)
    assert (row["title"], row["body"]) == ("Ra quân dọn kênh Bảy", "Chữ mới của trang.")
    assert row["published_at"] == "2026-10-11" and row["doubts"] == [] and row_of(mine, 2)["doubts"] == []
    with Collection(mine) as collection:
        assert [text["title"] for text in of_article(collection, 1)] == ["Ra quân dọn kênh Bảy"] * 2
    assert whole(mine)


def test_an_import_brings_what_was_confirmed_there(db, tmp_path):
    theirs = keep(tmp_path / "theirs.db")
    say(theirs, 1, published_at="11/10/2026")
    say(theirs, 4, title="Hội chợ nông sản cuối tuần", by="mai")
    hand_on(theirs, "jsonl", tmp_path / "theirs.jsonl")
    say(db, 1, published_at="12/11/2026", at=AFTER)  # the later word
    for _ in range(2):
        take(db, tmp_path / "theirs.jsonl")
        assert row_of(db, 1)["published_at"] == "2026-11-12" and len(history(db, 1)) == 2
        row = row_of(db, 4)
        assert row["title"] == "Hội chợ nông sản cuối tuần" and row["doubts"] == []
        with Collection(db) as collection:
            assert len(of_article(collection, 4)) == 1
    assert whole(db)


def test_what_the_page_says_since_is_not_lost_by_an_import(db, tmp_path):
    say(db, 4, title="Hội chợ nông sản cuối tuần")
    hand_on(db, "jsonl", tmp_path / "own.jsonl")
    meet(db, record(4, LATER, title="Hội chợ dời lại", doubts=[]))
    take(db, tmp_path / "own.jsonl")
    assert [doubt["kind"] for doubt in row_of(db, 4)["doubts"]] == ["changed_since"]
