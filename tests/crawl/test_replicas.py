"""What a crawl of the replica portals stores, held against what their content says."""

import json
import sqlite3
from pathlib import Path

import pytest

from crawler.registry import sites

EXPECTED = Path(__file__).resolve().parents[1] / "portals" / "expected"
FIELDS = (
    "title", "summary", "body", "author", "published_at", "published_precision", "published_raw", "published_from",
)  # fmt: skip


def expected(slug):
    return json.loads((EXPECTED / f"{slug}.json").read_text(encoding="utf-8"))


def rows(crawled, sql, *arguments):
    with sqlite3.connect(crawled.db) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, arguments)]


def stored(crawled, url):
    """The article that `url` belongs to."""
    found = rows(
        crawled,
        "SELECT a.* FROM articles a JOIN article_urls u ON u.article_id = a.id WHERE u.url = ?",
        url,
    )
    assert found, f"{url} is not stored"
    return found[0]


def test_the_run_ends_well(crawled):
    assert crawled.code == 0, crawled.err
    assert [site["status"] for site in crawled.summary["sites"]] == ["ok"] * len(sites())


def test_nothing_is_deprecated_or_broken(crawled):
    for word in ("Deprecat", "Traceback", "ERROR", "Unhandled"):
        assert word not in crawled.err


@pytest.mark.parametrize("slug", sites())
def test_every_article_is_stored_as_written(crawled, slug):
    differences = []
    for article in expected(slug)["articles"]:
        row = stored(crawled, article["url"])
        differences += [
            f"{article['key']}.{field}: {row[field]!r} is not {article[field]!r}"
            for field in FIELDS
            if (row[field] or None) != (article[field] or None)
        ]
        for table, columns in (("attachments", ("name", "url", "type")), ("images", ("url", "caption"))):
            have = rows(crawled, f"SELECT * FROM {table} WHERE article_id = ? ORDER BY position", row["id"])
            have = [{column: item[column] or "" for column in columns} for item in have]
            want = [{column: item[column] or "" for column in columns} for item in article[table]]
            if have != want:
                differences.append(f"{article['key']}.{table}: {have} is not {want}")
    assert not differences, "\n" + "\n".join(differences)


@pytest.mark.parametrize("slug", sites())
def test_nothing_else_is_stored(crawled, slug):
    wanted = {url for article in expected(slug)["articles"] for url in (article["url"], *article["urls"])}
    for row in rows(crawled, "SELECT url, title FROM articles WHERE site = ?", slug):
        assert row["url"] in wanted, f"{row['title']} should not be stored"
