"""From the bytes of a page to an article: the first of extraction's two stages."""

import re
from typing import Any

from crawler.dates.publication import DateCandidate
from crawler.extraction import (
    by_layout,
    by_trafilatura,
    legacy_fonts,
    second_reader,
    stored_text,
    with_profile,
    without_layout,
)
from crawler.extraction import page_metadata as declared_
from crawler.extraction.article import Article
from crawler.extraction.authors import declared_author
from crawler.extraction.charsets import decode, is_binary
from crawler.extraction.found_parts import Listed, Parts
from crawler.extraction.headings import LONGEST_TITLE, declared_titles
from crawler.extraction.layout import Layout
from crawler.extraction.observe import Observer
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.promises import doubts_of_length
from crawler.extraction.rules import (
    attachment_links,
    body_edges,
    double_escapes,
    hidden_pictures,
    no_article,
    people,
    pictures,
    site_furniture,
    title_choice,
    titles,
)
from crawler.extraction.rules.summaries import excerpt_as_summary
from crawler.extraction.tree import parse, slim
from crawler.profile.model import EMPTY, SiteProfile
from crawler.profile.observation import masked
from crawler.reasons import Reason
from crawler.text import normalize

_PLENTY = 600  # characters
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|title|meta|div|p|span|table|a|h[1-6]|br|img|article|section|font|b|ul"
    r"|form|script|center)\b",
    re.I,
)
_ESCAPED_TWICE = re.compile(r"&(?:amp|#0*38|#x0*26);(?:#|[a-zA-Z]{2,30};)", re.I)


def isolate(
    html: bytes,
    url: str,
    *,
    layout: Layout | None = None,
    charset: str | None = None,
    listed: str = "",
    listed_summary: str = "",
    summary_is_written: bool = False,
    profile: SiteProfile = EMPTY,
    observer: Observer | None = None,
) -> Article:
    """Return the article of a page, with all that may name its date but without a choice among it.

    `charset` is the one of the HTTP header, if any; `listed`, the title under which a list names the page;
    `listed_summary`, the excerpt that list or feed gives of it, without markup; `summary_is_written`, that it stands
    there beside the whole text and is not cut off it; `profile`, what is known of its site;
    `observer` looks on, so that more can be learned of the site. A page that holds no article comes back with its
    `reason`; nothing in the page raises. Raises TypeError for arguments of another type.
    """
    if not isinstance(html, (bytes, bytearray, memoryview)):
        raise TypeError(f"html must be bytes, not {type(html).__name__}")
    if not isinstance(url, str):
        raise TypeError(f"url must be str, not {type(url).__name__}")
    if layout is not None and not isinstance(layout, Layout):
        raise TypeError(f"layout must be a Layout, not {type(layout).__name__}")
    article = Article(url=url)
    try:
        title, summary = (double_escapes.decoded(normalize(text)) for text in (listed, listed_summary))
        said = Listed(title, summary, summary_is_written)
        article.reason = _fill(article, bytes(html), layout, charset, said, profile, observer)
    except PageTooLarge as error:
        article.reason = Reason.TOO_LARGE
        article.notes.append(str(error))
    except (RecursionError, MemoryError) as error:
        article.reason = Reason.TOO_LARGE
        article.notes.append(type(error).__name__)
    if article.reason:
        article.body = article.markdown = ""
    return article


def _fill(
    article: Article, html: bytes, layout: Layout | None, charset: str | None, listed: Listed, profile: SiteProfile,
    observer: Observer | None,
) -> Reason | None:  # fmt: skip
    if not html.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return Reason.EMPTY_PAGE
    if is_binary(html):
        return Reason.NOT_HTML
    decoded = decode(slim(html), charset)
    if decoded is None:
        return Reason.UNDECODABLE
    article.notes.extend(decoded.notes)
    text, note = legacy_fonts.convert_page(decoded.text)
    if note:
        article.notes.append(note)
    if reason := _not_html(text):
        return reason
    root, flattened, misnested = parse(text)
    if root is None:
        return Reason.EMPTY_PAGE
    if flattened:
        article.notes.append("nested too deep: read flat")
    if _ESCAPED_TWICE.search(text) and double_escapes.decode_again(root):
        article.notes.append("references escaped twice: decoded again")
        while double_escapes.decode_again(root):
            pass
    declared = declared_.read(root, article.url)
    article.canonical_url = declared.canonical
    base = base_of(root, article.url)
    named = declared_author(root, declared.site_name)
    drop_scripts(root)
    hidden_pictures.bring_out(root, text)
    parts = by_layout.read(root, declared, layout, article.url, misnested=misnested) if layout is not None else None
    on_layout = parts is not None
    # A page with the layout's container and a text in it is neither a firewall's nor an error page: no need to look.
    is_told = parts is not None and sum(len(block.text) for block in parts.blocks) > _PLENTY
    visible = "" if is_told else visible_text(root)
    if not is_told and (reason := no_article.before_reading(text, declared, visible)):
        article.title = declared.title or None
        return reason
    if layout is not None and parts is None:
        if by_layout.is_closed(root, layout):
            return Reason.PASSWORD_PROTECTED
        article.layout_matched = False
        article.notes.append(f"no container of {layout.name} on the page: read without a layout")
    if parts is None:
        if _is_home(article.url) and not declared.is_article:
            return no_article.without_body(root, declared, visible)
        parts = without_layout.read(root, declared, base, listed.title, misnested=misnested, author=named)
    if parts is None:
        article.title = declared.title or None
        return no_article.without_body(root, declared, visible)
    parts.declared_author = named
    _assemble(article, parts, declared, listed, base, profile, observer)
    with_profile.add_date(article, root, profile)
    second_reader.complete(article, root, max(declared.description, listed.summary, key=len), profile)
    _compare(article, declared, listed, html)
    if observer:
        observer.page(root, declared)
        if observer.reads_along:
            observer.agreement = second_reader.agreement(article, root)
    has_content = article.body or article.attachments or article.images or article.summary
    if not has_content and not (article.title and (on_layout or parts.dates)):
        return no_article.without_body(root, declared, visible)
    if reason := no_article.after_reading(article.title or "", article.body, root):
        return reason
    if not article.body:
        article.notes.append("no body")
    return None


