"""What exports say on reuse, and of who hands on: the statement that is made, or that none is, and the sites' words."""

import csv
import json
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as ET

import pytest

from crawler.cli import main
from crawler.configuration import Configuration
from crawler.configuration.configuration import BadConfiguration
from crawler.configuration.hand_over import options_of
from storage import Collection
from storage.exports import bag_info
from storage.rights.evidence import MOST, evidence, keep
from storage.rights.statements import Statement, Statements
from tests import validators
from tests.exports.handing import hand_on, take

SAID = "® Đề nghị ghi rõ nguồn “Quận Hai Bà Trưng” khi sử dụng lại nội dung."
HANDED_ON = {
    "organization": "Trung tâm Lưu trữ A & B", "address": "1 phố B, Hà Nội", "contact_name": "Nguyễn Văn A",
    "phone": "+84 24 0000 0000", "email": "luutru@example.org", "naan": "99152",
    "rights": "Chưa đánh giá bản quyền", "rights_url": "https://rightsstatements.org/vocab/CNE/1.0/",
    "rights.hanoi_trucbach": "Được dùng lại nếu ghi rõ nguồn",
}  # fmt: skip
DC = "{http://purl.org/dc/elements/1.1/}"
# Checks a bag by its own profile, without the network.
_BY_PROFILE = """
import sys, bagit, bagit_profile
bag = bagit.Bag(sys.argv[1])
bag.validate()
said = open(sys.argv[1] + "/bagit-profile.json").read()
profile = bagit_profile.Profile(bag.info["BagIt-Profile-Identifier"], profile=said)
print(profile.validate(bag), *profile.report.errors)
"""


@pytest.fixture(scope="module")
def bags(kept, tmp_path_factory):
    """Two bags of the same collection: one of which nothing is configured, one of which everything is."""
    folder = tmp_path_factory.mktemp("bags")
    hand_on(kept, "bagit", folder / "bare")
    hand_on(kept, "bagit", folder / "stated", options=HANDED_ON)
    return folder


