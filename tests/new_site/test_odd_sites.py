"""new-site with what an address may turn out to be: a site, or one sentence with an exit code that fits."""

import json
from collections import Counter

import pytest

from crawler.new_site.allowance import FEWEST_REQUESTS, MOST_REQUESTS, SECONDS, Allowance
from crawler.new_site.probe import PageNotFetched
from crawler.reasons import Reason
from crawler.settings import DOWNLOAD_DELAY
from tests.new_site.odd_sites import NUMBERS, OddServer
from tests.running import alone, start, tinphuong, wait_for

ALLOWED = "127.0.0.0/8"


@pytest.fixture(scope="module")
def server():
    with OddServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder of a user's own, made by the program."""
    monkeypatch.setenv("TINPHUONG_ALLOW_PRIVATE", ALLOWED)
    monkeypatch.setenv("TINPHUONG_DELAY", "0.001")
    monkeypatch.setenv("TINPHUONG_RETRY_BACKOFF", "0.001")
    assert tinphuong("init", tmp_path / "work").returncode == 0
    return tmp_path / "work"


FAILURES = {
    "status_404": (2, "the server answered 404; check the address"),
    "status_403": (1, "the server answered 403; it may refuse programs; open it in a browser"),
    "status_500": (1, "the server answered 500; try again later"),
    "loop": (1, "it redirects again and again; open it in a browser"),
    "leads_nowhere": (2, "it redirects to ftp://a.test/, which is no address of the web"),
    "pdf": (2, "it is not an HTML page; give the address of a page"),
    "image": (2, "it is not an HTML page; give the address of a page"),
    "empty": (1, "the page is empty; open it in a browser"),
    "json": (2, "it is neither a feed nor a page; give the address of a page that lists news"),
    "number": (2, "no list of articles was found; give the address of a page that lists news"),
    "login": (1, "a sign-in form came instead; open it in a browser"),
    "antibot": (1, "an anti-bot page came instead; open it in a browser and try again later"),
    "forbidden": (1, "robots.txt forbids it; give an address that it allows"),
    "large": (1, "it is larger than allowed; give the address of another page"),
    "many_links": (1, "it is larger than allowed (more than 8000 links); give the address of another page"),
    "script_only": (1, "the page is an empty frame that a script fills in a browser; give the address"),
    "nothing_yet": (1, "its list says that nothing is published yet (“Chưa có bài viết nào.”); give the address"),
    "template": (1, "a script fills its list in a browser; look for a feed or a sitemap"),
    "articles_gone": (1, "none of the first articles could be read: 5 articles not fetched: the server answered 404"),
}
FOUND = ("good", "leads_away", "wrong_charset", "frames", "fed", "in_feed", "in_sitemap", "named_by_robots")


