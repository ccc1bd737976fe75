"""Which wrong fields carry no doubt: the silent error rate.

A field is wrong where it has a value that is not the gold's; one that is missing is not. A text is wrong under F1 0.97.
The sites made for it are read as a crawl reads them: all pages, then what is learned of the site, then all again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from corpora import Corpus
from made_sites import MadeSite, made_sites
from scoring import Gold, compare, even, same_author, same_date

from crawler.dates import DateCandidate
from crawler.extraction import Article, apply_publication, isolate
from crawler.extraction.observe import Observer
from crawler.profile import EMPTY, SiteProfile, learn
from spiders.platforms import layout_named

_FIELDS = {"title": "title", "body": "body", "published": "published_at", "author": "author"}


@dataclass
class Silent:
    """The wrong fields of a corpus. `silent`: (field, address, what is stored, what is right)."""

    name: str
    fields: int = 0
    wrong: int = 0
    doubted: int = 0
    needless: int = 0  # doubts of fields that are right
    silent: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, gold: Gold, article: Article) -> None:
        """Count one page."""
        in_doubt = {doubt.field for doubt in article.doubts}
        for name, right in _verdicts(gold, article):
            self.fields += 1
            column = _FIELDS[name]
            if right:
                self.needless += column in in_doubt
                continue
            self.wrong += 1
            if column in in_doubt:
                self.doubted += 1
            else:
                stored, wanted = getattr(article, column), getattr(gold, name)
                self.silent.append((name, gold.url, str(stored)[-80:], str(wanted)[-80:]))


def _verdicts(gold: Gold, article: Article) -> Iterator[tuple[str, bool]]:
    """Yield (field, whether its value is right) for the fields that have one."""
    if article.title:
        yield "title", even(article.title) == even(gold.title)
    yield "body", compare(article.body, gold.body, gold.lead)[2] >= 0.97
    if article.published_at:
        yield "published", same_date(article.published_at, gold.published)
    if article.author:
        yield "author", same_author(article.author, gold)


def of_corpus(corpus: Corpus, *, with_platform: bool) -> Silent:
    """The wrong fields of a corpus of pages, each read by itself."""
    found = Silent(f"{corpus.name}, {'platform' if with_platform else 'generic'}")
    for page in corpus.pages:
        if page.gold.reason:
            continue
        layout = layout_named(page.platform) if with_platform and page.platform else None
        article = apply_publication(isolate(page.html, page.gold.url, layout=layout, charset=page.charset))
        if not article.reason:
            found.add(page.gold, article)
    return found


def of_sites(sites: Iterable[MadeSite]) -> Iterator[Silent]:
    """The wrong fields of each made site."""
    for site in sites:
        observations = []
        for number, page in enumerate(site.pages):
            observer = Observer()
            article = _read(page.html, page.gold.url, EMPTY, page.fetched_at, page.listed_date, observer)
            at = page.fetched_at.isoformat()
            observations.append(observer.observation(article, str(number), page.listed_date, at))
        profile = learn(observations)
        found = Silent(f"made site: {site.name}")
        for page in site.pages:
            article = _read(page.html, page.gold.url, profile, page.fetched_at, page.listed_date)
            if not article.reason:
                found.add(page.gold, article)
        yield found


def _read(
    html: str, url: str, profile: SiteProfile, at: datetime, listed: str, observer: Observer | None = None
) -> Article:
    article = isolate(html.encode(), url, profile=profile, observer=observer)
    if listed:
        article.date_candidates.append(DateCandidate(listed, "listing"))
    return apply_publication(article, at, profile)


def table(rows: list[Silent], worst: int = 0) -> str:
    """The rows as text, with the rate over all of them."""
    head = f"{'read':52}{'fields':>8}{'wrong':>7}{'doubted':>9}{'silent':>8}{'needless':>10}"
    lines = [head, "-" * len(head)]
    for row in rows:
        counts = f"{row.fields:>8}{row.wrong:>7}{row.doubted:>9}{len(row.silent):>8}{row.needless:>10}"
        lines.append(f"{row.name:52}{counts}")
        lines += [f"  {name}: {stored!r}, not {wanted!r} ({url})" for name, url, stored, wanted in row.silent[:worst]]
    wrong, silent = sum(row.wrong for row in rows), sum(len(row.silent) for row in rows)
    rate = f"{100 * silent / wrong:.1f}%" if wrong else "none wrong"
    lines.append(f"silent error rate: {silent} of {wrong} wrong fields carry no doubt ({rate})")
    return "\n".join(lines)


def bundled_rows(corpora: Iterable[Corpus]) -> list[Silent]:
    """The rows of the corpora given, and of the made sites."""
    rows = []
    for corpus in corpora:
        if corpus.platform:
            rows.append(of_corpus(corpus, with_platform=True))
        rows.append(of_corpus(corpus, with_platform=False))
    return [*rows, *of_sites(made_sites())]
