"""What was exported comes back whole, and two collections become one."""

import json
import shutil
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli import main
from storage import Collection
from storage.archives.captures import folder_of
from storage.fixity.verification import verify
from storage.imports import BadImport
from storage.imports.timeline import OURS, THEIRS, joined, texts
from tests.examples import examples
from tests.exports.conftest import edit
from tests.exports.handing import hand_on, take

KINDS = {"jsonl": "a.jsonl", "sqlite": "a.sqlite", "bagit": "bag"}


@pytest.fixture(scope="module")
def handed(kept, tmp_path_factory):
    """The collection in every form that can be imported."""
    folder = tmp_path_factory.mktemp("handed")
    for name, place in KINDS.items():
        hand_on(kept, name, folder / place)
    return folder


def as_jsonl(db, folder):
    hand_on(db, "jsonl", folder / "again.jsonl", force=True)
    return (folder / "again.jsonl").read_bytes()


def held(collection, table):
    """The rows of a table, in no order and without ids of their own."""
    own = "id" if table == "skipped" else ""
    rows = collection.rows(f"SELECT * FROM {table}")
    return {tuple(value for name, value in row.items() if name != own) for row in rows}


def facts(db):
    """What a collection knows, free of ids: articles with their texts and times, and addresses."""
    with Collection(db) as collection:
        every = (
            "SELECT a.site, a.key, v.content_hash FROM versions v JOIN articles a ON a.id = v.article_id "
            "UNION SELECT site, key, content_hash FROM articles"
        )
        return {
            "articles": {
                (row["site"], row["key"]): row["first_seen_at"] for row in collection.rows("SELECT * FROM articles")
            },
            "texts": {tuple(row.values()) for row in collection.rows(every)},
            "urls": {row["url"]: row["first_seen_at"] for row in collection.rows("SELECT * FROM article_urls")},
        }


@pytest.mark.parametrize("name", KINDS)
def test_a_round_trip_loses_nothing(kept, handed, tmp_path, name):
    db = tmp_path / "new.db"
    done = take(db, handed / KINDS[name])
    assert (done.added, done.merged, done.tied, done.damaged) == (100, 0, 0, 0)
    assert as_jsonl(db, tmp_path) == (handed / "a.jsonl").read_bytes()
    assert not verify(db, lambda done, total: None).damage
    again = take(db, handed / KINDS[name])
    assert (again.added, again.merged) == (0, 100)
    assert as_jsonl(db, tmp_path) == (handed / "a.jsonl").read_bytes()
    with Collection(kept) as old, Collection(db) as new:
        assert [row["id"] for row in old.search("phuong", limit=50)] == [
            row["id"] for row in new.search("phuong", limit=50)
        ]
        if name != "jsonl":  # which holds no run's counts
            for table in ("runs", "run_log", "skipped"):
                assert held(old, table) == held(new, table)


def test_a_bag_brings_the_captures_and_they_stay_what_they_were(handed, kept, tmp_path):
    db = tmp_path / "new.db"
    assert take(db, handed / "bag").captures > 100
    hand_on(kept, "warc", tmp_path / "one.warc.gz")
    hand_on(db, "warc", tmp_path / "two.warc.gz")
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for name in ("one", "two"):
        with (tmp_path / f"{name}.warc.gz").open("rb") as stream:
            found.append({
                (record.rec_headers.get_header("WARC-Record-ID"), record.content_stream().read())
                for record in ArchiveIterator(stream) if record.rec_type != "warcinfo"
            })  # fmt: skip
    assert found[0] == found[1]


def test_facts_first_captures_later(handed, tmp_path):
    db = tmp_path / "new.db"
    take(db, handed / "a.jsonl")
    with Collection(db) as collection:
        assert next(collection.rows("SELECT count(capture_id) AS n FROM articles"))["n"] == 0
    assert take(db, handed / "bag").captures > 100
    with Collection(db) as collection:
        assert next(collection.rows("SELECT count(capture_id) AS n FROM articles"))["n"] > 90
    assert as_jsonl(db, tmp_path) == (handed / "a.jsonl").read_bytes()


def test_another_machines_database_is_merged_with_its_captures(db, kept, tmp_path):
    ours = tmp_path / "ours" / "tin.db"
    ours.parent.mkdir()
    with sqlite3.connect(kept) as source, sqlite3.connect(ours) as target:
        source.backup(target)
    shutil.copytree(folder_of(kept), folder_of(ours))
    edit(db, 3, "Bản thứ ba, sửa ở máy kia.", "2027-04-01T00:00:00+00:00")
    edit(ours, 4, "Bản sửa ở máy này.", "2027-04-02T00:00:00+00:00")
    take(ours, db)
    with Collection(ours) as collection:
        bodies = [row["body"] for row in collection.rows("SELECT body FROM versions WHERE article_id = 3 ORDER BY id")]
        assert len(bodies) == 2 and "Bản sửa" in bodies[1]
        assert next(collection.rows("SELECT body FROM articles WHERE id = 3"))["body"] == "Bản thứ ba, sửa ở máy kia."
        assert next(collection.rows("SELECT body FROM articles WHERE id = 4"))["body"] == "Bản sửa ở máy này."
        assert [row["id"] for row in collection.search('"sửa ở máy kia"')] == [3]
    assert not verify(ours, lambda done, total: None).damage


