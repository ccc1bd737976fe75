"""Deliveries of a portal that lives: each goes on from the one before, and together they are the collection."""

import json

import pytest

from storage.exports import delivery
from tests.exports.handing import hand_on, take
from tests.exports.test_import import facts
from tests.living.portal import Portal

DAYS = [f"2025-03-0{day}T01:00:00+00:00" for day in (1, 2, 3)]


@pytest.fixture
def chain(operate, tmp_path):
    """Three bags of three days, and the collection that they are of."""
    portal = Portal("mot.test")
    edited, gone, *_ = portal.publish(8, days_ago=60)
    ward = operate(portal)
    bags, earlier = [], None
    for number, day in enumerate(DAYS):
        if number == 1:
            portal.publish(2, days_ago=1)
            portal.edit(edited)
            portal.pieces[gone].at = "gone"  # which is believed a day later
        if number == 2:
            portal.publish(1)
        ward.crawl("--all", "--full", now=day)
        ward.crawl(now=day.replace("T01", "T02"))  # brings no news, so that the delivery is of a later moment
        bags.append(tmp_path / f"bag{number}")
        hand_on(ward.db, "bagit", bags[-1], earlier=earlier, allow_incomplete=True)
        earlier = delivery.read(bags[-1])
    return ward.db, bags, (edited, gone)


def keys(bag):
    lines = (bag / "data" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {int(json.loads(line)["key"]) for line in lines}


def removed(db):
    from storage import Collection

    with Collection(db) as collection:
        return {row["key"] for row in collection.rows("SELECT key FROM articles WHERE removed_at IS NOT NULL")}


def test_each_holds_what_changed_and_names_the_one_before(chain, tmp_path):
    db, bags, (edited, gone) = chain
    one, two, three = map(keys, bags)
    assert len(one) == 8
    assert edited in two and len(two) == 3, "the second day brought two articles and an edit"
    assert gone in three and len(three) == 2, "the third day brought an article and a removal"
    said = [delivery.read(bag) for bag in bags]
    assert [each.previous for each in said] == [None, said[0].as_previous(), said[1].as_previous()]
    for name, order in (("in", bags), ("back", bags[::-1]), ("mixed", [bags[1], bags[0], bags[2]])):
        new = tmp_path / f"{name}.db"
        remarks = [take(new, bag).remarks for bag in order]
        assert facts(new) == facts(db) and removed(new) == removed(db) == {str(gone)}, name
        assert [bool(each) for each in remarks] == {"in": [0, 0, 0], "back": [1, 1, 0], "mixed": [1, 0, 0]}[name]
        again = [take(new, bag) for bag in order]
        assert not any(each.remarks for each in again) and all(each.changed == 0 for each in again)


def test_a_gap_is_told_of(chain, tmp_path):
    _, bags, _ = chain
    new = tmp_path / "new.db"
    assert take(new, bags[0]).remarks == []
    [said] = take(new, bags[2]).remarks
    assert delivery.read(bags[1]).identifier in said and "not imported here" in said
