"""The extractors that are measured: ours, plain trafilatura, and the optional peers of requirements-peers.txt."""

import re
from collections.abc import Callable
from importlib import import_module

from scoring import Answer

from crawler.extraction import extract_article
from spiders.platforms import layout_named

Extractor = Callable[[bytes, str, str | None], Answer]


def ours(platform: str | None) -> Extractor:
    """Our own, with or without a platform, given by its name."""
    layout = layout_named(platform) if platform else None

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        article = extract_article(html, url, platform=layout, charset=charset)
        return Answer(
            article.body,
            article.title,
            article.summary,
            article.published_at,
            article.author,
            frozenset(a.url for a in article.attachments),
            str(article.reason) if article.reason else None,
        )

    return run


def trafilatura() -> Extractor:
    """trafilatura as it comes, with its metadata."""
    bare = import_module("trafilatura").bare_extraction

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        found = bare(html, url=url, with_metadata=True, include_comments=False)
        if found is None:
            return Answer()
        return Answer(found.text or "", found.title, found.description, found.date, found.author)

    return run


def readability() -> Extractor:
    """readability-lxml."""
    module, lxml_html = import_module("readability"), import_module("lxml.html")

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        document = module.Document(html, url=url)
        tree = lxml_html.fromstring(document.summary(html_partial=True) or "<p/>")
        return Answer("\n".join(tree.itertext()), document.short_title())

    return run


def resiliparse() -> Extractor:
    """resiliparse."""
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    parse = import_module("resiliparse.parse.html").HTMLTree

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        tree = parse.parse_from_bytes(html, charset or "utf-8")
        return Answer(extract(tree, main_content=True, alt_texts=False), tree.title)

    return run


def newspaper() -> Extractor:
    """newspaper4k."""
    module = import_module("newspaper")

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        article = module.Article(url, language="vi", fetch_images=False)
        article.download(input_html=html.decode(charset or "utf-8", "replace"))
        article.parse()
        day = article.publish_date.isoformat() if article.publish_date else None
        return Answer(article.text, article.title, article.meta_description, day, ", ".join(article.authors) or None)

    return run


def newsplease() -> Extractor:
    """news-please."""
    parse = import_module("newsplease").NewsPlease.from_html

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        found = parse(html.decode(charset or "utf-8", "replace"), url=url, fetch_images=False)
        day = found.date_publish.isoformat() if found.date_publish else None
        return Answer(found.maintext or "", found.title, found.description, day, ", ".join(found.authors or []) or None)

    return run


def guarded(extractor: Extractor) -> Extractor:
    """An extractor whose exceptions count as an empty answer."""

    def run(html: bytes, url: str, charset: str | None) -> Answer:
        try:
            return extractor(html, url, charset)
        except Exception:
            return Answer()

    return run


def installed() -> dict[str, Extractor]:
    """plain trafilatura and the peers that can be imported."""
    out: dict[str, Extractor] = {}
    for name, make in (
        ("trafilatura", trafilatura),
        ("readability-lxml", readability),
        ("resiliparse", resiliparse),
        ("newspaper4k", newspaper),
        ("news-please", newsplease),
    ):
        try:
            out[name] = guarded(make())
        except Exception as error:
            if not isinstance(error, ModuleNotFoundError) or re.search("trafilatura", str(error)):
                print(f"{name}: not measured ({error})")
    return out
