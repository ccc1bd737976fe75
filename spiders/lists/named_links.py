"""The links of a page that may be entries of its lists, each with its title: headlines by themselves, and those whose
titles are short or stand elsewhere on their cards."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from spiders.lists.address_shapes import Learnt, shape
from spiders.lists.clickable import address_of_element
from spiders.lists.dates_beside import STAMP
from spiders.lists.menus import in_menus
from spiders.lists.short_texts import short_text
from spiders.lists.titles import (
    heading_in,
    is_headline,
    is_in_heading,
    is_more,
    is_title,
    leads_onward,
    shown_text,
    title_for_machines,
    title_in_row,
)

LONG = 26  # characters that the headlines of a list without dates have on average
LEVELS = 5  # elements above a link that may be its block

Element = Any  # an lxml element: lxml has no types
Resolve = Callable[[str], str | None]


@dataclass(slots=True)
class Anchor:
    """A link of the page: its element, its address as written and absolute, what names the page it leads to, what it
    shows ("" where it only says that there is more), and whether it is in a menu, header or footer."""

    element: Element
    href: str
    target: str
    key: str
    text: str
    framed: bool
    headed: bool = False  # it stands in a heading


@dataclass(slots=True)
class NamedLinks:
    """The links of a page that may be entries.

    `titles`: link → title, for those that are headlines; `small`: the same for those whose titles are too short to
    tell, or that have none ("" then): they are entries only where their list shows it. `anchors`: link → all about it;
    `under`: element → keys of the headlines inside it; `under_small`: with those of `small`. `other_links`: address →
    text of all other links.
    """

    titles: dict[Element, str] = field(default_factory=dict)
    small: dict[Element, str] = field(default_factory=dict)
    anchors: dict[Element, Anchor] = field(default_factory=dict)
    under: dict[Element, set[str]] = field(default_factory=lambda: defaultdict(set))
    under_small: dict[Element, set[str]] = field(default_factory=lambda: defaultdict(set))
    other_links: list[tuple[str, str]] = field(default_factory=list)


def named_links(root: Element, url: str, learnt: Learnt, resolve: Resolve, identity: Resolve) -> NamedLinks:
    """Tell headlines, and what may be entries with short titles, from menus and other links on the page at `url`."""
    page = NamedLinks()
    every = list(_anchors(root, resolve, identity))
    menus = {a.target for a in every if a.framed and len(a.text) < LONG and not _is_of_entry(a)}
    plain = [a for a in every if not a.framed and a.key and a.target not in menus]
    for anchor in plain:
        page.anchors[anchor.element] = anchor
        anchor.headed = is_in_heading(anchor.element, LEVELS)
        if is_headline(anchor.text) or (learnt.pattern and anchor.text):
            page.titles[anchor.element] = anchor.text if is_headline(anchor.text) else anchor.text[:STAMP]
    cards = Cards(plain)
    _drop_bylines(page, cards)
    _drop_repetitions(page, plain)
    here = identity(url)
    _add_titles_of_cards(page, [anchor for anchor in plain if anchor.key != here], cards)
    _promote_peers(page)
    for element in [*page.titles, *(e for e in page.small if page.anchors[e].headed)]:
        _note_above(page.under, page.anchors[element])
    for element in [*page.titles, *page.small]:
        _note_above(page.under_small, page.anchors[element])
    named = {page.anchors[element].key for element in [*page.titles, *page.small]}
    texts = ((a.target, short_text(a.element)) for a in every if a.framed or a.key not in named)
    page.other_links = [(target, text) for target, text in texts if text]
    return page


def note_menus(page: NamedLinks, dropped: Iterable[Element], learnt: Learnt) -> None:
    """Learn what is in menus, and the shapes of addresses that are not articles': from short links that are not
    entries. `dropped`: those of `page.small` that are not."""
    links = [*page.other_links, *((page.anchors[e].target, page.small[e]) for e in dropped)]
    shown = {page.anchors[element].target for element in page.titles}
    for target, text in links:
        if text and target not in shown and len(text) < LONG and not text.isdigit():
            learnt.menus.add(target)
            learnt.others.add(shape(target))


def _anchors(root: Element, resolve: Resolve, identity: Resolve) -> Iterable[Anchor]:
    chrome = in_menus(root)
    for element in root.iter():
        if (href := address_of_element(element)) and (target := resolve(href)):
            text = shown_text(element)
            if element.get("rel") in ("next", "prev") or (len(text) < LONG and leads_onward(text)):
                continue
            yield Anchor(
                element, href, target, identity(target) or "", "" if is_more(text) else text, element in chrome
            )


def _note_above(under: dict[Element, set[str]], anchor: Anchor) -> None:
    for above in anchor.element.iterancestors():
        under[above].add(anchor.key)


def _is_of_entry(anchor: Anchor) -> bool:
    """Whether a link in a footer or nav says something of one entry: "0 Comments", "Read more".

    Cures: a blog's whole list taken for its menu, because the footer of each entry counts the comments with a link to
    the entry.
    """
    return "#" in anchor.href or any(above.tag == "article" for above in anchor.element.iterancestors())


def _drop_bylines(page: NamedLinks, cards: "Cards") -> None:
    """Take authors and categories out of the headlines: short links on a card whose heading is another link.

    Cures: "Võ Minh Khuê", linked beside the date of each entry, read as the entries of a list.
    """
    for link, title in list(page.titles.items()):
        if len(title) < LONG and not page.anchors[link].headed and cards.is_label(page.anchors[link]):
            del page.titles[link]


class Cards:
    """What links are under each element, to tell the card of one entry from a box of several.

    `headed`: element → keys of the links that are headings under it; `slots`: element → where links under it stand,
    each with their parents. Both up to five levels above a link.
    """

    def __init__(self, plain: list[Anchor]) -> None:
        self.headed: dict[Element, set[str]] = defaultdict(set)
        self.slots: dict[Element, dict[tuple[str, ...], set[Element]]] = defaultdict(lambda: defaultdict(set))
        for anchor in plain:
            where, parent = slot(anchor.element), anchor.element.getparent()
            for above in _levels(anchor.element):
                self.slots[above][where].add(parent)
            if anchor.headed and is_title(anchor.text):
                self.note_heading(anchor)

    def note_heading(self, anchor: Anchor) -> None:
        """Note that a link is its card's heading, or has one."""
        for above in _levels(anchor.element):
            self.headed[above].add(anchor.key)

    def is_label(self, anchor: Anchor) -> bool:
        """Return whether a link is a category, an author or the like on the card of one entry: its heading is another
        link, and no other link stands there as this one does."""
        where = slot(anchor.element)
        for above in _levels(anchor.element):
            if len(self.slots[above][where]) > 1:
                return False
            if heads := self.headed.get(above, set()) - {anchor.key}:
                return len(heads) == 1 and above.tag not in ("body", "html", "main")
        return False


