"""CPU milliseconds an article, side by side in one run: bare Scrapy, this pipeline, Scrapy with plain trafilatura.

Serves generated pages on loopback from a process of its own, then crawls them with each contestant in a process of its
own and reads from the operating system the CPU time of that process and of those that it started to read pages, and
its own peak memory. `make bench` runs it.

Each article has a text of its own, drawn from the words of wards' news. `--alike` gives all of them one text but for
their number, so that each has to be compared with many others: the worst that a site can do to the pipeline.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = "phường tổ chức hội nghị đánh giá kết quả thực hiện nhiệm vụ và bàn phương hướng công tác của năm"
WORDS = TEXT.split()
CONTESTANTS = ("bare Scrapy", "tinphuong", "Scrapy + trafilatura with metadata")


def pages(count: int, size: int, *, alike: bool) -> list[bytes]:
    """Return so many articles' pages, each of about `size` bytes."""
    if __package__:  # the contestants need not load it
        from benchmarks.made_collection import SEED, Language
    else:
        from made_collection import SEED, Language

    language = Language(random.Random(SEED))

    def paragraph(place: int) -> str:
        return " ".join((WORDS * 5)[place : place + 70] if alike else language.text(310).split())

    return [page(number, size, [paragraph(place) for place in range(9)]) for number in range(count)]


def page(number: int, size: int, texts: list[str]) -> bytes:
    """Return one article's page of about `size` bytes in the markup of Hà Nội's Liferay 6.2."""
    paragraphs = "".join(
        f"<p style='text-align:justify'>Đoạn {k} của tin {number}: {text}.</p>" for k, text in enumerate(texts)
    )
    box = "".join(
        f"<div class='portlet'><h1 class='portlet-title'><span>Chuyên mục {k}</span></h1><ul>"
        + "".join(f"<li><a href='/muc-{k}/tin-{j}'>Mục tin số {j} trong hộp bên của trang</a></li>" for j in range(12))
        + "</ul></div>"
        for k in range(20)
    )
    body = (
        "<!DOCTYPE html><html class='aui'><head><meta charset='utf-8'>"
        f"<title>Tin số {number} của phường - tin-tuc - Cổng thông tin</title></head><body><div id='wrapper'>{box}"
        f"<div class='asset-full-content'><div class='asset-full-content-title'>Tin số {number} của phường</div>"
        f"<div class='assetPublishDate'>Ngày đăng 0{number % 9 + 1}/12/2021 | 8:{number % 50 + 10} AM</div>"
        f"<div class='sapo-wrapper'><div class='sapo'>Tóm tắt của tin số {number}.</div></div>"
        f"<div class='journal-content-article'>{paragraphs}<p class='view-content-author'>Nguyễn Văn Thử</p></div>"
        "</div></div>"
    )
    filler = "<!-- " + "." * 94 + " -->\n"
    return (body + filler * max(0, (size - len(body.encode())) // len(filler)) + "</body></html>").encode()


def listing(count: int) -> bytes:
    """Return a start page that links to so many articles."""
    links = "".join(
        "<div class='asset-bounddary'><h3 class='asset-title'>"
        f"<a href='/tin/-/view_content/{n}-tin.html'>Tin {n}</a></h3></div>"
        for n in range(count)
    )
    return f"<html><head><title>Tin</title></head><body>{links}</body></html>".encode()


def serve(count: int, size: int, *, alike: bool) -> None:
    """Serve a listing of all articles at / and the articles; prints the port."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    bodies, start = pages(count, size, alike=alike), listing(count)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self):
            status, body = 200, start
            if "view_content" in self.path:
                body = bodies[int(self.path.split("view_content/")[1].split("-")[0])]
            elif self.path != "/":
                status, body = 404, b""
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def contestant(name: str, port: int, folder: str) -> None:
    """Crawl the server at `port`; prints the number of articles, CPU seconds and peak memory as JSON."""
    memory: list[int] = []
    count = ours(port, folder, memory) if name == "tinphuong" else plain(port, extract=name != "bare Scrapy")
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime
    print(json.dumps({"articles": count, "cpu": sum(cpu), "own": cpu[0], "peak_mb": own.ru_maxrss / 1024,
                      "memory_mb": memory}))  # fmt: skip


def ours(port: int, folder: str, memory: list[int]) -> int:
    """The whole pipeline, the store included."""
    from crawler.run.run import Options, crawl
    from spiders.platforms.hanoi_liferay62 import HanoiLiferaySpider

    start = f"http://127.0.0.1:{port}/"
    facts = {
        "name": "x_bench",
        "ward": "Phường Thử",
        "host": f"127.0.0.1:{port}",
        "scheme": "http",
        "start_pages": (start,),
    }
    spider = type("Bench", (HanoiLiferaySpider,), facts)
    settings = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TINPHUONG_ALLOW_PRIVATE": ["127.0.0.1"]}
    reports: list = []
    watch_memory(reports, memory)
    report = crawl([spider], Options(db=Path(folder) / "bench.db", settings=settings), reports)
    return report.reports[0].new


def watch_memory(reports, memory) -> None:
    """Note the resident memory at each quarter of the run."""
    import threading
    import time

    def look():
        marks = [0.1, 0.25, 0.5, 0.75, 0.95]
        while marks:
            time.sleep(0.05)
            if reports and reports[0].new >= marks[0] * COUNT:
                pages = int(Path("/proc/self/statm").read_text().split()[1])
                memory.append(pages * os.sysconf("SC_PAGE_SIZE") // 2**20)
                marks.pop(0)

    threading.Thread(target=look, daemon=True).start()


def plain(port: int, *, extract: bool) -> int:
    """Scrapy with default settings; `extract` calls trafilatura on each page as its documentation shows."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    got = []

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = (f"http://127.0.0.1:{port}/",)

        def parse(self, response):
            for href in response.css("h3 a::attr(href)").getall():
                yield response.follow(href, self.parse_article)

        def parse_article(self, response):
            if extract:
                import trafilatura

                document = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
                got.append(bool(document and document.text))
            else:
                got.append(True)
            yield {"url": response.url, "size": len(response.body)}

    settings = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 8}  # fmt: skip
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare)
    process.start()
    return sum(got)


