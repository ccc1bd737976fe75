"""Archive files as others write them, byte by byte: WARC of both versions, ARC and packages."""

import gzip
import uuid
import zipfile
from base64 import b32encode
from hashlib import sha1

from crawler.new_site import frozen_pages

SLUG = "thainguyen_huongson"
ARTICLE = frozen_pages.load(SLUG, "article")
TITLE, OTHER_TITLE = "Sổ tay nếp sống văn minh khu dân cư", "Sổ tay phòng cháy của tổ dân phố"
OTHER = ARTICLE.url.replace("so-tay-nep-song-van-minh-khu-dan-cu", "so-tay-phong-chay")
OTHER_PAGE = ARTICLE.body.replace(TITLE.encode(), OTHER_TITLE.encode()).replace(
    b'<p class="date-line', f'<p>Tổ dân phố số 4 nhận sổ tay mới. {OTHER_TITLE}.</p><p class="date-line'.encode()
)
EDITED = ARTICLE.body.replace(b'<p class="date-line', '<p>Đoạn này về sau bị sửa.</p><p class="date-line'.encode())


_TYPES = {
    "response": "application/http; msgtype=response", "revisit": "application/http; msgtype=response",
    "request": "application/http; msgtype=request",
}  # fmt: skip


def digest(data):
    return f"sha1:{b32encode(sha1(data).digest()).decode()}"


def name():
    return f"urn:uuid:{uuid.uuid4()}"


def http(body, *headers, status="200 OK"):
    """An answer as it went over the wire."""
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html;charset=UTF-8",))]
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunked(body):
    """A body packed and parted as servers part it, in two chunks."""
    packed = gzip.compress(body, mtime=0)
    parts = (packed[:700], packed[700:])
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def record(kind, url, date, block, *, record_id=None, version="1.1", payload=None, **more):
    """The bytes of a WARC record with true digests; `more`: further headers, Refers_To for WARC-Refers-To."""
    payload = block.partition(b"\r\n\r\n")[2] if payload is None and kind == "response" else payload
    head = {
        "WARC-Type": kind, "WARC-Record-ID": f"<{record_id or name()}>", "WARC-Date": date, "WARC-Target-URI": url,
        "Content-Type": _TYPES.get(kind, "text/html"),
        "WARC-Block-Digest": digest(block),
    }  # fmt: skip
    if payload is not None:
        head["WARC-Payload-Digest"] = digest(payload)
    head |= {f"WARC-{key.replace('_', '-')}": value for key, value in more.items()}
    lines = "".join(f"{key}: {value}\r\n" for key, value in head.items())
    return f"WARC/{version}\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def warc(path, *records):
    """Write a WARC file, compressed record by record where its name ends in gz."""
    packed = path.name.endswith(".gz")
    path.write_bytes(b"".join(gzip.compress(each, mtime=0) if packed else each for each in records))
    return path


def arc(path, *pages):
    """Write an ARC file of (URL, 14 digits, answer)."""
    head = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    out = b"filedesc://a.arc 0.0.0.0 20200101000000 text/plain %d\n" % len(head) + head + b"\n"
    for url, moment, answer in pages:
        out += f"{url} 192.0.2.1 {moment} text/html {len(answer)}\n".encode() + answer + b"\n"
    path.write_bytes(out)
    return path


def wacz(path, **files):
    """Write a package of WARC files: name → bytes."""
    with zipfile.ZipFile(path, "w") as package:
        for member, content in files.items():
            package.writestr(f"archive/{member}.warc.gz", content)
    return path
