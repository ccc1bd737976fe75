"""`tinphuong prune`: what the rules name goes, and nothing that anything needs."""

import json
import resource
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from crawler import clock
from crawler.cli import main
from storage.archives.captures import folder_of
from storage.collection import Collection
from storage.locking import sole_writer
from storage.pruning import Rules, prune
from storage.versions import captured_articles, captured_page
from tests.keeping.kept import NOW, damage, nothing, tree, with_lists
from tests.storage.captured import Opened, exchange, warcio_check

ALL = Rules(1, 1, 1)


def pruned(db, rules=ALL, *, now=NOW, dry_run=False):
    return prune(db, rules, software="test", now=now, dry_run=dry_run, progress=nothing)


def rows(db, sql):
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def db(tmp_path):
    return with_lists(tmp_path / "tin")


def test_a_dry_run_says_what_would_go_and_changes_nothing(db, capsys, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    before = tree(db.parent)
    options = ["--listings", "1", "--robots", "1", "--revisits", "1"]
    assert main(["--db", str(db), "prune", "--dry-run", *options, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    would_go = {rule["rule"]: rule["captures"] for rule in said["rules"]}
    assert said["dry_run"] and all(would_go.values())
    assert main(["--db", str(db), "prune", "--dry-run", *options]) == 0
    assert f"{sum(would_go.values())} of 30 captures would go; nothing was changed." in capsys.readouterr().out
    assert tree(db.parent) == before
    size = sum(path.stat().st_size for path in folder_of(db).iterdir())
    assert main(["--db", str(db), "prune", *options, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["removed"] == sum(would_go.values()) and done["rules"] == said["rules"]
    assert done["bytes"] == size - sum(path.stat().st_size for path in folder_of(db).iterdir()) > 0


def test_every_article_and_version_keeps_its_capture_and_every_revisit_its_payload(db):
    pointing = "SELECT id, capture_id FROM articles UNION ALL SELECT id, capture_id FROM versions"
    before = rows(db, pointing)
    newest = rows(db, "SELECT url, kind, max(captured_at) FROM captures GROUP BY url, kind")
    pages = texts(db)
    done = pruned(db)
    assert done.removed > 10 and not done.left
    assert damage(db) == []
    assert rows(db, pointing) == before and len(before) > 4
    assert rows(db, "SELECT url, kind, max(captured_at) FROM captures GROUP BY url, kind") == newest
    assert texts(db) == pages
    assert warcio_check(*folder_of(db).glob("*.warc.gz"))[0] == 0
    assert pruned(db).removed == 0
    head = rows(db, "SELECT DISTINCT file FROM captures WHERE file LIKE 'pruned-%'")
    assert head and b"kept of tinphuong-" in unpacked(folder_of(db) / head[0][0])


def unpacked(path):
    import gzip

    return gzip.decompress(path.read_bytes())


def texts(db):
    with Collection(db) as collection:
        return {number: captured_page(collection, number).html for number, _ in captured_articles(collection)}


def test_age_decides_and_never_is_never(db):
    last = max(rows(db, "SELECT max(captured_at) FROM captures"))[0]
    assert pruned(db, Rules(36_500, 36_500, 36_500), dry_run=True).by_rule == {
        "listings": (0, 0), "robots": (0, 0), "revisits": (0, 0),
    }  # fmt: skip
    assert pruned(db, Rules(None, None, None)).removed == 0
    only = pruned(db, Rules(None, 1, None))
    assert list(only.by_rule) == ["robots"] and only.removed == only.by_rule["robots"][0] > 0
    assert rows(db, "SELECT count(*) FROM captures WHERE kind = 'listing'") == [(10,)]
    assert max(rows(db, "SELECT max(captured_at) FROM captures"))[0] == last


def test_the_next_crawl_goes_on_and_prunes_again(db):
    pruned(db)
    with Opened(db.parent) as opened:
        assert not list(opened.captures.repaired.sentences())
        opened.article(9, "Tin mới")
        opened.keep(exchange(9, b"<html>x</html>", url="https://mot.gov.vn/ds?p=0", minutes=1440 * 30), "listing")
    assert damage(db) == []
    assert pruned(db, now=NOW + timedelta(days=400)).removed > 0
    assert damage(db) == []


def test_a_refused_page_and_a_removal_keep_their_evidence(db):
    with Opened(db.parent) as opened:
        for day in (10, 20):
            opened.keep(exchange(1, b"", status=404, minutes=1440 * day))
        opened.keep(exchange(77, b"phan hai", url="https://mot.gov.vn/1.html?trang=2"))
        opened.keep(exchange(77, b"phan hai", url="https://mot.gov.vn/1.html?trang=2", minutes=1440 * 9))
    count = "SELECT count(*) FROM captures WHERE status = 404 OR url LIKE '%trang%'"
    assert pruned(db).removed and rows(db, count) == [(4,)]
    assert damage(db) == []


def test_a_damaged_file_stays_as_it_is_and_is_named(db, capsys, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    ((name,),) = rows(db, "SELECT file FROM captures WHERE kind = 'listing' ORDER BY id LIMIT 1 OFFSET 2")
    path = folder_of(db) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    found = len(damage(db))
    assert main(["--db", str(db), "prune", "--listings", "1", "--robots", "1", "--revisits", "1"]) == 1
    assert f"left as it is: {name}" in capsys.readouterr().out
    assert path.read_bytes() == content and len(damage(db)) == found


def test_a_disk_that_is_full_loses_nothing(db, capsys, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    folder = folder_of(db)
    before = tree(folder)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(sqlite3.connect(db)):  # keeps the journal's files, which may not be made anew
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, limits[1]))
        try:
            assert main(["--db", str(db), "prune", "--listings", "1", "--robots", "1", "--revisits", "1"]) in (1, 2)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert capsys.readouterr().err.count("\n") == 1
    assert tree(folder) == before and damage(db) == []


def test_where_it_cannot_be(db, tmp_path, capsys):
    assert main(["--db", str(tmp_path / "none.db"), "prune"]) == 2
    assert "there is no database" in capsys.readouterr().err
    with sole_writer(db):
        assert main(["--db", str(db), "prune"]) == 75
        assert main(["--db", str(db), "prune", "--dry-run", "--quiet"]) == 0
    for words in (["--listings", "0"], ["--robots", "soon"], ["--revisits", "-1"], ["--listings", "²"]):
        with pytest.raises(SystemExit) as ended:
            main(["--db", str(db), "prune", *words])
        assert ended.value.code == 2
