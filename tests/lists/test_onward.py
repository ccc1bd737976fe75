"""Pages that say nothing themselves: where they send their readers."""

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from crawler.extraction.onward import sends_on_to
from crawler.middlewares.refresh import RefreshMiddleware
from crawler.reasons import Reason
from crawler.run.site_report import SiteReport
from spiders.lists.listing import Listing, Refusal
from tests.lists.test_answers import read

URL = "http://a.test/"


@pytest.mark.parametrize(
    "source",
    [
        '<script>window.location.href="/tin/";</script>',
        "<script>location='\\/tin\\/'</script>",
        "<script>top.location.replace( 'tin/' )</script>",
        "<body onload=\"window.location.assign('/tin/')\">",
        "<script>setTimeout(\"location.href='/tin/'\", 500)</script>",
        "<script>var to = '/tin/'; window.location = to;</script>",
        "<script>location.href = location.protocol + '//' + location.host + '/tin/';</script>",
        "<script>/* location='/a' */ // location='/b'\nself.location = 'http://a.test/tin/'</script>",
        "<script>$(location).attr('href', '/tin/')</script>",
        "<script>window['location']['href'] = '/tin/'</script>",
        "<script>location.pathname = '/tin/'</script>",
        "<script>location.href = '/' + 'tin' + '/'</script>",
        "<script>location.href = `${location.origin}/tin/`</script>",
        "<script>var base = location.origin; location.replace(base + '/tin/')</script>",
        "<script>location = decodeURIComponent('%2Ftin%2F')</script>",
        r"<script>location.href = '\u002ftin\x2f'</script>",
        "<script>setTimeout(() => { window.top.location.assign(('/tin/')) }, 0)</script>",
        "<script>if (screen.width < 700) { location = '/m/' } else { location = '/tin/' }</script>",
        "<script>document.cookie = 'lang=vi; path=/'; location.href = '/tin/'</script>",
        "<noscript><meta http-equiv='refresh' content='0;url=/tin/'></noscript>",
        """<script>document.write("<meta http-equiv=\\"refresh\\" content=\\"0;url=/tin/\\">")</script>""",
        "<script>document.write('<frameset><frame src=\\'/tin/\\'></frameset>')</script>",
        '<base href="/tin/"><script>location="."</script>',
        '<meta http-equiv="Refresh" content="0;/tin/">',
        "<meta http-equiv=refresh content=\" 1 ; URL = '/tin/' \">",
        '<frameset cols="*"><frame src="/tin/"></frameset>',
        '<body><iframe src="tin/" width="100%" height="100%"></iframe></body>',
    ],
)
def test_an_empty_page_sends_on_to_another(source):
    assert sends_on_to(f"<html><head><title>Phường</title></head>{source}</html>".encode(), URL) == [
        "http://a.test/tin/"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "<script>document.cookie='D1N=1'; location.href='/tin/'</script>",
        "<script>document['cookie'] = 'a=1'; location.href = '/tin/'</script>",
        "<script>setCookie('__test', '1'); location.href = '/tin/'</script>",
        "<script>location.href = '/tin/' + day + '.html'</script>",
        "<script>location.href = `/tin/${day}/`</script>",
        "<script>function go(id) { location.href = '/tin/?id=' + id }</script>",
        "<script>a = b; b = a; location.href = a</script>",
        "<script>location.reload()</script>",
        "<script>location.href = location.href</script>",
        "<script>location='/'</script>",
        "<script>location='/tin/' + day</script>",
        "<script>if (location.href == '/tin/') {}</script>",
        "<script>location='javascript:go()'</script>",
        "<script>location='http://[::1'</script>",
        '<meta http-equiv="refresh" content="300;url=/tin/">',
        f"<p>{'Hội nghị tổng kết công tác năm. ' * 20}</p><script>location='/tin/'</script>",
        '<a href="/1">1</a><a href="/2">2</a><a href="/3">3</a><a href="/4">4</a><script>location="/tin/"</script>',
    ],
)
def test_any_other_page_does_not(source):
    assert sends_on_to(f"<html>{source}</html>".encode(), URL) == []


def test_a_page_that_sends_on_within_the_site_names_where_and_one_that_leaves_it_is_refused_with_the_address():
    inside = read("<script>location='/tin/'</script>", "text/html", "https://a.test/")
    assert isinstance(inside, Listing) and inside.onward == ["https://a.test/tin/"]
    outside = read("<script>location='http://b.test/tin/'</script>", "text/html", "https://a.test/")
    assert outside == Refusal(Reason.OFFSITE, "http://b.test/tin/")
    report = SiteReport("a", finished=True)
    report.skip("listing", Reason.OFFSITE, "http://b.test/tin/")
    assert "http://b.test/tin/" in report.verdict()[2]


@pytest.mark.parametrize(
    ("head", "onward"),
    [
        ('<meta http-equiv="refresh" content="0;url=/tin/">', "http://a.test/tin/"),
        ('<meta http-equiv="refresh" content="20;url=/">', None),
        ('<meta http-equiv="refresh" content="0;url=/before">', None),
        ('<meta http-equiv="refresh" content="600;url=/tin/">', None),
        ('<base href="http://[x/"><meta http-equiv="refresh" content="0;url=/tin/">', None),
    ],
)
def test_a_refresh_is_followed_once_and_never_back(head, onward):
    middleware = RefreshMiddleware.from_crawler(get_crawler(settings_dict={"METAREFRESH_MAXDELAY": 30}))
    request = Request(URL, meta={"redirect_urls": ["http://a.test/before"]})
    came = middleware.process_response(request, HtmlResponse(URL, body=f"<html><head>{head}</head></html>".encode()))
    assert (came.url if isinstance(came, Request) else None) == onward
