"""PREMIS: valid by the schema, whole by the package's files, and every name in it leads to something in it."""

import hashlib
from collections import Counter

import pytest
from lxml import etree

from storage import Collection
from storage.exports.descriptions import file_facts, premis
from tests.exports.handing import hand_on, take
from tests.exports.oddities import PLAIN_TITLE, SOURCE, make_odd
from tests.validators import schema

NS = {"p": "http://www.loc.gov/premis/v3"}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@pytest.fixture(scope="module")
def bag(kept, tmp_path_factory):
    path = tmp_path_factory.mktemp("premis") / "bàn giao"
    hand_on(kept, "bagit", path)
    return path


@pytest.fixture(scope="module")
def document(bag):
    return etree.parse(bag / "data" / "metadata" / "premis.xml").getroot()


@pytest.fixture
def odd_document(db, tmp_path):
    hand_on(make_odd(db), "bagit", tmp_path / "odd", allow_incomplete=True, options={"organization": "Kho <lưu trữ>"})
    return etree.parse(tmp_path / "odd" / "data" / "metadata" / "premis.xml").getroot()


def values(document, path):
    return [element.text for element in document.findall(path, NS)]


def objects(document, kind):
    return [item for item in document.findall("p:object", NS) if item.get(TYPE) == kind]


def events(document, kind):
    return [item for item in document.findall("p:event", NS) if item.findtext("p:eventType", None, NS) == kind]


def valid(root):
    rules = etree.XMLSchema(file=str(schema("premis.xsd")))
    rules.assertValid(root.getroottree())


def test_the_schema_finds_nothing_wrong(document):
    valid(document)


def test_the_schema_finds_nothing_wrong_with_odd_data(odd_document):
    valid(odd_document)


def test_every_file_is_described_with_its_own_digests(bag, document):
    said = {item.findtext("p:originalName", None, NS): item for item in objects(document, "file")}
    there = {path.relative_to(bag).as_posix(): path for path in (bag / "data").rglob("*") if path.is_file()}
    of_later = {"data/metadata/premis.xml", "data/datapackage.json"}  # these are written after it, or are it
    assert said.keys() == there.keys() - of_later
    for place, item in said.items():
        content = there[place].read_bytes()
        digests = dict(
            zip(values(item, ".//p:messageDigestAlgorithm"), values(item, ".//p:messageDigest"), strict=True)
        )
        assert digests == {
            "SHA-256": hashlib.sha256(content).hexdigest(),
            "SHA-512": hashlib.sha512(content).hexdigest(),
        }
        assert item.findtext(".//p:size", None, NS) == str(len(content))


def test_formats_have_the_identifiers_of_pronom_where_they_are_sure(document):
    found = {
        item.findtext("p:originalName", None, NS).removeprefix("data/"): values(item, ".//p:formatRegistryKey")
        for item in objects(document, "file")
    }
    assert {
        "articles.csv": ["x-fmt/18"],
        "articles.jsonl": [],
        "collection.sqlite": ["fmt/729"],
        "raw/articles.warc.gz": ["x-fmt/266", "fmt/1281"],
        "raw/articles.wacz": ["x-fmt/263"],
        "README.md": ["fmt/1149"],
        "metadata/ead3.xml": ["fmt/101"],
    }.items() <= found.items()


@pytest.mark.parametrize("which", ["document", "odd_document"])
def test_every_name_leads_to_something(which, request):
    root = request.getfixturevalue(which)
    own = {
        kind: values(root, f"p:{kind}/p:{kind}Identifier[p:{kind}IdentifierType='UUID']/p:{kind}IdentifierValue")
        for kind in ("object", "event", "agent")
    }
    assert all(max(Counter(names).values()) == 1 for names in own.values()), "a name is given twice"
    for kind in ("Object", "Agent"):
        linked = set(values(root, f".//p:linking{kind}IdentifierValue"))
        assert linked and linked <= set(own[kind.lower()])
    related = ".//p:relatedObjectIdentifier[p:relatedObjectIdentifierType='UUID']/p:relatedObjectIdentifierValue"
    assert set(values(root, related)) <= set(own["object"])


