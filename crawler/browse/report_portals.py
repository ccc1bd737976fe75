"""The part of a report that says how much of the country is known and held."""

from collections.abc import Sequence
from html import escape

from crawler.browse import charts
from crawler.browse.languages import Words
from crawler.browse.portal_counts import Counts, ProvinceCounts, Tally
from crawler.browse.portal_pages import HostRow, UnitRow, names_of_provinces

ILL = ("doubtful", "quiet", "failing")

STYLE = """.key{display:inline-block;width:.8em;min-width:0;height:.8em}
.by-province{font-size:.85rem}.by-unit td{overflow-wrap:anywhere}
"""

Cells = list[tuple[str, ...]]


def section(counts: Counts | None, units: Sequence[UnitRow], words: Words, drawn: str) -> list[str]:
    """Return the section as HTML: of the whole country with its chart; where `counts` is None, of one site's units."""
    if counts is None:
        name = words("portals_unit_of")
        if not units:
            return [f'<h2>{escape(name)}</h2><p class="soft">{escape(words("portals_no_unit"))}</p>']
        return [f"<h2>{escape(name)}</h2>", *(_table(name, "by-unit", *unit(row, words)) for row in units)]
    title, means = words("portals_title"), words("portals_means")
    legend = " · ".join(
        f'<svg class="key" viewBox="0 0 8 8" aria-hidden="true"><rect width="8" height="8" fill="{colour}"/></svg> '
        f"{escape(words(f'portals_{part}'))}"
        for part, colour in zip(("crawled", "waiting", "unknown"), charts.PART_COLOURS, strict=True)
    )
    texts: Cells = [(escape(name), escape(text)) for name, text in meanings(counts, words)]
    return [
        f"<h2>{escape(title)}</h2><p>{escape(summary(counts['country'], words))}</p>",
        f'<p class="soft">{legend}. {escape(words("portals_behind"))}</p>{scroll_box(escape(title), drawn)}',
        _table(words("portals_caption"), "by-province", *country(counts, words)),
        f"<h3>{escape(means)}</h3>{_table(means, 'by-unit', [], texts)}",
    ]


def chart(counts: Counts, words: Words) -> str:
    """Return the chart: a bar for every province, of what is crawled, what is known and what is not known."""
    names = names_of_provinces()
    rows = [(names[row["slug"]], _parts(row["new"]), _behind(row["new"], words)) for row in counts["provinces"]]
    title = words("portals_caption")
    return charts.parts_chart(rows, title=title, ident="portals")


def country(counts: Counts, words: Words) -> tuple[list[str], Cells]:
    """Return the table of all provinces: its head and its rows, the whole country last."""
    names = names_of_provinces()
    head = [
        words("portals_province"), words("portals_units"), words("portals_known"), words("portals_crawled"),
        words.state("healthy"), words("portals_ill"), words("portals_articles"), words("newest_day"),
        words("portals_old"), words("portals_higher"),
    ]  # fmt: skip
    rows = [_row(row, names[row["slug"]], words) for row in counts["provinces"]]
    if counts["elsewhere"]["sites"] or sum(counts["elsewhere"]["hosts"].values()):
        rows.append(_row(counts["elsewhere"], words("portals_elsewhere"), words))
    rows.append(_row(counts["country"], words("portals_country"), words))
    return head, rows


def summary(row: ProvinceCounts, words: Words) -> str:
    """Return how much of a province or of the country is known and held, as sentences."""
    units = row["new"]
    known = words(
        "portals_known_of", known=words.number(units["portals"]), units=units["units"],
        share=words.share(units["portals"], units["units"]),
    )  # fmt: skip
    held = words(
        "portals_held_of", crawled=words.number(units["crawled"]), healthy=words.number(units["healthy"]),
        unknown=words.number(units["units"] - units["portals"]),
    )  # fmt: skip
    return f"{known} {held}"


