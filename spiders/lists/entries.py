"""Finding a list's entries on an unknown platform, by structure: links of a headline's length in blocks that repeat.

Each entry has a block of its own. Blocks of one shape are a list if they show dates, or else if they repeat. What other
pages of the site have taught helps with pages that show little: the last page of a list may have one entry.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.extraction.rules.lines import Line, classify
from crawler.text import normalize
from spiders.lists.address_shapes import Learnt, shape
from spiders.lists.short_texts import short_text

_HEADLINE = 12  # characters of a headline, at least
_LONG = 26  # characters that the headlines of a list without dates have on average
_REPEATED = 3  # blocks of one shape from which they are a list, dates or not
_LEVELS = 5  # elements above a link that may be its block
_BEHIND = 3  # elements behind a block that may show its date
_STAMP = 60  # characters of a text that shows a date and little else, at most
_TEASER, _LONGEST_TEASER = 40, 1000  # characters of an entry's teaser
_MOST = 0.4  # share of the page's text from which a box cannot be a menu
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\b|\b\d{4}-\d\d-\d\d\b|\b\d\d \d\d (?:19|20)\d\d\b|"
    r"\b\d{1,2} tháng \d{1,2},? (?:năm )?\d{4}|"
    rf"\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?[.,]?\s+\d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}[.,]?\s+\d{{4}}\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:posted|published|submitted|written|by|on|đăng|viết|gửi|tác giả|ngày)\b", re.IGNORECASE)
_MENU_TAGS = frozenset({"nav", "footer", "header", "form", "select", "dialog"})
_MENU_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w{0,6}-?menu(?:bar)?\d?|menu[_-]\w+|nav|navbar|navigation|breadcrumbs?|duong-?dan|footer|foot|"
    r"pagination|pager|phan-?trang|\w*banner\w*|lien-?ket\w*|topbar|login|search\w*)(?:$|[\s_-])"
    r"|(?:^|\s)(?:(?:site|main|top)[_-]?)?header(?:$|\s)",
    re.IGNORECASE,
)
_SIDE_NAME = re.compile(
    r"(?:^|\s)(?:(?:col|cot|column|box|block|panel|content|wrap)?[_-]?(?:right|left|phai|trai)|"
    r"(?:right|left)[_-]?(?:col\w*|bar|content|box|panel)|(?:\w+[_-])?side(?:bar)?(?:[_-]\w+)?|widget\w*|"
    r"tin-?(?:moi|khac|lien-?quan)\w*|(?:xem|doc)-?nhieu\w*|related\w*|hot-?news|most-?\w+)(?:$|\s)",
    re.IGNORECASE,
)
_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEAD_NAME = re.compile(r"tit(?:le)?\b|tieu-?de|ten\b|name\b|headline", re.IGNORECASE)


Element = Any  # an lxml element: lxml has no types


@dataclass(slots=True)
class Entry:
    """One entry: its link, the link's address (as written, and absolute), its title, and the date and teaser shown
    beside it ("" for none)."""

    link: Element
    href: str
    url: str
    title: str
    date: str = ""
    summary: str = ""


@dataclass(slots=True)
class _Page:
    """The headlines of a page: `titles`, link → text; `targets`, link → absolute address; `under`, element → the
    addresses of the headlines inside it."""

    titles: dict[Element, str] = field(default_factory=dict)
    targets: dict[Element, str] = field(default_factory=dict)
    under: dict[Element, set[str]] = field(default_factory=lambda: defaultdict(set))


Resolve = Callable[[str], str | None]


def entries(root: Element, url: str, learnt: Learnt, resolve: Resolve, identity: Resolve) -> list[Entry]:
    """Return the entries of the lists on the page at `url`, in its order.

    What the page teaches of the site joins `learnt`. `resolve` makes a link's address absolute, and returns None where
    it leads off the site; `identity` returns None for an address that cannot be an article's.
    """
    page = _sort(root, learnt, resolve, identity)
    groups: dict[str, list[tuple[Element, Entry]]] = defaultdict(list)
    for link, title in page.titles.items():
        block = _block(link, page, learnt)
        href, found = link.get("href"), groups[_signature(block)]
        if not any(block is other or href == said.href for other, said in found[-3:]):
            date, teaser = _date_of(block, link, page), _teaser(block, title)
            found.append((block, Entry(link, href, page.targets[link], title, date, teaser)))
    for found in groups.values():
        _set_dates_before(found, page)
    aside = _side(root, page)
    _note_menus(groups, learnt)
    chosen = _without_sides(_lists(groups, learnt), aside, url, learnt)
    for signature, found in chosen.items():
        _learn(signature, found, learnt)
    order = {link: place for place, link in enumerate(page.titles)}
    return sorted((entry for found in chosen.values() for _, entry in found), key=lambda entry: order[entry.link])


def _sort(root: Element, learnt: Learnt, resolve: Resolve, identity: Resolve) -> _Page:
    """Tell headlines from menus and other links."""
    page = _Page()
    chrome = _chrome(root)
    links = [(link, target) for link in root.iter("a") if (target := resolve(link.get("href") or ""))]
    framed = {link for link, _ in links if link in chrome}
    texts = {link: short_text(link) for link, _ in links}
    menus = {target for link, target in links if link in framed and len(texts[link]) < _LONG and not _is_of_entry(link)}
    plain = [
        (link, target) for link, target in links if link not in framed and target not in menus and identity(target)
    ]
    for link, target in plain:
        if title := _headline(link) or (learnt.pattern and texts[link][:_STAMP]):
            page.titles[link], page.targets[link] = title, target
    for link, target in plain:
        if link not in page.titles and (title := _title_beside(link, page.titles)):
            page.titles[link], page.targets[link] = title, target
    _drop_bylines(page)
    learnt.headlines.update(page.targets[link] for link, title in page.titles.items() if len(title) >= _LONG)
    shown = set(page.targets.values())
    for link, target in links:
        text = texts[link]
        if target not in shown and text and len(text) < _LONG and not text.isdigit():
            learnt.menus.add(target)
            learnt.others.add(shape(target))
    for link in page.titles:
        for above in link.iterancestors():
            page.under[above].add(link.get("href"))
    return page


def _is_of_entry(link: Element) -> bool:
    """Whether a link in a footer or nav says something of one entry: "0 Comments", "Read more".

    Cures: a blog's whole list taken for its menu, because the footer of each entry counts the comments with a link to
    the entry.
    """
    return "#" in (link.get("href") or "") or any(above.tag == "article" for above in link.iterancestors())


def _drop_bylines(page: _Page) -> None:
    """Take authors and categories out of the headlines: short links in an `article` whose heading is another link.

    Cures: "Võ Minh Khuê", linked beside the date of each entry, read as the entries of a list.
    """
    heads: dict[Element, str] = {}
    for link in page.titles:
        holder = next((above for above in link.iterancestors() if above.tag == "article"), None)
        if holder is not None and any(above.tag in _HEADS for above in link.iterancestors()):
            heads.setdefault(holder, page.targets[link])
    for link, title in list(page.titles.items()):
        holder = next((above for above in link.iterancestors() if above.tag == "article"), None)
        headed = any(above.tag in _HEADS for above in link.iterancestors())
        if len(title) < _LONG and not headed and heads.get(holder, page.targets[link]) != page.targets[link]:
            del page.titles[link], page.targets[link]


def _headline(link: Element) -> str:
    """The text of a link that is a headline; of a link around a whole card, its heading; "" for any other link."""
    text = normalize(" ".join(short_text(link).split()))
    if len(link) and len(text) > _HEADLINE:
        for inner in link.iter():
            named = isinstance(inner.tag, str) and inner is not link
            if named and (inner.tag in _HEADS or _HEAD_NAME.search(inner.get("class") or "")):
                text = normalize(" ".join(short_text(inner).split())) or text
                break
    if not text and link.find(".//img") is not None:
        text = normalize(link.get("title") or "")
    return text if _is_headline(text) else ""


def _is_headline(text: str) -> bool:
    return len(text) >= _HEADLINE and text.count(" ") >= 2 and classify(text) not in (Line.TOOL, Line.END, Line.LABEL)


def _title_beside(link: Element, titles: Mapping[Element, str]) -> str:
    """The heading over a link that only says "Xem chi tiết", in a block without other links; "" for none, and where the
    heading is a link itself."""
    text = short_text(link)
    if classify(text) is not Line.TOOL and (text or link.find(".//img") is None):
        return ""
    block = link
    for _ in range(_LEVELS):
        parent = block.getparent()
        if parent is None or any(
            other in titles or other.get("href") != link.get("href") for other in parent.iter("a")
        ):
            return ""
        block = parent
        for inner in block.iter():
            if isinstance(inner.tag, str) and (inner.tag in _HEADS or _HEAD_NAME.search(inner.get("class") or "")):
                text = normalize(" ".join(inner.text_content().split()))
                return text if _is_headline(text) else ""
    return ""


def _chrome(root: Element) -> set[Element]:
    """All that is in the menus, headers and footers of the page: elements with such names, but for those with most of
    its text."""
    total = max(1, len(root.text_content()))
    found: set[Element] = set()
    for element in root.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag in ("html", "body", "a") or element in found:
            continue
        named = tag in _MENU_TAGS or _MENU_NAME.search(f"{element.get('class', '')} {element.get('id', '')}")
        if not named or (tag == "header" and any(above.tag in ("article", "li") for above in element.iterancestors())):
            continue
        if tag not in _MENU_TAGS - {"header"} and len({link.get("href") for link in element.iter("a")}) < 2:
            continue  # a card's own header
        if tag == "form" and element.find(".//table") is not None and next(_stamps(element, None), ""):
            continue  # the last page of Joomla's table of articles: the form is its filter
        if tag == "nav" or len(element.text_content()) < _MOST * total:
            found.update(element.iter())
    return found


def _side(root: Element, page: _Page) -> set[Element]:
    """The elements that are named like side boxes, but for one with more than half of the page's headlines."""
    total = len({href for hrefs in page.under.values() for href in hrefs})
    return {
        element
        for element, hrefs in page.under.items()
        if element.tag not in ("html", "body")
        and (element.tag == "aside" or _SIDE_NAME.search(f"{element.get('class', '')} {element.get('id', '')}"))
        and 2 * len(hrefs) <= total
    }


