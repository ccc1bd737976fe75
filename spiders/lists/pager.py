"""Finding the further pages of a list on an unknown platform: by the numbers of its pager, whatever they do.

A number may be a link, or call a script that opens an address or sends a form. Where no address can be found, the
result says so, lest the first page be taken for the whole list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from scrapy.http import TextResponse

from crawler import urls
from crawler.text import fold
from spiders.lists.forms import post_address, postbacks
from spiders.lists.short_texts import short_text

_LEVELS = 4  # elements above a number that may be its pager
_LONGEST = 160  # characters of a pager's text
_DAYS = 27  # different numbers from which a box is a calendar and not a pager
_HIGHEST = 2000
_MOST_NUMBERS = 250  # elements of a page that may be numbers of a pager
_NEXT = re.compile(
    r"(?:trang )?(?:sau|tiep(?: theo)?|ke(?: tiep)?|next(?: page)?)\W*|[›»>⟩⟫〉》→⇒⟶❯❱▶►▸]+|"
    r"\W*(?:trang sau|trang tiep|trang ke)\W*|"
    r"\W*(?:(?:view |see )?older (?:posts?|entries|articles|news|stories|items)|"
    r"(?:xem )?(?:cac )?(?:bai(?: viet| dang)?|tin(?: tuc| bai)?) cu hon)\W*"
)
_BACK = re.compile(
    r"\W*(?:(?:trang )?truoc(?: do)?|prev(?:ious)?(?: page)?|(?:previous|earlier) (?:posts|entries)|"
    r"older|cu hon)\W*"
)
_MORE = re.compile(r"(?:xem|tai|hien thi|doc) them(?: tin(?: tuc| bai)?| bai(?: viet)?)?\W*|load more\W*|show more\W*")
_NO_PAGER = re.compile(r"calendar|datepicker|(?:^|[\s_-])lich|slide|carousel|swiper", re.IGNORECASE)
_PAGER_NAME = re.compile(r"pagi|pager|page-?(?:nav|foot)|phan-?trang|nav-?links", re.IGNORECASE)
_NEXT_NAME = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])", re.IGNORECASE)
_GOES = re.compile(r"location(?:\.href)?\s*=\s*(['\"])(?P<address>[^'\"]+)\1")
_CALL = re.compile(r"(?P<name>[A-Za-z_$][\w$.]*)\(\s*(['\"]?)(?P<number>\d{1,4})\2\s*[,)]")


Element = Any  # an lxml element: lxml has no types


@dataclass(slots=True)
class PagerLinks:
    """The further pages of a list: number → address; `by_script`: there are some, but no address of any was found."""

    pages: dict[int, str] = field(default_factory=dict)
    by_script: bool = False


def find_pages(response: TextResponse, current: int) -> PagerLinks:
    """Return where page numbers and "next" lead from the page number `current` of a list."""
    root = response.selector.root
    links = PagerLinks()
    sent = postbacks(response)
    numbers = list(islice(_numbers(root), _MOST_NUMBERS))
    for box, found in _pagers(numbers):
        for number, element in found:
            address = _address(element, response) or sent.get(number)
            if address and number != current:
                links.pages.setdefault(number, address)
        is_pager = len(found) > 1 and any(_does_something(element) for _, element in found)
        links.by_script = links.by_script or (is_pager and not links.pages)
        links.pages.update({n: a for n, a in sent.items() if n not in links.pages and n > max(links.pages, default=0)})
        if not links.pages:
            continue
        _next(box, response, current, links)
    if not numbers or not links.pages:
        _next(root, response, current, links)
    links.pages.pop(1, None)
    links.by_script = (links.by_script and not links.pages) or (not links.pages and _asks_for_more(root, response))
    return links


def _numbers(root: Element) -> Iterator[tuple[int, Element]]:
    """The elements whose text is a page's number and that do something when clicked."""
    for element in root.iter("a", "button", "li", "span", "td", "option"):
        acts = element.tag in ("a", "button") or "onclick" in element.attrib or "data-page" in element.attrib
        acts = acts or (element.tag == "option" and "/" in (element.get("value") or ""))
        if not acts:
            continue
        text = short_text(element, _LONGEST)
        if text.isascii() and text.isdigit() and 0 < int(text) <= _HIGHEST:
            yield int(text), element


def _pagers(numbers: list[tuple[int, Element]]) -> Iterator[tuple[Element, list[tuple[int, Element]]]]:
    """The boxes that hold little but such numbers, each with these; calendars are left out."""
    boxes: dict[Element, list[tuple[int, Element]]] = {}
    for number, element in numbers:
        boxes.setdefault(_box(element), []).append((number, element))
    for box, found in boxes.items():
        names = " ".join(f"{above.get('class', '')} {above.get('id', '')}" for above in [box, *box.iterancestors()][:3])
        if len({number for number, _ in found}) < _DAYS and not _NO_PAGER.search(names):
            yield box, found


