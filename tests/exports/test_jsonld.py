"""The linked data is read by pyld and rdflib without a network, and says of every article what we know."""

import csv
import json
import subprocess
from pathlib import Path

import pytest

from crawler.units import table
from storage import Collection
from storage.exports import jsonld
from storage.exports.units_today import then_and_today
from tests import validators
from tests.exports.handing import hand_on, take
from tests.exports.test_cite_formats import HOSTILE

_SCRIPT = Path(__file__).with_name("reading_jsonld.py")
S, DCT = "https://schema.org/", "http://purl.org/dc/terms/"


def read(path):
    """What pyld and rdflib of the validators made of a document or a page."""
    done = subprocess.run(
        [validators.python(), "-X", "utf8", _SCRIPT, path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def written(kept, tmp_path_factory):
    path = tmp_path_factory.mktemp("jsonld") / "a.jsonld"
    hand_on(kept, "jsonld", path, allow_incomplete=True, options={"naan": "12345"})
    return path


@pytest.fixture(scope="module")
def found(written):
    return read(written)


def value(node, name):
    return [item.get("@value", item.get("@id")) for item in node.get(name, [])]


def of_type(found, name):
    return {node["@id"]: node for node in found["expanded"] if f"{S}{name}" in node.get("@type", [])}


def test_two_tools_read_the_same_triples(found):
    assert found["triples"] == found["by_pyld"] == found["turtle"] > 1000


def test_each_line_of_the_graph_is_a_node(written):
    head, *lines, tail = written.read_text(encoding="utf-8").splitlines()
    assert json.loads(f"{head}]}}")["@context"] == jsonld.CONTEXT and tail == "]}"
    assert all(json.loads(line.removesuffix(","))["@id"] for line in lines)


def test_every_article_says_what_we_know(found, kept):
    articles = of_type(found, "NewsArticle")
    by_digest = {}
    for node in articles.values():
        for item in node[f"{S}identifier"]:
            by_digest.setdefault(value(item, f"{S}value")[0], node)
    columns = "a.*, k.url AS captured, k.payload_digest, k.record_id"
    sql = f"SELECT {columns} FROM articles a JOIN captures k ON k.id = a.capture_id"
    with Collection(kept, must_exist=True) as collection:
        rows = list(collection.rows(sql))
        total = next(collection.rows("SELECT count(*) AS n FROM articles"))["n"]
    assert len(articles) == total and len(rows) > 90
    for row in rows:
        node = by_digest[row["content_hash"]]
        assert value(node, f"{S}headline") == [row["title"]]
        assert value(node, f"{S}articleBody") == ([row["body"]] if row["body"] else [])
        assert value(node, f"{DCT}issued") == ([row["published_at"]] if row["published_at"] else [])
        assert value(node, f"{S}url") == [row["captured"]]
        assert value(node, f"{S}sameAs") == ([row["url"]] if row["url"] != row["captured"] else [])
        (kept_at,) = node[f"{S}archivedAt"]
        assert kept_at["@id"] == row["record_id"].strip("<>")
        assert value(kept_at[f"{S}identifier"][0], f"{S}value") == [row["payload_digest"]]
        assert ("taken down" in str(node.get(f"{S}creativeWorkStatus"))) == bool(row["removed_at"])
    assert all(name.startswith("https://n2t.net/ark:/12345/") for name in articles)


def test_every_issuer_and_unit_that_is_named_is_there(found):
    issuers, units = of_type(found, "GovernmentOrganization"), of_type(found, "AdministrativeArea")
    for node in of_type(found, "NewsArticle").values():
        assert set(value(node, f"{S}publisher")) <= issuers.keys()
        assert set(value(node, f"{S}about")) <= units.keys()
    assert any(f"{S}areaServed" in node for node in issuers.values())
    for node in issuers.values():
        assert set(value(node, f"{S}areaServed")) <= units.keys()


def test_an_old_ward_leads_to_the_one_of_today_and_back(found):
    units = of_type(found, "AdministrativeArea")
    old, new = units["urn:x-tinphuong:unit:old:05440"], units["urn:x-tinphuong:unit:new:05443"]
    assert value(old, f"{S}name") == ["phường Hoàng Văn Thụ, thành phố Thái Nguyên, tỉnh Thái Nguyên"]
    assert value(old, f"{DCT}isReplacedBy") == ["urn:x-tinphuong:unit:new:05443"]
    assert value(old, f"{DCT}valid") == ["../2025-06-30"] and value(new, f"{DCT}valid") == ["2025-07-01/.."]
    assert "urn:x-tinphuong:unit:old:05440" in value(new, f"{DCT}replaces")
    assert len(value(new, f"{DCT}replaces")) == len(table().predecessors("05443"))


def test_hostile_texts_and_addresses_stay_data(kept, tmp_path):
    with Collection(kept, must_exist=True) as collection:
        collection.db.execute("CREATE TEMP TABLE chosen (position INTEGER PRIMARY KEY, id INTEGER)")
        collection.db.execute("INSERT INTO temp.chosen SELECT 1, min(id) FROM articles")
        from storage.exports.articles import articles

        (one,) = articles(collection)
    for title in HOSTILE:
        text = jsonld.in_html(jsonld.document({**one, "title": title, "author": title}))
        assert "<" not in text and ">" not in text and "\u202e" not in text
        node = json.loads(text)["@graph"][0]
        assert node["headline"] == title.replace("\u202e", "").replace("\u200b", "")
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example/"):
        file = {"url": address, "name": "x", "type": "pdf", "sha256": None}
        node = jsonld.article_node({**one, "attachments": [file]})
        assert "contentUrl" not in node["associatedMedia"][0]
    path = tmp_path / "a.jsonld"
    odd = {**one, "url": 'https://a.vn/x y<>"{}|\\^`é%20', "capture": None}
    path.write_text(json.dumps(jsonld.document(odd)), encoding="utf-8")
    assert read(path)["triples"] > 10


def test_an_interval_is_no_day_of_publication(kept):
    with Collection(kept, must_exist=True) as collection:
        collection.db.execute("CREATE TEMP TABLE chosen (position INTEGER PRIMARY KEY, id INTEGER)")
        collection.db.execute("INSERT INTO temp.chosen SELECT 1, min(id) FROM articles")
        from storage.exports.articles import articles

        (one,) = articles(collection)
    node = jsonld.article_node({**one, "published_at": "2021-05-01/2021-05-09"})
    assert node["dcterms:issued"] == "2021-05-01/2021-05-09" and "datePublished" not in node
    assert "datePublished" not in jsonld.article_node({**one, "published_at": None})


def test_the_same_database_gives_the_same_bytes(kept, written, tmp_path):
    again = tmp_path / "b.jsonld"
    hand_on(kept, "jsonld", again, allow_incomplete=True, options={"naan": "12345"})
    assert again.read_bytes() == written.read_bytes()


def test_exports_name_the_ward_then_and_today_and_an_import_takes_them(kept, tmp_path):
    hand_on(kept, "jsonl", tmp_path / "a.jsonl", allow_incomplete=True)
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    of_site = {row["site"]: (row["unit_then"], row["unit_today"]) for row in rows}
    assert of_site["hanoi_trucbach"] == (
        "phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội", "phường Ba Đình, thành phố Hà Nội",
    )  # fmt: skip
    assert of_site["hanoi_sotttt"] == (None, None)
    done = take(tmp_path / "b.db", tmp_path / "a.jsonl")
    assert not done.passed_over
    hand_on(kept, "csv", tmp_path / "a.csv", allow_incomplete=True)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = {row["site"]: (row["unit_then"] or None, row["unit_today"] or None) for row in csv.DictReader(stream)}
    assert found == of_site
    parquet = pytest.importorskip("pyarrow.parquet")
    hand_on(kept, "parquet", tmp_path / "a.parquet", allow_incomplete=True)
    table_of = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert {row["site"]: (row["unit_then"], row["unit_today"]) for row in table_of} == of_site


def test_a_ward_that_was_divided_is_all_its_parts_today():
    divided = next(code for code in table().old if len(table().successors(code)) > 1)
    issuer = {"unit_old": divided, "unit_new": None}
    _, today = then_and_today(issuer, "2020-01-01")
    assert today == "; ".join(unit.full_name for unit in table().successors(divided))
    own = table().successors(divided)[0]
    assert then_and_today({**issuer, "unit_new": own.code}, "2020") == (table().old[divided].full_name, own.full_name)
    assert then_and_today({**issuer, "unit_new": own.code}, "2026-01-01") == (own.full_name, own.full_name)


def test_pages_of_the_offline_site_are_read_by_extruct(kept, tmp_path):
    hand_on(kept, "html", tmp_path / "site", allow_incomplete=True)
    (page,) = (tmp_path / "site" / "articles").rglob("5.html")  # which its site took down
    found = read(page)
    assert found["triples"] == found["by_pyld"] > 10
    (node,) = (one for one in found["expanded"] if f"{S}NewsArticle" in one.get("@type", ()))
    elements = found["extruct"]["dublincore"][0]["elements"]
    titles = [item["content"] for item in elements if item["URI"] == "http://purl.org/dc/elements/1.1/title"]
    assert titles == value(node, f"{S}headline") and "taken down" in str(node)
    assert "Nay thuộc" in page.read_text(encoding="utf-8")
