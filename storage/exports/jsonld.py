"""Linked data: articles as NewsArticle, issuers as GovernmentOrganization, wards as AdministrativeArea of schema.org.

The file is one JSON-LD document whose @graph has a node a line, so that a tool may take it whole or line by line. Its
context is in the file: every term is an IRI without anything being fetched. What became of a ward in July 2025 is said
with dcterms:isReplacedBy and dcterms:replaces; a day as exact as it is known, intervals too, is dcterms:issued.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from crawler.text.terminal_text import without_steering
from crawler.units import NEW, OLD, Unit, Vintage, table
from storage.exports.addresses import captured_address
from storage.exports.identifiers import ark, oai_identifier, stable_name
from storage.exports.job import Job
from storage.exports.mapping import unit_at
from storage.exports.units_today import in_full, units_today
from storage.rows import AttachedFile, Picture, WholeArticle

Node = dict[str, Any]
_IRI = {"@type": "@id"}
CONTEXT: Node = {
    "@vocab": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "about": _IRI, "areaServed": _IRI, "contentUrl": _IRI, "publisher": _IRI, "sameAs": _IRI, "url": _IRI,
    "usageInfo": _IRI, "dcterms:isReplacedBy": _IRI, "dcterms:replaces": _IRI,
}  # fmt: skip
_URN = "urn:x-tinphuong"
_RESOLVER = "https://n2t.net/"  # of ARKs
_LISTS = {
    OLD: "Danh mục đơn vị hành chính trước 01/7/2025",
    NEW: "Danh mục đơn vị hành chính từ 01/7/2025",
}
_VALID = {OLD: "../2025-06-30", NEW: "2025-07-01/.."}
_IN_IRIS = "/:?#[]@!$&'()*+,;=-._~%"


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the file `path`, then their issuers, then all units that these are about."""
    issuers: dict[str, Node] = {}
    units: set[tuple[Vintage, str]] = set()
    naan = job.options.get("naan")
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"@context":{_packed(CONTEXT)},"@graph":[')
        before = "\n"
        for some in job.texts(_some, naan):
            out.write(before + ",\n".join(some.nodes))
            before = ",\n"
            issuers = some.issuers | issuers
            units |= some.units
        for node in (*(issuers[name] for name in sorted(issuers)), *unit_nodes(units)):
            out.write(before + _packed(node))
            before = ",\n"
        out.write("\n]}\n")


class _Some(NamedTuple):
    """Some articles as lines, and the issuers, by their names, and units that they are of and about."""

    nodes: list[str]
    issuers: dict[str, Node]
    units: set[tuple[Vintage, str]]


def _some(articles: list[WholeArticle], naan: str | None) -> _Some:
    some = _Some([_packed(article_node(article, naan=naan)) for article in articles], {}, set())
    for article in articles:
        issuer = issuer_node(article)
        some.issuers.setdefault(issuer["@id"], issuer)
        some.units.update(_units(article))
    return some


def document(article: WholeArticle, *, naan: str | None = None) -> Node:
    """Return a document on one article, without its text, for the page that shows it."""
    nodes = [article_node(article, naan=naan, with_body=False), issuer_node(article), *unit_nodes(_units(article))]
    return {"@context": CONTEXT, "@graph": nodes}


def in_html(node: Node) -> str:
    """Return a document as it may stand in a script element of the type application/ld+json, which it cannot end."""
    return _packed(node).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def article_node(article: WholeArticle, *, naan: str | None = None, with_body: bool = True) -> Node:
    """Return an article as a node; issuer and units are named by their IRIs."""
    name, capture, published = ark(article, naan), article["capture"], article["published_at"]
    address = captured_address(article)
    node: Node = {
        "@id": f"{_RESOLVER}{name}" if name else f"{_URN}:article:{stable_name(article)}",
        "@type": "NewsArticle",
        "headline": article["title"],
        "abstract": article["summary"],
        "articleBody": article["body"] if with_body else "",
        "articleSection": article["section"],
        "inLanguage": article["language"] or "vi",
        "datePublished": published if published and "/" not in published else None,
        "dcterms:issued": published,
        "dateModified": article["changed_at"],
        "author": article["author"],
        "publisher": _issuer_iri(article),
        "about": [_unit_iri(item["vintage"], item["code"]) for item in article["units"]],
        "url": _iri(address),
        "sameAs": _iri(article["url"]) if article["url"] != address else None,
        "identifier": [
            _value("OAI-PMH", oai_identifier(article)),
            *([_value("ARK", name)] if name else []),
            _value("SHA-256", article["content_hash"]),
        ],
        "archivedAt": {
            "@id": capture["record_id"].strip("<>"),
            "@type": "WebPage",
            "url": _iri(capture["url"]),
            "dateCreated": capture["captured_at"],
            "identifier": _value("SHA-256", capture["payload_digest"]),
        } if capture else None,
        "creativeWorkStatus": f"taken down by its site, noted {article['removed_at']}" if article["removed_at"] else "",
        "isAccessibleForFree": True,
        "usageInfo": _iri(article["issuer"].get("rights_url")),
        "copyrightNotice": article["issuer"].get("rights"),
        "associatedMedia": [_file(item) for item in article["attachments"]],
        "image": [_picture(item) for item in article["images"]],
    }  # fmt: skip
    return _told(node)


def issuer_node(article: WholeArticle) -> Node:
    """Return the issuer of an article, by its name at the time, as a node."""
    issuer = article["issuer"]
    then = unit_at(issuer, article["published_at"])
    scheme = urlsplit(article["url"]).scheme
    return _told(
        {
            "@id": _issuer_iri(article),
            "@type": "GovernmentOrganization",
            "name": in_full(issuer["name"], then.name if then else None),
            "url": _iri(f"{'http' if scheme == 'http' else 'https'}://{issuer['host']}/"),
            "areaServed": _unit_iri(then.vintage, then.code) if then else None,
        }
    )


def unit_nodes(references: Iterable[tuple[Vintage, str]]) -> Iterator[Node]:
    """Yield units by (vintage, code), and those that they went into or that went into them, each as a node, once."""
    known = {reference: unit for reference in references if (unit := table().get(reference[1], reference[0]))}
    for unit in list(known.values()):
        known.update({(other.vintage, other.code): other for other in table().relatives(unit)})
    for _, unit in sorted(known.items()):
        yield _unit(unit)


def _unit(unit: Unit) -> Node:
    place: Node | None = {"@type": "AdministrativeArea", "name": unit.province} if unit.province else None
    if unit.district and unit.district != f"{unit.kind} {unit.name}":
        place = _told({"@type": "AdministrativeArea", "name": unit.district, "containedInPlace": place})
    others = table().relatives(unit)[1:]
    return _told(
        {
            "@id": _unit_iri(unit.vintage, unit.code),
            "@type": "AdministrativeArea",
            "name": unit.full_name,
            "identifier": _value(_LISTS[unit.vintage], unit.code),
            "containedInPlace": place,
            "dcterms:valid": _VALID[unit.vintage],
            "dcterms:isReplacedBy" if unit.vintage == OLD else "dcterms:replaces": [
                _unit_iri(other.vintage, other.code) for other in others
            ],
        }
    )


def _units(article: WholeArticle) -> set[tuple[Vintage, str]]:
    """The units that an article is about, its issuer's at the time, and today's."""
    found: set[tuple[Vintage, str]] = {(item["vintage"], item["code"]) for item in article["units"]}
    then = unit_at(article["issuer"], article["published_at"])
    if then:
        found.add((then.vintage, then.code))
    return found | {(unit.vintage, unit.code) for unit in units_today(article["issuer"], article["published_at"])}


def _file(item: AttachedFile) -> Node:
    return _told(
        {
            "@type": "MediaObject", "name": item["name"], "contentUrl": _iri(item["url"]), "sha256": item["sha256"],
        }
    )  # fmt: skip


def _picture(item: Picture) -> Node:
    return _told({"@type": "ImageObject", "contentUrl": _iri(item["url"]), "caption": item["caption"]})


def _issuer_iri(article: WholeArticle) -> str:
    """The name of an issuer: one before July 2025, another since, as its ward was another."""
    then = unit_at(article["issuer"], article["published_at"])
    return f"{_URN}:issuer:{quote(article['site'], safe='')}" + (f":{then.vintage}" if then else "")


def _unit_iri(vintage: Vintage, code: str) -> str:
    return f"{_URN}:unit:{vintage}:{quote(code, safe='')}"


def _value(name: str, value: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _iri(address: str | None) -> str | None:
    """An address as an IRI that every tool takes; None for what is no address on the web."""
    if not address or not address.lower().startswith(("http://", "https://")):
        return None
    return quote(address, safe=_IN_IRIS)


def _told(node: Node) -> Node:
    """A node without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _packed(node: Node) -> str:
    return without_steering(json.dumps(node, ensure_ascii=False, separators=(",", ":")))
