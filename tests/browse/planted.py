"""A collection with all that a page may have to show, and with texts that try to run in the reader's browser."""

from datetime import UTC, datetime

from crawler.replica_portals.special import picture
from storage import Collection
from storage.archives.captures import Captures
from storage.archives.warc import Exchange
from storage.doubts.confirm import confirm, corrected
from storage.files import pictures
from storage.records import Record

SAID = "2024-05-10T08:30:00+00:00"
SITE, OTHER = "hanoi_trucbach", "hatinh_honglinh"
PICTURE, DRAWING = "https://hanoi_trucbach.example.vn/sach.jpg", "https://hatinh_honglinh.example.vn/ban-do.svg"

# Each payload is planted in every text of an article of its own.
PAYLOADS = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<svg onload=\"document.title='owned'\"><script>document.title='owned'</script></svg>",
    "\"><script>document.title='owned'</script>",
    "' autofocus onfocus='document.title=1' x='",
    "</title></textarea></style><script>document.title='owned'</script>",
    "<iframe src=\"http://evil.example/\"></iframe>",
    "<form action=\"http://evil.example/\"><input name=q><button>OK</button></form>",
    "<style>body{display:none}</style><link rel=stylesheet href=http://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    "<object data=http://evil.example/></object><embed src=http://evil.example/>",
    "<video src=http://evil.example/a.mp4 autoplay></video><audio src=http://evil.example/a></audio>",
    "[click](javascript:document.title='owned')",
    "[click](JaVa\tScRiPt:document.title='owned')",
    "[click](data:text/html,<script>document.title='owned'</script>)",
    "[click](vbscript:x) <javascript:alert(1)>",
    "![x](http://evil.example/pixel.gif)",
    "![x](javascript:document.title='owned')",
    "![x\" onerror=\"document.title='owned'](http://evil.example/a.gif \"t\" onload=x)",
    "[x]: javascript:document.title='owned'\n\n[x]",
    "[x](http://user:word@evil.example/)",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "<div style=\"position:fixed;inset:0\" onclick=\"document.title='owned'\">x</div>",
    "{{ 7*7 }}{% for x in y %}",
    "<!--<img src=\"--><img src=x onerror=document.title='owned'//\">",
    "\u202egpj.exe <b>x</b> &lt;script&gt;",
    "```\n</code></pre><script>document.title='owned'</script>\n```",
    "| a |\n| --- |\n| <script>document.title='owned'</script> |",
    "[-x-]{+<script>document.title='owned'</script>+}",
)  # fmt: skip
EVIL_URLS = (
    "javascript:document.title='owned'",
    "data:text/html,<script>1</script>",
    'http://evil.example/"onclick=x',
    "//evil.example/",
)


def record(
    site, key, title, *, seen="2024-05-01T02:00:00+00:00", attachments=(), images=(), seen_urls=(), url=None, **fields
):
    texts = (
        {"summary": "", "body": "", "markdown": "", "language": "vi", "published_from": "page"}
        | fields
        | {"title": title}
    )
    digest = f"{key}-{hash(title + texts['body'] + texts['markdown']) & 0xFFFFFFFF:x}"
    return Record(
        site, key, url or f"https://{site}.example.vn/{key}", digest, seen, texts, seen_urls=list(seen_urls),
        attachments=list(attachments), images=list(images),
    )  # fmt: skip


