"""`new-site` where there is nothing to survey: each ends with a sentence that says what to do."""

from datetime import UTC, datetime
from urllib.parse import urldefrag

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse

from crawler.cli import UsageError, main, new_site
from crawler.configuration import Configuration
from crawler.new_site.places import Places, Users
from crawler.new_site.probe import Fetched, PageNotFetched
from crawler.new_site.registration import Registration
from crawler.new_site.survey import survey
from crawler.new_site.survey_failures import SurveyFailed
from crawler.reasons import Reason
from spiders.lists.forms import request_arguments
from spiders.registry import Registry
from tests.platforms import replicas
from tests.running import alone

NOW = datetime(2026, 11, 25, tzinfo=UTC)
HOME = "http://anvinh.test/"
SHELL = '<title>Phường</title><script src="/main.js"></script><div id="root"></div>'.encode()
LOGIN = "<title>Đăng nhập</title><form><input name=u><input type=password name=p></form>".encode()
WAF = b"<title>Access Denied</title><h1>Access Denied</h1>Viettel WAF System"
EMPTY = "<title>Phường An Vĩnh</title><p>Trang đang làm.</p><a href='/gioi-thieu'>Giới thiệu</a>".encode()


def surveyed(fetch, url=HOME, **options):
    return alone(survey(url, fetch, **options))


def serving(*answers):
    """A fetch that gives one answer after the other, the last for ever: a page, or the reason why there is none."""
    left = list(answers)

    async def fetch(url):
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, str):
            raise PageNotFetched(url, answer)
        return Fetched(HtmlResponse(url, body=answer, headers={"Content-Type": "text/html"}), NOW)

    return fetch


def portal(replica, moved=""):
    """A fetch that asks a replica; `moved`: the host to which the home page leads."""

    async def fetch(url):
        scheme, _, rest = urldefrag(url).url.partition("://")
        host, _, target = rest.partition("/")
        sent = request_arguments(url)
        answer = replica.answer(sent.get("method", "GET"), f"/{target}", sent.get("body", ""))
        if answer.status != 200:
            raise PageNotFetched(url, f"http_{answer.status}")
        at = f"{scheme}://{moved or host}/{target}"
        kind = {"Content-Type": answer.content_type} | answer.headers
        return Fetched(TextResponse(at, body=answer.body, headers=kind, request=Request(url)), NOW)

    return fetch


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("http_404", "the server answered 404; check the address"),
        ("http_403", "the server answered 403; it may refuse programs; open it in a browser"),
        ("http_429", "the server answered 429; it asks for fewer requests; try again in an hour"),
        ("http_500", "the server answered 500"),
        (Reason.DNS, "the host name does not resolve; check the host's name"),
        (Reason.TLS, "no secure connection could be made; try it with http://"),
        (Reason.ROBOTS_FORBIDDEN, "robots.txt forbids it; give an address that it allows, or ask the site's office"),
        (Reason.REDIRECT_LOOP, "it redirects again and again"),
        (Reason.NOT_IN_ARCHIVE, "the archive file does not hold it; give an address that it holds"),
        (Reason.NOT_HTML, "it is not an HTML page; give the address of a page"),
        (b"", "the page is empty"),
        (b"%PDF-1.4\n" + bytes(200), "it is not an HTML page"),
        (WAF, "an anti-bot page came instead; open it in a browser and try again later"),
        (LOGIN, "a sign-in form came instead; open it in a browser"),
        (SHELL, "the page is an empty frame that a script fills in a browser"),
        (EMPTY, "no list of articles was found; give the address of a page that lists news"),
    ],
)
def test_what_is_no_portal_is_told_in_a_sentence(answer, said):
    with pytest.raises(SurveyFailed) as raised:
        surveyed(serving(answer))
    assert str(raised.value).startswith(HOME) and said in str(raised.value)


