"""The same export again, the round trip, and deliveries that follow each other."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from crawler.cli import main
from storage import Collection
from storage.archives.captures import Captures, folder_of
from storage.archives.warc import Exchange
from storage.exports import FORMATS, delivery
from storage.exports.delivery import BrokenChain, NotADelivery
from storage.fixity.verification import verify
from storage.imports import BadImport
from storage.near import link_waiting
from tests.exports.conftest import edit, remove
from tests.exports.handing import hand_on, take
from tests.exports.strangers import DAY, article, written
from tests.running import ROOT

SITE = "hanoi_trucbach"
LONG_AGO = "2019-01-01T00:00:00+00:00"


def content(path):
    """The bytes of a file, or of all files of a folder by their places."""
    if path.is_file():
        return path.read_bytes()
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def differing(one, two):
    """The places that differ between two folders."""
    one, two = content(one), content(two)
    return {place for place in one.keys() | two.keys() if one.get(place) != two.get(place)}


@pytest.fixture(scope="module")
def rich(kept, tmp_path_factory):
    """The collection with captures in two files, of two versions of the program."""
    db = tmp_path_factory.mktemp("rich") / "tin.db"
    with sqlite3.connect(kept) as source, sqlite3.connect(db) as target:
        source.backup(target)
    shutil.copytree(folder_of(kept), folder_of(db))
    with Collection(db) as collection:
        captures = Captures(collection, {"software": "another version"})
        for row in list(collection.rows("SELECT url, site FROM articles WHERE id IN (4, 9)")):
            page = f"<html><body>{row['url']}</body></html>".encode()
            exchange = Exchange(
                row["url"], 200, ((b"Content-Type", b"text/html"),), page, datetime(2027, 1, 1, tzinfo=UTC)
            )
            captures.keep(exchange, site=row["site"], kind="article", run_id=None)
        captures.close()
        link_waiting(collection, at="2027-01-05T00:00:00+00:00", progress=lambda done, total: None)
        assert len(list(folder_of(db).glob("*.warc.gz"))) == 2
    return db


@pytest.fixture(scope="module")
def twice(rich, tmp_path_factory):
    """Two folders with every format: of the database, and of a copy that was vacuumed, on another day elsewhere."""
    folder = tmp_path_factory.mktemp("twice")
    copy = folder / "another place" / "tin.db"
    copy.parent.mkdir()
    with sqlite3.connect(rich) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    shutil.copytree(folder_of(rich), folder_of(copy))
    worlds = (
        (rich, "one", 0, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}, ROOT),
        (copy, "two", 400, {"PYTHONHASHSEED": "77", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "vi_VN.UTF-8"}, copy.parent),
    )
    for db, name, days, world, cwd in worlds:
        command = [sys.executable, "-m", "tests.exports.again", str(db), str(folder / name), str(days)]
        environment = os.environ | world | {"PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=cwd, env=environment, check=True)
    return folder / "one", folder / "two"


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_state_gives_the_same_bytes_on_any_day_in_any_place(twice, name):
    one, two = twice
    assert content(one / name) == content(two / name)


def test_a_bag_is_the_same_after_a_round_trip(rich, tmp_path):
    """Nothing of it differs, as long as the new database has the name of the old one, by which the bag is called."""
    hand_on(rich, "bagit", tmp_path / "one")
    db = tmp_path / "new" / "tin.db"
    assert take(db, tmp_path / "one").added == 100
    hand_on(db, "bagit", tmp_path / "two")
    assert differing(tmp_path / "one", tmp_path / "two") == set()
    assert not verify(db, lambda done, total: None).damage


def test_a_database_of_another_name_hands_on_the_same_collection(rich, tmp_path):
    hand_on(rich, "bagit", tmp_path / "one", sites=(SITE,))
    db = tmp_path / "other.db"
    take(db, tmp_path / "one")
    hand_on(db, "bagit", tmp_path / "two", sites=(SITE,))
    assert differing(tmp_path / "one", tmp_path / "two") == set()
    assert delivery.read(tmp_path / "two").collection == rich.stem


def test_what_goes_on_by_itself_has_its_own_name(rich, tmp_path):
    hand_on(rich, "bagit", tmp_path / "one", sites=(SITE,))
    db = tmp_path / "other.db"
    take(db, tmp_path / "one")
    with Collection(db) as collection:
        run = collection.begin_run(SITE, mode="live", started_at=DAY, software="x")
        collection.finish_run(run, finished_at=DAY, status="ok", reason=None, message="", counts={}, skipped={})
    hand_on(db, "bagit", tmp_path / "two", sites=(SITE,))
    assert delivery.read(tmp_path / "two").collection == "other"


def test_a_database_says_where_in_the_bag_a_capture_lies(rich, tmp_path):
    from storage.archives.warc import read_record

    hand_on(rich, "bagit", tmp_path / "bag")
    hand_on(rich, "sqlite", tmp_path / "a.sqlite")
    with sqlite3.connect(tmp_path / "bag" / "data" / "collection.sqlite") as connection:
        rows = connection.execute("SELECT record_id, file, offset, length FROM captures").fetchall()
    assert {file for _, file, *_ in rows} == {"articles.warc.gz"}
    for record_id, file, offset, length in rows:
        record = read_record(tmp_path / "bag" / "data" / "raw" / file, offset)
        assert (record.id, record.length) == (record_id, length)
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        assert {file for (file,) in connection.execute("SELECT file FROM captures")} == {""}


@pytest.mark.parametrize("name", ["bagit", "oai", "html", "sqlite", "parquet", "wacz", "warc"])
def test_an_export_states_what_it_is(rich, twice, name):
    said = delivery.read(twice[0] / name)
    with Collection(rich) as collection:
        assert said.format == name and said.articles == 100 and said.choice == {} and said.software == "tinphuong/0"
        assert said.state == next(collection.rows("SELECT max(removed_at) AS at FROM articles"))["at"]
    bag = delivery.read(twice[1] / "bagit")
    assert (said.content, said.identifier, said.log) == (bag.content, bag.identifier, bag.log)


def test_the_bag_names_choice_and_digest(rich, tmp_path):
    hand_on(rich, "bagit", tmp_path / "bag", sites=(SITE,), since="2020")
    said = delivery.read(tmp_path / "bag")
    info = dict(line.split(": ", 1) for line in (tmp_path / "bag" / "bag-info.txt").read_text().splitlines())
    assert json.loads(info["Selection"]) == said.choice == {"site": [SITE], "since": "2020"}
    assert info["Database-Digest"] == f"sha256:{said.content}" and info["External-Identifier"] == said.identifier
    readme = (tmp_path / "bag" / "data" / "README.md").read_text()
    assert said.identifier in readme and said.content in readme


def test_the_digest_follows_the_content(db, tmp_path):
    def digest():
        return hand_on(db, "jsonl", tmp_path / "a", force=True).delivery.content

    before = digest()
    with sqlite3.connect(db) as connection:
        connection.execute("VACUUM")
    assert digest() == before
    with Collection(db) as collection:
        collection.change_article(8, {"author": "Một người khác"})
    assert digest() != before


# Deliveries that follow each other


def chosen(path):
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_delivery_goes_on_from_the_one_before(db, tmp_path):
    hand_on(db, "bagit", tmp_path / "one")
    one = delivery.read(tmp_path / "one")
    hand_on(db, "jsonl", tmp_path / "none", earlier=one)
    assert chosen(tmp_path / "none") == [5], "only what is said of the last moment itself may come again"
    edit(db, 8, "Một bản mới.", "2027-03-01T00:00:00+00:00")
    remove(db, 9, "2027-03-02T00:00:00+00:00")
    hand_on(db, "bagit", tmp_path / "two", earlier=one)
    assert set(chosen(tmp_path / "two" / "data" / "articles.jsonl")) == {5, 8, 9}
    two = delivery.read(tmp_path / "two")
    assert two.previous == one.as_previous()
    info = (tmp_path / "two" / "bag-info.txt").read_text()
    assert f"Previous-Delivery: {one.identifier}\n" in info
    assert f"Previous-Delivery-Digest: sha256:{one.digest}\n" in info


def test_what_a_later_run_found_in_an_archive_is_not_lost(db, tmp_path):
    """Its own moments are long ago: the run counts."""
    one = hand_on(db, "jsonl", tmp_path / "one").delivery
    with Collection(db) as collection:
        run = collection.begin_run(SITE, mode="replay", started_at="2027-03-01T00:00:00+00:00", software="x")
        columns = "site, key, url, title, content_hash, first_seen_at, last_seen_at, run_id"
        values = [SITE, "old", "http://old.example/1", "Bài cũ", "0" * 64, LONG_AGO, LONG_AGO, run]
        collection.execute(f"INSERT INTO articles ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        collection.finish_run(
            run, finished_at="2027-03-01T00:00:09+00:00", status="ok", reason=None, message="", counts={}, skipped={}
        )
    two = hand_on(db, "jsonl", tmp_path / "two", earlier=one).delivery
    assert len(chosen(tmp_path / "two")) == 2 and 5 in chosen(tmp_path / "two")
    hand_on(db, "jsonl", tmp_path / "by-moment", changed_since="2027-03-01T00:00:00+00:00")
    assert len(chosen(tmp_path / "by-moment")) == 1
    hand_on(db, "jsonl", tmp_path / "three", earlier=two)
    assert len(chosen(tmp_path / "three")) == 0


def test_what_was_imported_since_is_not_lost(db, tmp_path):
    """Also where the import brought no run that was new."""
    one = hand_on(db, "jsonl", tmp_path / "one").delivery
    take(db, written(tmp_path, article(901)))
    two = hand_on(db, "jsonl", tmp_path / "two", earlier=one, allow_incomplete=True).delivery
    assert len(chosen(tmp_path / "two")) == 2
    with Collection(db) as collection:
        run = next(
            collection.rows("SELECT * FROM runs WHERE site = (SELECT site FROM articles ORDER BY id DESC LIMIT 1)")
        )
    more = article(902) | {"run": {name: run[name] for name in ("site", "mode", "started_at", "software", "status")}}
    take(db, written(tmp_path, more))
    hand_on(db, "jsonl", tmp_path / "three", earlier=two, allow_incomplete=True)
    keys = [json.loads(line)["key"] for line in (tmp_path / "three").read_text().splitlines()]
    assert more["key"] in keys and article(901)["key"] not in keys


def test_while_a_run_goes_on_the_next_delivery_looks_back_to_its_begin(db, tmp_path):
    with sqlite3.connect(db) as connection:
        connection.execute(
            "INSERT INTO runs (site, mode, started_at, status, software) VALUES (?, 'live', ?, 'running', 'x')",
            [SITE, "2027-01-15T00:00:00+00:00"],
        )
    one = hand_on(db, "jsonl", tmp_path / "one", allow_incomplete=True).delivery
    assert one.since == "2027-01-15T00:00:00+00:00" < one.state


def test_a_chain_is_of_one_collection_and_one_choice(db, tmp_path):
    one = hand_on(db, "jsonl", tmp_path / "one").delivery
    with pytest.raises(BrokenChain, match="the same filters"):
        hand_on(db, "jsonl", tmp_path / "two", earlier=one, sites=(SITE,))
    other = tmp_path / "other.db"
    take(other, written(tmp_path, article(1)))
    with pytest.raises(BrokenChain, match="run number"):
        hand_on(other, "jsonl", tmp_path / "two", earlier=one, allow_incomplete=True)
    assert not (tmp_path / "two").exists()


def test_the_command_line_goes_on_from_a_place(db, tmp_path, capsys):
    def run(*words):
        code = main(["--db", str(db), *map(str, words)])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert run("export", "csv", tmp_path / "a.csv", "--statement", tmp_path / "a.json")[0] == 0
    code, said = run("--json", "export", "warc", tmp_path / "b.warc.gz", "--changed-since", tmp_path / "a.json")
    assert code == 0
    assert json.loads(said)["delivery"]["previous"] == {
        "identifier": (one := delivery.read(tmp_path / "a.json")).identifier, "digest": f"sha256:{one.digest}",
    }  # fmt: skip
    assert run("export", "jsonl", tmp_path / "c", "--changed-since", tmp_path / "b.warc.gz")[0] == 0
    for place, words in ((tmp_path / "a.csv", "does not say which export"), (tmp_path, "no delivery.json"),
                         (tmp_path / "nowhere", "neither a moment nor")):  # fmt: skip
        code, said = run("export", "jsonl", tmp_path / "d", "--changed-since", place)
        assert code == 2 and words in said and "Traceback" not in said


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"identifier": 3}', "{" * 100_000, "\ud800"])
def test_what_is_no_statement_is_refused(tmp_path, text):
    path = tmp_path / "delivery.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(NotADelivery):
        delivery.read(path)


# Importing


def test_the_same_again_brings_nothing_new_and_says_so(rich, twice, tmp_path, capsys):
    db = tmp_path / "tin.db"

    def said(*words):
        assert main(["--db", str(db), *words]) == 0
        return capsys.readouterr().out

    bag = str(twice[0] / "bagit")
    assert "nothing" not in said("import", bag).lower()
    files = sorted(folder_of(db).iterdir())
    before = hand_on(db, "jsonl", tmp_path / "a").delivery
    for name in ("bagit", "jsonl", "sqlite"):
        assert "Nothing was new: 100 articles" in said("import", str(twice[0] / name))
    found = json.loads(said("--json", "import", bag))
    assert found["nothing_new"] is True and found["identifier"] == before.identifier
    assert (found["added"], found["changed"], found["captures"]) == (0, 0, 0)
    assert sorted(folder_of(db).iterdir()) == files
    assert hand_on(db, "jsonl", tmp_path / "b").delivery == before


def test_what_was_only_seen_again_is_new_and_changes_nothing(rich, twice, tmp_path):
    db = tmp_path / "tin.db"
    take(db, twice[0] / "bagit")
    line = json.loads((twice[0] / "jsonl").read_text(encoding="utf-8").splitlines()[0])
    later = line | {"last_seen_at": "2027-06-01T00:00:00+00:00"}
    (tmp_path / "later.jsonl").write_text(json.dumps(later))
    done = take(db, tmp_path / "later.jsonl")
    assert (done.nothing_new, done.changed) == (False, 0)


def test_a_bag_with_a_statement_that_cannot_be_is_refused(twice, tmp_path):
    shutil.copy(twice[0] / "sqlite", tmp_path / "a.sqlite")
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        connection.execute("UPDATE export_info SET value = '{\"identifier\": \"\x1b[2J\"}' WHERE name = 'delivery'")
    with pytest.raises(BadImport, match="nothing was taken in"):
        take(tmp_path / "tin.db", tmp_path / "a.sqlite")
