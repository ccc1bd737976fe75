"""Run by the interpreter of the validators: one question about an export, answered by tools of others.

python asked.py QUESTION PATH…: prints a JSON value. No question asks the network.
"""

import json
import sys
import warnings
from pathlib import Path


def html5lib(folder):
    """{"pages", "wrong": first error of each page that the strict parser refuses}."""
    import html5lib

    pages, wrong = 0, []
    for path in sorted(Path(folder).rglob("*.html")):
        pages += 1
        try:
            html5lib.HTMLParser(strict=True).parse(path.read_bytes())
        except html5lib.html5parser.ParseError as error:
            wrong.append(f"{path.name}: {error}")
    return {"pages": pages, "wrong": wrong}


def profile(folder):
    """What bagit and bagit_profile find wrong with a bag by the profile that it carries."""
    import bagit
    import bagit_profile

    bag = bagit.Bag(folder)
    bag.validate()
    said = (Path(folder) / "bagit-profile.json").read_text(encoding="utf-8")
    rules = bagit_profile.Profile(bag.info["BagIt-Profile-Identifier"], profile=said)
    good = rules.validate(bag)
    return [str(error) for error in rules.report.errors] or ([] if good else ["not valid, without a reason"])


def xml_schema(name, *paths):
    """{"records", "wrong"}: records of MODS or Dublin Core in these files, by mods-3-4.xsd or oai_dc.xsd.

    The schemas and what they import come from eulxml and eark-validator. No package brings the one of the fifteen
    elements of Dublin Core: what stands for it here says that each is text with a language.
    """
    import eark_validator
    import eulxml
    from lxml import etree

    places = [Path(eulxml.__file__).parent / "schema_data",
              Path(eark_validator.__file__).parent / "ipxml" / "resources" / "schema"]  # fmt: skip
    elements = [
        "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format",
        "identifier", "source", "language", "relation", "coverage", "rights",
    ]  # fmt: skip
    xs, xml = "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/XML/1998/namespace"
    fifteen = (
        f'<xs:schema xmlns:xs="{xs}" xmlns="http://purl.org/dc/elements/1.1/" elementFormDefault="qualified" '
        f'targetNamespace="http://purl.org/dc/elements/1.1/"><xs:import namespace="{xml}" schemaLocation="xml.xsd"/>'
        '<xs:complexType name="text"><xs:simpleContent><xs:extension base="xs:string"><xs:attribute ref="xml:lang"/>'
        "</xs:extension></xs:simpleContent></xs:complexType>"
        + "".join(f'<xs:element name="{element}" type="text"/>' for element in elements)
        + "</xs:schema>"
    )
    languages = (
        f'<xs:schema xmlns:xs="{xs}" targetNamespace="{xml}"><xs:attribute name="lang" type="xs:language"/></xs:schema>'
    )

    class Beside(etree.Resolver):
        def resolve(self, url, public_id, context):
            file = url.rsplit("/", 1)[-1]
            if name == "oai_dc.xsd" and file in ("simpledc20021212.xsd", "xml.xsd"):
                return self.resolve_string(fifteen if file.startswith("simple") else languages, context)
            return self.resolve_filename(str(next(p / file for p in places if (p / file).is_file())), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Beside())
    schema = etree.XMLSchema(etree.parse(str(places[0] / name), parser))
    tag = {
        "mods-3-4.xsd": "{http://www.loc.gov/mods/v3}mods",
        "oai_dc.xsd": "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc",
    }[name]
    records, wrong = 0, []
    for path in paths:
        for record in etree.parse(path).iter(tag):
            records += 1
            if not schema.validate(etree.fromstring(etree.tostring(record))):
                wrong.append(f"{Path(path).name}: {schema.error_log.last_error}")
    return {"records": records, "wrong": wrong}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))