def test_without_a_scheme_http_is_tried_where_https_fails():
    with pytest.raises(SurveyFailed, match="no secure connection"):
        surveyed(serving(Reason.TLS, EMPTY), "https://anvinh.test/")
    with pytest.raises(SurveyFailed, match="no list of articles"):
        surveyed(serving(Reason.TLS, EMPTY), "https://anvinh.test/", or_http=True)
    with pytest.raises(SurveyFailed, match="404"):
        surveyed(serving("http_404", EMPTY), "https://anvinh.test/", or_http=True)


@pytest.mark.parametrize("name", ["handmade", "nukeviet1", "liferay"])
def test_the_address_of_an_article_leads_to_the_lists(name):
    replica = next(each for each in replicas.ALL if each.host.split(".")[1] == name)
    article = replica.address(replica.stories[0])
    found = surveyed(portal(replica), f"http://{replica.host}{article}")
    assert found.platform == replica.platform and found.ward == "Phường An Vĩnh"
    assert found.start_pages and article not in found.start_pages


def test_a_home_page_that_leads_to_another_host_is_that_host_s(capsys):
    replica = replicas.BY_PLATFORM["drupal"]
    found = surveyed(portal(replica, moved="www.anvinh.drupal.test"), f"http://{replica.host}/")
    assert found.host == "www.anvinh.drupal.test" and f"{replica.host} leads to {found.host}" in found.notes


@pytest.mark.parametrize("replica", replicas.ALL, ids=lambda replica: replica.host.split(".")[1])
def test_the_survey_names_every_replica_right(replica):
    """From each start page: its platform, or none; from the first, its platform."""
    assert surveyed(portal(replica), f"http://{replica.host}{replica.start[0]}").platform == replica.platform


@pytest.mark.parametrize(
    "given",
    ["", " ", "khong phai url", "ftp://a.vn/", "file:///etc/passwd", "http://", "https://[::1", "javascript:x(1)"],
)
def test_what_is_no_address_is_refused_before_anything_is_asked_for(given):
    with pytest.raises(UsageError, match="is not the address of a web page; write it like https://phuong"):
        new_site.address_of(given)


def test_addresses_are_taken_as_people_write_them():
    assert new_site.address_of("Phuong.Example.vn") == "https://phuong.example.vn/"
    assert new_site.address_of("http://a.vn:8080/tin?x=1#y") == "http://a.vn:8080/tin?x=1"


def test_slugs_and_names_are_checked_first(capsys):
    assert main(["new-site", "http://127.0.0.1:9/", "--slug", "Hà Nội"]) == 2
    assert main(["new-site", "http://127.0.0.1:9/", "--ward", 'Phường "An']) == 2
    assert "not a slug" in (err := capsys.readouterr().err) and "not the name of a ward" in err


def registration(folder, known=None, **options):
    return Registration(Places.of_checkout(folder), known or {}, Users(Configuration()), **options)


def test_a_site_is_written_once(tmp_path):
    free = registration(tmp_path)
    free.check_free("hanoi_x", "x.test")
    (tmp_path / "spiders" / "hanoi").mkdir(parents=True)
    (tmp_path / "spiders" / "hanoi" / "x.py").touch()
    with pytest.raises(UsageError, match=r"x\.py exists already; remove it first, or give another --slug"):
        free.check_free("hanoi_x", "x.test")
    header = "slug,name,host,platform,unit_old,unit_new,start_pages\n"
    table = free.places.table
    table.write_text(f"{header}hanoi_y,Phường Y,y.test,drupal,,,/\n", encoding="utf-8")
    taken = registration(tmp_path, Registry.of_places([table]))
    for slug, host in (("hanoi_y", "z.test"), ("hanoi_z", "y.test"), ("hanoi_z", "www.y.test")):
        with pytest.raises(UsageError, match=r"y\.test is registered already, as hanoi_y; .* give --slug"):
            taken.check_free(slug, host)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "spiders").write_text("a file")
    found = surveyed(portal(replicas.BY_PLATFORM["drupal"]), "http://anvinh.drupal.test/")
    with pytest.raises(UsageError, match=r"spiders.* cannot be written: Not a directory"):
        registration(tmp_path).write(found, None)