def test_a_file_of_addresses_gives_a_row_for_each_site_and_a_report_of_all(server, folder):
    names = [name for name in (*FOUND, *FAILURES) if name not in ("leads_away", "fed")]
    urls = [server.url(name) for name in names] + [server.url("fed", "/tin.rss")]
    text = [
        "# Các trang của tỉnh",
        "",
        *urls,
        server.url("good", "/tin-tuc"),
        "khong phai",
        "khong-co.invalid  # tên sai",
    ]
    (folder / "addresses.txt").write_text("\n".join(text), encoding="utf-8")
    done = tinphuong("new-site", "--table", "addresses.txt", "--json", "--report", "new.md", cwd=folder)
    assert done.returncode == 1 and not done.stderr, (
        f"a site that fails ends the others, or is no failure: {done.stderr}"
    )
    sites = {row["address"]: row for row in json.loads(done.stdout)["sites"]}
    for name, (_, said) in FAILURES.items():
        row = sites[server.url(name)]
        assert row["state"] == "failed" and said in row["note"], f"{name}: {row}"
    written = [sites[url] for url in urls if sites[url]["state"] == "written"]
    assert len(written) == len(FOUND) - 1 and all(row["articles"] == 6 for row in written), written
    assert sites[server.url("good", "/tin-tuc")]["state"] == "repeated"
    assert "is not the address of a web page" in sites["khong phai"]["note"]
    assert "the host name does not resolve" in sites["khong-co.invalid"]["note"]
    rows = (folder / "sites.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(written), "the table does not have a row for each site that worked"
    starts = {row.split(",")[2]: row.split(",")[6] for row in rows[1:]}
    assert starts[server.host("in_feed")] == "/ /feed/" and starts[server.host("in_sitemap")] == "/ /sitemap.xml"
    assert len((folder / "new.md").read_text(encoding="utf-8").splitlines()) == 4 + len(sites) + 2
    check = tinphuong("check", cwd=folder)
    assert check.stdout == f"{len(written)} sites: {len(written)} as recorded\n", check.stdout + check.stderr
    hosts = ("in_feed", "in_sitemap", "named_by_robots")
    slugs = [sites[server.url(name)]["slug"] for name in hosts]
    crawled = tinphuong("--db", "try.db", "crawl", *slugs, "--json", "--quiet", cwd=folder)
    found = {row["site"]: row["new"] + row["duplicates"] for row in json.loads(crawled.stdout)["sites"]}
    assert found == dict.fromkeys(slugs, 6), f"what new-site has found, crawl does not: {found}"
    before = len(server.asked)
    (folder / "addresses.txt").write_text(f"{server.url('good')}\n{server.url('leads_away')}\n", encoding="utf-8")
    again = tinphuong("new-site", "--table", "addresses.txt", cwd=folder)
    assert again.returncode == 0 and "2 registered" in again.stdout, again.stdout + again.stderr
    asked = server.asked[before:]
    assert {name for name, _ in asked} == {"leads_away", "good"} and len(asked) <= 4, f"registered, yet asked: {asked}"
    assert len((folder / "sites.csv").read_text(encoding="utf-8").splitlines()) == len(rows)


@pytest.mark.parametrize("name", ["status_404", "json", "large", "articles_gone"])
def test_one_address_ends_in_one_sentence(name, server, folder):
    done = tinphuong("new-site", server.url(name), "--quiet", cwd=folder)
    code, said = FAILURES[name]
    said = "no article could be fetched, so nothing is written" if name == "articles_gone" else said
    assert done.returncode == code and said in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tinphuong: "), done.stderr


def test_a_taken_slug_is_told_before_anything_is_asked_for(server, folder):
    slug = f"khac_may{server.host('good').partition(':')[0].replace('.', '')}"
    (folder / "sites.csv").write_text(f"slug,name,host\n{slug},Xã A,a.test\n", encoding="utf-8")
    before = len(server.asked)
    for words in ([], ["--table"], ["--table", "--slug", slug]):
        taken = tinphuong("new-site", server.url("good"), *words, cwd=folder)
        assert taken.returncode == 2 and f"registered already, as {slug}; for another site give --slug" in taken.stderr
    assert server.asked[before:] == [], "a site is asked although its slug is taken"
    away = tinphuong("new-site", server.url("leads_away"), "--table", cwd=folder)
    assert away.returncode == 2 and "give --slug" in away.stderr, "a redirect leads around the check"


def test_why_a_field_is_empty_is_told(server, folder):
    done = tinphuong("new-site", server.url("good"), "--dry-run", cwd=folder)
    assert "author (all): no author line" in done.stdout and "files (all): none linked" in done.stdout
    facts = json.loads(tinphuong("new-site", server.url("good"), "--dry-run", "--json", cwd=folder).stdout)
    assert [article["empty"]["author"] for article in facts["articles"]] == ["no author line"] * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing says which site: give its address"),
        (["--table"], "nothing says which site: give its address"),
        (["a.test", "--table", "a.txt"], "not both; the table to write into is named with --sites"),
        (["--table", "none.txt"], "there is no such file of addresses"),
        (["--table", "empty.txt"], "names no address; write one a line"),
        (["--table", "sites.csv"], "sites.csv is a table of sites; --table FILE takes addresses, one a line"),
        (["--table", "empty.txt", "--slug", "a_b"], "--slug names one site"),
        (["--table", "binary.txt"], "is not a text of addresses; save it as UTF-8"),
        (["a.test", "--report", "r.md"], "--report goes with --table FILE"),
        (["http://[::1]/", "--table"], "a site is registered under its host's name"),
    ],
)
def test_what_cannot_be_meant_is_told(words, said, folder):
    (folder / "empty.txt").write_text("# nothing\n\n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"\x00\xff" * 50)
    done = tinphuong("new-site", *words, cwd=folder)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_an_interrupted_run_keeps_what_was_written_and_goes_on(server, folder, monkeypatch):
    monkeypatch.setenv("TINPHUONG_DELAY", "0.2")
    monkeypatch.setenv("TINPHUONG_SITES_AT_ONCE", "1")
    (folder / "two.txt").write_text(f"{server.url('good')}\n{server.url('in_feed')}\n", encoding="utf-8")
    before = len(server.asked)
    with start("crawler", "new-site", "--table", "two.txt", "--report", "r.csv", cwd=folder) as job:
        wait_for(lambda: ("in_feed", "/") in server.asked[before:], job, "the second site")
        job.send_signal(2)
        done = job.done()
    assert done.returncode == 130 and "goes on with the rest" in done.stderr, done.stdout + done.stderr
    assert "1 written, 1 not begun" in done.stdout
    again = tinphuong("new-site", "--table", "two.txt", cwd=folder)
    assert again.returncode == 0 and "1 written, 1 registered" in again.stdout, again.stdout + again.stderr


class Clock:
    """A clock that a fetch sets forward."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


def test_a_survey_has_so_many_requests_and_a_minute():
    assert MOST_REQUESTS * DOWNLOAD_DELAY < SECONDS * 0.75, "the pauses of a survey leave no time for the answers"
    clock, asked = Clock(), Counter()

    async def fetch(url):
        asked[url] += 1
        clock.at += 20
        raise PageNotFetched(url, "http_404")

    async def look():
        visit = Allowance(fetch, clock)
        visit.keep_pauses_of(10)
        slow = visit.most, visit.seconds
        visit.keep_pauses_of(1.5)
        for path in ("a", "a", "b", "c", "d"):
            with pytest.raises(PageNotFetched) as raised:
                await visit(path)
        return slow, raised.value, visit.allows("x", keep=0, share=1), visit.note()

    (slow, last, allowed, note) = alone(look())
    assert slow == (FEWEST_REQUESTS, FEWEST_REQUESTS * 10 + 20)
    assert asked == Counter(["a", "b", "c"]), "a page is asked for twice, or after the time is up"
    assert (
        last.reason == Reason.TIMEOUT and not allowed and note.startswith("not looked at: x; the site answers slowly")
    )


def test_every_odd_site_is_tried():
    assert set(NUMBERS) == {*FAILURES, *FOUND}
