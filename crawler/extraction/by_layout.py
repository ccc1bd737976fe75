"""Reading a page by its platform's layout, which says where everything is."""

from itertools import islice
from typing import Any

from crawler.extraction import region
from crawler.extraction.blocks import SKIPPED, Block, Walker
from crawler.extraction.found_parts import Parts
from crawler.extraction.headings import declared_titles, heading_of
from crawler.extraction.layout import Layout
from crawler.extraction.page_metadata import Declared
from crawler.extraction.rules import people, titles
from crawler.extraction.rules.attachment_links import file_type
from crawler.extraction.rules.listings import leads_away
from crawler.extraction.rules.summaries import bold_lead
from crawler.extraction.shown_dates import around_container, of_layout
from crawler.extraction.xpaths import find, first_text, text_of

_PROSE = 40  # characters outside links
_NEXT_TEXTS = 4  # behind the text's element


def read(root: Any, declared: Declared, layout: Layout, url: str, *, misnested: bool = False) -> Parts | None:
    """Return the parts of the article, or None where the layout's container is not on the page.

    `misnested`: end tags of the page may have closed the text's element too early.
    """
    containers = find(root, layout.container)
    if not containers or _are_items(containers, url):
        return None
    container = containers[0]
    parts = Parts(nodes=[container])
    parts.title = title_of(root, declared, layout, container)
    parts.summary = first_text(root, layout.summary, container)
    for path in layout.date:
        found = find(container if path.startswith(".") else root, (path,))
        parts.dates = of_layout(found)
        if parts.dates:
            break
    named = first_text(root, layout.author, container)
    if named:
        parts.author = None if named.casefold() in layout.accounts or people.is_account(named) else people.tidy(named)
    parts.source = people.bare_source(first_text(root, layout.source, container))
    parts.section = first_text(root, layout.section, container)
    bodies = find(container, layout.body) or [container]
    dropped = {el for path in layout.drop for el in find(container, (path,)) if not isinstance(el, str)}
    walker = Walker((lambda el: el in dropped) if dropped else None)
    taken: set[Any] = set()
    for body in bodies:
        if not any(above in taken for above in body.iterancestors()):
            taken.add(body)
            walker.walk(body)
    parts.blocks = walker.blocks
    if misnested and taken:
        parts.blocks = [*parts.blocks, *_after(root, container, bodies[-1], dropped, url)]
    if parts.summary is None and not has_place(root, layout.summary, container):
        parts.summary = bold_lead(parts.blocks, parts.title)
    inside = {id(img) for block in parts.blocks for img in block.images}
    outside = [img for img in container.iter("img") if id(img) not in inside and not _under(img, dropped)]
    parts.lead_images = outside
    parts.captions = {img: caption for img in outside if (caption := first_text(img, layout.captions))}
    if not parts.dates:
        parts.dates = around_container(container, parts.blocks, parts.title)
    extra = find(root, layout.attachments)
    extra = [el for el in extra if not isinstance(el, str)] or files_beside(container)
    parts.nodes = [container, *extra]
    return parts


def _after(root: Any, container: Any, body: Any, dropped: set[Any], url: str) -> list[Block]:
    """Return the blocks right behind the text's element that are its own."""
    if not _has_prose_behind(body, container, dropped):
        return []
    found = region.scan(root, {container, body, *body.iterancestors(), *container.iterancestors()})
    if body not in found.spans:
        return []
    end = found.spans[body][1]
    return found.blocks[end : region.where_it_goes_on(found, end, url)]


def _has_prose_behind(body: Any, container: Any, dropped: set[Any]) -> bool:
    """Tell whether one of the next texts behind an element may be prose: cheap, so that the page is seldom walked.

    Looked at is what follows it in the container, and the container in the two elements around it: one end tag too many
    lets the text out by one level.
    """
    node, looked = body, 0
    outer = next(islice(container.iterancestors(), 2, None), None)
    while node is not None and node is not outer and node.tag not in ("body", "html") and looked < _NEXT_TEXTS:
        if len((node.tail or "").strip()) >= _PROSE:
            return True
        for sibling in node.itersiblings():
            is_text = isinstance(sibling.tag, str) and sibling not in dropped and sibling.tag not in SKIPPED
            text = " ".join(sibling.text_content().split()) if is_text else ""
            if text:
                looked += 1
                linked = sum(len(a.text_content()) for a in sibling.iter("a"))
                if len(text) - linked >= _PROSE:
                    return True
            if len((sibling.tail or "").strip()) >= _PROSE:
                return True
            if looked >= _NEXT_TEXTS:
                break
        node = node.getparent()
    return False


def has_place(root: Any, paths: tuple[str, ...], container: Any) -> bool:
    """Return True where one of a field's elements is on the page, be it empty."""
    return any(find(container if path.startswith(".") else root, (path,)) for path in paths)


def is_closed(root: Any, layout: Layout) -> bool:
    """Return True where the page says that the article is for members alone."""
    return bool(find(root, layout.closed))


def _are_items(containers: list[Any], url: str) -> bool:
    """Return True where the containers are the items of a list: two or more, each with a headline that leads away."""
    apart = [
        el for el in containers if not any(other is not el and other in containers for other in el.iterancestors())
    ]
    if len(apart) < 2:
        return False
    heads = 0
    for el in apart[:4]:
        near = (
            [*el.iter("a"), *el.getparent().iterchildren("h1", "h2", "h3", "h4")] if el.getparent() is not None else []
        )
        links = [a for x in near for a in ([x] if x.tag == "a" else x.iter("a"))]
        heads += any(len(a.text_content().strip()) >= 15 and leads_away(a.get("href") or "#", url) for a in links[:6])
    return heads >= 2


def files_beside(container: Any) -> list[Any]:
    """Return the elements right behind the container that hold links to files and little else.

    Cures: portals put their list of attachments behind the text, outside its container.
    """
    found: list[Any] = []
    node = container
    for _ in range(2):
        for sibling in node.itersiblings():
            if not isinstance(sibling.tag, str):
                continue
            links = [
                a for a in sibling.iter("a", "iframe") if file_type(a.get("href") or a.get("src") or "") is not None
            ]
            if links and len(sibling.text_content()) < 120 + sum(len(a.text_content()) for a in links) * 2:
                found.append(sibling)
        node = node.getparent()
        if found or node is None or node.tag in ("body", "html"):
            break
    return found


def _under(el: Any, dropped: set[Any]) -> bool:
    return bool(dropped) and any(above in dropped for above in el.iterancestors())


def title_of(root: Any, declared: Declared, layout: Layout, container: Any) -> str | None:
    """Return the title the layout shows, else the declared one without the site's name."""
    shown = first_text(root, layout.title, container)
    if shown:
        return shown
    heading = heading_of(root, declared_titles(declared))
    if heading is not None:
        return text_of(heading)
    for text in (declared.headline, declared.og_title, declared.title):
        for suffix in layout.title_suffixes:
            if text.endswith(suffix):
                text = text[: -len(suffix)].rstrip(" -–—|")
        if text and (bare := titles.without_site(text, declared.site_name)):
            return bare
    return None
