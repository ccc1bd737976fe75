"""Finding a list's entries on an unknown platform, by structure: links with titles in blocks that repeat.

Each entry has a block of its own. Blocks of one shape are a list if they show dates, or else if they repeat. What other
pages of the site have taught helps with pages that show little: the last page of a list may have one entry.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from spiders.lists.address_shapes import Learnt, has_number, shape
from spiders.lists.dates_beside import Under, date_before, date_of, teaser_of
from spiders.lists.menus import is_named_side_box, side_boxes
from spiders.lists.named_links import LEVELS, LONG, NamedLinks, named_links, note_menus

_REPEATED = 3  # blocks of one shape from which they are a list, dates or not
_ASIDE, _UNDATED = "aside ", "undated "  # before the signatures of groups that only look like others
_PAIR = 2  # blocks of one shape that may be a list, where the page has no other

Element = Any  # an lxml element: lxml has no types


@dataclass(slots=True)
class Entry:
    """One entry: its link, the link's address (as written, and absolute), its title ("" where only the page has it),
    and the date and teaser shown beside it ("" for none)."""

    link: Element
    href: str
    url: str
    title: str
    date: str = ""
    summary: str = ""


Group = list[tuple[Element, Entry]]
"""The entries of one shape with their blocks, in the page's order."""
Groups = dict[str, Group]
"""Signature → the blocks that have it."""
Resolve = Callable[[str], str | None]


def entries(root: Element, url: str, learnt: Learnt, resolve: Resolve, identity: Resolve) -> list[Entry]:
    """Return the entries of the lists on the page at `url`, in its order.

    What the page teaches of the site joins `learnt`. `resolve` makes a link's address absolute, and returns None where
    it leads off the site; `identity` returns None for an address that cannot be an article's.
    """
    page = named_links(root, url, learnt, resolve, identity)
    learnt.headlines.update(page.anchors[link].target for link, title in page.titles.items() if len(title) >= LONG)
    aside = side_boxes(page.under)
    groups = _groups(page, page.titles, page.under, aside, learnt)
    small = _groups(page, page.small, page.under_small, aside, learnt)
    for signature, found in [*_dated(groups).items(), *_dated(small, least=_PAIR).items()]:
        _learn(signature, found, learnt)
    short = _short_lists(small, groups, aside, learnt)
    taken = {entry.link for found in short.values() for _, entry in found}
    note_menus(page, [link for link in page.small if link not in taken], learnt)
    _note_unnamed_menus(groups, learnt)
    lists = _lists(groups, learnt)
    for signature, found in short.items():
        lists[signature] = [*lists.get(signature, []), *found]
    if not lists:
        lists = _last_resort(groups, small, page, aside)
        _note_unsure(lists, learnt, identity)
    elif not any(_is_dated(found) or not _is_in_side_box(found) for found in lists.values()):
        _note_unsure(lists, learnt, identity)
    chosen = _without_sides(lists, aside, url, learnt)
    for signature, found in chosen.items():
        _learn(signature, found, learnt)
    order = {link: place for place, link in enumerate(page.anchors)}
    return sorted((entry for found in chosen.values() for _, entry in found), key=lambda entry: order[entry.link])


def _groups(
    page: NamedLinks, titles: Mapping[Element, str], under: Under, aside: set[Element], learnt: Learnt
) -> Groups:
    """Group links by the shape of their blocks, each with what its block shows; those of side boxes apart."""
    groups: Groups = defaultdict(list)
    keys: dict[Element, str] = {}
    for link, title in titles.items():
        anchor, block = page.anchors[link], _block(link, under, learnt)
        place = _ASIDE if any(above in aside for above in link.iterancestors()) else ""
        found = groups[place + _signature(block)]
        if not any(block is other or anchor.key == keys[said.link] for other, said in found[-3:]):
            date, teaser = date_of(block, link, under), teaser_of(block, title)
            found.append((block, Entry(link, anchor.href, anchor.target, title, date, teaser)))
            keys[link] = anchor.key
    for found in groups.values():
        _set_dates_before(found, under)
    return _parted(groups)


def _parted(groups: Groups) -> Groups:
    """Part the groups of which some boxes show dates and others do not: a list, and a menu that looks like it."""
    parted: Groups = {}
    for signature, found in groups.items():
        boxes: dict[Element, Group] = defaultdict(list)
        for block, entry in found:
            boxes[block.getparent()].append((block, entry))
        dated = {box for box, inside in boxes.items() if _is_dated(inside)}
        if dated and len(dated) < len(boxes):
            parted[signature] = [one for box, inside in boxes.items() if box in dated for one in inside]
            parted[_UNDATED + signature] = [one for box, inside in boxes.items() if box not in dated for one in inside]
        else:
            parted[signature] = found
    return parted


