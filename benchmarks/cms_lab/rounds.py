"""The trial of one CMS: new-site, a crawl, changes, a crawl, a crawl without news."""

import csv
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from benchmarks.cms_lab.articles import ABOUT, EDITED_WORDS, Article, Changes, changes, gold, invented, published_only
from benchmarks.cms_lab.cms import Cms
from benchmarks.cms_lab.front import Asked, Front
from benchmarks.cms_lab.scoring import Score, Stored, match, read_collection, score, sections

SLUG = "hanoi_lab"


@dataclass
class Seen:
    """What the second crawl noticed of the changes: how many of how many; None where nothing was changed."""

    new: tuple[int, int] | None = None
    edited: tuple[int, int] | None = None
    deleted: tuple[int, int] | None = None
    pinned: bool | None = None  # whether the pinned article is still one, and known


@dataclass
class Trial:
    """A row of the table. `requests`: of new-site, the first run, the run after the changes, the run without news."""

    name: str
    title: str
    version: str
    platform: str = "–"
    starts: list[str] = field(default_factory=list)
    first: Score = field(default_factory=Score)
    last: Score | None = None
    seen: Seen = field(default_factory=Seen)
    requests: list[int] = field(default_factory=list)
    sections: int = 0
    vain: list[Counter[str]] = field(default_factory=list)  # requests of each run that were for no article, by pattern
    said: list[str] = field(default_factory=list)
    problem: str = ""


