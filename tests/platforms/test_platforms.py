"""Every platform on its replica: all articles, every field, no trap, the right name."""

import pytest

from spiders.fingerprint import Seen, identify
from tests.platforms import replicas
from tests.platforms.crawling import crawl, slug_of

EACH = pytest.mark.parametrize("replica", replicas.ALL, ids=lambda replica: replica.host.split(".")[1])


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    return crawl(tmp_path_factory.mktemp("platforms"))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The same without a word on the platforms."""
    return crawl(tmp_path_factory.mktemp("found"), stated=False)


_SAME = "site, key, url, title, body, author, source, published_at, published_from, layout_matched"


def test_a_platform_that_is_found_reads_as_one_that_is_stated(crawled, found):
    """Summaries may come from whichever site's list was read first, where two have the same article."""
    assert found.code == 0 and not found.err, found.err
    rows = [{(row["site"], row["key"]): row for row in each.rows(f"SELECT {_SAME} FROM articles")}
            for each in (crawled, found)]  # fmt: skip
    assert rows[0] == rows[1]
    kept = {row["slug"]: row["platform"] for row in found.rows("SELECT slug, platform FROM sites")}
    assert kept == {slug_of(replica): replica.platform for replica in replicas.ALL}
    told = {site["site"]: site for site in found.summary["sites"]}
    assert all(("platform found: " in site["message"]) == (kept[slug] != "generic") for slug, site in told.items())
    asked = [{site["site"]: site["requests"] for site in each.summary["sites"]} for each in (crawled, found)]
    assert {slug: asked[1][slug] - asked[0][slug] for slug in asked[0] if asked[1][slug] > asked[0][slug] + 1} == {}


def test_the_crawl_ends_well_and_stays_on_loopback(crawled):
    assert crawled.code == 0, f"a crawl of every platform fails: {crawled.err}"
    assert not crawled.err, f"a crawl of every platform warns: {crawled.err}"


@EACH
def test_every_article_is_stored_with_its_fields(crawled, replica):
    differences = []
    for story in replica.stories:
        found = crawled.rows(
            "SELECT a.* FROM articles a JOIN article_urls u ON u.article_id = a.id WHERE a.site = ? AND u.url = ?",
            slug_of(replica),
            f"http://{replica.host}{replica.address(story)}",
        )
        if not found:
            differences.append(f"{story.slug} is not stored")
            continue
        row = found[0]
        files = crawled.rows("SELECT name, url FROM attachments WHERE article_id = ?", row["id"])
        wanted = {
            "title": story.title,
            "summary": story.sapo if replica.sapo or row["summary"] else "",  # a feed may give it as an excerpt
            "body": story.body + (f"\n\n{story.file}" if row["body"].endswith(".pdf") else ""),
            "day": story.at("%Y-%m-%d"),
            "files": [story.file] if story.file else [],
        }
        have = {
            **row,
            "summary": row["summary"] or "",
            "day": (row["published_at"] or "")[:10],
            "files": [file["name"] for file in files],
        }
        differences += [f"{story.slug}.{name}: {have[name]!r}" for name, value in wanted.items() if have[name] != value]
    assert not differences, "\n".join(differences)


@EACH
def test_nothing_else_is_stored_and_a_copy_shares_its_row(crawled, replica):
    rows = crawled.rows("SELECT title FROM articles WHERE site = ?", slug_of(replica))
    assert sorted(row["title"] for row in rows) == sorted(s.title for s in replica.stories if not s.copy)


@EACH
def test_no_trap_is_followed(crawled, replica):
    asked = [served.target for served in crawled.served if served.host == replica.host]
    assert asked and not [target for target in asked if any(trap in target for trap in replica.traps)]


def test_a_second_run_asks_for_lists_alone(tmp_path):
    """What is known is known by any pager, feed or form; three old articles are looked at again."""
    names = ("afcbc", "tandan", "wordpress", "slugs")
    chosen = [replica for replica in replicas.ALL if replica.host.split(".")[1] in names]
    crawl(tmp_path, chosen)
    again = crawl(tmp_path, chosen)
    assert again.code == 0, f"a second crawl fails: {again.err}"
    for site in again.summary["sites"]:
        assert site["new"] == site["changed"] == site["errors"] == 0 and site["rechecked"] <= 3
    for replica in chosen:
        addresses = {replica.address(story) for story in replica.stories}
        assert len([s for s in again.served if s.host == replica.host and s.target in addresses]) <= 3


@EACH
def test_the_platform_is_recognised(replica):
    pages = []
    for target in (*replica.start, replica.address(replica.stories[0])):
        answer = replica.answer("GET", target)
        pages.append(Seen.of(f"http://{replica.host}{target}", dict(answer.headers), answer.body.decode()))
    name, matches = identify(pages)
    assert name == replica.platform, matches


def test_pages_asked_for_by_form_are_found_in_the_captures(tmp_path):
    """What a crawl kept is enough to crawl again without the network, further pages of lists and all."""
    names = ("afcbc", "vnpt", "tandan")
    chosen = [replica for replica in replicas.ALL if replica.host.split(".")[1] in names]
    live = crawl(tmp_path, chosen)
    files = sorted(tmp_path.glob("a.captures/**/*.warc.gz"))
    assert files and not live.err
    again = tmp_path / "again"
    again.mkdir()
    replayed = crawl(again, chosen, replay=files)
    assert not replayed.served, "a replay asks the network"
    assert replayed.code == 0, f"a replay of captures fails: {replayed.err}"
    assert [site["new"] for site in replayed.summary["sites"]] == [7, 7, 7]