def test_the_same_text_under_another_identity_makes_no_second_row(handed, tmp_path):
    lines = (handed / "a.jsonl").read_text(encoding="utf-8").splitlines()
    article = next(item for item in map(json.loads, lines) if len(item["body"]) > 200 and not item["versions"])
    copy = article | {"id": 5000, "site": "elsewhere", "key": "k", "url": "http://elsewhere.example/k"}
    copy["urls"] = [copy["urls"][0] | {"url": copy["url"], "site": "elsewhere", "key": "k", "relation": "canonical"}]
    copy["run"] = copy["run"] | {"site": "elsewhere"}
    (tmp_path / "copy.jsonl").write_text(json.dumps(copy) + "\n")
    db = tmp_path / "new.db"
    take(db, handed / "a.jsonl")
    done = take(db, tmp_path / "copy.jsonl")
    assert (done.added, done.tied) == (0, 1)
    with Collection(db) as collection:
        row = next(collection.rows("SELECT * FROM article_urls WHERE url = ?", [copy["url"]]))
    assert (row["article_id"], row["relation"]) == (article["id"], "duplicate")


@pytest.mark.parametrize("content", ["", "no json\n", '{"a": 1}\n', "[1]\n"])
def test_what_is_no_export_is_refused(tmp_path, content):
    (tmp_path / "x").write_text(content)
    if content:
        with pytest.raises(BadImport):
            take(tmp_path / "new.db", tmp_path / "x")
    else:
        assert take(tmp_path / "new.db", tmp_path / "x").added == 0


def test_a_damaged_bag_or_text_is_not_taken_in(handed, tmp_path, capsys):
    shutil.copytree(handed / "bag", tmp_path / "bag")
    (tmp_path / "bag" / "data" / "articles.csv").write_text("x")
    with pytest.raises(BadImport, match=r"articles\.csv"):
        take(tmp_path / "new.db", tmp_path / "bag")
    article = json.loads((handed / "a.jsonl").read_text(encoding="utf-8").splitlines()[0])
    (tmp_path / "x.jsonl").write_text(json.dumps(article | {"body": "another text"}) + "\n")
    assert main(["--db", str(tmp_path / "new.db"), "import", str(tmp_path / "x.jsonl")]) == 1
    assert "left out" in capsys.readouterr().out


SEEN = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 9)), min_size=1, max_size=6)


def history(seen):
    """An article as one machine knows it that saw text `letter` on day `day`, for each of `seen`."""
    spans = []
    for letter, day in sorted(seen, key=lambda pair: pair[1]):
        if spans and spans[-1][0] == letter:
            spans[-1][2] = f"{day}"
        else:
            spans.append([letter, f"{day}", f"{day}"])
    rows = [
        {"content_hash": letter, "summary": "", "seen_from": first, "seen_until": last} for letter, first, last in spans
    ]
    *versions, today = rows
    changed = today["seen_from"] if versions else None
    first = rows[0]["seen_from"]
    return today | {"first_seen_at": first, "last_seen_at": today["seen_until"], "changed_at": changed}, versions


@given(ours=SEEN, theirs=SEEN)
def test_two_histories_joined_lose_no_text_and_no_time(ours, theirs):
    made = joined(texts(*history(ours), OURS), texts(*history(theirs), THEIRS))
    for letter, day in [*ours, *theirs]:
        assert any(
            text.row["content_hash"] == letter and text.seen_from <= f"{day}" <= text.seen_until for text in made
        )
    assert made[-1].seen_until == max(text.seen_until for text in made)
    assert len(made) <= len(history(ours)[1]) + len(history(theirs)[1]) + 2


@pytest.mark.long
@examples(12)
@given(data=st.data())
def test_two_collections_become_one_whichever_comes_first(handed, tmp_path_factory, data):
    lines = (handed / "a.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines][::9]
    moments = st.integers(10, 28).map(lambda day: f"2026-10-{day}T00:00:00+00:00")
    parts = {"one": [], "two": []}
    for article in articles:
        for owner in data.draw(st.sampled_from([("one",), ("two",), ("one", "two")])):
            seen = data.draw(moments)
            urls = [item | {"first_seen_at": seen} for item in article["urls"]]
            parts[owner].append(article | {"first_seen_at": seen, "urls": urls})
    folder = tmp_path_factory.mktemp("two")
    for owner, items in parts.items():
        (folder / f"{owner}.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
        take(folder / f"{owner}.db", folder / f"{owner}.jsonl")
    for order in (("one", "two"), ("two", "one")):
        for owner in order:
            take(folder / f"{'-'.join(order)}.db", folder / f"{owner}.jsonl")
    one, two, both, turned = (facts(folder / f"{name}.db") for name in ("one", "two", "one-two", "two-one"))
    assert both == turned
    for kind in ("articles", "urls"):
        earliest = {name: min(side[kind][name] for side in (one, two) if name in side[kind])
                    for name in one[kind].keys() | two[kind].keys()}  # fmt: skip
        assert both[kind] == earliest
    assert both["texts"] == one["texts"] | two["texts"]
