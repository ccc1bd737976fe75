"""Hostile transfers: what is wrong is in the connection, the status line, the headers or the coding of the body."""

import gzip
import zlib
from collections.abc import Iterator

from tests.hostile.kind import FAILED, OK, Answer, Asked, Kind, forever, head, slowly, whole

_MB = 1 << 20
_TIME = "`TINPHUONG_TIMEOUT`, then the retries"
_SIZE = "`DOWNLOAD_MAXSIZE`, packed and unpacked"
_NET = frozenset({"connection", "truncated"})
_PART = frozenset({"truncated", "connection"})


def silent(asked: Asked) -> Answer:
    asked.pause(3600)
    return b""


def silent_at_end(asked: Asked) -> Iterator[bytes]:
    yield head(Content_Length=len(asked.page)) + asked.page[:-1]
    asked.pause(3600)


def dribbled_head(asked: Asked) -> Answer:
    return slowly(asked, whole(asked.page), 0.5)


def dribbled_body(asked: Asked) -> Iterator[bytes]:
    yield head(Content_Length=len(asked.page))
    yield from slowly(asked, asked.page, 0.5)


def reset(asked: Asked) -> Answer:
    return asked.reset()


def reset_in_body(asked: Asked) -> Iterator[bytes]:
    yield head(Content_Length=len(asked.page)) + asked.page[: len(asked.page) // 2]
    asked.pause(0.1)
    yield from asked.reset()


def too_short(asked: Asked) -> Answer:
    return whole(asked.page[: len(asked.page) // 2], Content_Length=len(asked.page))


def too_long(asked: Asked) -> Answer:
    return whole(asked.page) + b"<p>more than was announced</p>" * 1000


def odd_length(asked: Asked) -> Answer:
    return whole(asked.page, Content_Length="-1")


def two_lengths(asked: Asked) -> Answer:
    return whole(asked.page, Content_Length=f"{len(asked.page)}\r\nContent-Length: 7")


def odd_chunks(asked: Asked) -> Answer:
    return head(Transfer_Encoding="chunked") + b"zz\r\n" + asked.page


def cut_chunks(asked: Asked) -> Answer:
    half = asked.page[: len(asked.page) // 2]
    return head(Transfer_Encoding="chunked") + b"%x\r\n%s\r\n" % (len(half), half)


def cut_gzip(asked: Asked) -> Answer:
    packed = gzip.compress(asked.page)
    return whole(packed[: len(packed) // 2], Content_Encoding="gzip")


def false_gzip(asked: Asked) -> Answer:
    return whole(asked.page, Content_Encoding="gzip")


def gzip_bomb(asked: Asked) -> Iterator[bytes]:
    yield head(Content_Encoding="gzip")
    packer = zlib.compressobj(9, wbits=31)
    for _ in range(600):
        yield packer.compress(b"<p>" + b" " * _MB)
    yield packer.flush()


def brotli_bomb(asked: Asked) -> Answer:
    import brotli

    return whole(brotli.compress(b"<p>" + b" " * (200 * _MB), quality=1), Content_Encoding="br")


def endless_body(asked: Asked) -> Iterator[bytes]:
    yield head()
    yield from forever(b"<p>tin " * 10_000)


def endless_headers(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from forever(b"X-Tin: phuong\r\n" * 2000)


def long_header(asked: Asked) -> Answer:
    return whole(asked.page, X_Tin="x" * _MB)


def many_cookies(asked: Asked) -> Answer:
    cookies = "".join(f"Set-Cookie: c{n}={'v' * 100}; path=/\r\n" for n in range(10_000))
    return f"HTTP/1.1 200 OK\r\n{cookies}".encode() + whole(asked.page).partition(b"\r\n")[2]


def odd_status(asked: Asked) -> Answer:
    return b"XYZZY two hundred\r\n\r\n" + asked.page


def no_status(asked: Asked) -> Answer:
    return asked.page


def waits_to_continue(asked: Asked) -> Iterator[bytes]:
    yield from forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 500)


def garbage(asked: Asked) -> Answer:
    return bytes(range(256)) * 400


def server_error(asked: Asked) -> Answer:
    return whole("<h1>Service Unavailable</h1>", "503 Service Unavailable")


def come_back_later(asked: Asked) -> Answer:
    return whole("<h1>Later</h1>", "503 Service Unavailable", Retry_After="300")


def come_back_soon(asked: Asked) -> Answer:
    return whole("<h1>Soon</h1>", "503 Service Unavailable", Retry_After="1")


def every_second_time(asked: Asked) -> Answer:
    return whole("<h1>Too Many Requests</h1>", "429 Too Many Requests") if asked.times % 2 else whole(asked.page)


def not_modified(asked: Asked) -> Answer:
    return head("304 Not Modified", ETag='"x"')


def odd_code(asked: Asked) -> Answer:
    return whole(asked.page, "999 Denied")


def own_certificate(asked: Asked) -> Answer:
    return whole(asked.page)


_AGAIN = frozenset({"http_503", "retry_after", "timeout", "cut_short"})
KINDS = (
    Kind("silent", "everything", silent, "a server that takes connections and never answers",
         "the site fails with `timeout`", _TIME, frozenset({"timeout"}), FAILED, 0),
    Kind("silent_at_end", "article", silent_at_end, "the last byte of an article never comes",
         "that article is asked for again, then counted under `timeout` or `truncated`", _TIME,
         _PART | {"timeout"}, OK),
    Kind("dribbled_head", "article", dribbled_head, "the head of an answer comes a byte at a time",
         "that article is counted under `timeout`", _TIME, frozenset({"timeout"}), OK),
    Kind("dribbled_body", "article", dribbled_body, "an article comes a byte at a time",
         "that article is counted under `timeout` or `truncated`", _TIME, _PART | {"timeout"}, OK),
    Kind("dribbled_robots", "robots", dribbled_body, "robots.txt comes a byte at a time",
         "nothing is fetched; the site fails with `timeout`", _TIME,
         _PART | {"timeout", "robots_unreadable"}, FAILED, 0),
    Kind("reset", "everything", reset, "every connection is broken off", "the site fails with `connection`",
         "`RETRY_TIMES`", frozenset({"connection"}), FAILED, 0),
    Kind("reset_in_body", "article", reset_in_body, "the connection breaks off in the middle of an article",
         "that article is asked for again, then counted under `truncated` or `connection`", "`RETRY_TIMES`", _PART, OK),
    Kind("too_short", "article", too_short, "a body shorter than its Content-Length",
         "not stored as whole: `truncated`", "`RETRY_TIMES`", _PART, OK),
    Kind("too_long", "article", too_long, "a body longer than its Content-Length", "as much is read as was announced",
         "Content-Length", frozenset(), OK),
    Kind("odd_length", "article", odd_length, "Content-Length: -1", "stored, or counted under `connection`",
         "`RETRY_TIMES`", frozenset(), OK),
    Kind("two_lengths", "article", two_lengths, "two different lengths of one body",
         "not stored: `connection` or `truncated`", "`RETRY_TIMES`", frozenset(), OK),
    Kind("odd_chunks", "article", odd_chunks, "chunks whose size is no number",
         "not stored: `connection` or `truncated`", "`RETRY_TIMES`", _PART, OK),
    Kind("cut_chunks", "article", cut_chunks, "chunks without the last one", "not stored as whole: `truncated`",
         "`RETRY_TIMES`", _PART, OK),
    Kind("cut_gzip", "article", cut_gzip, "a gzip body that ends early", "not stored as whole: `truncated`",
         "`RETRY_TIMES`", _PART, OK),
    Kind("false_gzip", "article", false_gzip, "plain HTML that claims to be gzip",
         "read as it is, or counted under a reason", _SIZE, frozenset(), OK),
    Kind("gzip_bomb", "article", gzip_bomb, "600 MB of blanks in a small gzip body",
         "unpacking stops; counted under `too_large`, or `timeout` where the server is slow", _SIZE,
         frozenset({"too_large", "timeout"}), OK),
    Kind("brotli_bomb", "article", brotli_bomb, "200 MB of blanks in brotli, which was not asked for",
         "unpacking stops; counted under `too_large`, or `undecodable` where it is not unpacked", _SIZE,
         frozenset({"too_large", "undecodable", "not_html", "timeout"}), OK),
    Kind("endless_body", "article", endless_body, "a body without an end",
         "the connection is closed; counted under `too_large`, or `timeout` where the server is slow", _SIZE,
         frozenset({"too_large", "timeout"}), OK),
    Kind("endless_headers", "article", endless_headers, "header lines without an end",
         "the connection is closed; counted under a reason", _TIME, _NET | {"too_large", "timeout"}, OK),
    Kind("long_header", "article", long_header, "a header line of 1 MB", "counted under `connection`, or stored",
         "Twisted's longest line, 16 KiB", frozenset(), OK),
    Kind("many_cookies", "article", many_cookies, "10,000 Set-Cookie lines", "the others are stored all the same",
         "the cookie jar keeps few of a host", frozenset(), OK),
    Kind("odd_status", "article", odd_status, "an invalid status line", "counted under `connection`", "`RETRY_TIMES`",
         _NET, OK),
    Kind("no_status", "article", no_status, "HTTP/0.9: a page without a head", "counted under `connection`",
         "`RETRY_TIMES`", _NET, OK),
    Kind("waits_to_continue", "article", waits_to_continue, "100 Continue without an end",
         "counted under `timeout` or `connection`", _TIME, _NET | {"timeout", "too_large"}, OK),
    Kind("garbage", "everything", garbage, "bytes that are no HTTP", "the site fails with `connection`",
         "`RETRY_TIMES`", _NET, FAILED, 0),
    Kind("server_error", "everything", server_error, "503 on everything", "the site fails with `http_503`",
         "`RETRY_TIMES`", frozenset({"http_503"}), FAILED, 0),
    Kind("come_back_later", "everything", come_back_later, "503 with Retry-After: 300 on everything",
         "the site fails with `http_503`; no other host waits", "`RETRY_AFTER_MAX`, and the waits of a host in sum",
         _AGAIN, FAILED, 0),
    Kind("come_back_soon", "section", come_back_soon, "a list that answers 503 with Retry-After: 1 for ever",
         "the list is counted under `http_503`, its articles are found elsewhere or lost",
         "`RETRY_TIMES`, and the waits of a host in sum", frozenset(), stored=0),
    Kind("every_second_time", "everything", every_second_time, "429 at every first request for a page",
         "asked again, all is stored", "`RETRY_TIMES`", frozenset(), OK),
    Kind("not_modified", "article", not_modified, "304 to a request without conditions", "counted under `http_304`",
         "one request", frozenset({"http_304"}), OK),
    Kind("odd_code", "article", odd_code, "status 999", "counted under `http_999`", "one request",
         frozenset({"http_999"}), OK),
    Kind("own_certificate", "everything", own_certificate, "a certificate that the site signed itself",
         "the site fails with `tls`, and the sentence names the fact `tls`", "every connection", frozenset({"tls"}),
         FAILED, 0, scheme="https"),
)  # fmt: skip
