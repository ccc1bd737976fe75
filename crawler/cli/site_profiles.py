"""What was learned of sites as a whole, as `tinphuong check SITE --profile` prints it."""

import argparse
import json
from typing import Any

from crawler.cli import Exit, UsageError


def print_profiles(arguments: argparse.Namespace) -> int:
    """Print the profile of each site named, with the counts that speak for its facts."""
    from crawler.cli.known_sites import known_sites
    from storage import Collection
    from storage.doubts import profiles

    if not arguments.sites:
        raise UsageError("--profile needs a site: tinphuong check SITE --profile")
    facts: list[dict[str, Any]] = []
    with Collection(arguments.db, must_exist=True) as collection:
        for slug in known_sites(arguments, collection):
            row = profiles.row_of(collection, slug)
            seen = len(profiles.observations(collection, slug))
            profile = json.loads(row["profile"]) if row else None
            facts.append(
                {
                    "site": slug, "since": row["valid_from"] if row else None, "observed": seen, "profile": profile,
                }
            )  # fmt: skip
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        print("\n\n".join("\n".join(_lines(fact)) for fact in facts))
    return Exit.OK


def _lines(fact: dict[str, Any]) -> list[str]:
    """Return what is known of one site, a line a fact."""
    from crawler.profile import LEAST, SiteProfile

    if fact["profile"] is None:
        return [
            f"{fact['site']}: nothing is known of it as a whole yet; articles of {LEAST} titles are needed, "
            f"{fact['observed']} were looked at"
        ]
    known = SiteProfile.from_dict(fact["profile"])
    of = known.articles
    lines = [f"{fact['site']}: learned from {of} articles, in force since {fact['since'][:10]}"]
    if known.date_place:
        lines.append(f"  the date that varies is at {known.date_place} ({known.date_place_seen} of {of})")
    lines += [f"  shows the moment of the fetch: {place} ({n} of {of})" for place, n in known.clocks.items()]
    lines += [f"  shows one date on all: {place} ({n} of {of})" for place, n in known.constant_dates.items()]
    order = {True: "day before month", False: "month before day", None: "day or month first: not known"}
    lines.append(
        f"  {order[known.order.day_first]} (the day comes first on {known.order.day}, the month on {known.order.month})"
    )
    lines += [f"  is no author: {name} ({n} of {of})" for name, n in known.not_authors.items()]
    if known.one_author:
        lines.append(f"  one author on all: {known.one_author}")
    if known.title_tail:
        lines.append(f"  <title> ends with: {known.title_tail.strip()} ({known.title_tail_seen} of {of})")
    lines += [
        f"  is no article's own: {line} (in {inside} texts, elsewhere on {outside} pages)"
        for line, (inside, outside) in known.furniture.items()
    ]
    lines.append(f"  the median text has {known.length} characters")
    return lines