def test_articles_lead_to_their_warc_records(kept, document):
    with Collection(kept) as collection:
        rows = list(collection.rows("SELECT k.record_id FROM articles a JOIN captures k ON k.id = a.capture_id"))
    path = ".//p:relatedObjectIdentifier[p:relatedObjectIdentifierType='WARC-Record-ID']/p:relatedObjectIdentifierValue"
    assert Counter(values(document, path)) == Counter(row["record_id"] for row in rows)


def test_events_are_those_of_the_run_log(kept, document):
    with Collection(kept) as collection:
        runs = list(collection.rows("SELECT * FROM runs"))
    captures = events(document, "capture")
    spans = Counter(item.findtext("p:eventDateTime", None, NS) for item in captures)
    assert spans == Counter(f"{run['started_at']}/{run['finished_at']}" for run in runs)
    (removal,) = events(document, "removal seen at the source")
    assert removal.findtext("p:eventDateTime", None, NS) == "2027-02-03T04:05:06+00:00"
    assert values(removal, ".//p:eventOutcome") == ["http_410"]
    (made,) = events(document, "information package creation")
    assert values(made, ".//p:eventOutcome") == ["incomplete"]  # the text that was edited has no capture
    assert values(made, ".//p:eventOutcomeDetailNote") == ["100 articles", "choice: {}", "1 article without a capture"]
    assert not events(document, "fixity check"), "nothing was verified"


def test_replayed_files_checks_rights_and_the_organization_are_told(odd_document):
    (source,) = [
        item for item in objects(odd_document, "file") if values(item, ".//p:messageDigest") == [SOURCE["sha256"]]
    ]
    assert source.findtext("p:originalName", None, NS) == SOURCE["name"]
    name = source.findtext(".//p:objectIdentifierValue", None, NS)
    for kind, at in (("ingestion", "2026-10-06T01:15:00+00:00"), ("metadata extraction", "")):
        (event,) = events(odd_document, kind)
        assert event.findtext("p:eventDateTime", None, NS) == f"2026-10-06T01:15:00+00:00/{at}"
        assert name in values(event, "p:linkingObjectIdentifier/p:linkingObjectIdentifierValue")
    (check,) = events(odd_document, "fixity check")
    assert "100 of 100 texts" in check.findtext(".//p:eventOutcomeDetailNote", None, NS)
    assert {"license", "other"} <= set(values(odd_document, ".//p:rightsBasis"))
    assert "© UBND <phường> " in values(odd_document, ".//p:licenseTerms")
    assert any("Ghi rõ nguồn" in note for note in values(odd_document, ".//p:otherRightsNote"))
    assert "Kho <lưu trữ>" in values(odd_document, ".//p:agentName")
    assert PLAIN_TITLE in values(odd_document, ".//p:significantPropertiesValue")
    (made,) = events(odd_document, "information package creation")
    assert values(made, ".//p:eventOutcome") == ["incomplete"]


def test_of_many_articles_only_those_with_events_are_described(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(premis, "ARTICLES_ONE_BY_ONE", 10)
    hand_on(kept, "bagit", tmp_path / "bag")
    root = etree.parse(tmp_path / "bag" / "data" / "metadata" / "premis.xml").getroot()
    path = "p:objectIdentifier[p:objectIdentifierType='URL']"
    assert len([item for item in objects(root, "intellectualEntity") if item.find(path, NS) is not None]) == 1
    valid(root)


def test_names_follow_from_what_they_name(kept, document, tmp_path):
    hand_on(kept, "bagit", tmp_path / "bag")
    again = etree.parse(tmp_path / "bag" / "data" / "metadata" / "premis.xml").getroot()
    for path in (".//p:objectIdentifierValue", ".//p:eventIdentifierValue", ".//p:agentIdentifierValue"):
        assert values(document, path) == values(again, path)
    assert file_facts.identifier("a", "b") == file_facts.identifier("a", "b") != file_facts.identifier("ab")


def test_a_bag_with_it_is_taken_in(bag, tmp_path):
    assert take(tmp_path / "new.db", bag).added == 100