def _does_something(element: Element) -> bool:
    """Whether a click on a number does more than to go to a place on its page, as the numbers of a slider do."""
    above = list(islice(element.iterancestors(), _LEVELS))
    if element.tag == "button" or (element.get("href") or "").lower().startswith("javascript:"):
        return True
    if any("onclick" in one.attrib or "data-page" in one.attrib for one in (element, *above[:1])):
        return True
    return any(_PAGER_NAME.search(f"{one.get('class', '')} {one.get('id', '')}") for one in (element, *above))


def _box(element: Element) -> Element:
    box = element
    for _ in range(_LEVELS):
        parent = box.getparent()
        if parent is None or parent.tag in ("body", "html") or len(" ".join(parent.text_content().split())) > _LONGEST:
            break
        box = parent
    return box


def _next(box: Element, response: TextResponse, current: int, links: PagerLinks) -> None:
    if current + 1 in links.pages:
        return
    onward = [_says_next]
    if current == 1 and not links.pages:
        onward.append(_says_back)
    for says in onward:
        for element in box.iter("a", "button"):
            if says(element) and (address := _address(element, response)):
                links.pages.setdefault(current + 1, address)
                return


def _says_back(element: Element) -> bool:
    """Whether a link says "previous page" inside something that is named a pager.

    On the first page of a list it leads to what is older: blogs that number their pages from the oldest count down.
    """
    if _BACK.fullmatch(fold(short_text(element, _LONGEST))) is None:
        return False
    around = [element, *element.iterancestors()][:_LEVELS]
    return any(_PAGER_NAME.search(f"{above.get('class', '')} {above.get('id', '')}") for above in around)


def _says_next(element: Element) -> bool:
    """Whether a link says "next": in its text or, where it has none, in its title, class or picture."""
    texts = [element.get(name) for name in ("title", "aria-label")] + [img.get("alt") for img in element.iter("img")]
    said = fold(short_text(element, _LONGEST) or next((text for text in texts if text), ""))
    if said:
        return _NEXT.fullmatch(said) is not None
    return element.get("rel") == "next" or _NEXT_NAME.search(element.get("class") or "") is not None


def _asks_for_more(root: Element, response: TextResponse) -> bool:
    """Whether the page offers more of its list by a button that leads nowhere."""
    return any(
        _MORE.fullmatch(fold(short_text(element, _LONGEST)))
        and (element.tag == "button" or element.get("href", "#").startswith(("#", "javascript:")))
        and _address(element, response) is None
        for element in root.iter("a", "button", "span")
    )


def _address(element: Element, response: TextResponse) -> str | None:
    """The address that an element leads to, by its link or by its script."""
    href = element.get("href") or (element.get("value") if element.tag == "option" else "") or ""
    script = " ".join((href, *(inner.get("onclick") or "" for inner in (element, *element.iterancestors())[:2])))
    if href and not href.lower().startswith(("#", "javascript:")):
        address = urls.absolute(response.url, href)
        return None if "#" in href and address == urls.cleaned(response.url) else address  # a slide of this page
    if goes := _GOES.search(script):
        return urls.absolute(response.url, goes["address"])
    for call in _CALL.finditer(script):
        if address := _called(response, call["name"].rpartition(".")[2], call["number"]):
            return address
    return None


def _called(response: TextResponse, name: str, number: str) -> str | None:
    """The address to which a function of the page's scripts leads when it is called with a page's number."""
    start = re.compile(
        rf"(?:function\s+{re.escape(name)}\s*|\b{re.escape(name)}\s*[=:]\s*function\s*)\(\s*(\w+)[^)]*\)\s*{{"
    )
    for script in response.xpath("//script[not(@src)]/text()").getall():
        if (head := start.search(script)) is None:
            continue
        body = script[head.end() : head.end() + 1500]
        value = re.escape(head[1])
        goes = re.search(
            rf"location[\w.]*\s*(?:=|\()\s*(['\"])(?P<before>[^'\"]*)\1\s*\+\s*{value}(?:\s*\+\s*(['\"])(?P<after>[^'\"]*)\3)?",
            body,
        )
        if goes:
            return urls.absolute(response.url, f"{goes['before']}{number}{goes['after'] or ''}")
        sets = re.search(rf"(?:['\"#.](?P<field>\w+)['\"]?\)?)\.(?:value\s*=|val\()\s*{value}", body)
        if sets and "submit" in body:
            return _sent(response, sets["field"], number)
    return None


def _sent(response: TextResponse, name: str, number: str) -> str | None:
    """The address of a form's answer with one field set."""
    for form in response.xpath("//form"):
        inputs = {
            each.root.get("name"): each.root.get("value", "")
            for each in form.xpath(".//input[not(@type='submit' or @type='button' or @type='checkbox')][@name]")
        }
        known = form.xpath(".//input[@name=$name or @id=$name]/@name", name=name).get()
        if known is None:
            continue
        endpoint = urls.absolute(response.url, form.xpath("@action").get() or response.url)
        if endpoint is None:
            return None
        inputs[known] = number
        if form.root.get("method", "get").lower() == "post":
            return post_address(endpoint, inputs)
        return f"{urls.without_query(endpoint)}?{urlencode(inputs)}"
    return None
