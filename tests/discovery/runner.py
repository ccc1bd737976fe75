"""Fetches front pages by a probe in a process of its own, as a reactor runs once, and judges them.

The only argument is JSON: `answers`, a list of [host, addresses] or [host, addresses, any_name]; `settings`; `names`,
host → address, in place of a name service. Printed is a list: of each host the page, without its body, and the finding.
"""

import asyncio
import json
import socket
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from scrapy.settings import Settings

from crawler.discovery.front_pages import FrontPages
from crawler.discovery.judgement import judge
from crawler.discovery.model import AnswerKind, Candidate, DnsAnswer
from crawler.new_site.probe import probe

_QUICK = {
    "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_BACKOFF": 0.01, "DOWNLOAD_TIMEOUT": 5, "LOG_LEVEL": "ERROR",
}  # fmt: skip


def main():
    job = json.loads(sys.argv[1])
    answers = [
        DnsAnswer(host, AnswerKind.LIVE, datetime.now(UTC), tuple(addresses), any_name=bool(more and more[0]))
        for host, addresses, *more in job["answers"]
    ]
    if names := job.get("names"):
        socket.gethostbyname = lambda name: names.get(name, name)
    settings = Settings()
    settings.setmodule("crawler.settings")

    async def fetched(fetch):
        pages = FrontPages.of(fetch)
        return await asyncio.gather(*map(pages.front_page, answers))

    quick = _QUICK | job.get("settings", {})
    if quick.get("TINPHUONG_LOOPBACK_PORT"):
        quick["DOWNLOAD_HANDLERS"] = dict.fromkeys(("http", "https"), "crawler.handlers.loopback.LoopbackHandler")
    shown = []
    for answer, page in zip(answers, probe(fetched, settings, settings=quick), strict=True):
        finding = judge(Candidate(answer.host), answer, page)
        kept = {name: value for name, value in asdict(page).items() if name not in ("body", "at")}
        shown.append({"page": kept, "finding": asdict(finding)})
    print(json.dumps(shown, ensure_ascii=False))


if __name__ == "__main__":
    main()