def info(bag):
    lines = (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return found


def of_site(rows, slug):
    return [row for row in rows if row["site"] == slug]


def rights_table(bag):
    with (bag / "data" / "rights.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_where_nothing_is_stated_that_is_said_and_no_licence_made_up(bags):
    bag = bags / "bare"
    readme = (bag / "data" / "README.md").read_text(encoding="utf-8")
    assert f"no statement is made; what the site says: “{SAID}”" in readme
    assert f"không có tuyên bố nào; trang gốc ghi: “{SAID}”" in readme
    assert "no statement is made; the site says nothing that was seen" in readme  # hatinh_honglinh
    assert info(bag)["Rights-Statement"] == ["no statement is made; what the sites say is in data/rights.csv"]
    assert not {"Source-Organization", "Contact-Name", "Contact-Email"} & info(bag).keys()
    assert "licenses" not in json.loads((bag / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert not ET.parse(bag / "data" / "dublin-core.xml").findall(f".//{DC}rights")
    assert {row["kind"] for row in rights_table(bag)} == {"said by the site"}


def test_what_is_stated_goes_along_everywhere(bags, kept, tmp_path):
    bag = bags / "stated"
    said = info(bag)
    assert said["Source-Organization"] == ["Trung tâm Lưu trữ A & B"] and said["Contact-Email"] == [
        "luutru@example.org"
    ]
    assert [line for line in said["Rights-Statement"] if "Được dùng lại" in line] == [
        "hanoi_trucbach: Được dùng lại nếu ghi rõ nguồn"
    ]
    assert said["Date-Start"] < said["Date-End"] and said["Count-Removed"] == ["1"]
    package = json.loads((bag / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"] == [
        {"path": "https://rightsstatements.org/vocab/CNE/1.0/", "title": "Chưa đánh giá bản quyền"}
    ]
    records = ET.parse(bag / "data" / "dublin-core.xml").getroot()
    for record in records:
        rights = [item.text for item in record.findall(f"{DC}rights")]
        own = record.findtext(f"{DC}publisher").startswith("Phường Trúc Bạch")
        assert rights == (["Được dùng lại nếu ghi rõ nguồn"] if own else [HANDED_ON["rights"], HANDED_ON["rights_url"]])
    kinds = [row["kind"] for row in of_site(rights_table(bag), "hanoi_haibatrung")]
    assert kinds == ["statement", "said by the site"]  # the site's words stay beside it
    with (bag / "data" / "articles.jsonl").open(encoding="utf-8") as stream:
        assert all(json.loads(line)["issuer"]["rights"] for line in stream)
    hand_on(kept, "html", tmp_path / "site", options=HANDED_ON)
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site" / "articles").rglob("*.html")]
    assert all("<dt>Quyền sử dụng</dt>" in page and "<dt>ARK</dt><dd>ark:/99152/" in page for page in pages)
    assert len({re.search(r"ark:/99152/\w+", page)[0] for page in pages}) == len(pages)


def test_the_warc_says_it_too(kept, tmp_path):
    from warcio.archiveiterator import ArchiveIterator

    for name, options in (("bare", None), ("stated", HANDED_ON)):
        hand_on(kept, "warc", tmp_path / f"{name}.warc.gz", options=options)
    first = []
    for name in ("bare", "stated"):
        with (tmp_path / f"{name}.warc.gz").open("rb") as stream:
            first.append(next(iter(ArchiveIterator(stream))).content_stream().read().decode())
    assert f"hanoi_haibatrung: no statement is made; what the site says: “{SAID}”" in first[0]
    assert "hanoi_trucbach: Được dùng lại nếu ghi rõ nguồn" in first[1]
    assert "publisher: Trung tâm Lưu trữ A & B" in first[1] and "operator: luutru@example.org" in first[1]


def test_dublin_core_names_an_article_and_when_it_was_taken(bags, kept):
    simple = ET.parse(bags / "stated" / "data" / "dublin-core.xml").getroot()
    exact = ET.parse(bags / "stated" / "data" / "dcterms.xml").getroot()
    with Collection(kept) as collection:
        rows = list(collection.rows(
            "SELECT a.url, a.content_hash, k.url AS captured, k.payload_digest, k.captured_at FROM articles a "
            "LEFT JOIN captures k ON k.id = a.capture_id ORDER BY a.site, a.id"
        ))  # fmt: skip
    assert len(rows) == len(simple) == len(exact)
    for row, record, terms in zip(rows, simple, exact, strict=True):
        if row["captured"] is None:  # its newest text was edited in here
            continue
        names = [item.text for item in record.findall(f"{DC}identifier")]
        assert names[0] == row["captured"] and row["url"] in names and f"sha256:{row['payload_digest']}" in names
        assert (
            sum(name.startswith("ark:/99152/") for name in names) == sum(name.startswith("oai:") for name in names) == 1
        )
        taken = row["captured_at"].replace("+00:00", "Z")
        assert record.findall(f"{DC}date")[-1].text == f"captured: {taken}"
        term = "{http://purl.org/dc/terms/}"
        assert terms.findtext(f"{term}dateSubmitted") == taken
        hashes = {item.text for item in terms.findall(f"{term}identifier")}
        assert {f"sha256:{row['content_hash']}", f"sha256:{row['payload_digest']}"} <= hashes


def test_coverage_names_the_unit_then_and_today(bags):
    records = ET.parse(bags / "bare" / "data" / "dublin-core.xml").getroot()
    trucbach = next(one for one in records if one.findtext(f"{DC}publisher").startswith("Phường Trúc Bạch"))
    before, today = [item.text for item in trucbach.findall(f"{DC}coverage")][:2]
    assert before.startswith("phường Trúc Bạch, quận Ba Đình") and before.endswith("trước 01/7/2025")
    assert today.startswith("phường Ba Đình, thành phố Hà Nội") and today.endswith("từ 01/7/2025")


@pytest.mark.parametrize("name", ["bare", "stated"])
def test_a_bag_is_right_by_its_own_profile(bags, name, tmp_path):
    done = subprocess.run(
        [validators.python(), "-c", _BY_PROFILE, str(bags / name)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "True", done.stdout + done.stderr


def test_the_profile_requires_what_is_configured(bags):
    tags = {
        name: json.loads((bags / name / bag_info.PROFILE_FILE).read_text(encoding="utf-8"))["Bag-Info"]
        for name in ("bare", "stated")
    }
    assert not tags["bare"]["Contact-Name"]["required"] and tags["stated"]["Contact-Name"]["required"]
    assert all(set(info(bags / name)) <= set(tags[name]) for name in tags)


# Statements and evidence


def test_which_statement_holds():
    made = Statements.of_options({"rights": "chung", "rights_url": "https://a.vn/", "rights.x_a": "riêng"})
    kept = {"rights": "của trang", "rights_url": None}
    assert made.of("x_a", kept) == Statement("riêng")
    assert made.of("x_b", kept) == Statement("của trang")
    assert made.of("x_b", {}) == Statement("chung", "https://a.vn/")
    assert not Statements().of("x_b", {})


def test_a_configuration_says_who_hands_on(tmp_path):
    path = tmp_path / "tinphuong.toml"
    path.write_text(
        'naan = "99152"\ncontact = "mailto:a@b.vn"\n[archive]\norganization = "A"\n[rights]\nstatement = "x"\n'
        '[site.hanoi_trucbach]\nrights = "y"\n',
        encoding="utf-8",
    )
    said = options_of(
        Configuration.load(path, environment={"TINPHUONG_SITE_HANOI_TRUCBACH_RIGHTS_URL": "https://a.vn/y"})
    )
    assert said == {
        "organization": "A", "email": "a@b.vn", "naan": "99152", "rights": "x", "rights.hanoi_trucbach": "y",
        "rights_url.hanoi_trucbach": "https://a.vn/y",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        'naan = "1234"', 'naan = "12a45"', 'naan = "ark:/12345"', '[archive]\nemail = "luu tru"',
        '[rights]\nurl = "cc-by"', '[site.hanoi_trucbach]\nrights_url = "ftp://a.vn/x"',
        '[archive]\norganization = "A\\nB: c"',
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(line, kept, tmp_path, capsys):
    path = tmp_path / "tinphuong.toml"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(BadConfiguration):
        Configuration.load(path, environment={})
    assert main(["--config", str(path), "--db", str(kept), "export", "oai", str(tmp_path / "oai")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said and str(path) in said


def lines_of(collection):
    return [
        (item["text"], item["url"], item["first_seen_at"], item["last_seen_at"])
        for item in evidence(collection.db.conn, "hatinh_honglinh")
    ]


def test_evidence_is_one_row_a_line_with_its_newest_wording(db):
    with Collection(db) as collection:
        for year, at in ((2024, "2024-05-01T00:00:00+00:00"), (2026, "2026-05-01T00:00:00+00:00")):
            said = [f"© {year} UBND phường Đậu Liêu"]
            keep(collection, "hatinh_honglinh", said, url=f"http://a.vn/{year}", capture_id=None, at=at)
        old = ["© 2019 UBND phường Đậu Liêu"]  # out of an archive, read later
        keep(
            collection, "hatinh_honglinh", old, url="http://a.vn/2019", capture_id=None, at="2019-05-01T00:00:00+00:00"
        )
        assert lines_of(collection) == [
            (
                "© 2026 UBND phường Đậu Liêu",
                "http://a.vn/2026",
                "2019-05-01T00:00:00+00:00",
                "2026-05-01T00:00:00+00:00",
            )
        ]
        many = [f"© UBND phường Đậu Liêu {chr(97 + n)}" for n in range(MOST + 5)]
        keep(collection, "hatinh_honglinh", many, url="http://a.vn/", capture_id=None, at="2026-06-01T00:00:00+00:00")
        assert len(lines_of(collection)) == MOST


def test_an_import_brings_evidence_statements_and_first_hosts(bags, kept, tmp_path):
    db = tmp_path / "new.db"
    take(db, bags / "stated")
    take(db, bags / "stated")  # a second time nothing is new
    take(db, bags / "bare")  # who states nothing takes nothing back
    with sqlite3.connect(kept) as ours, sqlite3.connect(db) as new:
        both = [
            connection.execute(
                "SELECT e.site, e.text, e.url, k.record_id, e.first_seen_at, e.last_seen_at FROM rights_evidence e "
                "LEFT JOIN captures k ON k.id = e.capture_id ORDER BY e.site, e.text"
            ).fetchall()
            for connection in (ours, new)
        ]
        assert both[0] == both[1] and len(both[0]) == 5 and all(row[3] for row in both[0])
        sites = new.execute("SELECT slug, host, first_host, rights FROM sites").fetchall()
    assert all(host == first and rights for _, host, first, rights in sites)


def test_a_site_keeps_its_first_host(db):
    with Collection(db) as collection:
        (row,) = collection.rows("SELECT * FROM sites WHERE slug = 'hanoi_trucbach'")
        collection.put_site(row | {"host": "badinh.hanoi.gov.vn", "first_host": "sai.vn"})
        (now,) = collection.rows("SELECT host, first_host FROM sites WHERE slug = 'hanoi_trucbach'")
    assert now == {"host": "badinh.hanoi.gov.vn", "first_host": "trucbach.badinh.hanoi.gov.vn"}
