"""The tables of docs/operating/configure.md, made from the list of keys: `python -m tests.configuration.tables`."""

import re

from crawler.configuration.configuration import default
from crawler.configuration.keys import KEYS, SITE_KEYS
from crawler.configuration.values import shown
from tests.running import ROOT

PAGE = ROOT / "docs" / "operating" / "configure.md"


def _default(key):
    if key.name == "politeness.user_agent":
        return "made from `contact`"
    said = shown(key, default(key))
    return "none" if said == "–" else f"`{said}`"


def of_keys():
    rows = [f"| `{key.name}` | `{key.variable}` | {_default(key)} | {key.about} | {key.takes} |" for key in KEYS]
    return "\n".join(["| key | variable | default | is | takes |", "|---|---|---|---|---|", *rows])


def of_site_keys():
    rows = [f"| `{key.name}` | {key.about} | {key.takes} |" for key in SITE_KEYS]
    return "\n".join(["| key | is | takes |", "|---|---|---|", *rows])


def with_tables(page):
    """The text of the page with both tables as they should be."""
    for mark, table in (("keys", of_keys()), ("site keys", of_site_keys())):
        page = re.sub(rf"(<!-- {mark} -->\n)(?:\|.*\n)*", lambda found, table=table: f"{found[1]}{table}\n", page)
    return page


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