def _assemble(
    article: Article, parts: Parts, declared: declared_.Declared, listed: Listed, base: str, profile: SiteProfile,
    observer: Observer | None,
) -> None:  # fmt: skip
    article.notes.extend(parts.notes)
    bare = [titles.without_site(text, declared.site_name) or "" for text in declared_titles(declared)]
    if parts.title and len(parts.title) > LONGEST_TITLE:
        article.notes.append(f"a title of {len(parts.title)} characters is not taken for one")
        parts.title = next((text for text in bare if text), None)
    parts.title = title_choice.without_category(parts.title, [listed.title, *bare]) if parts.title else None
    article.title = parts.title
    article.summary = parts.summary
    article.section = parts.section
    article.attachments = attachment_links.collect(parts.nodes, base)
    blocks = by_trafilatura.select(body_edges.clean(parts.blocks, parts.title, parts.summary, parts.section))
    signed, organ = people.signature(blocks)
    article.author = parts.author or people.byline(blocks) or signed or organ or parts.declared_author
    if observer:
        observer.text(parts.summary, blocks, article.author)
    blocks = site_furniture.drop(blocks, profile.portal, {masked(parts.title or "")})
    article.images = pictures.collect(blocks, base, parts.lead_images, parts.captions)
    article.body = stored_text.plain(blocks)
    captions = {image.url: image.caption for image in article.images}
    article.markdown = stored_text.markdown(blocks, base, captions)
    article.source = parts.source or people.source_line(parts.blocks)
    if article.source is None and organ and people.is_press(organ):
        article.source = organ
    article.language = _language(f"{article.title} {article.body or article.summary or ''}", declared.language)
    article.date_candidates = _candidates(article, parts, declared)
    with_profile.weigh(article, profile)


def _compare(article: Article, declared: declared_.Declared, listed: Listed, html: bytes) -> None:
    """Hold the article against what its list and metadata say: doubts where they differ, and the summary it lacks."""
    if article.title is None:
        return
    named = [text for text in declared_titles(declared) if not titles.is_site_name(text)]
    doubt = title_choice.doubt_of(article.title, named, listed.title, is_article=declared.is_article)
    article.doubts.extend([doubt] if doubt else [])
    site = " ".join((declared.site_name or "", *titles.parts(declared.title)[1:]))
    excerpts = [("the list", listed.summary), ("the page's metadata", declared.description)]
    article.doubts.extend(doubts_of_length(article, excerpts, html, site))
    for place, excerpt in excerpts if not article.summary else ():
        written = listed.written and excerpt == listed.summary
        if excerpt and (summary := excerpt_as_summary(excerpt, article.title, article.body, site, written=written)):
            article.summary = summary
            article.notes.append(f"summary from {place}{', written beside the text' if written else ''}")
            return


def _candidates(article: Article, parts: Parts, declared: declared_.Declared) -> list[DateCandidate]:
    found = list(parts.dates)
    found += [DateCandidate(text[:200], "meta") for text in dict.fromkeys(declared.dates)]
    if article.url:
        found.append(DateCandidate(article.url, "url"))
    return found


def _not_html(text: str) -> Reason | None:
    head = text[:2000].lstrip("\ufeff \t\r\n")
    if not head:
        return Reason.EMPTY_PAGE
    if head.startswith(("<?xml", "<rss", "<feed", "<urlset", "<sitemapindex")) and "<html" not in head.lower():
        return Reason.NOT_HTML
    if head.startswith(("{", "[{", '["')):
        return Reason.NOT_HTML
    if not _MARKUP.search(text[:200_000]):
        controls = sum(1 for char in head if char < " " and char not in "\t\r\n")
        if controls > len(head) // 20 or head.count("\ufffd") > len(head) // 10:
            return Reason.UNDECODABLE
        return Reason.NOT_HTML
    return None


def drop_scripts(root: Any) -> None:
    """Take scripts and styles out of the tree."""
    from lxml.etree import strip_elements

    strip_elements(root, "script", "style", with_tail=False)


def visible_text(root: Any) -> str:
    """Return the text a reader would see, on one line, cut at 6,000 characters."""
    body = root.find("body")
    text = (root if body is None else body).text_content()
    line = " ".join(text[:15_000].split())
    if len(line) <= 6_000 and len(text) > 15_000:
        line = " ".join(text[:60_000].split())
    return normalize(line[:6_000])


def base_of(root: Any, url: str) -> str:
    """Return the address to which the links of a page at `url` are relative."""
    base = root.find(".//base[@href]")
    return (declared_.absolute(base.get("href"), url) or url) if base is not None else url


def _is_home(url: str) -> bool:
    parts = declared_.split_url(url)
    homes = ("", "/", "/index.html", "/index.php", "/default.aspx", "/vi", "/vi/")
    return bool(parts.netloc) and parts.path in homes and not parts.query


def _language(text: str, declared: str | None) -> str | None:
    """Return "vi" for text with Vietnamese letters, whatever the page declares, else the declared primary language."""
    sample = text[:2000]
    if len(_VIETNAMESE.findall(sample)) * 30 > len(sample):
        return "vi"
    return declared.replace("_", "-").split("-")[0].lower() if declared else None
