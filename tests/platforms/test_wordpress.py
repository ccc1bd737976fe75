"""The WordPress module on a recorded real one: every article, none of what is not public."""

import json
import sqlite3

import pytest

from crawler.text import normalize
from tests.running import ROOT, run

PAGES = ROOT.parent / "shared" / "pages"
pytestmark = pytest.mark.skipif(
    not (PAGES / "wordpress.warc.gz").is_file(), reason="the recorded WordPress is not here"
)


def lines(name):
    return [json.loads(line) for line in (PAGES / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """URL → article, for every address under which one is known."""
    folder = tmp_path_factory.mktemp("wordpress")
    table = folder / "sites.csv"
    table.write_text(
        "slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n"
        "thu_anhoa,Phường An Hòa,127.0.0.1:8102,wordpress,,,/,http\n"
    )
    job = {"db": str(folder / "a.db"), "summary": str(folder / "s.json"), "table": str(table),
           "replay": [str(PAGES / "wordpress.warc.gz")]}  # fmt: skip
    done = run("tests.platforms.runner", json.dumps(job))
    assert done.returncode == 0, f"the recorded WordPress cannot be replayed: {done.stderr}"
    with sqlite3.connect(folder / "a.db") as connection:
        connection.row_factory = sqlite3.Row
        return {
            row["known_as"]: dict(row)
            for row in connection.execute(
                "SELECT u.url AS known_as, a.* FROM articles a JOIN article_urls u ON u.article_id = a.id"
            )
        }


def plain(text):
    """Text without the typography that WordPress puts over quotation marks and dashes."""
    for fancy, simple in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("–", "-"), ("—", "-"), ("…", "...")):
        text = text.replace(fancy, simple)
    return " ".join(normalize(text).split())


def test_all_forty_articles_are_stored_and_nothing_else(stored):
    gold = lines("wordpress.gold.jsonl")
    assert len(gold) == 40 and all(article["url"] in stored for article in gold)
    assert len({row["id"] for row in stored.values()}) == 39  # one is an exact copy
    assert not [page["url"] for page in lines("wordpress.negatives.jsonl") if page["url"] in stored]


def test_title_day_and_text_are_right(stored):
    for article in lines("wordpress.gold.jsonl"):
        row = stored[article["url"]]
        assert plain(row["title"]) == plain(article["title"])
        if not article["duplicate"]:
            assert row["published_at"][:16] == article["published"][:16]
        text = plain(f"{row['summary'] or ''} {row['body']}")  # of all its pages: one article goes on at /2/
        assert [part for part in article["body_paragraphs"] if plain(part) not in text] == []
