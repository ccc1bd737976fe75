"""Every export, of a crawled and of a replayed collection, is judged by tools that are not ours."""

import json
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from storage import Collection
from storage.archives.captures import folder_of, warc_files
from storage.exports import FORMATS
from tests.exports.handing import hand_on
from tests.exports.harvesting import harvested
from tests.exports.test_eark import verdicts
from tests.exports.test_formats import tool
from tests.exports.test_jsonld import of_type, read
from tests.running import PATIENCE, tinphuong
from tests.validators import python, schema

ASKED = Path(__file__).with_name("asked.py")
REAL = Path(__file__).parents[3] / "shared" / "pages" / "hanoi_sotttt.warc.gz"


def asked(*arguments):
    """What a tool in the environment of the validators answers."""
    done = subprocess.run([python(), ASKED, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_schema(name, path):
    etree.XMLSchema(file=str(schema(name))).assertValid(etree.parse(path))


def described(path):
    from frictionless import validate

    report = validate(str(path))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "title", "message"])


def jsonl(path, articles):
    import jsonlines

    with jsonlines.open(path) as lines:
        assert sum(1 for _ in lines.iter(type=dict)) == articles
    if shutil.which("jq"):
        done = subprocess.run(["jq", "-e", ".id", path], capture_output=True, text=True)
        assert done.returncode == 0 and len(done.stdout.splitlines()) == articles, done.stderr


def jsonld(path, articles):
    assert len(of_type(read(path), "NewsArticle")) == articles


def csv(path, articles):
    from frictionless import Resource

    copy = path.with_suffix(".csv")
    shutil.copy(path, copy)
    table = Resource(copy.name, basepath=str(copy.parent))
    report = table.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "title", "message"])
    assert len(table.read_rows()) == articles


def parquet(path, articles):
    from pyarrow.parquet import read_table

    table = read_table(path)
    table.validate(full=True)
    assert table.num_rows == articles


def sqlite(path, articles):
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
    code, said = tool("sqlite-utils", "query", path, "SELECT count(*) AS n FROM articles")
    assert code == 0 and json.loads(said) == [{"n": articles}], said


def warc(path, articles):
    copy = path.with_suffix(".warc.gz")
    if path != copy:
        shutil.copy(path, copy)
    assert tool("warcio", "check", copy) == (0, "")


def wacz(path, articles):
    copy = path.with_suffix(".wacz")
    if path != copy:
        shutil.copy(path, copy)
    code, said = tool("wacz", "validate", "-f", copy)
    assert code == 0, said
    unpacked = path.parent / "unpacked"
    with zipfile.ZipFile(copy) as package:
        package.extractall(unpacked)
        pages = package.read("pages/pages.jsonl").splitlines()
    assert len(pages) == articles + 1  # the first line is a head
    described(unpacked / "datapackage.json")


def bagit(path, articles):
    code, said = tool("bagit.py", "--validate", path)
    assert code == 0, said
    described(path / "data" / "datapackage.json")
    by_schema("premis.xsd", path / "data" / "metadata" / "premis.xml")
    by_schema("ead3.xsd", path / "data" / "metadata" / "ead3.xml")
    assert asked("profile", path) == []


def eark(path, articles):
    (said,) = verdicts(path)
    assert (said["structure"], said["schema"], said["schematron"]) == ("WellFormed", "VALID", "VALID")
    assert (
        not [message for message in said["messages"] if message[0] != "Info"] and said["representations"]["rep1"] == []
    )
    by_schema("premis.xsd", path / "metadata" / "preservation" / "premis.xml")
    by_schema("ead3.xsd", path / "metadata" / "descriptive" / "ead3.xml")


def ead3(path, articles):
    by_schema("ead3.xsd", path)


def oai(path, articles):
    with harvested(path) as client:
        assert client.Identify().protocolVersion == "2.0" and list(client.ListSets())
        for prefix in ("oai_dc", "mods"):
            headers = list(client.ListIdentifiers(metadataPrefix=prefix))
            assert len({record.header.identifier for record in client.ListRecords(metadataPrefix=prefix)}) == articles
            assert len(headers) == articles
            one = client.GetRecord(identifier=headers[0].identifier, metadataPrefix=prefix)
            assert one.header.identifier == headers[0].identifier
    lists = {part: sorted(path.glob(f"ListRecords{part}*.xml")) for part in ("", ".mods")}
    for part, name in (("", "oai_dc.xsd"), (".mods", "mods-3-4.xsd")):
        files = [file for file in lists[part] if "set-" not in file.name and (".mods" in file.name) == bool(part)]
        assert asked("xml_schema", name, *files) == {"records": articles, "wrong": []}


def html(path, articles):
    found = asked("html5lib", path)
    assert found["pages"] > articles and found["wrong"] == []


JUDGES = {
    "jsonl": jsonl, "jsonld": jsonld, "csv": csv, "parquet": parquet, "sqlite": sqlite, "warc": warc, "wacz": wacz,
    "bagit": bagit, "eark": eark, "ead3": ead3, "oai": oai, "html": html,
}  # fmt: skip


def replayed(files, site, folder):
    """A collection out of archive files alone."""
    db = folder / "replayed.db"
    done = tinphuong("--db", db, "crawl", site, "--replay", *files)
    assert done.returncode == 0, done.stderr
    return db


@pytest.fixture(scope="module")
def out_of_own(crawled, tmp_path_factory):
    return replayed(warc_files(folder_of(crawled.db)), "hanoi_sotttt", tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def out_of_real(tmp_path_factory):
    if not REAL.exists():
        pytest.skip(f"{REAL.name} is not in the folder shared/pages beside the project")
    return replayed([REAL], "hanoi_sotttt", tmp_path_factory.mktemp("real"))


def judged(db, name, folder):
    assert name in JUDGES, f"no tool of others judges the format {name} here"
    with Collection(db) as collection:
        articles = next(collection.rows("SELECT count(*) AS n FROM articles"))["n"]
    path = folder / name
    hand_on(db, name, path, options={"base_url": "http://127.0.0.1/oai"} if name == "oai" else None)
    assert articles
    JUDGES[name](path, articles)


@pytest.mark.parametrize("name", FORMATS)
def test_of_a_crawl(name, crawled, tmp_path):
    judged(crawled.db, name, tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_of_a_replay(name, out_of_own, tmp_path):
    judged(out_of_own, name, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", FORMATS)
def test_of_an_archive_of_a_real_portal(name, out_of_real, tmp_path):
    judged(out_of_real, name, tmp_path)
