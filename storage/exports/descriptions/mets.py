"""METS 1.12 as the E-ARK Common Specification for Information Packages (CSIP 2.1.0) wants it: what a package holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage.exports.descriptions.file_facts import FileFacts, format_of, identifier
from storage.exports.descriptions.markup import Markup, attributes_of, tag
from storage.exports.descriptions.premis_parts import software

_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_NAMESPACES = {
    "xmlns:mets": "http://www.loc.gov/METS/",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://www.loc.gov/METS/ http://www.loc.gov/standards/mets/mets.xsd "
    "https://DILCIS.eu/XML/METS/CSIPExtensionMETS https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd",
}
# The list of content information types has none for web archives. The attribute stands on every group of files, as
# eark-validator 1.1.3 finds fault with a group that lacks it.
_CONTENT = {
    "csip:CONTENTINFORMATIONTYPE": "OTHER",
    "csip:OTHERCONTENTINFORMATIONTYPE": "Web archive (WARC) with the texts of its articles",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together. `use`: Documentation, Schemas, Data or Representations/NAME; files of a group
    Representations/NAME are the representation's own METS.xml."""

    use: str
    files: Iterable[FileFacts]

    @property
    def id(self) -> str:
        """What the structural map calls it by."""
        return f"group-{self.use.lower().replace('/', '-')}"


@dataclass(frozen=True, slots=True)
class Package:
    """What a METS.xml says. `name`: the package's or representation's; `moment`: when it is made, ISO 8601 in UTC;
    `descriptive`: files with their METS type (EAD, DC …); `preservation`: PREMIS files."""

    name: str
    label: str
    moment: str
    software: str
    organization: str | None
    groups: list[Group]
    descriptive: list[tuple[str, FileFacts]] = field(default_factory=list)
    preservation: list[FileFacts] = field(default_factory=list)


def write(package: Package, path: Path) -> None:
    """Write the METS.xml to `path`, file by file."""
    root = _NAMESPACES | {"OBJID": package.name, "LABEL": package.label, "TYPE": "Websites"} | _CONTENT
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<mets:mets{attributes_of(**root, PROFILE=_PROFILE)}>\n')
        for part in _before_files(package):
            out.write(part + "\n")
        out.write('<mets:fileSec ID="files">\n')
        for group in package.groups:
            out.write(f"<mets:fileGrp{attributes_of(ID=group.id, USE=group.use, **_CONTENT)}>\n")
            for file in group.files:
                out.write(_file(package, file) + "\n")
            out.write("</mets:fileGrp>\n")
        out.write(f"</mets:fileSec>\n{_structure(package)}\n</mets:mets>\n")


def _before_files(package: Package) -> Iterator[Markup]:
    maker = software(package.software)
    agents = [
        tag("mets:agent", tag("mets:name", maker.name),
            tag("mets:note", maker.version or package.software, **{"csip:NOTETYPE": "SOFTWARE VERSION"}),
            ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    ]  # fmt: skip
    if package.organization:
        agents.append(tag("mets:agent", tag("mets:name", package.organization), ROLE="CUSTODIAN", TYPE="ORGANIZATION"))
    moments = {"CREATEDATE": package.moment, "LASTMODDATE": package.moment, "RECORDSTATUS": "NEW"}
    yield tag("mets:metsHdr", *agents, **moments, **{"csip:OAISPACKAGETYPE": "AIP"})
    for kind, file in package.descriptive:
        yield tag(
            "mets:dmdSec", _reference(package, file, kind, "3" if kind == "EAD" else None),
            ID=_id(package, file), CREATED=package.moment, STATUS="CURRENT",
        )  # fmt: skip
    if package.preservation:
        yield tag(
            "mets:amdSec",
            *(
                tag("mets:digiprovMD", _reference(package, file, "PREMIS", "3.0"), ID=_id(package, file),
                    CREATED=package.moment, STATUS="CURRENT")
                for file in package.preservation
            ),
        )  # fmt: skip


def _id(package: Package, file: FileFacts) -> str:
    return f"id-{identifier('mets', package.name, file.place)}"


def _facts(package: Package, file: FileFacts) -> dict[str, str | int]:
    return {
        "MIMETYPE": format_of(file.place).mediatype, "SIZE": file.size, "CREATED": package.moment,
        "CHECKSUM": file.sha256, "CHECKSUMTYPE": "SHA-256",
    }  # fmt: skip


def _link(place: str) -> dict[str, str]:
    return {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": place}


def _reference(package: Package, file: FileFacts, kind: str, version: str | None) -> Markup:
    return tag("mets:mdRef", MDTYPE=kind, MDTYPEVERSION=version, **_link(file.place), **_facts(package, file))


def _file(package: Package, file: FileFacts) -> Markup:
    return tag("mets:file", tag("mets:FLocat", **_link(file.place)), ID=_id(package, file), **_facts(package, file))


def _structure(package: Package) -> Markup:
    """The structural map: metadata, then a division for each group; a representation's leads to its own METS.xml."""
    divisions = [
        tag("mets:div", ID="structure-metadata", LABEL="Metadata",
            DMDID=" ".join(_id(package, file) for _, file in package.descriptive) or None,
            ADMID=" ".join(_id(package, file) for file in package.preservation) or None)
    ]  # fmt: skip
    representations = [group for group in package.groups if group.use.startswith("Representations/")]
    divisions += [
        tag("mets:div", tag("mets:fptr", FILEID=group.id), ID=f"structure-{group.use.lower()}", LABEL=group.use)
        for group in package.groups
        if group not in representations
    ]
    if representations:
        pointers = [tag("mets:fptr", FILEID=group.id) for group in representations]
        divisions.append(
            tag("mets:div", *pointers, *(_representation(group) for group in representations),
                ID="structure-representations", LABEL="Representations")
        )  # fmt: skip
    whole = tag("mets:div", *divisions, ID="structure-package", LABEL=package.name)
    return tag("mets:structMap", whole, ID="structure", TYPE="PHYSICAL", LABEL="CSIP")


def _representation(group: Group) -> Markup:
    pointer = tag(
        "mets:mptr", **_link(f"{group.use.replace('Representations', 'representations')}/METS.xml"),
        **{"xlink:title": group.id},
    )  # fmt: skip
    return tag("mets:div", pointer, ID=f"structure-{group.id}", LABEL=group.use)
