"""PREMIS 3.0: the files of a package, what happened to the collection, by which software, and under which rights.

What it says is what the collection has recorded: the run log, the checks of fixity, the removals that were seen. All
that is measured for it are the digests of the package's own files.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from storage.exports.addresses import captured_address
from storage.exports.descriptions import premis_events
from storage.exports.descriptions.file_facts import ARTICLES_ONE_BY_ONE, GZIP, WARC, FileFacts, FileFormat, identifier
from storage.exports.descriptions.markup import Markup, attributes_of, tag
from storage.exports.descriptions.premis_parts import (
    Agent,
    agents_of,
    article_identifier,
    collection_identifier,
    linking,
    object_identifier,
    site_identifier,
    sources_of,
)
from storage.exports.identifiers import stable_name
from storage.exports.job import Job
from storage.rows import SiteRow, WholeArticle

_HEAD = attributes_of(
    **{
        "xmlns": "http://www.loc.gov/premis/v3",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": "http://www.loc.gov/premis/v3 https://www.loc.gov/standards/premis/premis.xsd",
        "version": "3.0",
    }
)
_WITH_EVENTS = (
    "SELECT DISTINCT a.id, a.site, a.key, a.url, a.title FROM temp.chosen c JOIN articles a ON a.id = c.id "
    "JOIN article_events e ON e.article_id = a.id ORDER BY c.position"
)


def write(job: Job, path: Path, files: Iterable[FileFacts], *, package: str) -> None:
    """Write the document to `path`. `files`: those of the package that it speaks of; `package`: the package's name."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<premis{_HEAD}>\n')
        _lines(out, _objects(job, files, package))
        _lines(out, premis_events.events(job, package))
        _lines(out, (_agent(agent) for agent in agents_of(job)))
        _lines(out, _rights(job))
        out.write("</premis>\n")


def _lines(out: IO[str], parts: Iterable[Markup]) -> None:
    for part in parts:
        out.write(part + "\n")


def _objects(job: Job, files: Iterable[FileFacts], package: str) -> Iterator[Markup]:
    """The collection, its sites and articles, the package as a representation of it, its files, and replayed files."""
    whole, representation = collection_identifier(job), identifier("package", package)
    yield _entity([object_identifier(whole), object_identifier(job.name, "tinphuong")])
    for site in job.chosen.sites:
        yield _entity(
            [object_identifier(site_identifier(site["slug"])), object_identifier(site["slug"], "tinphuong")],
            {"name": site["name"], "address": f"https://{site['host']}/"},
            _relationship("structural", "is part of", whole),
        )
    yield from _articles(job)
    yield tag(
        "object",
        object_identifier(representation),
        object_identifier(package, "local"),
        _relationship("structural", "represents", whole),
        **{"xsi:type": "representation"},
    )
    for file in files:
        yield _file(file, representation, package)
    for source in sources_of(job):
        yield tag(
            "object",
            object_identifier(source.identifier),
            tag(
                "objectCharacteristics",
                tag("compositionLevel", "0"),
                _fixity("SHA-256", source.sha256),
                tag("size", str(source.size)) if source.size is not None else None,
                tag("format", tag("formatDesignation", tag("formatName", "web archive or saved pages")),
                    tag("formatNote", "a file that was read, and is not in this package")),
            ),
            tag("originalName", source.name),
            **{"xsi:type": "file"},
        )  # fmt: skip


def _articles(job: Job) -> Iterator[Markup]:
    """Each article with its WARC record where they are few; of more only those that events are told of."""
    if job.count <= ARTICLES_ONE_BY_ONE:
        for article in job.articles():
            yield _article(article, captured_address(article), article["capture"] and article["capture"]["record_id"])
    else:
        for row in job.collection.rows(_WITH_EVENTS):
            yield _article(cast(WholeArticle, row), row["url"], None)


def _article(article: WholeArticle, address: str, record: str | None) -> Markup:
    site, key = cast(dict[str, Any], article)["site"], cast(dict[str, Any], article)["key"]
    return _entity(
        [
            object_identifier(article_identifier(site, key)),
            object_identifier(stable_name(article), "tinphuong"),
            object_identifier(address, "URL"),
        ],
        {"title": article["title"]},
        _relationship("structural", "is part of", site_identifier(site)),
        _relationship("structural", "is represented by", record, "WARC-Record-ID") if record else None,
    )


