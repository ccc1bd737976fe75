"""OAI-PMH in more than one format, with hosts that have ports or were renamed; MODS by its own schema."""

import json
import subprocess
import xml.etree.ElementTree as ET

import pytest

from storage import Collection
from storage.exports import oai_server
from tests import validators
from tests.exports.handing import hand_on
from tests.exports.harvesting import harvested

MODS = "{http://www.loc.gov/mods/v3}"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
STATED = {
    "naan": "99152",
    "organization": "Lưu trữ",
    "email": "a@b.vn",
    "rights": "x < y",
    "rights_url": "https://a.vn/q?a=1&b=2",
}
# Validates the MODS records in the files that are named; the schema's imports come from the same packages.
_BY_SCHEMA = """
import pathlib, sys
import eark_validator, eulxml
from lxml import etree

places = [pathlib.Path(eulxml.__file__).parent / "schema_data",
          pathlib.Path(eark_validator.__file__).parent / "ipxml" / "resources" / "schema"]

class Beside(etree.Resolver):
    def resolve(self, url, public_id, context):
        name = url.rsplit("/", 1)[-1]
        return self.resolve_filename(str(next(p / name for p in places if (p / name).is_file())), context)

parser = etree.XMLParser(no_network=True)
parser.resolvers.add(Beside())
schema = etree.XMLSchema(etree.parse(str(places[0] / "mods-3-4.xsd"), parser))
for name in sys.argv[1:]:
    for record in etree.parse(name).iter("{http://www.loc.gov/mods/v3}mods"):
        alone = etree.fromstring(etree.tostring(record))
        print("right" if schema.validate(alone) else schema.error_log.last_error)
"""


@pytest.fixture(scope="module")
def repository(kept, tmp_path_factory):
    folder = tmp_path_factory.mktemp("formats") / "oai"
    hand_on(kept, "oai", folder, options=STATED)
    return folder


def identifiers(folder):
    return [line.split("\t")[2].strip() for line in (folder / "records.tsv").read_text(encoding="utf-8").splitlines()]


def test_a_harvester_gets_each_format_in_parts_and_by_dates(repository, monkeypatch):
    from sickle.oaiexceptions import BadResumptionToken, CannotDisseminateFormat

    monkeypatch.setattr(oai_server, "PAGE", 7)
    every = set(identifiers(repository))
    with harvested(repository) as client:
        assert [item.metadataPrefix for item in client.ListMetadataFormats()] == ["oai_dc", "mods"]
        assert [item.metadataPrefix for item in client.ListMetadataFormats(identifier=min(every))] == ["oai_dc", "mods"]
        for prefix, root in (("oai_dc", "dc"), ("mods", "mods")):
            records = list(client.ListRecords(metadataPrefix=prefix, until="2099-01-01"))  # in parts of seven
            assert (
                {record.header.identifier for record in records}
                == every
                == {header.identifier for header in client.ListIdentifiers(metadataPrefix=prefix)}
            )
            shown = {record.xml.find(f"{OAI}metadata")[0].tag.rpartition("}")[2] for record in records
                     if not record.deleted}  # fmt: skip
            assert shown == {root}
            assert [record.header.datestamp for record in records if record.deleted] == ["2027-02-03T04:05:06Z"]
            assert all(record.xml.find(f"{OAI}metadata") is None for record in records if record.deleted)
            new = list(client.ListRecords(metadataPrefix=prefix, **{"from": "2027-01-01", "until": "2027-02-28"}))
            assert len(new) == 2
            mine = list(client.ListRecords(metadataPrefix=prefix, set="hanoi_trucbach"))
            assert mine and {name for record in mine for name in record.header.setSpecs} == {"hanoi_trucbach"}
            there = next(record.header.identifier for record in mine if not record.deleted)
            one = client.GetRecord(identifier=there, metadataPrefix=prefix)
            assert one.xml.find(f"{OAI}metadata")[0].tag.rpartition("}")[2] == root
        for ask in (client.ListRecords, client.ListIdentifiers):
            with pytest.raises(CannotDisseminateFormat):
                ask(metadataPrefix="marcxml")
        with pytest.raises(CannotDisseminateFormat):
            client.GetRecord(identifier=min(every), metadataPrefix="marcxml")
        first = client.ListRecords(metadataPrefix="mods", until="2099-01-01")
        next(first)
        token = first.resumption_token.token
        with pytest.raises(BadResumptionToken):
            client.ListRecords(resumptionToken=token.replace("~mods~", "~marcxml~"))


