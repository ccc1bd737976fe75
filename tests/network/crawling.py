"""Crawls a portal of a test and returns what came of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from tests.running import run

SLUG = "thu_benla"
LOOPBACK = ("127.0.0.1",)


@dataclass
class Came:
    """The exit code, what was printed, the site's part of the summary, and the rows of the database."""

    code: int
    out: str
    err: str
    site: dict = field(default_factory=dict)
    articles: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    details: str = ""


def crawl(folder, host, *words, names=None, allow=LOOPBACK, scheme="http", tls="", settings=None, platform=""):
    """Crawl `host` (with its port) into folder/a.db; `names` → addresses, `allow`: of which loopback may be reached;
    without a `platform` it is a site of an unknown make."""
    folder.mkdir(exist_ok=True)
    table, db, summary = folder / "sites.csv", folder / "a.db", folder / "summary.json"
    table.write_text(
        f"slug,name,host,scheme,tls,platform\n{SLUG},Phường Bến Lá,{host},{scheme},{tls},{platform}\n", encoding="utf-8"
    )
    job = {"names": names or {}, "settings": {"TINPHUONG_ALLOW_PRIVATE": list(allow)} | (settings or {})}
    arguments = ("--db", db, "--sites", table, "crawl", SLUG, "--summary", summary, *words)
    done = run("tests.network.runner", *arguments, stdin=json.dumps(job))
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    (site,) = json.loads(summary.read_text(encoding="utf-8"))["sites"]
    with closing(sqlite3.connect(db)) as opened:
        articles = [url for (url,) in opened.execute("SELECT url FROM articles ORDER BY url")]
        sql = "SELECT url, reason, detail FROM skipped WHERE url LIKE '%/tin-tuc/%'"  # not the feeds that were tried
        skipped = opened.execute(sql).fetchall()
        files = dict(opened.execute("SELECT url, fetch_error FROM attachments"))
    return Came(
        done.returncode, done.stdout, done.stderr, site, articles, {url: reason for url, reason, _ in skipped}, files,
        "\n".join(str(detail) for *_, detail in skipped),
    )  # fmt: skip
