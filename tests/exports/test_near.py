"""Near duplicates on their way out and in: groups are exported, copied, and found again."""

import json
import sqlite3

import pytest

from crawler.cli import main
from storage import Collection
from storage.fixity.verification import verify
from storage.near import group_of, groups, link_waiting, marks, waiting
from tests.exports.conftest import edit
from tests.exports.handing import hand_on, take

AT = "2027-01-01T00:00:00+00:00"


def near_facts(db):
    """The groups, by the addresses of their articles, the earliest first."""
    with Collection(db) as collection:
        return {(group.earliest.url, *sorted(member.url for member in group.others)) for group in groups(collection.db)}


@pytest.fixture(scope="module")
def linked(kept, tmp_path_factory):
    db = tmp_path_factory.mktemp("linked") / "tin.db"
    with sqlite3.connect(kept) as source, sqlite3.connect(db) as target:
        source.backup(target)
    with Collection(db) as collection:
        link_waiting(collection, at=AT)
        [group] = groups(collection.db)
    return db, group


def test_jsonl_tells_of_groups_and_an_import_finds_them_again(linked, tmp_path):
    db, group = linked
    ids = [group.earliest.id, *(member.id for member in group.others)]
    hand_on(db, "jsonl", tmp_path / "a.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    told_of = {"earliest_id": ids[0], "earliest_url": group.earliest.url, "articles": sorted(ids)}
    assert {line["id"]: line["near_group"] for line in lines if line["near_group"]} == dict.fromkeys(ids, told_of)
    done = take(tmp_path / "new.db", tmp_path / "a.jsonl")
    assert done.near_duplicates == 1 and near_facts(tmp_path / "new.db") == near_facts(db)


def test_a_database_carries_its_groups(linked, tmp_path):
    db, _ = linked
    hand_on(db, "sqlite", tmp_path / "a.sqlite")
    assert near_facts(tmp_path / "a.sqlite") == near_facts(db)
    assert not verify(tmp_path / "a.sqlite", lambda done, total: None).damage
    with Collection(tmp_path / "a.sqlite") as collection, Collection(db) as whole:
        assert waiting(collection.db) == 0
        for names in ("article_id, other_id, likeness FROM near_duplicates", "* FROM near_groups"):
            assert list(collection.rows(f"SELECT {names}")) == list(whole.rows(f"SELECT {names}"))
        carried, kept = (
            {tuple(row.values()) for row in each.rows("SELECT * FROM near_sketches")} for each in (collection, whole)
        )
        assert carried < kept, "the sketches of earlier texts are carried over, or others are not"
        assert {article for _, article in carried} == {article for _, article in kept}
    take(tmp_path / "new.db", tmp_path / "a.sqlite")
    assert near_facts(tmp_path / "new.db") == near_facts(db)


def test_a_group_that_was_not_chosen_whole_is_put_together_anew(linked, tmp_path):
    db, group = linked
    [other] = group.others
    hand_on(db, "sqlite", tmp_path / "a.sqlite", since=other.published_at[:10], allow_incomplete=True)
    with Collection(tmp_path / "a.sqlite") as collection:
        assert [row["article_id"] for row in collection.rows("SELECT * FROM near_waiting")] == [other.id]
        assert group_of(collection.db, other.id) is None
        link_waiting(collection, at=AT)
        assert groups(collection.db) == []


def test_two_collections_become_one_and_their_stories_meet(db, tmp_path):
    with Collection(db) as collection:
        link_waiting(collection, at=AT)
        [group] = groups(collection.db)
        [other] = group.others
    hand_on(db, "jsonl", tmp_path / "one.jsonl", until=group.earliest.published_at[:10])
    hand_on(db, "jsonl", tmp_path / "two.jsonl", since=other.published_at[:10])
    new = tmp_path / "new.db"
    assert take(new, tmp_path / "two.jsonl").near_duplicates == 0
    assert take(new, tmp_path / "one.jsonl").near_duplicates == 1
    assert near_facts(new) == near_facts(db)


def test_an_edited_article_leaves_its_group(db):
    with Collection(db) as collection:
        link_waiting(collection, at=AT)
        [group] = groups(collection.db)
    edit(db, group.earliest.id, "Một chuyện khác hẳn của tổ 14. " * 20, "2027-05-01T00:00:00+00:00")
    with Collection(db) as collection:
        assert link_waiting(collection, at=AT).articles == 1
        assert groups(collection.db) == [] and marks(collection.db, [group.earliest.id]) == {}


def test_the_command_shows_groups_and_what_differs(linked, capsys):
    db, group = linked
    [other] = group.others
    assert main(["--db", str(db), "similar"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == group.earliest.title
    assert f"earliest    {group.earliest.published_at[:10]}  #{group.earliest.id}" in shown and "0.9" in shown
    assert main(["--db", str(db), "--json", "similar", str(other.id)]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [article["id"] for article in facts["articles"]] == [group.earliest.id, other.id]
    assert "[-" in facts["differences"][0]["changes"]["title"]
    assert main(["--db", str(db), "--json", "search", "title:phân loại rác"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["near_group"]["earliest_url"] for row in found if row["near_group"]} == {group.earliest.url}
    assert main(["--db", str(db), "similar", "3"]) == 0
    assert "No near duplicate" in capsys.readouterr().out
    for wrong in (["999999"], ["--limit", "0"], ["--site", "nowhere"]):
        assert main(["--db", str(db), "similar", *wrong]) == 2
        assert "Traceback" not in capsys.readouterr().err


def test_an_older_collection_is_linked_on_demand(db, capsys):
    with Collection(db) as collection:
        collection.execute("DELETE FROM near_groups", ())
        collection.execute("DELETE FROM near_duplicates", ())
        collection.execute("DELETE FROM near_sketches", ())
        collection.execute("INSERT OR IGNORE INTO near_waiting (article_id) SELECT id FROM articles", ())
    assert main(["--db", str(db), "similar"]) == 0
    assert "100 articles are not compared yet" in capsys.readouterr().out
    assert main(["--db", str(db), "similar", "--link"]) == 0
    assert "Phân loại rác" in capsys.readouterr().out