def _entity(
    identifiers: list[Markup], properties: dict[str, str] | None = None, *relationships: Markup | None
) -> Markup:
    """An intellectual entity."""
    significant = [
        tag("significantProperties", tag("significantPropertiesType", name), tag("significantPropertiesValue", value))
        for name, value in (properties or {}).items()
    ]
    return tag("object", *identifiers, *significant, *relationships, **{"xsi:type": "intellectualEntity"})


def _relationship(kind: str, subtype: str, value: str, of: str = "UUID") -> Markup:
    related = tag("relatedObjectIdentifierType", of), tag("relatedObjectIdentifierValue", value)
    return tag(
        "relationship",
        tag("relationshipType", kind),
        tag("relationshipSubType", subtype),
        tag("relatedObjectIdentifier", *related),
    )


def _file(file: FileFacts, representation: str, package: str) -> Markup:
    fixity = _fixity("SHA-256", file.sha256), _fixity("SHA-512", file.sha512)
    outer = file.format is GZIP
    characteristics = [
        tag(
            "objectCharacteristics",
            tag("compositionLevel", "1" if outer else "0"),
            *fixity,
            tag("size", str(file.size)),
            _format(file.format),
        )
    ]
    if outer:
        note = "compressed record by record: each record is a member of its own"
        characteristics.append(
            tag("objectCharacteristics", tag("compositionLevel", "0"), _format(WARC, note))
        )  # fmt: skip
    return tag(
        "object",
        object_identifier(identifier("file", package, file.place)),
        *characteristics,
        tag("originalName", file.place),
        tag("storage", tag("contentLocation", tag("contentLocationType", "path in the package"),
                           tag("contentLocationValue", file.place))),
        _relationship("structural", "is part of", representation),
        **{"xsi:type": "file"},
    )  # fmt: skip


def _fixity(algorithm: str, digest: str) -> Markup:
    return tag("fixity", tag("messageDigestAlgorithm", algorithm), tag("messageDigest", digest))


def _format(kind: FileFormat, note: str | None = None) -> Markup:
    said = note or kind.note
    registry = kind.puid and tag(
        "formatRegistry", tag("formatRegistryName", "PRONOM"), tag("formatRegistryKey", kind.puid),
        tag("formatRegistryRole", "specification"),
    )  # fmt: skip
    return tag(
        "format",
        tag(
            "formatDesignation",
            tag("formatName", kind.name),
            tag("formatVersion", kind.version) if kind.version else None,
        ),
        registry,
        tag("formatNote", said) if said else None,
    )


def _agent(agent: Agent) -> Markup:
    return tag(
        "agent",
        tag("agentIdentifier", tag("agentIdentifierType", "UUID"), tag("agentIdentifierValue", agent.identifier)),
        tag("agentName", agent.name),
        tag("agentType", agent.type),
        tag("agentVersion", agent.version) if agent.version else None,
    )


def _rights(job: Job) -> Iterator[Markup]:
    """A statement for each site that has one, or whose pages say something of their reuse."""
    for site in job.chosen.sites:
        lines = [
            tag("otherRightsNote", f"on {row['url']}: {row['text']}")
            for row in job.collection.rows(
                "SELECT text, url FROM rights_evidence WHERE site = ? ORDER BY text", [site["slug"]]
            )
        ]
        if site.get("rights") or site.get("rights_url") or lines:
            yield tag("rights", _statement(site, lines))


def _statement(site: SiteRow, lines: list[Markup]) -> Markup:
    said, link = site.get("rights"), site.get("rights_url")
    is_license = bool(link) and "rightsstatements.org" not in str(link)
    documented = [
        tag(
            f"{kind}DocumentationIdentifier",
            tag(f"{kind}DocumentationIdentifierType", "URI"),
            tag(f"{kind}DocumentationIdentifierValue", link),
        )
        for kind in ("license", "otherRights")
    ]
    basis = said or ("a statement of rightsstatements.org" if link and not is_license else "what its pages say")
    other = tag("otherRightsInformation", documented[1] if link else None, tag("otherRightsBasis", basis), *lines)
    name = identifier("rights", site["slug"])
    return tag(
        "rightsStatement",
        tag("rightsStatementIdentifier", tag("rightsStatementIdentifierType", "UUID"),
            tag("rightsStatementIdentifierValue", name)),
        tag("rightsBasis", "license" if is_license else "other"),
        tag("licenseInformation", documented[0], tag("licenseTerms", said) if said else None) if is_license else None,
        other if lines or not is_license else None,
        linking("Object", site_identifier(site["slug"])),
    )  # fmt: skip
