"""What to begin with: the pages, feeds and collections of the tests, all of them invented."""

import gzip
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.extraction.test_corpus import CORPUS
from tests.freeze import FROZEN
from tests.platforms import replicas
from tests.unknown.platforms import PORTALS

_MOST = 150_000  # bytes of a seed: mutations of longer ones say nothing new, and take longer


@cache
def pages() -> list[bytes]:
    """Articles: those of the corpus, of the frozen pages and of the replicas of platforms."""
    made = [path.read_bytes() for path in sorted(CORPUS.glob("*.html"))]
    made += [gzip.decompress(path.read_bytes()) for path in sorted(FROZEN.glob("*/article.html.gz"))]
    for replica in replicas.ALL:
        made += [_answer(replica, replica.address(story)) for story in replica.stories[:2]]
    return [page for page in made if 100 < len(page) < _MOST]


@cache
def lists() -> list[bytes]:
    """Lists and home pages."""
    made = [gzip.decompress(path.read_bytes()) for path in sorted(FROZEN.glob("*/listing.html.gz"))]
    for portal in (*replicas.ALL, *PORTALS):
        made += [_answer(portal, path) for path in getattr(portal, "start", ("/",))]
    return [page for page in made if 100 < len(page) < _MOST]


@cache
def feeds() -> list[bytes]:
    """RSS, Atom, sitemaps and answers of APIs."""
    made = [RSS, ATOM, SITEMAP, SITEMAP_INDEX, json.dumps(POSTS).encode()]
    for portal in (*replicas.ALL, *PORTALS):
        for path in ("/feed", "/rss", "/rss.xml", "/sitemap.xml", "/sitemap-news.xml", "/wp-json/wp/v2/posts"):
            body = _answer(portal, path)
            if body.lstrip()[:1] in (b"<", b"[", b"{") and b"<html" not in body[:500].lower():
                made.append(body)
    return made


def _answer(portal: object, path: str) -> bytes:
    try:
        came = portal.answer("GET", path, "")  # type: ignore[attr-defined]
    except Exception:  # a replica need not know the path
        return b""
    body = came.body if came.status == 200 else b""
    return body if isinstance(body, bytes) else body.encode()


@cache
def robots() -> list[bytes]:
    """Files of rules."""
    made = [replica.robots.encode() for replica in replicas.ALL]
    made.append(
        b"User-agent: *\nDisallow: /admin\nDisallow: /*?print=\nAllow: /tin\nCrawl-delay: 2\n\nSitemap: http://a.vn/s\n"
    )
    made.append("\ufeffUser-Agent: tinphuong\r\nDisallow:\r\n\r\nUser-agent: *\r\nDisallow: /*.aspx$\r\n".encode())
    return list(dict.fromkeys(made))


@cache
def date_strings() -> list[bytes]:
    """The strings of the tests of dates, and long texts made of them."""
    path = Path(__file__).resolve().parents[1] / "dates" / "cases.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = [str(row.get("text") or "") for row in rows]
    texts = [text for text in texts if text]
    long = [" Ủy ban nhân dân phường thông báo. ".join(texts[n : n + 40]) for n in range(0, len(texts), 40)]
    return [text.encode() for text in (*texts, *long)]


@cache
def collection() -> Path:
    """A small collection with captures, in a folder of its own; not to be changed."""
    from storage import Collection
    from tests.storage.captured import Opened, exchange

    folder = Path(mkdtemp(prefix="tinphuong-fuzz-"))
    with Opened(folder) as opened:
        for number in range(1, 9):
            body = f"Phường Một họp tổ dân phố số {number}, ngày {number}/3/2023.\n\nĐoạn hai: thư viện, tiêm chủng."
            opened.article(number, body)
        opened.keep(exchange(20, gzip.compress(b"<html>x</html>", mtime=0), headers=[(b"Content-Encoding", b"gzip")]))
        opened.keep(exchange(21, b"<html>Trang tin</html>", minutes=5))
        opened.keep(exchange(22, b"<html>Trang tin</html>", minutes=6, url="https://mot.gov.vn/21.html"))
        opened.keep(exchange(23, b"", status=301, headers=[(b"Location", b"/1.html")]))
        opened.collection.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00+00:00'", [])
        opened.collection.finish_run(
            opened.run_id, finished_at="2026-01-02T00:00:00+00:00", status="ok", reason=None, message="8 new",
            counts={"new": 8}, skipped={},
        )  # fmt: skip
    with Collection(folder / "a.db"):
        pass
    return folder


@cache
def exported() -> bytes:
    """The collection as JSONL."""
    from tests.exports.handing import hand_on

    dest = collection() / "a.jsonl"
    if not dest.exists():
        hand_on(collection() / "a.db", "jsonl", dest)
    return dest.read_bytes()


