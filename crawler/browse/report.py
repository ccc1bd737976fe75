"""What a head of archive shows to her board: one self-contained page with charts on a site, or on all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any, TypedDict

from crawler.browse import charts, page_data, portal_pages, report_portals
from crawler.browse.answer_cache import AnswerCache
from crawler.browse.languages import Words
from crawler.browse.page_data import SiteHealth
from crawler.browse.portal_counts import Counts, KnownSite
from crawler.browse.portal_pages import UnitRow
from crawler.browse.report_portals import scroll_box
from crawler.dates.local_time import local_day
from crawler.errors import MissingGroup, how_to_install
from storage import fields
from storage.archives.captures import folder_of, warc_files
from storage.collection import Collection
from storage.exports.palette import LIGHT
from storage.rows import RunRecord
from storage.views import articles, runs, totals
from storage.views.articles import Removed
from storage.views.totals import Sizes

GROUP = "report"
_TEXTS = {
    "head": ("Báo cáo lưu trữ", "Archive report"), "all": ("Toàn bộ kho", "The whole collection"),
    "made": ("Lập ngày {day}", "Made on {day}"), "articles": ("bài", "articles"),
    "sites": ("cổng thông tin", "portals"), "removed": ("bài bị trang gốc gỡ", "taken down by their sites"),
    "versions": ("bản cũ được lưu", "earlier texts kept"), "captures": ("trang gốc được lưu", "captures kept"),
    "monthly": ("Số bài theo thời gian đăng", "Articles by date of publication"),
    "filled": ("Tỷ lệ bài có từng thông tin", "How many articles have each field"),
    "dates": ("Nguồn của ngày đăng", "Where the dates were taken from"), "none": ("không có ngày", "no date"),
    "addresses": ("Địa chỉ và bài trùng", "Addresses and duplicates"),
    "canonical": ("địa chỉ chính", "canonical"), "alias": ("địa chỉ khác của cùng bài", "other addresses"),
    "duplicate": ("bản đăng lại, không lưu lần hai", "copies, not stored twice"),
    "gone": ("Bài bị gỡ gần đây", "Latest removals"), "no_gone": ("Chưa thấy bài nào bị gỡ.", "None is known."),
    "health": ("Tình trạng", "Health"), "runs": ("Các lượt thu thập gần đây", "Latest runs"),
    "by_run": ("Bài mới theo lượt, từ cũ đến mới", "New articles by run, oldest to newest"),
    "storage": ("Dung lượng", "Storage"), "database": ("cơ sở dữ liệu", "database"),
    "warc": ("trang gốc (WARC)", "captures (WARC)"), "files": ("tệp đính kèm đã tải", "attached files fetched"),
    "site": ("Phường, cơ quan", "Site"), "state": ("Tình trạng", "State"), "newest": ("Tin mới nhất", "Newest"),
    "when": ("Thời điểm", "When"), "result": ("Kết quả", "Result"),
    "title": ("Tiêu đề", "Title"), "day": ("Ngày", "Day"),
}  # fmt: skip
_STYLE = Template("""
body{margin:0 auto;max-width:60rem;padding:2rem 1.5rem;overflow-wrap:break-word;background:$paper;color:$ink;
font:16px/1.55 "Noto Sans","Segoe UI",system-ui,sans-serif}
h1,h2{font-family:"Noto Serif",Georgia,serif;line-height:1.2}h1{font-size:2.2rem;margin:.1em 0 .3em}
h2{font-size:1.25rem;border-top:3px solid $accent;padding-top:.5rem;margin-top:2.2rem}
.soft{color:$soft}.figures{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;padding:0;list-style:none;margin:1.5rem 0}
.figures b{display:block;font:800 2rem/1.1 "Noto Serif",Georgia,serif;color:$accent}
svg{width:100%;height:auto}.table{overflow-x:auto}table{border-collapse:collapse;width:100%}
.table:focus-visible{outline:3px solid $accent;outline-offset:2px}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid $rule}
th{font-size:.85rem}th::first-letter{text-transform:uppercase}td.n{text-align:right;font-variant-numeric:tabular-nums}.doubtful{color:$warn;font-weight:600}
.failing,.failed{color:$bad;font-weight:600}
@media(max-width:40rem){body{padding:1.2rem 1rem}.figures{gap:.8rem 1.8rem}svg{min-width:36rem}
table:has(thead){min-width:34rem}}
@media print{body{background:#fff;max-width:none}h2{break-after:avoid}svg,tr{break-inside:avoid}}
""").substitute(LIGHT)


@dataclass(frozen=True, slots=True)
class Page:
    """The page, and its charts by name, each a complete SVG."""

    html: str
    charts: dict[str, str]


class NamedRun(RunRecord):
    """A run with the name of its site."""

    name: str


class Facts(TypedDict):
    """What a report says. `site`: None for all; `warc`: bytes of the captures; `dates`: (`published_from`, count);
    `portals`: of all provinces, None in the report on a site; `units`: of today, that the site is of."""

    site: str | None
    now: datetime
    total: int
    removed: int
    filled: dict[str, int]
    months: list[tuple[str, int]]
    dates: list[tuple[str, int]]
    addresses: dict[str, int]
    versions: int
    gone: list[Removed]
    health: list[SiteHealth]
    runs: list[NamedRun]
    captures: Sizes
    files: Sizes
    database: int
    warc: int
    portals: Counts | None
    units: list[UnitRow]


def gather(collection: Collection, site: str | None, now: datetime, registered: Sequence[KnownSite] = ()) -> Facts:
    """Return the facts of a report on `site`, or on all where it is None; `now`: aware.

    `registered`: sites that count as known although the collection does not have them.
    """
    connection = collection.db.conn
    everything = page_data.health(connection, now, AnswerCache())
    health = [row for row in everything if site in (None, row["slug"])]
    coverage = portal_pages.coverage_of(everything, registered)
    named: list[NamedRun] = [
        {**run, "name": row["name"]} for row in health for run in runs.runs(connection, row["slug"], limit=40)
    ]
    total, removed, filled = totals.filled(connection, site)
    captures = totals.capture_sizes(connection, site)
    return {
        "site": site,
        "now": now,
        "total": total,
        "removed": removed,
        "filled": filled,
        "months": page_data.by_month(connection, site),
        "dates": totals.date_sources(connection, site),
        "addresses": totals.address_relations(connection, site),
        "versions": totals.version_count(connection, site),
        "gone": articles.latest_removals(connection, site),
        "health": health,
        "runs": sorted(named, key=lambda run: run["id"], reverse=True)[:40],
        "captures": captures,
        "files": totals.file_sizes(connection, site),
        "database": collection.path.stat().st_size,
        "warc": captures.size if site else sum(path.stat().st_size for path in warc_files(folder_of(collection.path))),
        "portals": None if site else coverage.counts(),
        "units": portal_pages.units_of(coverage, site) if site else [],
    }


def page(facts: Facts, language: str) -> Page:
    """Return the report as one HTML page that needs nothing else."""
    words = Words(language)

    def t(key: str, **blanks: object) -> str:
        return escape(_TEXTS[key][language == "en"].format(**blanks))

    name = facts["health"][0]["name"] if facts["site"] and facts["health"] else _TEXTS["all"][language == "en"]
    total = facts["total"]
    drawn = _charts(facts, words, t)
    totals = [
        (total, "articles"), (len(facts["health"]), "sites"), (facts["removed"], "removed"),
        (facts["versions"], "versions"), (facts["captures"][0], "captures"),
    ]  # fmt: skip
    parts = [
        f'<p class="soft">{t("head")} · {t("made", day=words.date(local_day(facts["now"])))}</p>',
        f"<h1>{escape(name)}</h1>",
        '<ul class="figures">',
        *(f"<li><b>{words.number(number)}</b>{t(key)}</li>" for number, key in totals),
        "</ul>",
    ]
    shown = ("monthly", "filled", "dates", "addresses")
    parts += [f"<h2>{t(key)}</h2>{scroll_box(t(key), drawn.get(key, ''))}" for key in shown]
    parts.append(f"<h2>{t('health')}</h2>")
    rows = [
        (escape(row["name"]), _state(row["state"], words), escape(words.why(row)), words.number(row["articles"]),
         words.date(row["newest"]))
        for row in facts["health"]
    ]  # fmt: skip
    parts.append(_table(t("health"), [t("site"), t("state"), words("why"), t("articles"), t("newest")], rows))
    gone = [(words.date(row["removed_at"]), escape(row["title"]), escape(row["site"])) for row in facts["gone"]]
    parts += report_portals.section(facts["portals"], facts["units"], words, drawn.get("portals", ""))
    parts.append(f"<h2>{t('gone')}</h2>")
    parts.append(
        _table(t("gone"), [t("day"), t("title"), t("site")], gone) if gone else f'<p class="soft">{t("no_gone")}</p>'
    )
    parts.append(f"<h2>{t('runs')}</h2>{scroll_box(t('by_run'), drawn.get('by_run', ''))}")
    run_rows = [
        (words.moment(run["started_at"]), escape(run["name"]), _state(run["status"], words),
         escape(words.run_result(run)))
        for run in facts["runs"]
    ]  # fmt: skip
    parts.append(_table(t("runs"), [t("when"), t("site"), t("state"), t("result")], run_rows))
    stored = [
        (t("database"), words.size(facts["database"])), (t("warc"), words.size(facts["warc"])),
        (f"{t('files')} ({words.number(facts['files'][0])})", words.size(facts["files"][1])),
    ]  # fmt: skip
    parts.append(f"<h2>{t('storage')}</h2>{_table(t('storage'), ['', ''], stored)}")
    html = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{t('head')} – {escape(name)}</title><style>{_STYLE}{report_portals.STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
    return Page(html, drawn)


def _charts(facts: Facts, words: Words, t: Any) -> dict[str, str]:
    total = max(facts["total"], 1)

    def share(pairs: Iterable[tuple[str, int]], whole: int, key: str) -> str:
        rows = [
            (label, count / max(whole, 1), f"{words.number(count)} ({count / max(whole, 1):.0%})")
            for label, count in pairs
        ]
        return charts.shares(rows, title=_plain(t(key)), ident=key) if rows else ""

    unit = _plain(t("articles"))
    labels = {name: label[words.language == "en"] for name, label in fields.LABELS.items()}
    by_run = [(local_day(run["started_at"]), int(run["counts"].get("new") or 0)) for run in reversed(facts["runs"])]
    made = {
        "monthly": charts.columns(facts["months"], title=_plain(t("monthly")), unit=unit, ident="monthly"),
        "filled": share([(labels[name], count) for name, count in facts["filled"].items()], total, "filled"),
        "dates": share(
            [(words.date_from(word) or _plain(t("none")), count) for word, count in facts["dates"]], total, "dates"
        ),
        "addresses": share(
            [(_plain(t(name)), facts["addresses"].get(name, 0)) for name in ("canonical", "alias", "duplicate")],
            sum(facts["addresses"].values()), "addresses",
        ),
        "by_run": charts.columns(by_run, title=_plain(t("by_run")), unit=unit, ident="by_run"),
        "portals": report_portals.chart(facts["portals"], words) if facts["portals"] else "",
    }  # fmt: skip
    return {name: chart for name, chart in made.items() if chart}


def _plain(text: str) -> str:
    from html import unescape

    return unescape(text)


def _state(word: str, words: Words) -> str:
    return f'<span class="{escape(word.split()[0])}">{escape(words.state(word))}</span>'


def _table(name: str, headers: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in headers) if any(headers) else ""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"
    return scroll_box(name, table)


def write_pictures(page: Page, folder: Path) -> list[Path]:
    """Write the page's charts into `folder` as PNG and return the files. Raises MissingGroup without the group."""
    try:
        import resvg_py
    except ImportError:
        raise MissingGroup(f"--png needs the optional group {GROUP}: {how_to_install(GROUP)}") from None
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, chart in page.charts.items():
        path = folder / f"{name.replace('_', '-')}.png"
        sized = re.sub(r'viewBox="0 0 (\d+) (\d+)"', r'width="\1" height="\2" viewBox="0 0 \1 \2"', chart, count=1)
        path.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=sized, background="#ffffff", zoom=2)))
        written.append(path)
    return written
