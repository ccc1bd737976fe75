"""The E-ARK package: what eark-validator says of it, and that its METS files name every file as it is."""

import hashlib
import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from storage.exports import delivery
from tests.exports.handing import hand_on
from tests.exports.oddities import make_odd
from tests.running import PATIENCE
from tests.validators import python

METS = {"m": "http://www.loc.gov/METS/"}
HREF = "{http://www.w3.org/1999/xlink}href"
CHECK = Path(__file__).parents[1] / "validators" / "eark_check.py"


@pytest.fixture(scope="module")
def package(kept, tmp_path_factory):
    path = tmp_path_factory.mktemp("eark") / "gói"
    hand_on(kept, "eark", path, options={"organization": "Lưu trữ lịch sử"})
    return path


def verdicts(*packages):
    """What eark-validator 1.1.3 says: structure, METS schema, and the rules of CSIP 2.1.0."""
    done = subprocess.run([python(), CHECK, *packages], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_eark_validator_finds_neither_error_nor_warning(package, db, tmp_path):
    hand_on(make_odd(db), "eark", tmp_path / "odd", allow_incomplete=True)
    for said in verdicts(package, tmp_path / "odd"):
        assert (said["structure"], said["schema"], said["schematron"]) == ("WellFormed", "VALID", "VALID")
        assert [message for message in said["messages"] if message[0] != "Info"] == []
        assert said["representations"] == {"rep1": []}


def test_eark_validator_would_find_a_fault(package, tmp_path):
    hand_on_copy = tmp_path / "copy"
    for path in package.rglob("*"):
        target = hand_on_copy / path.relative_to(package)
        if path.is_dir():
            target.mkdir(parents=True)
    for path in package.rglob("*"):
        if path.is_file():
            (hand_on_copy / path.relative_to(package)).write_bytes(path.read_bytes())
    mets = hand_on_copy / "METS.xml"
    mets.write_text(mets.read_text(encoding="utf-8").replace(' TYPE="Websites"', ' TYPE="Pages"'), encoding="utf-8")
    (said,) = verdicts(hand_on_copy)
    assert said["schematron"] == "NOT_VALID" or any(message[0] == "Error" for message in said["messages"])


def test_every_file_is_named_once_with_its_own_digest(package):
    named = {"METS.xml"}
    state = delivery.read(package / "representations" / "rep1").state
    for mets in (package / "METS.xml", package / "representations" / "rep1" / "METS.xml"):
        root = ET.parse(mets).getroot()
        facts = [(item, item) for item in root.iterfind(".//m:mdRef", METS)]
        facts += [(item, item.find("m:FLocat", METS)) for item in root.iterfind(".//m:file", METS)]
        for item, location in facts:
            file = mets.parent / location.get(HREF)
            place = file.relative_to(package).as_posix()
            assert place not in named, f"named twice: {place}"
            named.add(place)
            content = file.read_bytes()
            assert item.get("CHECKSUM") == hashlib.sha256(content).hexdigest() and item.get("SIZE") == str(len(content))
            assert item.get("CREATED") == state
        names = [item.get("ID") for item in root.iter() if item.get("ID")]
        assert len(set(names)) == len(names)
    assert named == {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}


def test_it_holds_what_a_bag_holds(package):
    data = package / "representations" / "rep1" / "data"
    assert {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()} >= {
        "articles.jsonl", "articles.csv", "collection.sqlite", "raw/articles.warc.gz", "raw/articles.wacz",
        "attachments.csv",
    }  # fmt: skip
    readme = (package / "documentation" / "README.md").read_text(encoding="utf-8")
    for line in readme.splitlines():
        if line.startswith("- `") and "attachments/" not in line:
            place = line.split("`")[1]
            assert (package / place).exists(), f"the README names {place}, which is not there"
    assert "eark-validator" in readme and "bagit.py" not in readme