def _levels(link: Element) -> list[Element]:
    return list(islice(link.iterancestors(), LEVELS))


def _drop_repetitions(page: NamedLinks, plain: list[Anchor]) -> None:
    """Take "Read more about Thông báo" out of the headlines where a heading says "Thông báo" with the same link."""
    heads = {a.key: a.text for a in plain if a.headed and is_title(a.text)}
    for link, title in list(page.titles.items()):
        anchor = page.anchors[link]
        head = heads.get(anchor.key, "")
        if head and not anchor.headed and len(head) < len(title) <= len(head) + STAMP and title.endswith(head):
            del page.titles[link]


def _add_titles_of_cards(page: NamedLinks, plain: list[Anchor], cards: Cards) -> None:
    """Name the links that are no headlines: by the heading of their card, by themselves, or by what is said of them to
    those who do not see the page."""
    named = {page.anchors[link].key for link in page.titles}
    under: dict[Element, set[str]] = defaultdict(set)  # element → keys of the cards in it, as far as they are known
    with_titles: set[Element] = set()  # elements with a link that shows a title
    rest: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in plain:
        is_titled = anchor.element in page.titles or (anchor.headed and is_title(anchor.text))
        if is_titled or not anchor.text:
            _note_above(under, anchor)
        if is_titled:
            with_titles.update(anchor.element.iterancestors())
        if anchor.key not in named or not anchor.text:
            rest[anchor.key].append(anchor)
    places = Counter((anchor.key, slot(anchor.element)) for found in rest.values() for anchor in found)
    for key, found in rest.items():
        in_head = next((a for a in found if a.headed and is_title(a.text)), None)
        silent = next((a for a in found if not a.text), None)
        beside = [(said, a) for a in found if not a.text and (said := _heading_beside(a, under, with_titles))]
        for said, each in beside:
            (page.titles if is_headline(said) else page.small)[each.element] = said
            each.headed = True
            cards.note_heading(each)
        if beside or key in named:
            continue
        if in_head:
            title, anchor = in_head.text, in_head
        elif title := next((said for a in found if (said := title_for_machines(a.element))), ""):
            anchor = silent or found[0]
        else:
            anchor = next((a for a in found if is_title(a.text)), silent or found[0])
            title = anchor.text
            if title and not is_title(title):
                continue
        if not anchor.headed and (places[key, slot(anchor.element)] > 1 or cards.is_label(anchor)):
            continue
        (page.titles if is_headline(title) else page.small)[anchor.element] = title


def _heading_beside(anchor: Anchor, under: dict[Element, set[str]], with_titles: set[Element]) -> str:
    """The heading on the card of a link that shows no title; "" for none.

    A card is at most the largest element, five levels up, that holds no other card and no link that shows a title.
    """
    card = anchor.element
    for _ in range(LEVELS):
        if title := heading_in(card, lambda link: _leads_elsewhere(link, anchor)) or title_in_row(card):
            return title
        parent = card.getparent()
        if parent is None or parent.tag in ("body", "html") or parent in with_titles:
            return ""
        if under.get(parent, set()) - {anchor.key}:
            return ""
        card = parent
    return ""


def _leads_elsewhere(link: Element, anchor: Anchor) -> bool:
    href = (link.get("href") or "").strip()
    return bool(href) and href != anchor.href and link is not anchor.element and not href.startswith("#")


def _promote_peers(page: NamedLinks) -> None:
    """Count short titles as headlines where they stand exactly as headlines do: in a list where some are long."""
    slots = {slot(link) for link in page.titles}
    parents = {link.getparent() for link in page.titles}
    for link, title in list(page.small.items()):
        if title and slot(link) in slots and link.getparent() not in parents:
            page.titles[link] = page.small.pop(link)


def slot(link: Element) -> tuple[str, ...]:
    """Return where a link stands: names and classes of three elements around it, and the column of a table's cell."""
    found = []
    for above in [link, *link.iterancestors()][:4]:
        column = f"[{sum(1 for _ in above.itersiblings(preceding=True))}]" if above.tag in ("td", "th") else ""
        found.append(f"{above.tag}.{above.get('class', '') if above is not link else ''}{column}")
    return tuple(found)