def plant(path):
    """Fill a new database at `path`."""
    with Collection(path) as collection:
        for slug, name, old, new in (
            (SITE, "Phường Trúc Bạch, quận Ba Đình", "00004", "00004"),
            (OTHER, "Phường Đậu Liêu, thị xã Hồng Lĩnh", "18127", "18118"),
            ("xx_evil", PAYLOADS[0], None, None),
        ):
            collection.put_site(
                {"slug": slug, "name": name, "host": f"{slug}.example.vn", "platform": "p", "unit_old": old,
                 "unit_new": new, "updated_at": "2024-05-01"}
            )  # fmt: skip
        run = collection.begin_run(SITE, mode="live", started_at="2024-05-01T02:00:00+00:00", software="tinphuong 0")
        collection.save(_library("Thứ Bảy hằng tuần, thư viện mở cửa từ 8 giờ.", "2024-05-01T02:00:00+00:00"), run)
        later = _library("Chủ nhật hằng tuần, thư viện mở cửa từ 9 giờ.", "2024-05-09T02:00:00+00:00")
        later.units = [
            {"code": "00013", "vintage": "old", "certainty": "sure", "found_in": "title", "evidence": "P. Quán Thánh"}
        ]
        collection.save(later, run)
        gone = record(
            OTHER, "gone", "Lịch cắt điện đã gỡ", body="Cắt điện.", published_at="2024-03-03", section="Thông báo",
            images=[{"url": DRAWING, "caption": "Bản đồ"}],
        )  # fmt: skip
        collection.save(gone, run)
        collection.change_article(2, {"removed_at": "2024-05-05T00:00:00+00:00"})
        _keep_pictures(collection, run)
        row = collection.article(1)
        confirm(collection, row, {"author": corrected(row, "author", "Lê Thị Mừng")}, by="lan", at=SAID)
        for number, payload in enumerate(PAYLOADS):
            evil = EVIL_URLS[number % len(EVIL_URLS)]
            both = f"{payload}\n\nĐoạn sau có bẫy {number}."
            first = record(
                "xx_evil", f"bẫy/{number}?{payload}#x", f"Bẫy {number} {payload}", summary=payload, body=both,
                markdown=both, author=payload, source=payload, section=payload,
                published_at=f"2023-01-{number % 28 + 1:02}",
                url=f"{evil}{number}", seen_urls=[f"{evil}-other{number}"],
                attachments=[{"url": f"{evil}#f", "name": payload, "type": payload[:9]}],
                images=[{"url": f"{evil}#i", "caption": payload}],
                doubts=[
                    {"field": name, "kind": payload, "evidence": payload}
                    for name in ("title", "body", "author", payload)
                ],
            )  # fmt: skip
            first.units = [
                {"code": payload, "vintage": "old", "certainty": "sure", "found_in": "title", "evidence": payload}
            ]
            collection.save(first, run)
            first.fields = {**first.fields, "title": f"Bẫy {number} đổi", "body": both + payload}
            first.content_hash += "x"
            collection.save(first, run)
            said = {"field": "title", "value": payload, "was": payload, "by": payload, "at": SAID}
            collection.insert("confirmations", {"article_id": 3 + number, **said})
            collection.add_skipped(run, "xx_evil", f"http://x/{payload}", payload[:20], payload, "2024-05-01")
        collection.finish_run(
            run, finished_at="2024-05-01T02:05:00+00:00", status="failed", reason=PAYLOADS[0], message=PAYLOADS[1],
            counts={"new": 3, "pages": 9}, skipped={PAYLOADS[2]: 1},
        )  # fmt: skip


def _keep_pictures(collection, run):
    """One picture as it should be, and one that holds a script and claims to be a picture."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{PAYLOADS[0]}</svg>'.encode()
    for url, body in ((PICTURE, picture("sach").body), (DRAWING, drawing)):
        keep_picture(collection, run, SITE, url, body)


def keep_picture(collection, run, site, url, body):
    """Keep the bytes of a picture as a run captures it."""
    captures = Captures(collection, {})
    exchange = Exchange(url, 200, [(b"Content-Type", b"image/png")], body, datetime(2024, 5, 1, tzinfo=UTC))
    pictures.keep(collection, url, captures.keep(exchange, site=site, kind="picture", run_id=run))
    captures.close()


def _library(second, seen):
    body = f"Ba giá sách bằng gỗ thông.\n\n{second}\n\nCác em chọn sách."
    markdown = (
        f"Ba giá sách bằng gỗ thông.\n\n### Giờ mở cửa\n\n{second}\n\n"
        "| Buổi | Giờ |\n| --- | --- |\n| Sáng | 8–11 |\n\n"
        f"![Các em chọn sách]({PICTURE})\n*Các em chọn sách*\n\n[Nội quy](https://a.vn/nq)"
    )
    return record(
        SITE, "thu-vien", "Trúc Bạch mở thư viện bên hồ", summary="Chiều 30/4, thư viện ngoài trời mở cửa.", body=body,
        markdown=markdown, author="Lê Mừng", section="Tin tức", published_at="2024-04-30T15:07+07:00", seen=seen,
        attachments=[{"url": "https://hanoi_trucbach.example.vn/noi-quy.pdf", "name": "Nội quy.pdf", "type": "pdf"}],
        images=[{"url": PICTURE, "caption": "Các em chọn sách"}],
        seen_urls=["https://hanoi_trucbach.example.vn/vi/thu-vien"],
        doubts=[
            {"field": "published_at", "kind": "weekday", "evidence": "Thứ hai, 30/4/2024"},
            {"field": "body", "kind": "mid_sentence", "evidence": "Các em chọn sách"},
        ],
    )  # fmt: skip
