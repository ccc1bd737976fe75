"""What a crawl of the replica portals stores, held against what their content says."""

import json
import sqlite3
from pathlib import Path

import pytest

from crawler import urls
from spiders.registry import Registry
from storage import Collection
from storage.near import group_of

SITES = Registry.of_package()

EXPECTED = Path(__file__).resolve().parents[1] / "portals" / "expected"
FIELDS = (
    "title", "summary", "body", "author", "published_at", "published_precision", "published_from",
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
    assert crawled.code == 0, f"a crawl of all sites fails: {crawled.err}"
    assert [site["status"] for site in crawled.summary["sites"]] == ["ok"] * len(SITES)


def test_nothing_is_deprecated_or_broken(crawled):
    for word in ("Deprecat", "Traceback", "ERROR", "Unhandled"):
        assert word not in crawled.err, f"a crawl of all sites shows {word}: {crawled.err}"


@pytest.mark.parametrize("slug", SITES)
def test_every_article_is_stored_as_written(crawled, slug):
    differences = []
    for article in expected(slug)["articles"]:
        row = stored(crawled, article["url"])
        differences += [
            f"{article['key']}.{field}: {row[field]!r} is not {article[field]!r}"
            for field in FIELDS
            if (row[field] or None) != (article[field] or None)
        ]
        if (article["published_raw"] or "") not in (row["published_raw"] or ""):
            differences.append(
                f"{article['key']}.published_raw: {row['published_raw']!r} lacks {article['published_raw']!r}"
            )
        for table, columns in (("attachments", ("name", "url", "type")), ("images", ("url", "caption"))):
            have = rows(crawled, f"SELECT * FROM {table} WHERE article_id = ? ORDER BY position", row["id"])
            have = [{column: item[column] or "" for column in columns} for item in have]
            # A text that two sites publish is stored with the files of that which was read first.
            copies = [one for site in SITES for one in expected(site)["duplicates"] if one["key"] == article["key"]]
            wanted = [
                [{column: item[column] or "" for column in columns} for item in one[table]]
                for one in (article, *copies)
            ]
            if have not in wanted:
                differences.append(f"{article['key']}.{table}: {have} is not {wanted[0]}")
    assert not differences, "\n" + "\n".join(differences)


@pytest.mark.parametrize("slug", SITES)
def test_nothing_else_is_stored(crawled, slug):
    wanted = {url for other in SITES for article in expected(other)["articles"] for url in article["urls"]}
    for row in rows(crawled, "SELECT id, title FROM articles WHERE site = ?", slug):
        urls = {found["url"] for found in rows(crawled, "SELECT url FROM article_urls WHERE article_id = ?", row["id"])}
        assert urls & wanted, f"{row['title']} should not be stored"


@pytest.mark.parametrize("slug", SITES)
def test_copies_share_a_row(crawled, slug):
    for copy in expected(slug)["duplicates"]:
        original = next(
            article
            for article in expected(copy["same_row_as"]["site"])["articles"]
            if article["identity"] == copy["same_row_as"]["identity"]
        )
        assert stored(crawled, copy["url"])["id"] == stored(crawled, original["url"])["id"]


def test_near_duplicates_are_two_rows_and_linked_unless_they_are_a_template(crawled):
    def row_of(site, identity):
        articles = [*expected(site)["articles"], *expected(site)["duplicates"]]
        return stored(crawled, next(a["url"] for a in articles if a["identity"] == identity))["id"]

    pairs = [(slug, pair) for slug in SITES for pair in expected(slug)["near_duplicates"]]
    assert pairs
    linked = set()
    for slug, pair in pairs:
        one, two = row_of(slug, pair["identity"]), row_of(pair["near"]["site"], pair["near"]["identity"])
        assert one != two
        with Collection(crawled.db) as collection:
            group = group_of(collection.db, one)
        if group:
            assert {group.earliest.id, *(member.id for member in group.others)} == {one, two}
            linked.add(group.earliest.title)
    assert linked == {"Phân loại rác tại nguồn ở tổ 14"}  # and not the weekly schedules
    assert crawled.summary["near"] == {"articles": 100, "links": 1}


@pytest.mark.parametrize("slug", SITES)
def test_what_is_not_stored_is_counted_under_its_reason(crawled, slug):
    skipped = {
        row["url"]: row["reason"] for row in rows(crawled, "SELECT url, reason FROM skipped WHERE site = ?", slug)
    }
    skipped = {urls.without_locale(url).split("://")[1]: reason for url, reason in skipped.items()}
    for page in expected(slug)["not_stored"]:
        assert skipped.get(urls.without_locale(page["url"]).split("://")[1]) == page["reason"], page


@pytest.mark.parametrize("slug", SITES)
def test_what_fails_once_is_tried_again(crawled, slug):
    for url in expected(slug)["retried"]:
        assert stored(crawled, url)["title"]


@pytest.mark.parametrize("slug", SITES)
def test_a_moved_article_is_known_under_both_addresses(crawled, slug):
    for moved in expected(slug)["redirects"]:
        assert stored(crawled, moved["to"])["id"] == stored(crawled, moved["from"])["id"]
