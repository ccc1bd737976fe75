"""A small site for reading rooms: opened from a disk, without a server or a network, it can be read and searched.

Names of files come from ids and numbers alone. The search index is cut into files of some hundred articles, which the
page loads one after another and lets go again.
"""

import json
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.text import fold
from storage.exports import html_parts as parts
from storage.exports.job import Job
from storage.exports.mapping import unit_at

_SHARD = 300  # articles in a file of the search index
_PAGE = 200  # articles in a page of a list


def write(job: Job, path: Path) -> None:
    """Write the site into the folder `path`: index.html, lists by site, a page an article, and the search index."""
    for name in ("articles", "lists", "search"):
        (path / name).mkdir()
    (path / "style.css").write_text(parts.STYLE, encoding="utf-8")
    (path / "search.js").write_text(parts.SEARCH, encoding="utf-8")
    articles, shards = job.articles(), 0
    while batch := list(islice(articles, _SHARD)):
        entries = []
        for article in batch:
            place = path / _place(article["id"])
            place.parent.mkdir(exist_ok=True)
            place.write_text(_article(article), encoding="utf-8")
            entries.append(_entry(article))
        content = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        (path / "search" / f"{shards}.js").write_text(f"found({content});\n", encoding="utf-8")
        shards += 1
    sites = [_list(job, path, site) for site in job.chosen.sites]
    (path / "index.html").write_text(_index(job, [site for site in sites if site[1]], shards), encoding="utf-8")


def _place(article_id: int) -> str:
    return f"articles/{article_id // 1000}/{article_id}.html"


def _entry(article: dict[str, Any]) -> list[Any]:
    text = fold(f"{article['title']}\n{article['summary']}\n{article['body']}")
    return [_place(article["id"]), article["title"], article["published_at"] or "", article["issuer"]["name"], text]


def _article(article: dict[str, Any]) -> str:
    issuer, capture = article["issuer"], article["capture"] or {}
    facts = [
        ("Cơ quan ban hành", issuer["name"]),
        ("Đơn vị hành chính", unit_at(issuer, article["published_at"])),
        ("Ngày đăng", article["published_at"]),
        ("Tác giả", article["author"]),
        ("Nguồn", article["source"]),
        ("Chuyên mục", article["section"]),
        ("Địa chỉ gốc", article["url"]),
        ("Lưu lúc (UTC)", capture.get("captured_at") or article["first_seen_at"]),
        ("Đã gỡ khỏi trang gốc", article["removed_at"]),
        ("SHA-256 của nội dung", article["content_hash"]),
        ("Tệp đính kèm", "; ".join(item["name"] for item in article["attachments"])),
        ("Ảnh", "; ".join(item["caption"] or item["url"] for item in article["images"])),
    ]
    rows = "".join(f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>" for name, value in facts if value)
    body = f"<h1>{escape(article['title'])}</h1>"
    if article["summary"]:
        body += f'<p class="lead">{_lines(article["summary"])}</p>'
    body += "".join(f"<p>{_lines(part)}</p>" for part in article["body"].split("\n\n") if part)
    body += f"<table>{rows}</table>"
    earlier = "".join(
        f"<details><summary>{escape(item['seen_from'])} – {escape(item['seen_until'])}: {escape(item['title'])}"
        f"</summary><p>{_lines(item['body'])}</p></details>"
        for item in article["versions"]
    )
    if earlier:
        body += f"<h2>Các bản trước</h2>{earlier}"
    return parts.page(article["title"], body, up="../../")


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _list(job: Job, path: Path, site: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Write the lists of a site, the newest articles first; returns (site, how many articles)."""
    sql = "SELECT count(*) FROM temp.chosen c JOIN articles a ON a.id = c.id WHERE a.site = ?"
    total = int(job.collection.db.execute(sql, (site["slug"],)).fetchone()[0])
    pages = -(-total // _PAGE)
    rows = job.collection.rows(
        "SELECT a.id, a.title, a.published_at FROM temp.chosen c JOIN articles a ON a.id = c.id "
        "WHERE a.site = ? ORDER BY a.published_at DESC, a.id DESC",
        [site["slug"]],
    )
    for number in range(1, pages + 1):
        items = "".join(_item(row) for row in islice(rows, _PAGE))
        body = f"<h1>{escape(site['name'])}</h1><ul>{items}</ul>{_turning(site['slug'], number, pages)}"
        (path / _list_place(site["slug"], number)).write_text(
            parts.page(site["name"], body, up="../"), encoding="utf-8"
        )
    return site, total


def _list_place(slug: str, number: int) -> str:
    safe = "".join(letter if letter.isalnum() or letter in "_-" else "-" for letter in slug)
    return f"lists/{safe}-{number}.html"


def _item(row: dict[str, Any]) -> str:
    day = escape((row["published_at"] or "không rõ ngày")[:10])
    return f'<li><time>{day}</time> <a href="../{_place(row["id"])}">{escape(row["title"])}</a></li>'


def _turning(slug: str, number: int, pages: int) -> str:
    links: Iterator[str] = (
        f'<a href="../{_list_place(slug, other)}">{label}</a>'
        for other, label in ((number - 1, "← mới hơn"), (number + 1, "cũ hơn →"))
        if 1 <= other <= pages
    )
    return f"<nav>{' '.join(links)}</nav>"


def _index(job: Job, sites: list[tuple[dict[str, Any], int]], shards: int) -> str:
    rows = "".join(
        f'<li><a href="{_list_place(site["slug"], 1)}">{escape(site["name"])}</a> ({total} bài)</li>'
        for site, total in sites
    )
    choice = "; ".join(f"{name}: {value}" for name, value in job.choice.to_dict().items()) or "tất cả"
    body = (
        f'<h1>Tin phường, xã: {escape(job.collection.path.stem)}</h1><form id="form"><input id="query" type="search" '
        'placeholder="Tìm, có dấu hay không dấu" autofocus> <button>Tìm</button></form>'
        f'<p id="state" role="status"></p><ul id="results" data-shards="{shards}"></ul>'
        f"<h2>Theo trang</h2><ul>{rows}</ul><p><small>{job.count} bài, chọn: {escape(choice)}. "
        f"Xuất lúc {escape(job.moment)} bằng {escape(job.software)}.</small></p>"
        '<script src="search.js"></script>'
    )
    return parts.page("Tin phường, xã", body, up="")
