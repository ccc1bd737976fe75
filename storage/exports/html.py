"""A small site for reading rooms: opened from a disk, without a server or a network, it can be read and searched.

Names of files come from ids, numbers and digests alone. Kept pictures and attached files lie beside the pages. The
search index is cut into files of some hundred articles, which the page loads one after another and lets go again.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import chain, islice
from pathlib import Path
from typing import TypedDict

from crawler.filetypes import PICTURES, real_type
from crawler.text import fold, markup
from crawler.text.terminal_text import without_steering
from storage import fields
from storage.collection import Collection
from storage.doubts.confirmed import SHOWN
from storage.exports import html_parts as parts
from storage.exports import jsonld
from storage.exports.addresses import captured_address
from storage.exports.articles import of_ids
from storage.exports.citations import citation
from storage.exports.citing import page_meta
from storage.exports.delivery import NAME
from storage.exports.files import copied, put_whole
from storage.exports.identifiers import ark
from storage.exports.job import Job
from storage.exports.mapping import unit_at
from storage.exports.rights import rights_of_sites
from storage.exports.units_today import BETWEEN, units_today
from storage.fields import VIETNAMESE
from storage.files import pictures
from storage.rights.statements import Statements
from storage.rows import AttachedFile, SiteRow, WholeArticle

_PIECE = 20  # articles that a process makes the pages of at once
_SHARD = 300  # articles in a file of the search index
_PAGE = 200  # articles in a page of a list
_NEWEST = 10  # articles on the first page
_SEE = "Xem ảnh trên trang gốc"
_TABLE = "Bảng"


class _ListedArticle(TypedDict):
    id: int
    title: str
    published_at: str | None


def write(job: Job, path: Path) -> None:
    """Write the site into the folder `path`: index.html, lists by site, a page an article, and the search index."""
    for name in ("articles", "lists", "search"):
        (path / name).mkdir()
    (path / "style.css").write_text(parts.STYLE, encoding="utf-8")
    (path / "search.js").write_text(parts.SEARCH, encoding="utf-8")
    stated = {found.site["slug"]: found.in_vietnamese for found in rights_of_sites(job)}
    shards = 0
    with closing(job.pieces(_pages, path, job.naan, stated, size=_PIECE)) as pieces:  # then nobody writes here any more
        found = chain.from_iterable(pieces)
        while entries := list(islice(found, _SHARD)):
            content = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
            (path / "search" / f"{shards}.js").write_text(f"found({content});\n", encoding="utf-8")
            shards += 1
    sites = [_list(job, path, site) for site in job.chosen.sites]
    (path / NAME).write_text(job.delivery.to_text(), encoding="utf-8")
    (path / "index.html").write_text(_index(job, [site for site in sites if site[1]], shards), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Site:
    """What pages are made of. `path`: the folder of the site; `stated`: slug → what is stated on reuse."""

    collection: Collection
    path: Path
    naan: str | None
    stated: dict[str, str]


def _pages(
    collection: Collection, ids: list[int], statements: Statements, path: Path, naan: str | None, stated: dict[str, str]
) -> list[list[str]]:
    """Write the pages of some articles, copy their pictures and files; return their entries in the search index."""
    site, entries = _Site(collection, path, naan, stated), []
    for article in of_ids(collection, ids, statements):
        page = path / _place(article["id"])
        page.parent.mkdir(exist_ok=True)
        page.write_text(_article(site, article), encoding="utf-8")
        entries.append(_entry(article))
    return entries


def _place(article_id: int) -> str:
    return f"articles/{article_id // 1000}/{article_id}.html"


def _entry(article: WholeArticle) -> list[str]:
    text = fold("\n".join(fields.picked(article, fields.SEARCHED).values()))
    shown = (article["title"], article["published_at"] or "", article["issuer"]["name"], text)
    return [_place(article["id"]), *map(without_steering, shown)]


def _article(site: _Site, article: WholeArticle) -> str:
    issuer, capture, picked = article["issuer"], article["capture"], fields.picked(article, fields.HTML)
    shown = _pictures(site, article["id"])
    facts = [
        ("Cơ quan ban hành", issuer["name"]),
        ("Đơn vị hành chính", unit_at(issuer, article["published_at"])),
        ("Nay thuộc", BETWEEN.join(unit.full_name for unit in units_today(issuer, article["published_at"]))),
        *((fields.LABELS[name].heading(VIETNAMESE), value) for name, value in picked.items()),
        ("ARK", ark(article, site.naan)),
        ("Lưu lúc", parts.moment(capture["captured_at"] if capture else article["first_seen_at"])),
        ("Trang gốc gỡ bài", parts.moment(article["removed_at"])),
        ("SHA-256 của nội dung", article["content_hash"]),
        ("Quyền sử dụng", site.stated.get(article["site"])),
    ]
    facts += [("Đã xác nhận", parts.confirmed(one)) for one in article["confirmations"] if one["field"] in SHOWN]
    rows = "".join(f"<dt>{name}</dt><dd>{escape(str(value))}</dd>" for name, value in facts if value)
    body = f'<p class="kicker">{escape(issuer["name"])}</p><h1>{escape(article["title"])}</h1>'
    body += f'<p class="byline">{parts.day(article["published_at"])}</p>{parts.doubts(article["doubts"])}'
    if article["removed_at"]:
        body += f'<p class="notice">Trang gốc đã gỡ bài này, ghi nhận {parts.moment(article["removed_at"])}.</p>'
    if article["summary"]:
        body += f'<p class="lead">{_lines(article["summary"])}</p>'
    if article["markdown"]:
        body += markup.render(article["markdown"], picture=_SEE, table=_TABLE, kept=shown)
    else:
        body += markup.paragraphs(article["body"])
    for item in article["images"]:
        if item["url"] not in article["markdown"]:
            caption = f"<figcaption>{escape(item['caption'])}</figcaption>" if item["caption"] else ""
            picture = markup.picture_html(item["url"], item["caption"] or _SEE, item["caption"], shown)
            body += f"<figure>{picture}{caption}</figure>"
    body += _files(site, article["attachments"])
    body += f"<h2>Nguồn gốc bài</h2><dl>{_addresses(article)}{rows}</dl>"
    earlier = "".join(
        f"<details><summary>{parts.moment(item['seen_from'])} – {parts.moment(item['seen_until'])}: "
        f"{escape(item['title'])}</summary>{markup.paragraphs(item['body'])}</details>"
        for item in article["versions"]
    )
    if earlier:
        body += f"<h2>Các bản trước</h2>{earlier}"
    head, coins = _for_programs(site, article)
    return parts.page(article["title"], f'<article class="full">{body}{coins}</article>', up="../../", head=head)


def _for_programs(site: _Site, article: WholeArticle) -> tuple[str, str]:
    """What reference managers and other programs read: elements of the head, and an empty element of the body."""
    naan, cited = site.naan, citation(site.collection, article["id"])
    head = "".join(f'<meta name="{name}" content="{escape(content)}">' for name, content in page_meta.meta(cited, naan))
    linked = jsonld.in_html(jsonld.document(article, naan=naan))
    coins = f'<span class="Z3988" title="{escape(page_meta.coins(cited))}"></span>'
    return f'{head}<script type="application/ld+json">{linked}</script>', coins


def _addresses(article: WholeArticle) -> str:
    """The address under which the page was captured, and the canonical one where that is another, as rows of a list."""
    address = captured_address(article)
    rows = f"<dt>Trang gốc</dt><dd>{parts.link(address)}</dd>"
    if article["url"] != address:
        rows += f"<dt>Địa chỉ chính tắc</dt><dd>{parts.link(article['url'])}</dd>"
    return rows


def _pictures(site: _Site, article_id: int) -> dict[str, str]:
    """Copy the kept pictures of an article; returns address → place, as its page sees it."""
    found: dict[str, str] = {}
    sql = "SELECT url, capture_id FROM images WHERE article_id = ? AND capture_id IS NOT NULL ORDER BY position"
    for row in list(site.collection.rows(sql, [article_id])):
        data = pictures.content(site.collection.db.conn, site.collection.path, row["capture_id"])
        kind = real_type(data) if data else None
        if data is None or kind not in PICTURES:
            continue
        digest = hashlib.sha256(data).hexdigest()
        target = site.path / "pictures" / digest[:2] / f"{digest[2:]}.{kind}"
        if not target.exists():
            put_whole(target, partial(Path.write_bytes, data=data))
        found[row["url"]] = f"../../{target.relative_to(site.path).as_posix()}"
    return found


def _files(site: _Site, attachments: list[AttachedFile]) -> str:
    """The list of attached files; those that are kept are copied and can be opened."""
    items = ""
    for item in attachments:
        place = copied(site.collection, item["sha256"], item["file_type"], site.path) if item["sha256"] else None
        name = escape(item["name"])
        shown = f'<a href="../../{place}">{name}</a>' if place else f"{name} <small>(không lưu tệp)</small>"
        items += f"<li>{shown}</li>"
    return f"<h2>Tệp đính kèm</h2><ul>{items}</ul>" if items else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _list(job: Job, path: Path, site: SiteRow) -> tuple[SiteRow, int]:
    """Write the lists of a site, the newest articles first; returns (site, how many articles)."""
    sql = "SELECT count(*) FROM temp.chosen c JOIN articles a ON a.id = c.id WHERE a.site = ?"
    total = int(job.collection.db.execute(sql, (site["slug"],)).fetchone()[0])
    pages = -(-total // _PAGE)
    rows = job.collection.rows(
        "SELECT a.id, a.title, a.published_at FROM temp.chosen c JOIN articles a ON a.id = c.id "
        "WHERE a.site = ? ORDER BY a.published_at DESC, a.id DESC",
        [site["slug"]],
        of=_ListedArticle,
    )
    for number in range(1, pages + 1):
        items = "".join(_item(row) for row in islice(rows, _PAGE))
        body = f'<h1>{escape(site["name"])}</h1><ul class="list">{items}</ul>{_turning(site["slug"], number, pages)}'
        (path / _list_place(site["slug"], number)).write_text(
            parts.page(site["name"], body, up="../"), encoding="utf-8"
        )
    return site, total


def _list_place(slug: str, number: int) -> str:
    safe = "".join(char if char.isalnum() or char in "_-" else "-" for char in slug)
    return f"lists/{safe}-{number}.html"


def _item(row: _ListedArticle) -> str:
    return f'<li><a href="../{_place(row["id"])}">{escape(row["title"])}</a> {parts.day(row["published_at"])}</li>'


def _turning(slug: str, number: int, pages: int) -> str:
    links: Iterator[str] = (
        f'<a href="../{_list_place(slug, other)}">{label}</a>'
        for other, label in ((number - 1, "← mới hơn"), (number + 1, "cũ hơn →"))
        if 1 <= other <= pages
    )
    return f"<nav>{' '.join(links)}</nav>"


def _newest(job: Job) -> str:
    rows = job.collection.rows(
        "SELECT a.id, a.title, a.summary, a.published_at, s.name FROM temp.chosen c JOIN articles a ON a.id = c.id "
        "JOIN sites s ON s.slug = a.site ORDER BY a.published_at DESC, a.id LIMIT ?",
        [_NEWEST],
    )
    return "".join(
        f'<article><p class="kicker">{escape(row["name"])}</p><h3><a href="{_place(row["id"])}">{escape(row["title"])}'
        f"</a></h3><p>{_lines(row['summary'])}</p>{parts.day(row['published_at'])}</article>"
        for row in rows
    )


def _index(job: Job, sites: list[tuple[SiteRow, int]], shards: int) -> str:
    rows = "".join(
        f'<li><a href="{_list_place(site["slug"], 1)}">{escape(site["name"])}</a> <small>{total} bài</small></li>'
        for site, total in sites
    )
    choice = "; ".join(f"{name}: {value}" for name, value in job.choice.to_dict().items()) or "tất cả"
    body = (
        f'<h1>Tin phường, xã: {escape(job.name)}</h1><form id="form" role="search">'
        '<label for="query">Tìm kiếm, gõ có dấu hay không dấu đều được</label>'
        '<input id="query" type="search" autofocus><button>Tìm</button></form><p id="state" role="status"></p>'
        f'<ul id="results" class="list" data-shards="{shards}"></ul><div class="columns"><section><h2>Tin mới</h2>'
        f'{_newest(job)}</section><section><h2>Phường, xã và cơ quan</h2><ul class="list">{rows}</ul></section></div>'
        f"<footer><small>{job.count} bài, chọn: {escape(choice)}. Theo tình trạng lúc "
        f"{parts.moment(job.moment)}, xuất bằng {escape(job.software)}.</small></footer>"
        '<script src="search.js"></script>'
    )
    return parts.page("Tin phường, xã", body, up="")
