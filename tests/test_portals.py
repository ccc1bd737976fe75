"""The replica portals keep their promises: pages, expectations, oddities, manners."""

import gzip
import http.client
import re
import signal
import subprocess
import sys
import time
import unicodedata
from urllib.parse import urlsplit

import lxml.html
import pytest

from crawler.replica_portals import PortalServer, sites, start_urls
from tests.portals import expected
from tests.portals.expectations import make
from tests.running import PATIENCE

SLUGS = tuple(sites())


class Client:
    """One kept-alive connection that asks for true addresses."""

    def __init__(self, portals: PortalServer) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", portals.port, timeout=PATIENCE)

    def get(self, url: str, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        known = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme, **headers}
        self._connection.request("GET", target, headers=known)
        response = self._connection.getresponse()
        return response.status, response.read(), response.headers


@pytest.fixture
def portals():
    with PortalServer() as server:
        yield server


@pytest.fixture
def client(portals):
    return Client(portals)


def squeezed(text: str) -> str:
    return re.sub(r"[\s|]+", "", unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_frozen_expectations_are_those_of_the_content(slug):
    assert expected(slug) == make(sites()[slug]), "run: python -m tests.portals"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_site_has_three_listing_pages_and_enough_articles(slug):
    site = expected(slug)
    assert len(site["articles"]) >= 14
    assert max(len(pages) for pages in site["listings"].values()) >= 3
    assert any(section.hidden for section in sites()[slug].sections)


@pytest.mark.parametrize("slug", SLUGS)
def test_start_pages_answer_and_the_menu_names_the_hidden_section(slug, client):
    site = sites()[slug]
    for url in start_urls(site):
        assert client.get(url)[0] == 200, url
    home = client.get(f"{site.origin}/")[1].decode()
    hidden = next(section for section in site.sections if section.hidden)
    assert f"/{hidden.path}" in home
    assert all(hidden.path not in url for url in start_urls(site))


@pytest.mark.parametrize("slug", SLUGS)
def test_articles_show_what_is_expected_under_each_of_their_addresses(slug, client):
    site = expected(slug)
    for record in site["articles"] + site["duplicates"]:
        for url in record["urls"]:
            status, body, _ = client.get(url)
            if url in site["retried"]:
                assert status in (200, 500, 503)
                status, body, _ = client.get(url)
            assert status == 200, url
            text = body.decode("cp1258" if "cp1258" in record["styles"] else "utf-8")
            page = squeezed(lxml.html.fromstring(text).text_content())
            assert squeezed(record["title"]) in page
            for paragraph in [record["summary"] or "", *record["body"].split("\n\n")]:
                assert squeezed(paragraph) in page, (url, paragraph)


@pytest.mark.parametrize("slug", SLUGS)
def test_pages_that_hold_no_article_answer_as_their_reason_says(slug, client):
    statuses = {"http_404": 404, "http_500": 500}
    site = expected(slug)
    assert site["not_stored"]
    for page in site["not_stored"]:
        assert client.get(page["url"])[0] == statuses.get(page["reason"], 200)
    for moved in site["redirects"]:
        status, _, headers = client.get(moved["from"])
        assert status in (301, 302)
        assert headers["Location"] == moved["to"]


@pytest.mark.parametrize("slug", SLUGS)
def test_attachments_and_pictures_are_there(slug, client):
    for record in expected(slug)["articles"]:
        for file in record["attachments"]:
            status, body, headers = client.get(file["url"])
            assert status == 200
            assert file["type"] != "pdf" or (body.startswith(b"%PDF") and headers["Content-Type"] == "application/pdf")
        for picture in record["images"][:1]:
            assert client.get(picture["url"])[1].startswith(b"\x89PNG")


def test_the_collection_as_a_whole():
    rows = [record for slug in SLUGS for record in expected(slug)["articles"]]
    duplicates = [record for slug in SLUGS for record in expected(slug)["duplicates"]]
    assert len(rows) >= 90
    assert {r["published_from"] for r in rows} == {"page", "url", "listing", "body", None}
    assert {r["published_precision"] for r in rows} == {"minute", "second", "day", None}
    assert any(d["same_row_as"]["site"] != slug for slug in SLUGS for d in expected(slug)["duplicates"])
    assert len(duplicates) >= 5
    assert any(not r["body"] and r["attachments"] for r in rows)
    assert any(not r["body"] and r["images"] for r in rows)
    assert any(0 < len(r["body"]) < 100 for r in rows)
    assert len({r["body"] for r in rows if r["body"]}) == len([r for r in rows if r["body"]])


def test_an_error_passes_on_the_second_try_for_each_server(client):
    flaky = expected("hanoi_sotttt")["retried"][0]
    assert [client.get(flaky)[0] for _ in range(3)] == [500, 200, 200]
    busy = expected("hatinh_honglinh")["retried"][0]
    status, _, headers = client.get(busy)
    assert (status, headers["Retry-After"]) == (503, "1")
    assert client.get(busy)[0] == 200


def test_http_is_sent_to_https_where_the_site_is_secure(client):
    status, _, headers = client.get("http://hoangvanthu.thainguyencity.gov.vn/tin-tuc-su-kien?x=1")
    assert (status, headers["Location"]) == (301, "https://hoangvanthu.thainguyencity.gov.vn/tin-tuc-su-kien?x=1")
    assert client.get("http://huongson.thainguyencity.gov.vn/tin-tuc-su-kien")[0] == 200
    assert client.get("https://trucbach.badinh.hanoi.gov.vn:443/khoi-phuong")[0] == 200


def test_traps_go_on_for_ever(client):
    article = expected("hanoi_sotttt")["articles"][0]["url"]
    assert client.get(article + "/vi/en/vi/en")[0] == 200
    calendar = client.get("http://haibatrung.hanoi.gov.vn/lich?day=2031-05-20")[1].decode()
    assert "lich?day=2031-04-30" in calendar
    assert client.get(article + "?redirect=%2Fvi&inheritRedirect=true")[0] == 200
    assert client.get(article + "/pop_up?_101_viewMode=print")[0] == 200


def test_the_portals_have_the_robots_files_of_the_real_ones(client):
    robots = {slug: client.get(f"{sites()[slug].origin}/robots.txt") for slug in SLUGS}
    assert robots["hanoi_sotttt"][0] == 404
    assert robots["thainguyen_hoangvanthu"][1].startswith(b"\xef\xbb\xbfUser-agent")
    assert b"Crawl-delay: 0.2" in robots["hanoi_trucbach"][1]
    assert not any(b"<" in body for _, body, _ in robots.values())


def test_the_bad_hosts_answer_as_badly_as_real_ones(client):
    assert b"D1N=" in client.get("http://robots-html.test/robots.txt")[1]
    assert client.get("http://robots-html.test/tin-tuc")[1].count(b'class="asset-bounddary"') == 3
    assert client.get("http://robots-500.test/robots.txt")[0] == 500
    assert b'id="root"' in client.get("http://empty.test/tin-tuc")[1]
    assert len(client.get("http://blocked.test/tin-tuc")[1]) == 177
    started = time.monotonic()
    assert client.get("http://slow.test/0.3")[0] == 200
    assert time.monotonic() - started >= 0.29
    answers = [client.get("http://flood.test/tin-tuc") for _ in range(6)]
    assert [status for status, _, _ in answers] == [200] * 5 + [429]
    assert answers[-1][2]["Retry-After"] == "1"
    assert client.get("http://nobody.test/")[0] == 404


def test_gzip_and_the_log_of_requests(portals, client):
    url = "http://huongson.thainguyencity.gov.vn/tin-tuc-su-kien"
    plain = client.get(url)[1]
    _, packed, headers = client.get(url, **{"Accept-Encoding": "gzip", "User-Agent": "probe"})
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    last = portals.requests[-1]
    assert (last.host, last.path, last.scheme) == ("huongson.thainguyencity.gov.vn", "/tin-tuc-su-kien", "http")
    assert (last.headers["User-Agent"], last.status) == ("probe", 200)
    assert portals.requests[0].time <= last.time


def test_people_get_an_index_whose_links_stay_here(portals, client):
    here = f"http://127.0.0.1:{portals.port}"
    assert b"/_/honglinh.hatinh.gov.vn/" in client.get(f"{here}/")[1]
    page = client.get(f"{here}/_/honglinh.hatinh.gov.vn/portal/pages/tin-tuc.aspx")[1].decode()
    assert 'href="/_/honglinh.hatinh.gov.vn/' in page
    assert 'href="https://honglinh' not in page


def test_the_module_serves_until_it_is_told_to_stop():
    command = [sys.executable, "-m", "crawler.replica_portals"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert re.fullmatch(r"listening on 127\.0\.0\.1:\d+\n", process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.stdin.close()
    assert process.wait(PATIENCE) == 0
