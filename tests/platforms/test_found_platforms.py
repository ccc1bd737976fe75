"""A site whose row states no platform: it is found at the first crawl, kept, shown, and found anew after a rebuild."""

import json
import re

import pytest
from scrapy.http import HtmlResponse

from crawler.cli import main
from crawler.run.reading.received import Received
from crawler.run.site import FOUND, STATED, UNKNOWN
from spiders import site_table
from spiders.base import PortalSpider
from spiders.fingerprint import GENERIC, platforms
from spiders.platform_finder import look_at
from spiders.registry import Registry
from spiders.spider_classes import spider_class
from tests.platforms import replicas
from tests.platforms.crawling import crawl
from tests.platforms.replica import Answer

HOST = "anvinh.doi.test"
HEADER = "slug,name,host,platform,unit_old,unit_new,start_pages,scheme"


def replica_at(make, **facts):
    """The replica of a platform at one host for all."""
    kind = type(replicas.BY_PLATFORM[make])
    return type(kind.__name__, (kind,), {"host": HOST, "start": ("/",), **facts})()


class Down:
    """In the place of a portal: nothing but the answer 503."""

    host, start, platform = HOST, ("/",), ""

    def answer(self, method, target, form=""):
        return Answer(b"", status=200 if target == "/robots.txt" else 404)


def states(folder, *command):
    """What a command prints as JSON of the sites of a folder."""
    return [*command, "--json", "--db", str(folder / "a.db"), "--sites", str(folder / "sites.csv")]


def kept(run):
    return run.rows("SELECT platform FROM sites")[0]["platform"]


def test_found_once_it_answers_then_kept_and_replaced_after_a_rebuild(tmp_path, capsys):
    """Down, then Joomla, then the same again, then Drupal at the same address; at the end the row says otherwise."""
    first = crawl(tmp_path, [Down()], stated=False)
    (site,) = first.summary["sites"]
    assert (kept(first), site["platform"], site["platform_from"]) == ("", GENERIC, UNKNOWN)

    found = crawl(tmp_path, [replica_at("joomla")], stated=False)
    (site,) = found.summary["sites"]
    assert (kept(found), site["new"], site["platform_from"]) == ("joomla", 7, FOUND)
    assert "platform found: joomla" in site["message"]
    identity = platforms()["joomla"].identity
    rows = found.rows("SELECT key, url, layout_matched FROM articles")
    assert all(row["key"] == identity(row["url"]) and row["layout_matched"] for row in rows)

    assert main(states(tmp_path, "sites")) == 0
    shown = {row["slug"]: row for row in json.loads(capsys.readouterr().out)}
    assert (shown["thu_doi"]["platform"], shown["thu_doi"]["platform_from"]) == ("joomla", FOUND)
    assert shown["hanoi_trucbach"]["platform_from"] == STATED
    main(states(tmp_path, "status", "thu_doi"))
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["platform"], row["platform_from"]) == ("joomla", FOUND)
    assert main(["sites", "--db", str(tmp_path / "a.db"), "--sites", str(tmp_path / "sites.csv")]) == 0
    assert "joomla (found)" in capsys.readouterr().out

    again = crawl(tmp_path, [replica_at("joomla")], stated=False)
    (site,) = again.summary["sites"]
    assert (site["new"], site["known"] > 0, "platform found" in site["message"]) == (0, True, False)

    rebuilt = crawl(tmp_path, [replica_at("drupal")], stated=False)
    (site,) = rebuilt.summary["sites"]
    assert site["status"] == "failed" and kept(rebuilt) == ""
    assert "joomla was only found, not stated: the next run looks for the platform anew" in site["message"]

    anew = crawl(tmp_path, [replica_at("drupal")], stated=False)
    (site,) = anew.summary["sites"]
    assert (kept(anew), "platform found: drupal" in site["message"]) == ("drupal", True)
    assert len(anew.rows("SELECT DISTINCT title FROM articles")) == 7, "an article at a new address is not known again"

    stated = crawl(tmp_path, [replica_at("drupal", platform="generic")])
    (site,) = stated.summary["sites"]
    assert (kept(stated), site["platform_from"], site["new"]) == (GENERIC, STATED, 0)


def without_marks(replica):
    """The same portal, but for all that shows its make on a page."""
    kind = type(replica)

    def answer(self, method, target, form=""):
        said = kind.answer(self, method, target, form)
        marks = rb"<meta[^>]*generator[^>]*>|<script.*?</script>|<link[^>]*>| class=[\"'][^\"']*[\"']|/media/[^'\"]*"
        return said and Answer(re.sub(marks, b"", said.body, flags=re.DOTALL), said.content_type, said.status)

    return type(kind.__name__, (kind,), {"answer": answer})()


def test_what_was_stored_before_it_was_found_is_known_by_its_new_identity(tmp_path):
    plain = crawl(tmp_path, [without_marks(replica_at("joomla"))], stated=False)
    before = plain.rows("SELECT id, key FROM articles ORDER BY id")
    assert (kept(plain), plain.summary["sites"][0]["platform_from"]) == (GENERIC, FOUND)
    found = crawl(tmp_path, [replica_at("joomla")], stated=False)
    (site,) = found.summary["sites"]
    assert (kept(found), site["new"], site["status"]) == ("joomla", 0, "ok")
    after = found.rows("SELECT id, key FROM articles ORDER BY id")
    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert [row["key"] for row in after] == [row["key"].removeprefix("tin-tuc/") for row in before] != before