def _block(link: Element, page: _Page, learnt: Learnt) -> Element:
    """The largest element above a link, five levels up at most, that holds no other headline."""
    block = link
    for _ in range(_LEVELS):
        parent = block.getparent()
        if parent is None or parent.tag in ("body", "html", "main", "form") or len(page.under[parent]) > 1:
            break
        if block is not link and _signature(block) in learnt.lists:
            break
        block = parent
    return block


def _signature(block: Element) -> str:
    """What blocks of one list share: the names of their element and of the one around it."""
    parent = block.getparent()
    around = f"{parent.tag}.{parent.get('class', '')}" if parent is not None else ""
    return f"{around}>{block.tag}.{' '.join(sorted((block.get('class') or '').split())[:2])}"


def _date_of(block: Element, link: Element, page: _Page) -> str:
    """The date shown in a block or, where entries are not in blocks, right behind the headline."""
    if found := next(_stamps(block, link), ""):
        return found
    for place, sibling in enumerate(block.itersiblings()):
        if place >= _BEHIND or page.under.get(sibling):
            break
        if isinstance(sibling.tag, str) and (found := next(_stamps(sibling, None), "")):
            return found
    return ""


def _teaser(block: Element, title: str) -> str:
    """The first sentence or more that an entry's block shows besides its title, outside links; "" for none."""
    for inner in block.iter("p", "div", "span", "td", "dd"):
        if inner.find(".//p") is not None or inner.find("div") is not None or inner.find(".//table") is not None:
            continue
        text = normalize(" ".join(inner.text_content().split()))
        linked = sum(len(link.text_content()) for link in inner.iter("a"))
        if len(text) < 2 * _STAMP and _DATE.search(text) and _BYLINE.match(text):
            continue
        if _TEASER <= len(text) <= _LONGEST_TEASER and linked < 0.4 * len(text) and not text.startswith(title):
            return text
    return ""