def with_parts() -> bytes:
    """Articles as JSONL, as strangers make them: one has all that can hang on an article, one with another text."""
    import json

    from tests.exports.strangers import DAY, article, part

    days = [{"date": "2026-10-06", "raw": "chiều nay", "start": 0, "end": 9}]
    doubts = [{"field": "author", "kind": "not_a_name", "evidence": "Tin"}]
    whole = article(event_dates=days, doubts=doubts, notes=["no container"])
    for name in ("urls", "attachments", "images", "versions", "units", "events", "confirmations"):
        whole[name] = whole[name] + part(name)[name] if name == "urls" else part(name)[name]
    later = article(body="Sáng nay, tổ 1 họp lần hai.", last_seen_at="2026-11-06T01:15:00+00:00", changed_at=DAY)
    articles = [whole, article(2), later | {name: whole[name] for name in ("versions", "images", "events")}]
    return b"".join(json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in articles)


def warcs() -> list[bytes]:
    """WARC files: that of the collection, packed as it is and not at all, and one as others write them."""
    (path,) = sorted((collection() / "a.captures").glob("*.warc.gz"))
    packed = path.read_bytes()
    return [packed, gzip.decompress(packed), FOREIGN]


def from_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (kind of mutators, content) for the files of a folder: HTML, XML, JSONL, and the pages in WARC files."""
    from storage.archives.archive import Archive, BadArchive

    kinds = {".html": "html", ".htm": "html", ".xml": "xml", ".rss": "xml", ".jsonl": "lines", ".json": "json"}
    for path in sorted(folder.rglob("*")):
        if path.suffix in kinds and path.stat().st_size < _MOST:
            yield kinds[path.suffix], path.read_bytes()
        elif path.name.endswith((".warc", ".warc.gz")):
            try:
                archive = Archive([path])
            except BadArchive:
                continue
            for capture in archive.captures():
                if b"<" in capture.body[:200] and len(capture.body) < _MOST:
                    yield "xml" if capture.body.lstrip().startswith(b"<?xml") else "html", capture.body


def remove_collection() -> None:
    """Remove what `collection` made."""
    if collection.cache_info().currsize:
        shutil.rmtree(collection(), ignore_errors=True)
        collection.cache_clear()
        exported.cache_clear()


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Phường Một</title>
<item><title>Họp tổ dân phố</title>
<link>http://mot.test/tin/1.html</link><pubDate>Fri, 08 Dec 2023 15:07:00 +0700</pubDate>
<description><![CDATA[<p>Tối qua, tổ dân phố họp.</p><img src="/a.jpg">]]></description></item>
<item><title>Tiêm chủng</title><link>/tin/2.html</link><dc:date>2023-12-09</dc:date></item></channel></rss>""".encode()
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Phường Một</title><entry><title>Họp</title>
<link rel="alternate" href="http://mot.test/tin/3.html"/><published>2023-12-08T15:07:00+07:00</published>
<summary type="html">&lt;p&gt;Tối qua&lt;/p&gt;</summary></entry></feed>""".encode()
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://mot.test/tin/4.html
</loc><lastmod>2023-12-08</lastmod></url><url><loc>http://mot.test/tin/5.html</loc></url></urlset>"""
SITEMAP_INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://mot.test/tin.xml</loc>
</sitemap><sitemap><loc>http://mot.test/post-sitemap2.xml</loc></sitemap></sitemapindex>"""
POSTS = [
    {"id": 7, "link": "http://mot.test/tin/7.html", "date": "2023-12-08T15:07:00",
    "title": {"rendered": "Họp tổ dân phố"},
     "excerpt": {"rendered": "<p>Tối qua</p>"}, "slug": "hop", "status": "publish"},
    {"id": 8, "link": "http://mot.test/tin/8.html", "date": "2023-12-09T15:07:00", "title": {"rendered": "Tiêm chủng"}},
]  # fmt: skip
_HTTP = b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\r\n<html>Trang</html>"
FOREIGN = b"".join(
    b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:0000%d>\r\nWARC-Date: 2020-01-0%dT00:00:00Z\r\n"
    b"WARC-Target-URI: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s\r\n\r\n"
    % (kind, n, n, uri, media, len(block), more, block)
    for n, (kind, uri, media, block, more) in enumerate(
        [
            (b"response", b"http://www.mot.test/a%3Fb", b"application/http;msgtype=response", _HTTP, b""),
            (b"resource", b"http://mot.test:8080/r", b"text/html", b"<html>Trang</html>", b""),
            (b"revisit", b"http://mot.test/a", b"application/http", b"HTTP/1.1 200 OK\r\n\r\n",
             b"WARC-Refers-To-Target-URI: http://www.mot.test/a%3Fb\r\nWARC-Refers-To-Date: 2020-01-01T00:00:00Z\r\n"),
            (b"metadata", b"dns:mot.test", b"text/dns", b"mot.test. 60 A 192.0.2.1", b""),
        ],
        1,
    )
)  # fmt: skip
