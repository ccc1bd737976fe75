"""Texts that today's code reads otherwise than the code that stored them: our better reading is no edit of theirs."""

import pytest

from crawler.text import content_hash
from storage import Collection
from tests.living.portal import Portal

FIRST, SECOND, THIRD = (f"2025-03-0{day}T01:00:00+00:00" for day in (1, 2, 3))
LEFT = "\n\nTừ khóa: phường, tổ dân phố"


def read_badly(begin, **settings):
    """A portal whose articles were stored with a line of the frame in their texts, as by an older tinphuong."""
    portal = Portal("mot.test")
    portal.publish(3, days_ago=5)
    ward = begin(portal, **settings)
    ward.crawl(now=FIRST)
    with Collection(ward.db) as collection:
        for row in list(collection.rows("SELECT * FROM articles")):
            body = row["body"] + LEFT
            changes = {"body": body, "content_hash": content_hash(row["title"], body)}
            collection.change_article(row["id"], changes)
    return ward


def without_captures(begin):
    return read_badly(begin, TINPHUONG_CAPTURE=False)


def test_a_page_that_did_not_change_gets_the_new_reading_and_no_version(go_on_from):
    ward = go_on_from(read_badly)
    (portal,) = ward.world.portals.values()
    portal.count()
    site = ward.crawl(now=SECOND).site("mot")
    assert (site["changed"], site["unchanged"]) == (0, 3), "our better reading is called an edit"
    rows = {int(row["key"]): row for row in ward.rows("SELECT * FROM articles")}
    assert {n: row["body"] for n, row in rows.items()} == {n: piece.body for n, piece in portal.pieces.items()}
    assert {row["changed_at"] for row in rows.values()} == {None}, "our better reading moves the day of the last edit"
    assert ward.rows("SELECT * FROM versions") == [], "our better reading makes a version"
    word = portal.pieces[min(rows)].body.split()[3]
    assert str(min(rows)) in ward.run("search", word, "--json").out, "the new reading is not searched"
    assert ward.run("search", "khóa", "--json").out.strip() == "[]", "the old reading is still searched"


def test_an_edit_is_told_from_our_better_reading(go_on_from):
    ward = go_on_from(read_badly)
    (portal,) = ward.world.portals.values()
    number = min(portal.pieces)
    portal.edit(number)
    assert ward.crawl(now=SECOND).site("mot")["changed"] == 1, "an edit is not noticed, or more is called one"
    assert ward.texts(number) == portal.pieces[number].bodies, "the version is not what their page said, read well"
    assert ward.crawl(now=THIRD).site("mot")["changed"] == 0, "an edit is found twice"


def test_without_a_capture_nobody_can_tell(go_on_from):
    ward = go_on_from(without_captures)
    assert ward.crawl(now=SECOND).site("mot")["changed"] == 3
    assert len(ward.rows("SELECT * FROM versions")) == 3, "a text is thrown away that may have been theirs"


@pytest.mark.parametrize("again", [False, True])
def test_reprocess_corrects_in_place(go_on_from, again):
    ward = go_on_from(read_badly)
    (portal,) = ward.world.portals.values()
    for _ in range(1 + again):
        done = ward.run("reprocess", now=SECOND)
    differing = "0 read differently, 0 of them" if again else "3 read differently, 3 of them"
    assert done.code == 0 and differing in done.out, f"reprocess does not say what it read: {done.out}"
    rows = {int(row["key"]): row for row in ward.rows("SELECT * FROM articles")}
    assert {n: row["body"] for n, row in rows.items()} == {n: piece.body for n, piece in portal.pieces.items()}
    assert {row["changed_at"] for row in rows.values()} == {None} and ward.rows("SELECT * FROM versions") == []
    assert {row["last_seen_at"] for row in rows.values()} == {FIRST}, "to read a capture again counts as a visit"
