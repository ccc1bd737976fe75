"""Surveying a portal on an unknown platform without a network: what `tinphuong new-site` would find."""

import re
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse

from crawler.new_site.probe import Fetched, PageNotFetched
from crawler.new_site.survey import survey
from spiders.lists.forms import sent_fields
from tests.running import alone


def survey_of(portal):
    """Return (survey, addresses asked for)."""
    asked = []

    async def fetch(url):
        asked.append(url)
        return await answered(portal, url)

    return alone(survey(f"http://{portal.host}/", fetch)), asked


async def answered(portal, url):
    """The portal's answer to a request as a probe gives it."""
    request = Request(url)
    target = re.sub(r"^http://[^/]+", "", request.url.split("#")[0])
    fields = sent_fields(url)
    form = "&".join(f"{name}={value}" for name, value in fields.items())
    answer = portal.answer("POST" if fields else "GET", target or "/", form)
    if answer.status == 302:
        return await answered(portal, f"http://{portal.host}{answer.headers['Location']}")
    if sent_on := re.search(rb'http-equiv="refresh" content="0;url=([^"]+)"', answer.body):
        return await answered(portal, f"http://{portal.host}{sent_on[1].decode()}")
    if answer.status != 200:
        raise PageNotFetched(url, f"http_{answer.status}")
    kind = HtmlResponse if "html" in answer.content_type else TextResponse
    response = kind(
        request.url.split("#")[0], body=answer.body, headers={"Content-Type": answer.content_type}, request=request
    )
    return Fetched(response, datetime.now(UTC))
