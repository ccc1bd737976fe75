"""A second reader: trafilatura over the whole page, where our own reading may have lost the article.

It is asked where our text is empty, far shorter than the page's metadata or the list promise, or far shorter than the
site's other articles. Its text is taken only where it is plainly an article's: it never says "no text", and gives a
footer for one.
"""

from collections import Counter
from copy import deepcopy
from typing import Any

from crawler.doubts import Doubt, DoubtKind
from crawler.extraction import by_trafilatura
from crawler.extraction.article import Article
from crawler.extraction.blocks import Block
from crawler.extraction.rules import body_edges, site_furniture, titles
from crawler.extraction.rules.lines import classify
from crawler.extraction.rules.site_footer import footer_kind
from crawler.profile.model import SiteProfile
from crawler.text import normalize

_SENTENCE = 60  # characters of a paragraph that counts as prose
_LEAST = 250  # characters of prose that are an article's
_FAR_SHORTER = 0.5  # of what is promised, or
_FAR_SHORTER_THAN_OTHERS = 0.05  # of the site's median text
_LONG_SITE = 1000  # characters of a median text that one can be far shorter than
_PARTED = 0.5  # agreement under which the two readers part ways


def paragraphs(root: Any) -> list[str]:
    """Return the paragraphs that trafilatura takes for the page's text; the tree stays as it is."""
    if by_trafilatura.is_too_much(root):
        return []
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(
            deepcopy(root), fast=True, with_metadata=False, include_comments=False, include_links=False
        )
    except Exception:  # a page that trafilatura cannot read is a page without its verdict
        return []
    body = getattr(document, "body", None)
    if body is None:
        return []
    texts = (normalize("".join(el.itertext())) for el in body.iter("p", "head", "item", "cell", "quote"))
    return [text for text in texts if text]


def article_of(texts: list[str], title: str | None, profile: SiteProfile) -> list[str]:
    """Return those paragraphs that are an article's, [] where there is too little prose for one."""
    from lxml.html import Element

    blocks = body_edges.clean([Block("p", text, Element("p")) for text in texts], title, None, None)
    blocks = site_furniture.drop(blocks, profile.portal, ())
    blocks = [block for block in blocks if not any(map(footer_kind, block.text.split("\n")))]
    prose = [block.text for block in blocks if len(block.text) >= _SENTENCE and classify(block.text) is None]
    sentences = [text for text in prose if text.rstrip(' ”"»)').endswith((".", "!", "?", "…", ":", ";"))]
    if sum(map(len, prose)) < _LEAST or len(sentences) < 2:
        return []
    return [block.text for block in blocks if block.text]


def reads_too_little(article: Article, promised: str, profile: SiteProfile) -> str:
    """Return why our text may be too little, in words for the evidence of a doubt, or ""."""
    ours = len(article.body) + len(article.summary or "")
    has_more = bool(article.attachments or article.images)
    if not article.body and not has_more:
        return "no text"
    if len(promised) >= 2 * _SENTENCE and ours < _FAR_SHORTER * len(promised):
        return f"{ours} characters, {len(promised)} promised"
    if not has_more and profile.length >= _LONG_SITE and ours < _FAR_SHORTER_THAN_OTHERS * profile.length:
        return f"{ours} characters, the site's texts have {profile.length}"
    return ""


def complete(article: Article, root: Any, promised: str, profile: SiteProfile) -> None:
    """Take the text that our own rules lost, where the second reader has it; where both have one, doubt ours.

    `root`: the page without its scripts; `promised`: the longest of what metadata and list say of the article.
    """
    why = reads_too_little(article, promised, profile)
    if not why:
        return
    texts = article_of(paragraphs(root), article.title, profile)
    theirs = "\n\n".join(texts)
    if not texts or len(theirs) < 2 * len(article.body) + _LEAST:
        return
    if not article.body:
        article.body = article.markdown = theirs
        article.notes = [note for note in article.notes if note not in ("no body", "no text under the title")]
        article.notes.append("text found by trafilatura, not by our own rules")
        return
    seen = f"{why}; trafilatura reads {len(theirs)}"
    article.doubts.append(Doubt("body", DoubtKind.READERS_DIFFER, seen))


def agreement(article: Article, root: Any) -> float | None:
    """Return how far both readers have the same words, 0 to 1 (F1 of their words); None where both have none."""
    ours = Counter(titles.key(word) for word in f"{article.summary or ''} {article.body}".split())
    theirs = Counter(titles.key(word) for text in paragraphs(root) for word in text.split())
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else None


def parts_ways(share: float) -> bool:
    """Tell whether two readers with this agreement read different things."""
    return share < _PARTED