class Program:
    """The program under test in a working folder of its own: a table of sites and a database."""

    def __init__(self, words: list[str], folder: Path) -> None:
        self.words, self.folder = words, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.db, self.sites = folder / "lab.db", folder / "sites.csv"

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command of the program; its exit code and all it said."""
        env = {
            **os.environ, "TINPHUONG_ALLOW_PRIVATE": "127.0.0.1", "TINPHUONG_DELAY": "0",
            "TINPHUONG_RETRY_BACKOFF": "0", "TINPHUONG_CONTACT": "mailto:lab@example.org",
        }  # fmt: skip
        command = [*self.words, "--db", str(self.db), "--sites", str(self.sites), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=self.folder)
        return done.returncode, f"$ {' '.join(command)}\n{done.stdout}{done.stderr}(exit code {done.returncode})\n"

    def hurry(self) -> None:
        """Let the site be crawled without pauses, whatever its platform asks for: the server is ours."""
        with self.sites.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with self.sites.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys([*rows[0], "delay"])), lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "delay": "0"} for row in rows)

    def row(self) -> dict[str, str]:
        """The row that new-site wrote; {} if it wrote none."""
        if not self.sites.exists():
            return {}
        with self.sites.open(encoding="utf-8", newline="") as file:
            return next((row for row in csv.DictReader(file) if row["slug"] == SLUG), {})


def pattern(target: str) -> str:
    """A request's target with its numbers and words left out, so that requests of one kind count together.

    >>> pattern("/2026/08/?page=3")
    '/N/N/?page=N'
    """
    url = urlsplit(target)
    path = "/".join(re.sub(r"\d+", "N", part) for part in unquote(url.path).split("/"))
    return path + (f"?{re.sub(r'[0-9]+', 'N', url.query)}" if url.query else "")


def vain(asked: list[Asked], articles: set[str]) -> Counter[str]:
    """The requests that were for none of these articles (addresses or targets), by pattern."""
    targets = {unquote((lambda u: u.path + (f"?{u.query}" if u.query else ""))(urlsplit(url))) for url in articles}
    return Counter(pattern(one.target) for one in asked if unquote(one.target) not in targets)


def try_program(program: Program, front: Front, trial: Trial, articles: set[str]) -> None:
    """Let the program find out what the site is, and crawl it for the first time."""
    front.forget()
    code, said = program.run("new-site", f"{front.address}/", "--table", "--slug", SLUG)
    trial.said.append(said)
    trial.requests.append(len(front.taken()))
    row = program.row()
    if not row:
        trial.problem = f"new-site ended with {code}: " + (said.strip().splitlines()[-2:] or [""])[0][:160]
        program.sites.write_text(
            "slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n"
            f"{SLUG},Phường Bến Lụa,{front.host},,,,/,http\n", encoding="utf-8"
        )  # fmt: skip
    program.hurry()
    trial.platform = row.get("platform") or ("generic" if row else "none")
    trial.starts = (row.get("start_pages") or "").split()
    crawl(program, front, trial, articles)


def crawl(program: Program, front: Front, trial: Trial, articles: set[str]) -> list[Stored]:
    """Crawl once; what is stored afterwards."""
    front.taken()
    code, said = program.run("crawl", SLUG)
    asked = front.taken()
    if code:
        trial.problem += f" crawl {len(trial.requests)} ended with {code}: {said.strip().splitlines()[-2][:160]}"
    trial.said.append(said)
    trial.requests.append(len(asked))
    trial.vain.append(vain(asked, articles))
    if not program.db.exists():
        return []
    trial.sections = sections(program.db, SLUG)
    return read_collection(program.db, SLUG)


def noticed(made: Changes, urls: dict[int, str], stored: list[Stored], *, pins: bool = True) -> Seen:
    """What of the changes shows in what is stored."""

    def row(article: Article) -> Stored | None:
        at = match({"url": urls.get(article.number, ""), "title": article.title}, stored, set())
        return None if at is None else stored[at]

    def count(articles: Iterable[Article], good: Callable[[Stored], bool]) -> tuple[int, int]:
        rows = [row(article) for article in articles]
        return sum(one is not None and good(one) for one in rows), len(rows)

    pinned = row(made.pinned)
    return Seen(
        new=count(made.new, lambda one: not one.gone),
        edited=count(made.edited, lambda one: EDITED_WORDS[:60] in one.body),
        deleted=count(made.deleted, lambda one: one.gone),
        pinned=None if not pins else pinned is not None and not pinned.gone and pinned.versions == 0,
    )


def try_cms(cms: Cms, front: Front, program: Program, today: date, record: Path | None = None) -> Trial:
    """The whole trial of a CMS that is not missing anything; `record`: where to write what it showed at first."""
    front.behind = cms.install()
    trial = Trial(cms.name, cms.title, cms.version())
    articles = invented(today)
    urls = cms.put(articles)
    cms.put_page(ABOUT)
    rows = [gold(article, urls[article.number]) for article in published_only(articles)]
    addresses = {str(row["url"]) for row in rows}
    try_program(program, front, trial, addresses)
    stored = read_collection(program.db, SLUG) if program.db.exists() else []
    trial.first = score(rows, stored)
    if record:
        front.look_around(addresses)
        front.record(record)
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        record.with_name(record.name.removesuffix(".warc.gz") + ".gold.jsonl").write_text(lines, encoding="utf-8")
    made = changes(articles, datetime.now(UTC))
    urls |= cms.put([*made.new, *made.edited, made.pinned])
    cms.delete(list(made.deleted))
    after = [gold(one, urls[one.number]) for one in published_only(made.after(articles))]
    addresses |= {str(row["url"]) for row in after}
    trial.seen = noticed(made, urls, crawl(program, front, trial, addresses), pins=cms.pins)
    stored = crawl(program, front, trial, addresses)
    deleted = {match({"url": urls[one.number], "title": one.title}, stored, set()) for one in made.deleted}
    trial.last = score(after, [one for at, one in enumerate(stored) if at not in deleted])
    return trial


def try_recording(front: Front, program: Program, trial: Trial, rows: list[dict]) -> Trial:
    """The trial of recorded pages, which do not change: a first crawl, and one without news."""
    addresses = {str(row["url"]) for row in rows}
    try_program(program, front, trial, addresses)
    trial.first = score(rows, read_collection(program.db, SLUG) if program.db.exists() else [])
    trial.last = score(rows, crawl(program, front, trial, addresses))
    return trial