COUNT = 2000


def main() -> None:
    """Run the contestants in turn and print the table."""
    global COUNT
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--size", type=int, default=50_000, help="bytes a page")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--alike", action="store_true", help="all articles have one text")
    parser.add_argument("--role", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    COUNT = options.pages
    if options.role:
        if options.role[0] == "serve":
            serve(options.pages, options.size, alike=options.alike)
        else:
            contestant(options.role[0], int(options.role[1]), options.role[2])
        return
    me = [sys.executable, __file__, "--pages", str(options.pages), "--size", str(options.size)]
    me += ["--alike", "--role"] if options.alike else ["--role"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([*me, "serve"], stdout=subprocess.PIPE, text=True, env=environment)
    results: dict[str, list[dict]] = {name: [] for name in CONTESTANTS}
    try:
        port = server.stdout.readline().strip()
        for _ in range(options.rounds):
            for name in CONTESTANTS:
                with tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run(
                        [*me, name, port, folder], cwd=ROOT, env=environment, capture_output=True, text=True
                    )
                lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
                if not lines:
                    sys.exit(f"{name} failed:\n{done.stderr}")
                results[name].append(json.loads(lines[-1]))
    finally:
        server.terminate()
    bare = min(run["cpu"] / run["articles"] for run in results["bare Scrapy"])
    print(f"{options.pages} pages of about {options.size // 1000} KB; CPU of all its processes, start-up included\n")
    print(f"{'contestant':<38}{'articles':>9}{'ms/article':>12}{'of the first':>14}{'x bare':>8}{'peak MB':>9}")
    for name, runs in results.items():
        best = min(runs, key=lambda run: run["cpu"])
        cost = best["cpu"] / best["articles"]
        own = 1000 * best["own"] / best["articles"]
        print(
            f"{name:<38}{best['articles']:>9}{1000 * cost:>12.2f}{own:>14.2f}{cost / bare:>8.2f}{best['peak_mb']:>9.0f}"
        )
    memory = results["tinphuong"][-1]["memory_mb"]
    print(f"\ntinphuong's memory at 10, 25, 50, 75 and 95 % of the run: {', '.join(map(str, memory))} MB")


if __name__ == "__main__":
    main()
