"""What objects, events and agents of a PREMIS document call each other by."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.exports.descriptions.file_facts import identifier
from storage.exports.descriptions.markup import Markup, tag
from storage.exports.job import Job

_SOFTWARE = re.compile(r"(.+?)[ /]v?(\d\S*)")
_SITES = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Agent:
    """Who did something. `type`: software or organization."""

    name: str
    type: str
    version: str | None = None

    @property
    def identifier(self) -> str:
        """What events call it by."""
        return identifier("agent", self.type, self.name, self.version or "")


def software(text: str) -> Agent:
    """Return the agent of a program with its version, such as "tinphuong 0.19.0" or "tinphuong/0.19.0"."""
    found = _SOFTWARE.fullmatch(text)
    return Agent(found[1], "software", found[2]) if found else Agent(text, "software")


def checker() -> Agent:
    """Return the agent of `tinphuong verify`: which version checked is not recorded."""
    return Agent("tinphuong", "software")


def organization(job: Job) -> Agent | None:
    """Return who keeps the collection, None where the configuration does not say so."""
    name = job.options.get("organization")
    return Agent(name, "organization") if name else None


def slugs(job: Job) -> str:
    """Return the slugs of the chosen sites as JSON, for `site IN (SELECT value FROM json_each(?))`."""
    return json.dumps([site["slug"] for site in job.chosen.sites])


def agents_of(job: Job) -> Iterator[Agent]:
    """Yield every agent that an event names, each once."""
    sql = f"SELECT DISTINCT software FROM runs WHERE site IN {_SITES} ORDER BY software"  # noqa: S608 — literals only
    found = [organization(job), software(job.software), checker()]
    found += [software(row["software"]) for row in job.collection.rows(sql, [slugs(job)])]
    yield from dict.fromkeys(agent for agent in found if agent)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was replayed. `size` in bytes."""

    name: str
    sha256: str
    size: int | None

    @property
    def identifier(self) -> str:
        """Its UUID as an object: that of its content, whatever its name."""
        return identifier("source", self.sha256)


def sources(packed: str) -> Iterator[Source]:
    """Yield the files of `runs.sources` (JSON) whose digest is known."""
    for item in json.loads(packed):
        if item.get("sha256"):
            yield Source(item.get("name") or "", item["sha256"], item.get("size"))


def sources_of(job: Job) -> Iterator[Source]:
    """Yield the files that runs of the chosen sites replayed, each once."""
    found: dict[str, Source] = {}
    sql = f"SELECT DISTINCT sources FROM runs WHERE sources <> '[]' AND site IN {_SITES}"  # noqa: S608
    for row in job.collection.rows(sql, [slugs(job)]):
        for source in sources(row["sources"]):
            found.setdefault(source.sha256, source)
    yield from (found[digest] for digest in sorted(found))


def collection_identifier(job: Job) -> str:
    """Return the UUID of the collection as an intellectual entity."""
    return identifier("collection", job.name)


def site_identifier(slug: str) -> str:
    """Return the UUID of a site as an intellectual entity."""
    return identifier("site", slug)


def article_identifier(site: str, key: str) -> str:
    """Return the UUID of an article as an intellectual entity."""
    return identifier("article", site, key)


def object_identifier(value: str, of: str = "UUID") -> Markup:
    """Return an object's identifier."""
    return tag("objectIdentifier", tag("objectIdentifierType", of), tag("objectIdentifierValue", value))


def linking(what: str, value: str, role: str | None = None) -> Markup:
    """Return a link to an Object or Agent, with its role there."""
    return tag(
        f"linking{what}Identifier",
        tag(f"linking{what}IdentifierType", "UUID"),
        tag(f"linking{what}IdentifierValue", value),
        tag(f"linking{what}Role", role) if role else None,
    )
