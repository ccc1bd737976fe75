"""The text of a new `tinphuong.toml`: every section and key with its sentence, from the list of keys."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.configuration.configuration import default
from crawler.configuration.keys import SECTIONS, SITE_KEYS, Key, of_section

_WIDTH = 100
_HEAD = """\
# The configuration of this folder, for `tinphuong`. What begins with # is a comment: the lines that are commented out
# show the defaults; take the # away to change one. `tinphuong config` shows what is in force and where from.
# Relative paths begin at this file. An environment variable (in brackets) or an option of a command comes first.
# Only its owner can read this file, as it may hold passwords.
"""
_NO_CONTACT = """\
# SET THIS FIRST, to an address of yours: webmasters write to it before they block a crawler that they do not know.
# Until then each request says "contact not set".
"""
# For keys without a default of their own; those that are empty by default too.
EXAMPLES: dict[str, Any] = {
    "contact": "mailto:you@example.org",
    "sites.folder": "sites",
    "sites.tables": ["sites.csv"],
    "sites.frozen": "frozen",
    "politeness.user_agent": "our-archive/1.0 (+https://archive.example.org)",
    "politeness.proxy": "http://proxy.example.org:3128",
    "politeness.allow_private": ["10.0.0.5"],
    "discover.dns": "9.9.9.9",
    "browser.program": "/usr/bin/chromium",
    "alarms.to": ["mailtos://user:password@mail.example.org?to=you@example.org"],
    "alarms.ping": "https://monitor.example.org/ping/tinphuong",
    "backup.to": "/mnt/backup/tinphuong",
    "archive.organization": "Our Archive",
    "archive.address": "1 Example Street, Hà Nội",
    "archive.contact_name": "Nguyễn Văn A",
    "archive.email": "archive@example.org",
    "archive.phone": "+84 24 0000 0000",
    "archive.naan": "99999",
    "rights.statement": "Copyright not evaluated; name the ward's own site as the source",
    "rights.url": "https://rightsstatements.org/vocab/CNE/1.0/",
    "log.file": "data/crawl.log",
}
SITE_EXAMPLES: dict[str, Any] = {
    "delay": 5,
    "timeout": 120,
    "user_agent": "our-archive/1.0 (+https://archive.example.org)",
    "proxy": "http://proxy.example.org:3128",
    "tls": "old",
    "every": 168,
    "attachments": True,
    "pictures": True,
    "requisites": True,
    "render": "lists",
    "leave_out": ["/van-ban"],
    "rights": "May be used again where the source is named, as the site says",
    "rights_url": "https://archive.example.org/rights/abc",
}


def configuration_text(said: Mapping[str, Any]) -> str:
    """Return the file; `said`: key → value of the lines that are not commented out."""
    lines = _HEAD.splitlines()
    for section, title in SECTIONS.items():
        lines += ["", "", f"# {title}.", *([f"[{section}]"] if section else [])]
        for key in of_section(section):
            lines += ["", *_key(key, said)]
    lines += ["", "", "# Single sites: a section for each, with its slug; what is said here goes for that site alone."]
    lines += ["#   [site.hanoi_abc]"]
    for key in SITE_KEYS:
        lines += [f"#   {key.name} = {toml(SITE_EXAMPLES.get(key.name, key.default))}  # {key.about}"]
    return "\n".join(lines) + "\n"


def _key(key: Key, said: Mapping[str, Any]) -> Iterator[str]:
    name = key.name.rpartition(".")[2]
    takes = "" if key.takes in ("text", "true or false", "a path") else f" It takes {key.takes}."
    yield from _commented(f"{key.about[0].upper()}{key.about[1:]}.{takes} ({key.variable})")
    if key.name in said:
        yield f"{name} = {toml(said[key.name])}"
        return
    if key.name == "contact":
        yield from _NO_CONTACT.splitlines()
    elif key.name in EXAMPLES:
        yield "# Not set by default; for example:"
    yield f"# {name} = {toml(EXAMPLES.get(key.name, default(key)))}"


def _commented(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(text, _WIDTH, break_on_hyphens=False, break_long_words=False))


def toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return json.dumps(str(value), ensure_ascii=False)  # a basic string of TOML but for U+007F, which no setting takes