def meanings(counts: Counts, words: Words) -> list[tuple[str, str]]:
    """Return (name of a column, what it means)."""
    units, hosts, known = counts["country"]["new"], counts["country"]["hosts"], counts["knowledge"]
    return [
        (words("portals_known"), words("portals_means_known", own=units["own"], in_part=units["in_part"])),
        (words("portals_crawled"), words("portals_means_crawled")),
        (", ".join(words.state(name) for name in ("healthy", *ILL)), words("portals_means_states")),
        (words("portals_articles"), words("portals_means_articles")),
        (words("portals_old"), words("portals_means_old")),
        (words("portals_higher"), words("portals_means_higher", unplaced=hosts["unplaced"], other=hosts["other"])),
        (
            words("portals_directory"),
            words(
                "portals_means_directory", hosts=known["hosts"], dated=known["hosts"] - known["undated"],
                first=words.date(known["first"]), last=words.date(known["last"]),
                before=words.number(known["before"]), undated=known["undated"], since_2025=known["since_2025"],
            ),
        ),
    ]  # fmt: skip


def unit(row: UnitRow, words: Words) -> tuple[list[str], Cells]:
    """Return the table of a unit of today: its own row, and those of the units that went into it."""
    head = [words("portals_unit"), words("portals_host"), words("portals_here")]
    own = "<br>".join(_host(host, words) for host in row["hosts"]) or words(
        "portals_through" if row["is_known"] else "portals_unknown"
    )
    held = [words.state(row["state"])] if row["state"] else []
    held += [words.articles(row["articles"])] if row["articles"] else []
    held += [words.date(row["newest"])] if row["newest"] else []
    rows: Cells = [(f"{escape(row['name'])}, {escape(words('code', code=row['code']))}", own, escape(", ".join(held)))]
    for old in row["before"]:
        part = "" if old["whole"] else f" ({words('portals_part')})"
        name = f"{old['name']}{part}, {old['place']}, {words('code', code=old['code'])}"
        rows.append(
            (
                f"{escape(words('portals_old'))}: {escape(name)}",
                "<br>".join(_host(host, words) for host in old["hosts"]) or escape(words("portals_unknown")),
                "<br>".join(_held(host, words) for host in old["hosts"]),
            )
        )
    return head, rows


def _table(name: str, kind: str, head: Sequence[str], rows: Cells) -> str:
    titles = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    thead = f"<thead><tr>{titles}</tr></thead>" if head else ""
    return scroll_box(escape(name), f'<table class="{kind}">{thead}<tbody>{body}</tbody></table>')


def scroll_box(name: str, content: str) -> str:
    """Return what scrolls in a box of its own on a narrow screen, so that the page does not; "" for nothing. Both are
    HTML."""
    return f'<div class="table" role="group" tabindex="0" aria-label="{name}">{content}</div>' if content else ""


def _row(row: ProvinceCounts, name: str, words: Words) -> tuple[str, ...]:
    units = row["new"]
    old, hosts = row["old"], row["hosts"]
    return (
        escape(name), words.number(units["units"]),
        f"{words.number(units['portals'])} ({words.share(units['portals'], units['units'])})",
        words.number(units["crawled"]), words.number(units["healthy"]), escape(_ill(units, words)),
        words.number(row["articles"]), words.date(row["newest"]) or "–",
        escape(
            words(
                "portals_old_short", units=words.number(old["units"]), known=words.number(old["portals"]),
                crawled=words.number(old["crawled"]),
            )
        ),
        escape(words("portals_higher_short", districts=hosts["district"], provinces=hosts["province"])),
    )  # fmt: skip


def _ill(units: Tally, words: Words) -> str:
    counted = {"doubtful": units["doubtful"], "quiet": units["quiet"], "failing": units["failing"]}
    return ", ".join(f"{words.number(count)} {words.state(name)}" for name, count in counted.items() if count) or "–"


def _parts(units: Tally) -> Sequence[int]:
    return units["crawled"], units["portals"] - units["crawled"], units["units"] - units["portals"]


def _behind(units: Tally, words: Words) -> str:
    known, all_of_it, crawled = (words.number(units[name]) for name in ("portals", "units", "crawled"))
    return f"{known}/{all_of_it} · {crawled}"


def _host(host: HostRow, words: Words) -> str:
    seen = [words(f"source_{host['source']}")]
    seen += [words("portals_certified", day=words.date(host["seen"]))] if host["seen"] else []
    seen += [words("portals_own")] if host["since_2025"] else []
    return f'{escape(host["host"])} <span class="soft">{escape(", ".join(seen))}</span>'


def _held(host: HostRow, words: Words) -> str:
    if host["slug"] is None:
        return escape(words("portals_no_site"))
    if host["state"] is None:
        return escape(words("portals_registered"))
    held = [words.articles(host["articles"]), words.date(host["newest"]), words.state(host["state"])]
    return escape(", ".join(part for part in held if part))
