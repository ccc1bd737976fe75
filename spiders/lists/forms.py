"""Requests by POST: the address by which a form's answer is known, and the forms of ASP.NET's pagers."""

from collections.abc import Iterable, Mapping
from typing import TypedDict
from urllib.parse import parse_qsl, urlencode, urljoin

from scrapy.http import Response, TextResponse

from crawler import urls

_POSTBACK = (
    r"(?:__doPostBack\(|WebForm_DoPostBackWithOptions\(new WebForm_PostBackOptions\()"
    r"['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]"
)


class RequestArguments(TypedDict, total=False):
    """What a `Request` by POST needs besides its URL."""

    method: str
    body: str
    headers: dict[str, str]


def post_address(endpoint: str, fields: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    """Return the address of the answer to a form sent to `endpoint` (see `crawler.urls.with_form`)."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    return urls.with_form(endpoint, urlencode(pairs))


def sent_fields(address: str) -> dict[str, str]:
    """Return the form's fields of an address; {} for a page that is asked for by GET."""
    return dict(parse_qsl(urls.form_of(address) or "", keep_blank_values=True))


def request_arguments(address: str, referer: str = "") -> RequestArguments:
    """Return what a Request for `address` needs besides its URL: {} for a page that is asked for by GET."""
    form = urls.form_of(address)
    if form is None:
        return {}
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Requested-With": "XMLHttpRequest"}
    if referer:
        headers["Referer"] = referer
    return {"method": "POST", "body": form, "headers": headers}


def address_of(response: Response) -> str:
    """Return the address that was asked for, with its form."""
    return response.request.url if response.request else response.url


def postbacks(response: TextResponse) -> dict[int, str]:
    """Return the numbered pages that an ASP.NET pager offers by `__doPostBack`, as number → address."""
    form = response.xpath("//form[.//input[@name='__VIEWSTATE']]")[:1]
    if not form:
        return {}
    hidden = [
        (field.root.get("name"), field.root.get("value", "")) for field in form.xpath(".//input[@type='hidden'][@name]")
    ]
    kept = [pair for pair in hidden if pair[0] not in ("__EVENTTARGET", "__EVENTARGUMENT")]
    try:
        endpoint = urljoin(response.url, form.xpath("@action").get() or response.url)
    except ValueError:
        return {}
    found: dict[int, str] = {}
    last = 0
    for link in form.xpath(".//a[contains(@href, 'PostBack')]"):
        number = (link.xpath("normalize-space(.)").get() or "").strip()
        if number in ("...", "…") and last:  # the next ten
            number = str(last + 1)
        target = link.xpath("@href").re(_POSTBACK)
        if number.isdigit() and len(target) == 2:
            fields = [*kept, ("__EVENTTARGET", target[0]), ("__EVENTARGUMENT", target[1])]
            found.setdefault(last := int(number), post_address(endpoint, fields))
    return found
