"""An archive file with a portal in Hà Nội's markup: a list of all its articles, and each with a text of its own."""

from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if __package__:
    from benchmarks.crawl_bench import listing, pages
else:
    from crawl_bench import listing, pages

SITE = "hanoi_sotttt"  # one that is registered, whose module the pages are made for
_HOST = "http://sotttt.hanoi.gov.vn"
_MOMENT = "2022-08-27T09:00:00Z"


def make(path: Path, articles: int, size: int = 50_000) -> None:
    """Write the captures of a start page and of so many articles, each of about `size` bytes, to `path`."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        _write(writer, f"{_HOST}/", listing(articles))
        for number, page in enumerate(pages(articles, size, alike=False)):
            _write(writer, f"{_HOST}/tin/-/view_content/{number}-tin.html", page)


def _write(writer: WARCWriter, url: str, page: bytes) -> None:
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    writer.write_record(
        writer.create_warc_record(
            url, "response", payload=BytesIO(page), warc_headers_dict={"WARC-Date": _MOMENT},
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
        )
    )  # fmt: skip