def _block(link: Element, under: Under, learnt: Learnt) -> Element:
    """The largest element above a link, five levels up at most, that holds no other headline."""
    block = link
    for _ in range(LEVELS):
        parent = block.getparent()
        if parent is None or parent.tag in ("body", "html", "main", "form") or len(under.get(parent, ())) > 1:
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


def _set_dates_before(found: Group, under: Under) -> None:
    """Correct the dates of a list without blocks that shows each date before its headline: they were taken for those of
    the headlines above."""
    if len(found) < _REPEATED or found[-1][1].date or not all(entry.date for _, entry in found[:-1]):
        return
    before = [date_before(block, under) for block, _ in found]
    if all(before):
        for (_, entry), date in zip(found, before, strict=True):
            entry.date = date


def _is_dated(found: Group) -> bool:
    return sum(bool(entry.date) for _, entry in found) * 2 > len(found)


def _dated(groups: Groups, least: int = 1) -> Groups:
    return {signature: found for signature, found in groups.items() if len(found) >= least and _is_dated(found)}


def _learn(signature: str, found: Group, learnt: Learnt) -> None:
    learnt.lists.add(signature)
    learnt.dated = learnt.dated or _is_dated(found)
    for _, entry in found:
        learnt.articles[shape(entry.url)] += 1
        if entry.date:
            learnt.note_dated(entry.url)


def _note_unnamed_menus(groups: Groups, learnt: Learnt) -> None:
    """Learn menus that have no telling name: several short links without dates, one beside the other."""
    for signature, found in groups.items():
        if len(found) >= _REPEATED and signature not in learnt.lists and not _is_dated(found) and not _is_long(found):
            learnt.menus.update(entry.url for _, entry in found)
            learnt.others.update(shape(entry.url) for _, entry in found)


def _is_long(found: Group) -> bool:
    return sum(len(entry.title) for _, entry in found) >= LONG * len(found)


def _short_lists(small: Groups, groups: Groups, aside: set[Element], learnt: Learnt) -> Groups:
    """The groups of short titles, or of none, that are lists: those that show dates, and those that look like a list of
    an earlier page or lead to articles only, by their addresses. What stands in the block of an entry is of that."""
    blocks = {block for found in _dated(groups).values() for block, _ in found}
    lists: Groups = {}
    for signature, every in small.items():
        found = [
            (block, entry)
            for block, entry in every
            if not any(above in blocks for above in entry.link.iterancestors())
            and (entry.title or entry.date or learnt.is_article_shape(entry.url))
        ]
        is_side = any(above in aside for _, entry in found[:1] for above in entry.link.iterancestors())
        if not found or is_side:
            continue
        is_known = signature in learnt.lists and all(learnt.may_be_article(entry.url) for _, entry in found)
        is_shaped = len(found) >= _PAIR and all(learnt.is_article_shape(entry.url) for _, entry in found)
        if (len(found) >= _PAIR and _is_dated(found)) or is_known or is_shaped:
            lists[signature] = found
    return lists


def _lists(groups: Groups, learnt: Learnt) -> Groups:
    """The groups that are lists: those with dates, and those that look like a list of an earlier page or lead to
    articles only, by their addresses. Where there are none, those that repeat."""
    dated = _dated(groups)
    known = {
        signature: found
        for signature, found in groups.items()
        if signature not in dated
        and (signature in learnt.lists or all(learnt.is_article_shape(entry.url) for _, entry in found))
    }
    if dated or known:
        return dated | known
    return {signature: found for signature, found in groups.items() if len(found) >= _REPEATED and _is_long(found)}


def _last_resort(groups: Groups, small: Groups, page: NamedLinks, aside: set[Element]) -> Groups:
    """What may be lists where a page has no other: two long headlines of one shape, or short titles whose addresses
    have a number and a shape that no other link of the page has. Their pages have to prove that they are articles."""
    others = {shape(target) for target, _ in page.other_links}
    found = {}
    for signature, group in [*groups.items(), *small.items()]:
        shapes = {shape(entry.url) for _, entry in group}
        if len(shapes) != 1 or shapes & others or any(a in aside for a in group[0][1].link.iterancestors()):
            continue
        is_pair = len(group) >= _PAIR and _is_long(group)
        is_short = len(group) >= _REPEATED and all(has_number(entry.url) and entry.title for _, entry in group)
        if is_pair or is_short:
            found[signature] = group
    return found


def _is_in_side_box(found: Group) -> bool:
    return any(is_named_side_box(above) for above in found[0][1].link.iterancestors())


def _note_unsure(lists: Groups, learnt: Learnt, identity: Resolve) -> None:
    learnt.unsure.update(key for found in lists.values() for _, entry in found if (key := identity(entry.url)))


def _without_sides(lists: Groups, aside: set[Element], url: str, learnt: Learnt) -> Groups:
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
