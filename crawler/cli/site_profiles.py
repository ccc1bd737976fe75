"""What was learned of sites as a whole, as `tinphuong check SITE --profile` prints it."""

import argparse
import json
from typing import Any

from crawler.cli import Exit, UsageError
from crawler.text.counted import counted


def print_profiles(arguments: argparse.Namespace) -> int:
    """Print the profile of each site named, with the counts that speak for its facts."""
    from crawler.cli.known_sites import known_sites
    from crawler.dates.local_time import with_local_times
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
        print(json.dumps(with_local_times(facts), ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        print("\n\n".join("\n".join(_lines(fact)) for fact in facts))
    return Exit.OK


def _lines(fact: dict[str, Any]) -> list[str]:
    """Return what is known of one site, a line a fact."""
    from crawler.dates.local_time import local_day
    from crawler.profile import LEAST, SiteProfile
    from crawler.profile.facts import facts

    if fact["profile"] is None:
        return [
            f"{fact['site']}: nothing is known of it as a whole yet; articles of {LEAST} titles are needed, "
            f"{counted(fact['observed'], 'was', 'were')} looked at"
        ]
    known = SiteProfile.from_dict(fact["profile"])
    since = local_day(fact["since"])
    return [
        f"{fact['site']}: learned from {counted(known.articles, 'article')}, in force since {since}",
        *(f"  {sentence}" for sentence in facts(known)),
    ]