def test_files_of_a_format_are_found_by_the_rule_of_their_names(kept, tmp_path, monkeypatch):
    monkeypatch.setattr("storage.exports.oai.PAGE", 40)
    hand_on(kept, "oai", tmp_path / "oai")
    for format in ("", ".mods"):
        names = sorted(
            path.name for path in (tmp_path / "oai").glob(f"ListRecords{format}*.xml") if "set-" not in path.name
        )
        names = [name for name in names if (".mods" in name) == bool(format)]
        assert names == [f"ListRecords{format}-00002.xml", f"ListRecords{format}-00003.xml", f"ListRecords{format}.xml"]
        token = ET.parse(tmp_path / "oai" / f"ListRecords{format}.xml").find(f".//{OAI}resumptionToken")
        assert (token.text, token.get("completeListSize")) == (f"ListRecords{format}-00002", "100")


def test_a_mods_record_says_what_dublin_core_cannot(repository):
    path = next(path for path in sorted(repository.glob("records/*/*.mods.xml")) if b"deleted" not in path.read_bytes())
    record = ET.parse(path).find(f".//{MODS}mods")
    kinds = {item.get("type") for item in record.findall(f"{MODS}identifier")}
    assert kinds == {"uri", "ark", "oai", "sha256"}
    condition = record.find(f"{MODS}accessCondition")
    assert condition.text == "x < y" and condition.get("type") == "use and reproduction"
    assert condition.get("{http://www.w3.org/1999/xlink}href") == "https://a.vn/q?a=1&b=2"
    assert record.findtext(f"{MODS}recordInfo/{MODS}recordContentSource") == "Lưu trữ"


def test_mods_is_right_by_its_schema(repository, tmp_path):
    paths = [str(repository / "ListRecords.mods.xml")]
    done = subprocess.run([validators.python(), "-c", _BY_SCHEMA, *paths], capture_output=True, text=True, cwd=tmp_path)
    said = done.stdout.splitlines()
    assert len(said) == 99 and set(said) == {"right"}, done.stderr or said[:3]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8080", "127.0.0.1"),
        ("huongson.test:8443", "huongson.test"),
        ("[::1]:80", "--1"),
        ("", "hanoi_trucbach"),
    ],
)
def test_a_host_may_have_a_port(db, tmp_path, host, name):
    with Collection(db) as collection:
        collection.execute("UPDATE sites SET host = ?, first_host = ? WHERE slug = 'hanoi_trucbach'", (host, host))
    hand_on(db, "oai", tmp_path / "oai", sites=("hanoi_trucbach",))
    names = identifiers(tmp_path / "oai")
    assert names and all(one.startswith(f"oai:{name.replace('_', '-')}:") for one in names)
    with harvested(tmp_path / "oai") as client:
        assert client.GetRecord(identifier=names[0], metadataPrefix="oai_dc").header.identifier == names[0]


def test_a_renamed_host_leaves_every_identifier_as_it_was(kept, db, repository, tmp_path):
    with Collection(db) as collection:
        for row in list(collection.rows("SELECT * FROM sites")):
            collection.put_site(row | {"host": f"moi-{row['host']}:8443"})
    hand_on(db, "oai", tmp_path / "oai")
    assert identifiers(tmp_path / "oai") == identifiers(repository)
    hand_on(db, "jsonl", tmp_path / "a.jsonl")
    with (tmp_path / "a.jsonl").open(encoding="utf-8") as stream:
        issuer = json.loads(stream.readline())["issuer"]
    assert issuer["host"] == f"moi-{issuer['first_host']}:8443"