def _set_dates_before(found: list[tuple[Element, Entry]], page: _Page) -> None:
    """Correct the dates of a list without blocks that shows each date before its headline: they were taken for those of
    the headlines above."""
    if len(found) < _REPEATED or found[-1][1].date or not all(entry.date for _, entry in found[:-1]):
        return
    before = [_date_before(block, page) for block, _ in found]
    if all(before):
        for (_, entry), date in zip(found, before, strict=True):
            entry.date = date


def _date_before(block: Element, page: _Page) -> str:
    for place, sibling in enumerate(block.itersiblings(preceding=True)):
        if place >= _BEHIND or page.under.get(sibling):
            break
        if isinstance(sibling.tag, str) and (found := next(_stamps(sibling, None), "")):
            return found
    return ""


def _stamps(element: Element, link: Element) -> Iterator[str]:
    """The texts in an element that show a date and little else."""
    for inner in element.iter():
        if not isinstance(inner.tag, str):
            continue
        texts = [inner.text] if inner is not link else []
        if inner.tag == "time" and not _DATE.search(inner.text_content()):
            texts.append((inner.get("datetime") or "").strip().replace("T", " "))
        if inner is not element:
            texts.append(inner.tail)
        for text in texts:
            if text and _DATE.search(text) and len(stripped := normalize(text)) <= _STAMP:
                yield stripped


