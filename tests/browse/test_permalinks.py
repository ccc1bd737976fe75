"""An article's address stays valid when its page is read again and when collections are merged."""

import json
import shutil
import sqlite3
from urllib.parse import quote

import pytest

from storage import Collection
from storage.archives.captures import folder_of
from tests.browse.planted import SITE, plant, record
from tests.running import alone, tinphuong

server = pytest.importorskip("crawler.browse.server")
pytest.importorskip("datasette", reason="the optional group requirements-browse.txt is not installed")


@pytest.fixture
def collection(crawled, tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(crawled.db) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    shutil.copytree(folder_of(crawled.db), folder_of(path))
    return path


def addresses(db):
    """Every identity under which an article was ever met → its title."""
    sql = "SELECT u.site, u.key, a.title FROM article_urls u JOIN articles a ON a.id = u.article_id"
    with sqlite3.connect(db) as connection:
        return {f"/article/{site}/{quote(key, safe='')}": title for site, key, title in connection.execute(sql)}


def answers(db, paths):
    """Path → (status, page) after redirects within the pages."""
    client = server.application(db).client

    async def ask():
        found = {}
        for path in paths:
            url = f"http://localhost{path}"
            answer = await client.request("GET", url, avoid_path_rewrites=True, follow_redirects=True)
            found[path] = (answer.status_code, answer.text)
        return found

    return alone(ask())


def check(db, known):
    for path, (status, page) in answers(db, known).items():
        assert status == 200 and f">{known[path]}</h1>".replace("&", "&amp;") in page.replace("&#34;", '"'), path


def test_an_article_keeps_its_address_after_reprocessing(collection):
    known = addresses(collection)
    assert len(known) > 100
    with sqlite3.connect(collection) as connection:  # as an older version had stored it
        connection.execute("UPDATE articles SET body = body || ' ', content_hash = 'x' WHERE id % 9 = 0")
    done = tinphuong("--db", collection, "reprocess", "--quiet")
    assert done.returncode == 0, f"tinphuong reprocess fails: {done.stderr}"
    check(collection, known)


def test_after_merging_into_a_collection_with_other_ids(collection, tmp_path):
    known = addresses(collection)
    other = tmp_path / "b.db"
    for site in ("hatinh_honglinh", "hanoi_trucbach"):
        path = tmp_path / f"{site}.jsonl"
        assert tinphuong("--db", collection, "export", "jsonl", path, "--site", site).returncode == 0
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")
        assert tinphuong("--db", other, "import", path).returncode == 0
    assert tinphuong("--db", other, "import", collection).returncode == 0
    check(other, known)


def test_a_key_may_look_like_the_address_of_data(tmp_path):
    path, keys = tmp_path / "planted.db", ("tin.json", "tin.json.json")
    plant(path)
    with Collection(path) as collection:
        for key in keys:
            collection.save(record(SITE, key, f"Bài {key}"), 1)
    check(path, {f"/article/{SITE}/{key}": f"Bài {key}" for key in keys})
    data = f"/article/{SITE}/{keys[1]}.json"
    status, text = answers(path, [data])[data]
    assert status == 200 and json.loads(text)["title"] == "Bài tin.json.json"
