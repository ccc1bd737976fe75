"""The finding aid: valid EAD3, with every article counted once, from the fonds down to the year."""

import pytest
from lxml import etree

from storage import Collection
from storage.exports import ead3
from tests.exports.handing import hand_on
from tests.exports.oddities import PLAIN_TITLE, make_odd
from tests.validators import schema

NS = {"e": "http://ead3.archivists.org/schema/"}
LEVELS = ["series", "subseries", "file", "item"]


def finding_aid(db, folder, **options):
    hand_on(db, "ead3", folder / "ead3.xml", **options)
    return etree.parse(folder / "ead3.xml").getroot()


@pytest.fixture(scope="module")
def document(kept, tmp_path_factory):
    return finding_aid(kept, tmp_path_factory.mktemp("ead"))


@pytest.fixture
def odd_document(db, tmp_path):
    return finding_aid(make_odd(db), tmp_path, allow_incomplete=True, options={"organization": "Kho <lưu trữ> \x02"})


def valid(root):
    rules = etree.XMLSchema(file=str(schema("ead3.xsd")))
    rules.assertValid(root.getroottree())


def articles(component):
    """How many articles a component says that it has."""
    found = component.find("e:did/e:physdescstructured[e:unittype='bài đăng / articles']/e:quantity", NS)
    return int(found.text)


def test_the_schema_finds_nothing_wrong(document):
    valid(document)


def test_the_schema_finds_nothing_wrong_with_odd_data(odd_document):
    valid(odd_document)


def test_a_collection_with_one_article_or_none_is_described(db, tmp_path):
    one = finding_aid(db, tmp_path, sites=("hanoi_trucbach",), query="nguoi", force=True)
    valid(one)
    none = finding_aid(make_odd(db), tmp_path, sites=("khac_trong",), allow_incomplete=True, force=True)
    valid(none)
    (series,) = none.iter(f"{{{NS['e']}}}c")
    assert series.get("level") == "series" and articles(series) == 0 and series.find("e:did/e:unitdate", NS) is None


@pytest.mark.parametrize("which", ["document", "odd_document"])
def test_each_level_holds_what_the_levels_below_it_hold(which, request):
    root = request.getfixturevalue(which)
    fonds = root.find("e:archdesc", NS)
    assert fonds.get("level") == "fonds" and articles(fonds) == 100

    def walk(component, depth):
        parts = component.findall("e:c", NS)
        if depth == len(LEVELS) - 1:
            assert len(parts) == articles(component)
        elif depth:
            assert sum(map(articles, parts)) == articles(component)
        for part in parts:
            assert part.get("level") == LEVELS[depth]
            if LEVELS[depth] != "item":
                walk(part, depth + 1)

    walk(fonds.find("e:dsc", NS), 0)
    codes = [item.text for item in root.iterfind(".//e:dsc//e:unitid", NS)]
    assert len(set(codes)) == len(codes), "two units have one reference code"


def test_every_article_is_named_by_its_captured_address(kept, document):
    with Collection(kept) as collection:
        rows = list(
            collection.rows(
                "SELECT coalesce(k.url, a.url) AS url FROM articles a LEFT JOIN captures k ON k.id = a.capture_id"
            )
        )
    items = document.findall(".//e:c[@level='item']/e:did/e:dao", NS)
    assert sorted(item.get("href") for item in items) == sorted(row["url"] for row in rows)


def test_many_articles_are_counted_and_not_listed(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(ead3, "ARTICLES_ONE_BY_ONE", 99)
    root = finding_aid(kept, tmp_path)
    assert not root.findall(".//e:c[@level='item']", NS)
    assert sum(map(articles, root.findall(".//e:c[@level='file']", NS))) == 100
    valid(root)


def test_parts_stand_in_their_order_with_what_the_schema_requires(document):
    """Held also where the schema is not installed."""
    tags = [child.tag.rpartition("}")[2] for child in document.find("e:control", NS)]
    assert tags == [
        "recordid", "filedesc", "maintenancestatus", "maintenanceagency", "languagedeclaration",
        "conventiondeclaration", "maintenancehistory",
    ]  # fmt: skip
    assert document.find("e:control/e:maintenancestatus", NS).get("value") == "derived"
    for component in document.iter(f"{{{NS['e']}}}c"):
        assert component[0].tag.endswith("}did") and component.find("e:did/e:unitid", NS) is not None
    assert all(item.get("coverage") for item in document.iter(f"{{{NS['e']}}}physdescstructured"))
    elements = {item.get("encodinganalog") for item in document.iter() if item.get("encodinganalog")}
    mandatory = {"3.1.1", "3.1.2", "3.1.3", "3.1.5", "3.2.1"}  # of ISAD(G), the level being an attribute
    assert mandatory <= elements


def test_a_ward_is_named_as_it_was_and_is(document):
    told = ["".join(item.itertext()) for item in document.iterfind(".//e:c[@level='series']/e:bioghist/e:p", NS)]
    assert any("Trước ngày 01/7/2025" in text and "mã 00004" in text and "Trúc Bạch" in text for text in told)
    assert any("Từ ngày 01/7/2025" in text and "Ba Đình" in text for text in told)


def test_odd_data_is_described(odd_document):
    titles = {"".join(item.itertext()) for item in odd_document.iter(f"{{{NS['e']}}}unittitle")}
    assert {PLAIN_TITLE, "Không ghi chuyên mục / No section given", "Không rõ năm đăng / Undated", "🏮"} <= titles
    assert 'Xã "Trống" & <vắng>' in titles
    assert any("Kho <lưu trữ>" in (item.text or "") for item in odd_document.iter(f"{{{NS['e']}}}part"))
    used = ["".join(item.itertext()) for item in odd_document.iterfind(".//e:userestrict/e:p", NS)]
    assert any("Ghi rõ nguồn" in text for text in used) and any("creativecommons" in text for text in used)
    read = ["".join(item.itertext()) for item in odd_document.iterfind(".//e:acqinfo/e:p", NS)]
    assert any("trang cũ 'é'.warc.gz" in text for text in read)