def _is_dated(found: list[tuple[Element, Entry]]) -> bool:
    return sum(bool(entry.date) for _, entry in found) * 2 > len(found)


def _learn(signature: str, found: list[tuple[Element, Entry]], learnt: Learnt) -> None:
    learnt.lists.add(signature)
    learnt.dated = learnt.dated or _is_dated(found)
    learnt.articles.update(shape(entry.url) for _, entry in found)


def _note_menus(groups: dict[str, list[tuple[Element, Entry]]], learnt: Learnt) -> None:
    """Learn menus that have no telling name: several short links without dates, one beside the other."""
    for signature, found in groups.items():
        if len(found) >= _REPEATED and signature not in learnt.lists and not _is_dated(found) and not _is_long(found):
            learnt.menus.update(entry.url for _, entry in found)
            learnt.others.update(shape(entry.url) for _, entry in found)


def _is_long(found: list[tuple[Element, Entry]]) -> bool:
    return sum(len(entry.title) for _, entry in found) >= _LONG * len(found)


def _lists(groups: dict[str, list[tuple[Element, Entry]]], learnt: Learnt) -> dict[str, list[tuple[Element, Entry]]]:
    """The groups that are lists: those with dates, and those that look like a list of an earlier page or lead to
    articles only, by their addresses. Where there are none, those that repeat."""
    dated = {signature: found for signature, found in groups.items() if _is_dated(found)}
    for signature, found in dated.items():
        _learn(signature, found, learnt)
    known = {
        signature: found
        for signature, found in groups.items()
        if signature not in dated
        and (signature in learnt.lists or all(learnt.is_article_shape(entry.url) for _, entry in found))
    }
    if dated or known:
        return dated | known
    return {signature: found for signature, found in groups.items() if len(found) >= _REPEATED and _is_long(found)}


def _without_sides(
    lists: dict[str, list[tuple[Element, Entry]]], aside: set[Element], url: str, learnt: Learnt
) -> dict[str, list[tuple[Element, Entry]]]:
    """The lists without side boxes: those that other pages show too and, unless nothing else is left, those that are
    named like one."""
    own = {
        signature: found
        for signature, found in lists.items()
        if not learnt.is_side_box(signature, frozenset(entry.url for _, entry in found), url)
    }
    main = {
        signature: found
        for signature, found in own.items()
        if not any(above in aside for above in found[0][1].link.iterancestors())
    }
    return main or own
