"""An E-ARK information package (CSIP 2.1.0): what a bag holds, in the folders and with the METS of European archives.

It is declared as an AIP, because the rules for a SIP ask of its creator what those for every package forbid: a creator
must be a program by CSIP12 and an organization or a person by SIP11.
"""

from pathlib import Path

from storage.exports import bag_readme, bagit, ead3
from storage.exports.descriptions import mets, premis
from storage.exports.descriptions.file_facts import FileFacts, facts, file_facts
from storage.exports.descriptions.markup import Markup, tag
from storage.exports.job import Job
from storage.schema import MIGRATIONS

_REPRESENTATION = "representations/rep1"
_SCHEMAS = {  # namespace → where its keeper publishes the schema
    "http://www.loc.gov/METS/": "http://www.loc.gov/standards/mets/mets.xsd",
    "http://www.loc.gov/premis/v3": "https://www.loc.gov/standards/premis/premis.xsd",
    "http://ead3.archivists.org/schema/": "https://www.loc.gov/ead/ead3.xsd",
    "http://www.w3.org/1999/xlink": "http://www.loc.gov/standards/xlink/xlink.xsd",
    "https://DILCIS.eu/XML/METS/CSIPExtensionMETS": "https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd",
}


def write(job: Job, path: Path) -> None:
    """Write the package into the folder `path`."""
    name, inner = job.delivery.identifier, path / _REPRESENTATION
    data, described = inner / "data", inner / "metadata" / "descriptive"
    data.mkdir(parents=True)
    missing_files = bagit.payload(job, data)
    described.mkdir(parents=True)
    (data / "dublin-core.xml").rename(described / "dublin-core.xml")
    for folder in ("documentation", "schemas", "metadata/descriptive", "metadata/preservation"):
        (path / folder).mkdir(parents=True)
    (path / "documentation" / "README.md").write_text(
        bag_readme.readme(job, missing_files, kind="eark"), encoding="utf-8"
    )
    (path / "schemas" / "catalog.xml").write_text(_catalog(), encoding="utf-8")
    (path / "schemas" / "collection.sql").write_text("\n".join(MIGRATIONS), encoding="utf-8")
    ead3.write(job, path / "metadata" / "descriptive" / "ead3.xml")
    files = facts(path)
    premis.write(job, path / "metadata" / "preservation" / "premis.xml", files, package=name)
    _mets(job, path, files, name)


def _mets(job: Job, path: Path, files: list[FileFacts], name: str) -> None:
    """Write the METS.xml of the representation, with places from its folder on, and that of the package."""
    within = f"{_REPRESENTATION}/"
    own = [FileFacts(file.place.removeprefix(within), file.size, file.sha256, file.sha512)
           for file in files if file.place.startswith(within)]  # fmt: skip
    _document(
        job,
        path / _REPRESENTATION / "METS.xml",
        f"{name}/rep1",
        [mets.Group("Data", (file for file in own if file.place.startswith("data/")))],
        [("DC", file) for file in own if file.place.startswith("metadata/descriptive/")],
    )
    groups = [
        mets.Group("Documentation", [file for file in files if file.place.startswith("documentation/")]),
        mets.Group("Schemas", [file for file in files if file.place.startswith("schemas/")]),
        mets.Group("Representations/rep1", [file_facts(path, path / _REPRESENTATION / "METS.xml")]),
    ]
    described = [("EAD", file) for file in files if file.place.startswith("metadata/descriptive/")]
    preserved = [file_facts(path, path / "metadata" / "preservation" / "premis.xml")]
    _document(job, path / "METS.xml", name, groups, described, preserved)


def _document(
    job: Job, path: Path, name: str, groups: list[mets.Group], descriptive: list[tuple[str, FileFacts]],
    preservation: list[FileFacts] | None = None,
) -> None:  # fmt: skip
    package = mets.Package(
        name, bag_readme.title(job), job.moment, job.software, job.options.get("organization"), groups, descriptive,
        preservation or [],
    )  # fmt: skip
    mets.write(package, path)


def _catalog() -> str:
    """An XML catalogue of the schemas that the package's metadata follow. They are named and not copied."""
    lines: list[Markup] = [tag("uri", name=name, uri=place) for name, place in _SCHEMAS.items()]
    catalog = tag("catalog", *lines, xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{catalog}\n'
