"""What portals answer that is not a page of news: pictures, PDFs, anti-bot pages, logins, errors."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

import hashlib
import math
import struct
import zlib
from dataclasses import dataclass, field

from crawler.replica_portals.pdf import pdf_of

HTML = "text/html;charset=UTF-8"


@dataclass
class Answer:
    """An HTTP answer. `packed` keeps the gzipped body of a page that is served again and again.

    `article`: the article it shows, as site:key; `copy_of`: the one on another portal of which it is a copy.
    """

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    packed: bytes | None = None
    article: str = ""
    copy_of: str = ""


def redirect(location: str, status: int = 301) -> Answer:
    """A redirect to `location`."""
    return Answer(b"", status=status, headers={"Location": location})


def antibot(url: str) -> Answer:
    """The page a firewall sends in place of any other, with status 200: a cookie set by script, then a reload."""
    token = hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()
    page = (
        '<html><body><script>document.cookie="D1N='
        + token
        + '"+"; expires=Fri, 31-Dec-2099 23:59:59 GMT; path=/";window.location.reload(true);</script></body></html>'
    )
    return Answer(page.encode(), "text/html; charset=utf-8,gbk", headers={"Server": "Cloudrity"})


def _shell(title: str, inside: str) -> bytes:
    return (
        '<!DOCTYPE html> <html class="aui ltr" dir="ltr" lang="vi-VN"> <head> '
        f'<title>{title}</title> <meta content="text/html; charset=UTF-8" http-equiv="content-type" /> </head> '
        f'<body class="yui3-skin-sam signed-out public-page site"> <div id="main"> {inside} </div> </body> </html>'
    ).encode()


def login(name: str) -> Answer:
    """A login form with status 200."""
    form = (
        '<section class="portlet" id="portlet_58"> <h1 class="portlet-title"> <span class="portlet-title-text">Đăng nhập</span> '
        '</h1> <form action="/c/portal/login" class="form" id="_58_fm" method="post" name="_58_fm"> '
        '<label for="_58_login">Tên đăng nhập</label> <input id="_58_login" name="_58_login" type="text" value="" /> '
        '<label for="_58_password">Mật khẩu</label> <input id="_58_password" name="_58_password" type="password" value="" /> '
        '<button type="submit">Đăng nhập</button> <a href="/c/portal/login?p_p_id=58&amp;_58_struts_action=%2Flogin%2Fforgot_password">'
        "Quên mật khẩu</a> </form> </section>"
    )
    return Answer(_shell(f"Đăng nhập - {name}", form))


def error_page(name: str) -> Answer:
    """A portlet that failed, in a page with status 200."""
    note = (
        '<div class="portlet-body"> <div class="alert alert-error"> Đã xảy ra lỗi không mong muốn. </div> '
        '<div class="alert alert-error"> Portlet này hiện không khả dụng. </div> </div>'
    )
    return Answer(_shell(f"Lỗi - {name}", note))


def soft_404(name: str, status: int = 200) -> Answer:
    """'Not found' as a page; with status 200 it is a soft 404."""
    note = (
        '<h3 class="alert alert-error">Không tìm thấy trang</h3> <div>Nội dung bạn yêu cầu không tồn tại hoặc đã bị gỡ bỏ.</div> '
        '<a href="/">Về trang chủ</a>'
    )
    return Answer(_shell(f"Không tìm thấy - {name}", note), status=status)


def server_error() -> Answer:
    """Tomcat's page of an unhandled exception."""
    return Answer(
        b"<html><head><title>Apache Tomcat/7.0.42 - Error report</title></head><body><h1>HTTP Status 500 - </h1>"
        b"<p><b>type</b> Exception report</p></body></html>",
        "text/html;charset=utf-8",
        500,
    )


def busy(seconds: int = 1, status: int = 503) -> Answer:
    """Too much asked: come back after `seconds`."""
    return Answer(b"Service Unavailable", "text/plain", status, {"Retry-After": str(seconds)})


def document(name: str, content_type: str) -> Answer:
    """A one-page PDF that says its own name, or a stand-in for an office file."""
    if content_type != "application/pdf":
        return Answer(b"PK\x05\x06" + bytes(18), content_type)
    label = name.encode("ascii", "replace").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 16 Tf 72 760 Td (" + label + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    return Answer(pdf_of(objects), content_type)


def picture(seed: str, width: int = 320, height: int = 200) -> Answer:
    """A drawn landscape (PNG): sky, two ranges of hills and a sun, different for every `seed`."""
    code = hashlib.sha256(seed.encode()).digest()
    hue, phase, sun = code[0], code[1] / 20, width * (0.2 + code[2] / 425)
    rows = bytearray()
    far = [height * (0.55 + 0.1 * math.sin(x / 37 + phase)) for x in range(width)]
    near = [height * (0.75 + 0.08 * math.sin(x / 23 - phase)) for x in range(width)]
    for y in range(height):
        sky = bytes((min(255, 150 + hue // 4 + y // 3), min(255, 190 + y // 4), 235))
        rows.append(0)
        for x in range(width):
            if y > near[x]:
                rows += bytes((40 + hue // 6, 110, 60))
            elif y > far[x]:
                rows += bytes((90, 145 + hue // 8, 110))
            elif (x - sun) ** 2 + (y - 45) ** 2 < 400:
                rows += b"\xff\xee\xb0"
            else:
                rows += sky

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return Answer(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + chunk(b"IEND", b""),
        "image/png",
    )


ROBOTS = {
    "plain": Answer(b"User-agent: *\nDisallow: /admin\n", "text/plain"),
    "bom": Answer(b"\xef\xbb\xbfUser-agent: *\nDisallow: /admin\n", "text/plain"),
    "delay": Answer(b"User-agent: *\nCrawl-delay: 0.2\nDisallow: /admin\n", "text/plain"),
    "missing": Answer(b"Not Found\n", "text/plain;charset=UTF-8", 404),
}
