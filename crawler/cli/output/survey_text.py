"""What `new-site` shows of a survey: for people, and as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crawler.text.counted import counted

if TYPE_CHECKING:
    from crawler.new_site.surveyed import SeenPage, Survey

_ENOUGH = 5  # articles that a frozen list should have
_LISTS = 5  # that are shown
_NAMES = {"published_at": "published", "summary": "sapo", "body": "characters", "attachments": "files"}


def survey_facts(found: "Survey") -> dict[str, Any]:
    """Return what was found as JSON-ready facts."""
    old, new = found.units()
    empty = [*found.empty, *({} for _ in found.shown)]
    return {
        "slug": found.slug, "ward": found.ward, "host": found.host, "scheme": found.scheme, "platform": found.platform,
        "unit_old": old, "unit_new": new,
        "evidence": [{"platform": m.platform, "points": m.score, "seen": m.evidence} for m in found.matches[:3]],
        "start_pages": list(found.start_pages), "article_urls": found.article_urls, "pager": found.pager,
        "render": found.render,
        "lists": [{"url": look.page.url, "articles": len(look.articles)} for look in found.lists],
        "feeds": found.feeds, "requests": found.requests,
        "articles": [
            article.to_dict() | {"empty": why} for (_, article), why in zip(found.shown, empty, strict=False)
        ],
        "notes": found.notes,
    }  # fmt: skip


def print_survey(found: "Survey") -> None:
    """Print what was found, with a table of the first articles and a line for each of their empty fields."""
    from crawler.cli.output.text_table import cut, table

    best = found.matches[0] if found.matches else None
    points = f" ({best.score} points)" if best and best.platform == found.platform else " (unknown platform)"
    print(f"platform  {found.platform}{points}")
    for match in found.matches[:2]:
        for said in match.evidence:
            print(f"          {match.platform}: {said}")
    print(f"site      {found.slug} · {found.ward} · {found.scheme}://{found.host}")
    print(f"unit      {_unit(found)}")
    print("lists     " + "\n          ".join(f"{look.page.url}: {_count(look)}" for look in found.lists[:_LISTS]))
    print(f"pager     {found.pager}")
    if found.feeds:
        print("feeds     " + ", ".join(f"{path} ({count})" for path, count in found.feeds.items()))
    if found.article_urls:
        print(f"articles  {found.article_urls}")
    for note in found.notes:
        print(f"note      {note}")
    if (count := len(found.lists[0].articles)) < _ENOUGH:
        print(f"note      the richest list has {counted(count, 'article')}; the test of all sites wants {_ENOUGH}")
    if not found.shown:
        return
    print("\nWhat would be stored of the first articles:")
    rows = [
        [
            cut(article.title or f"– ({article.reason})", 44), article.published_at, article.published_from,
            cut(article.summary or "", 24) or None, len(article.body), len(article.attachments), len(article.images),
            cut(article.author or "", 16) or None,
        ]
        for _, article in found.shown
    ]  # fmt: skip
    print(table(rows, ["title", "published", "from", "sapo", "characters", "files", "images", "author"]))
    if lines := empty_lines(found.empty):
        print("\nWhy a field is empty:")
        for line in lines:
            print(f"  {line}")


def empty_lines(empty: Sequence[dict[str, str]]) -> list[str]:
    """Return a line for each reason why fields are empty, with the articles, counted from 1, for which it holds."""
    told: dict[tuple[str, str], list[int]] = {}
    for number, why in enumerate(empty, start=1):
        for name, said in why.items():
            told.setdefault((name, said), []).append(number)
    order = list(dict.fromkeys(name for name, _ in told))
    lines = []
    for (name, said), numbers in sorted(told.items(), key=lambda item: order.index(item[0][0])):
        whose = "all" if len(numbers) == len(empty) else f"article {', '.join(map(str, numbers))}"
        lines.append(f"{_NAMES.get(name, name)} ({whose}): {said}")
    return lines


def _unit(found: "Survey") -> str:
    """The ward's unit before and since July 2025, as far as it is sure."""
    from crawler.units import NEW, OLD, named

    old, new = found.units()
    said = [f"{vintage}:{code} {named(code, vintage)}" for vintage, code in ((OLD, old), (NEW, new)) if code]
    return " → ".join(said) or "not sure; put its codes in by hand (docs/units.md)"


def _count(look: "SeenPage") -> str:
    return counted(len(look.articles), "article")