def test_an_article_decides_where_the_home_page_has_too_few_marks(tmp_path):
    """It costs one request, and only in the first run."""
    kind = type(replicas.BY_PLATFORM["wordpress"])
    marks = rb"<meta[^>]*generator[^>]*>|<link[^>]*>|<script.*?</script>|/wp-content/[^'\"]*|/wp-includes/[^'\"]*"

    def answer(self, method, target, form=""):
        said = kind.answer(self, method, target, form)
        if said is None or target != "/":
            return said
        body = re.sub(marks, b"", said.body, flags=re.DOTALL).replace(b"<body", b"<body data-x='wp-block-group'")
        return Answer(body, said.content_type, said.status)

    shy = type(kind.__name__, (kind,), {"answer": answer, "host": HOST, "start": ("/",), "headers": ()})()
    runs = []
    for name, stated in (("a", True), ("b", False)):
        (tmp_path / name).mkdir()
        runs.append(crawl(tmp_path / name, [shy], stated=stated))
    (first,), (second,) = (run.summary["sites"] for run in runs)
    assert kept(runs[1]) == "wordpress" and second["new"] == first["new"] == 7
    assert second["requests"] <= first["requests"] + 1


def test_a_replay_finds_it_too(tmp_path):
    """From captures; a replay of an archive without the start page goes by the pages there are."""
    replica = replica_at("joomla")
    crawl(tmp_path, [replica], stated=False)
    copy = tmp_path / "copy"
    copy.mkdir()
    replayed = crawl(copy, [replica], replay=sorted(tmp_path.glob("a.captures/**/*.warc.gz")), stated=False)
    (site,) = replayed.summary["sites"]
    assert (kept(replayed), site["new"], replayed.code) == ("joomla", 7, 0)


def test_a_row_without_a_platform_is_open_and_one_that_says_generic_is_not(tmp_path):
    path = tmp_path / "sites.csv"
    rows = ("tinh_a,Xã A,a.test,,,,/,http", "tinh_b,Xã B,b.test,generic,,,/,http", "tinh_c,Xã C,c.test,joomla,,,/,http")
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    sites = Registry(site_table.load(path))
    assert [site.platform_from for site in sites.values()] == [UNKNOWN, STATED, STATED]
    found = sites.with_platforms({"tinh_a": "nukeviet", "tinh_b": "nukeviet", "tinh_c": "nukeviet", "x_y": "drupal"})
    assert [site.platform.name for site in found.values()] == ["nukeviet", GENERIC, "joomla"]
    assert (found["tinh_a"].platform_from, found["tinh_a"].host, found["tinh_a"].scheme) == (FOUND, "a.test", "http")
    assert sites.with_platforms({"tinh_a": "gone"})["tinh_a"].platform_from == UNKNOWN, "no platform has that name"


def test_a_platform_adds_nothing_to_its_spider_class_but_itself():
    """So a site of which the platform is found while it runs does all that one does of which it is stated."""
    for name in platforms():
        made = spider_class(name)
        own = {fact for fact in vars(made) if not fact.startswith("__")}
        assert name == GENERIC or (made.__bases__ == (PortalSpider,) and own == {"platform"}), name


GENERATOR = "<meta name='generator' content='{}'>"
ENTRY = "<li><h3><a href='/tin/bai-so-{0}'>Xã An Sơn họp bàn việc số {0} của tháng</a></h3></li>"
NEWS = "".join(map(ENTRY.format, range(6)))


@pytest.mark.parametrize(
    ("html", "refused", "name", "link", "sends_on"),
    [
        (f"{GENERATOR.format('Drupal 10')}<ul>{NEWS}</ul>", (), "drupal", "", False),
        (f"{GENERATOR.format('Drupal 10')}<ul>{NEWS}</ul>", ("drupal",), GENERIC, "", False),
        (f"<ul>{NEWS}</ul>", (), GENERIC, "", False),
        (f"<div class='wp-block-group'></div><ul>{NEWS}</ul>", (), GENERIC, "http://a.test/tin/bai-so-0", False),
        (f"{GENERATOR.format('Joomla! 3')}<ul>{NEWS}</ul>", (), GENERIC, "", False),
        ("<script>location.href = '/vi/'</script>", (), GENERIC, "", True),
        ("<title>Just a moment...</title><div id='cf-challenge'>Checking your browser</div>", (), GENERIC, "", False),
    ],
    ids=["marks", "refused", "none", "too few", "marks alone", "sends on", "firewall"],
)
def test_what_a_page_says(html, refused, name, link, sends_on):
    page = HtmlResponse("http://a.test/", body=f"<html><body>{html}</body></html>".encode(), encoding="utf-8")
    look = look_at(None, Received.of(page), (), frozenset(refused))
    assert (look.name, look.link, look.sends_on) == (name, link, sends_on)
