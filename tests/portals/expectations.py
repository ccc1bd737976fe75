"""What a crawl of the replica portals must store, made from the same content as the pages.

`python -m tests.portals` writes it to `expected/{slug}.json`; a test keeps files and content in step.

Conventions: paragraphs, captions, list items and signature lines are parted by an empty line; the rows of a data table
by a line break, cells by " | "; the cells of a layout table are paragraphs. A paragraph that is nothing but the link
to an attachment is not text, so an article of files alone has an empty body, and so has one of pictures alone.
`published_raw` is the date and time as shown; words round it may be in the stored string too.
"""

import json
import re
from pathlib import Path

from crawler.replica_portals.model import INLINE_LINK, Article, Site, plain
from crawler.replica_portals.routes import RENDERERS
from crawler.replica_portals.sites import sites, start_urls

FOLDER = Path(__file__).parent / "expected"
REASONS = {
    "404": "http_404", "500": "http_500", "antibot": "antibot", "login": "login", "error": "error_page",
    "soft404": "error_page",
}  # fmt: skip
_BYLINE_LABEL = re.compile(r"^(Tin, ảnh|Tin|Tác giả|Bài, ảnh)\s*:\s*")
_BODY_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


def author_of(article: Article) -> str | None:
    """The posting account where it is a person or office, else the first line of the signature, label cut."""
    if article.author and article.author.lower() != "admin admin":
        return article.author
    line = next((plain(b.text) for b in article.blocks if b.kind == "sign"), None)
    return _BYLINE_LABEL.sub("", line) if line else None


def body_of(article: Article) -> str:
    """The stored text of the body."""
    parts: list[str] = []
    for block in article.blocks:
        if block.kind == "table":
            parts.append("\n".join(" | ".join(plain(c) for c in row) for row in block.rows))
        elif block.kind == "layout":
            parts += [plain(cell) for cell in block.rows[0]]
        elif block.kind != "file" and block.text:
            parts.append(plain(block.text))
    return "\n\n".join(parts)


def _attachments(site: Site, article: Article) -> list[dict[str, str]]:
    found = []
    for block in article.blocks:
        if block.kind == "file":
            found.append((block.file, block.text))
        cells = [c for row in block.rows for c in row] or ([] if block.kind == "file" else [block.text])
        found += [(m[1][1:], m[2]) for c in cells for m in INLINE_LINK.finditer(c) if m[1].startswith("@")]
    return [
        {"name": name, "label": label, "url": site.document_url(name), "type": name.rsplit(".", 1)[-1].lower()}
        for name, label in found
    ]


def _images(site: Site, article: Article) -> list[dict[str, str | None]]:
    pictures = [b for b in article.blocks if b.kind == "img"]
    return [{"url": site.image_url(b.file, article), "caption": b.text or None} for b in pictures]


def _published(site: Site, article: Article) -> dict[str, str | None]:
    day, time = article.day, article.time
    none = dict.fromkeys(("published_at", "published_precision", "published_raw", "published_from"))
    as_day = {"published_at": day, "published_precision": "day"}
    year, month, date = day.split("-")
    if site.platform == "hatinh":
        return {**as_day, "published_raw": day, "published_from": "url"}
    if site.platform == "badinh":
        if all(site.section(s).dated for s in article.sections):
            return {**as_day, "published_raw": f"{date}/{month}/{year}", "published_from": "listing"}
        found = _BODY_DAY.search(article.sapo + " " + body_of(article))
        if not found:
            return none
        named = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        return {**as_day, "published_at": named, "published_raw": found[0], "published_from": "body"}
    renderer = RENDERERS[site.platform]
    if site.platform == "hanoi":
        lang = article.sections[0][:2]
        raw = renderer.shown_date(site, article, lang, padded=False)
    else:
        raw = renderer.shown_date(article)
    if time in ("", "00:00"):
        return {**as_day, "published_raw": raw, "published_from": "page"}
    precision = "second" if len(time) == 8 and not time.endswith(":00") else "minute"
    stamp = time if precision == "second" else time[:5]
    return {
        "published_at": f"{day}T{stamp}+07:00",
        "published_precision": precision,
        "published_raw": raw,
        "published_from": "page",
    }


def _urls(site: Site, article: Article) -> list[str]:
    renderer = RENDERERS[site.platform]
    urls = [renderer.article_url(site, article), *(renderer.article_url(site, article, s) for s in article.sections)]
    return list(dict.fromkeys(urls))


def _old_url(site: Site, article: Article) -> str:
    old = f"{article.slug}-{article.id}" if site.platform == "hatinh" else article.slug
    return _urls(site, article)[0].replace(old, article.old_slug)


def _record(site: Site, article: Article) -> dict:
    urls = _urls(site, article)
    return {
        "key": article.key,
        "identity": RENDERERS[site.platform].identity(article),
        "url": urls[0],
        "urls": urls,
        "title": article.title,
        "summary": article.sapo or None,
        "body": body_of(article),
        "author": author_of(article),
        "sections": [site.section(s).name for s in article.sections],
        **_published(site, article),
        "attachments": _attachments(site, article),
        "images": _images(site, article),
        "styles": sorted(article.styles),
    }


def _name(article: Article, reference: str) -> tuple[str, str]:
    site, _, key = reference.rpartition(":")
    return site or article.site, key


def _identity(article: Article, reference: str) -> dict[str, str]:
    slug, key = _name(article, reference)
    site = sites()[slug]
    original = next(a for a in site.articles if a.key == key)
    return {"site": slug, "identity": RENDERERS[site.platform].identity(original)}


def _copies(site: Site, article: Article) -> list[dict[str, str | None]]:
    """Articles anywhere that are the same row. Which of them comes first gives the row its date and address."""
    name = f"{site.slug}:{article.key}"
    return [
        {"site": other.slug, "identity": RENDERERS[other.platform].identity(a), **_published(other, a)}
        for other in sites().values()
        for a in other.articles
        if a.same == name
    ]


def make(site: Site) -> dict:
    """Everything expected of one site.

    `articles` are rows, with the `copies` that share them; `duplicates` are articles of their own address whose row
    exists already (crawled alone, without the other site, a copy from elsewhere is a row); `not_stored` are article
    addresses without an article.
    """
    renderer = RENDERERS[site.platform]
    stored = [a for a in site.articles if a.status not in REASONS]
    return {
        "site": site.slug,
        "host": site.host,
        "start_urls": start_urls(site),
        "listings": {
            s.path: [[renderer.identity(a) for a in page] for page in site.pages(s.path)] for s in site.sections
        },
        "articles": [{**_record(site, a), "copies": _copies(site, a)} for a in stored if not a.same],
        "duplicates": [{**_record(site, a), "same_row_as": _identity(a, a.same)} for a in stored if a.same],
        "near_duplicates": [{"identity": renderer.identity(a), "near": _identity(a, a.near)} for a in stored if a.near],
        "not_stored": [
            {"url": _urls(site, a)[0], "reason": REASONS[a.status], "title": a.title}
            for a in site.articles
            if a.status in REASONS
        ],
        "retried": [_urls(site, a)[0] for a in site.articles if a.status in ("flaky", "busy")],
        "redirects": [{"from": _old_url(site, a), "to": _urls(site, a)[0]} for a in site.articles if a.old_slug],
    }


def expected(slug: str) -> dict:
    """The frozen expectations of a site."""
    return json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))


def write() -> None:
    """Write `expected/*.json`."""
    for slug, site in sites().items():
        text = json.dumps(make(site), ensure_ascii=False, indent=1)
        (FOLDER / f"{slug}.json").write_text(text + "\n", encoding="utf-8")
