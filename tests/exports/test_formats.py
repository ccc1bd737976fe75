"""Each format is read back by its own tool, not ours."""

import csv
import json
import re
import sqlite3
import subprocess
import sys
import threading
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from storage import Collection
from storage.exports import oai_server
from storage.exports.csv import cell
from tests.exports.handing import GUARDED, hand_on
from tests.exports.harvesting import harvested
from tests.running import PATIENCE

BIN = Path(sys.executable).parent


def tool(name, *arguments):
    """Run a tool of the environment; returns (exit code, all it said)."""
    done = subprocess.run([BIN / name, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def rows(kept):
    with Collection(kept) as collection:
        return list(collection.rows("SELECT * FROM articles ORDER BY site, id"))


@pytest.fixture(scope="module")
def bag(kept, tmp_path_factory):
    path = tmp_path_factory.mktemp("bag") / "bàn giao"
    hand_on(kept, "bagit", path)
    return path


def test_jsonl_holds_every_article_whole(kept, rows, tmp_path):
    done = hand_on(kept, "jsonl", tmp_path / "a.jsonl")
    articles = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert done.articles == len(articles) == len(rows)
    for article, row in zip(articles, rows, strict=True):
        assert (article["title"], article["body"]) == (row["title"], row["body"])
        assert article["urls"] and article["issuer"]["name"] and article["run"]["started_at"]
    edited = next(article for article in articles if article["id"] == 3)
    assert edited["versions"][0]["capture"]["payload_digest"]
    assert next(article for article in articles if article["id"] == 5)["events"][0]["reason"] == "http_410"


def test_csv_is_read_back_with_every_mark(kept, rows, tmp_path):
    from pyarrow import csv as arrow

    path = tmp_path / "a.csv"
    hand_on(kept, "csv", path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n")
    options = arrow.ParseOptions(newlines_in_values=True)
    texts = arrow.ConvertOptions(column_types={"title": "string", "body": "string", "unit_old": "string"})
    table = arrow.read_csv(path, parse_options=options, convert_options=texts).to_pylist()
    by_id = {row["id"]: row for row in table}
    assert len(table) == len(rows)
    for row in rows:
        if row["id"] != 7:
            assert by_id[row["id"]]["title"] == row["title"]
        assert by_id[row["id"]]["body"].lstrip("'") == row["body"]
    assert unicodedata.is_normalized("NFC", by_id[3]["body"]) and "ằẳẵặ ềểễệ ỗộợ ừửữự ỵỷỹ đ" in by_id[3]["body"]


def test_no_cell_of_the_csv_is_a_formula(kept, tmp_path):
    path = tmp_path / "a.csv"
    hand_on(kept, "csv", path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.reader(stream))
    assert not [cell for row in table for cell in row if re.match(r"\s*[=+\-@\t\r]", cell)]
    titles = {row[table[0].index("title")] for row in table}
    assert '\'=HYPERLINK("http://x")' in titles
    units = {row[table[0].index("unit_old")] for row in table[1:]}
    assert "mã 00004" in units  # a bare 00004 would be shown as 4
    names = {row[table[0].index("unit_new_name")] for row in table[1:]}
    assert {"phường Ba Đình, thành phố Hà Nội", "phường Gia Sàng, tỉnh Thái Nguyên", ""} <= names


def test_a_cell_is_guarded_only_where_a_spreadsheet_would_run_it():
    assert {text: cell(text) for text in GUARDED} == GUARDED


@pytest.fixture
def long_cells():
    """Let the csv module read long cells, for one test."""
    before = csv.field_size_limit(1 << 20)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("long_cells")
def test_a_cell_longer_than_excel_takes_is_cut_and_says_so(db, tmp_path):
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE articles SET body = ? WHERE id = 1", ["ờ" * 40_000])
    done = hand_on(db, "csv", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(row for row in csv.DictReader(stream) if row["id"] == "1")
    assert len(row["body"]) == 32_767 and row["body"].endswith("[…]") and row["cut"] == "body"
    assert any("Excel" in remark for remark in done.remarks)


def test_parquet_is_typed(kept, rows, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    hand_on(kept, "parquet", tmp_path / "a.parquet")
    file = parquet.ParquetFile(tmp_path / "a.parquet")
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    table = file.read()
    assert table.schema.field("published_on").type == pa.date32()
    assert table.schema.field("first_seen_at").type == pa.timestamp("us", tz="UTC")
    assert [row["title"] for row in table.to_pylist()] == [row["title"] for row in rows]


def test_sqlite_is_a_collection_that_can_be_searched(kept, rows, tmp_path):
    path = tmp_path / "a.sqlite"
    hand_on(kept, "sqlite", path, sites=("hanoi_trucbach",))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        ids = {row[0] for row in connection.execute("SELECT id FROM articles")}
        found = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'text_folded : phuong'"
        places = {row[0] for row in connection.execute("SELECT place FROM search_keys")}
        assert {row[0] for row in connection.execute(found)} <= places and len(places) == len(ids)
    assert ids == {row["id"] for row in rows if row["site"] == "hanoi_trucbach"}
    assert [item.name for item in tmp_path.iterdir()] == ["a.sqlite"]  # one file: no journal beside it
    with Collection(path) as collection:
        assert collection.search("phuong", limit=3)


def test_warcio_finds_the_warc_sound_and_every_revisit_resolved(kept, tmp_path):
    from warcio.archiveiterator import ArchiveIterator

    path = tmp_path / "a.warc.gz"
    hand_on(kept, "warc", path, sites=("hanoi_trucbach",))
    assert tool("warcio", "check", path) == (0, "")
    ids, referred, urls = set(), set(), set()
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            ids.add(record.rec_headers.get_header("WARC-Record-ID"))
            urls.add(record.rec_headers.get_header("WARC-Target-URI"))
            if record.rec_type == "revisit":
                referred.add(record.rec_headers.get_header("WARC-Refers-To"))
    assert referred <= ids
    with Collection(kept) as collection:
        wanted = "SELECT k.url FROM articles a JOIN captures k ON k.id = a.capture_id WHERE a.site = 'hanoi_trucbach'"
        assert {row["url"] for row in collection.rows(wanted)} <= urls


def test_wacz_is_valid_and_lists_every_article(kept, tmp_path):
    import zipfile

    path = tmp_path / "a.wacz"
    hand_on(kept, "wacz", path)
    code, said = tool("wacz", "validate", "-f", path)
    assert code == 0, said
    with zipfile.ZipFile(path) as package:
        head, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
        index = package.read("indexes/index.cdx.gz")
    assert head["hasText"] and all(page["text"] or page["title"] for page in pages)
    with Collection(kept) as collection:
        with_page = next(collection.rows("SELECT count(*) AS n FROM articles WHERE capture_id IS NOT NULL"))["n"]
    assert len(pages) == with_page and index


def test_bagit_finds_the_bag_whole_and_a_changed_one_not(bag):
    code, said = tool("bagit.py", "--validate", bag)
    assert code == 0, said
    damaged = bag / "data" / "articles.csv"
    content = damaged.read_bytes()
    damaged.write_bytes(content.replace(b"a", b"b", 1))
    try:
        assert tool("bagit.py", "--validate", bag)[0] != 0
    finally:
        damaged.write_bytes(content)


def test_frictionless_finds_the_data_package_valid(bag):
    from frictionless import Package, validate

    report = validate(str(bag / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    package = Package(str(bag / "data" / "datapackage.json"))
    table = package.get_resource("articles-csv").read_rows()
    assert any("ằẳẵặ" in (row["body"] or "") for row in table)


def test_the_readme_of_the_bag_says_what_it_is_in_both_languages(bag):
    text = (bag / "data" / "README.md").read_text(encoding="utf-8")
    for part in ("## Nguồn", "## Where from", "## Còn thiếu gì", "## What is missing", "antibot", "2027-02-03"):
        assert part in text
    info = (bag / "bag-info.txt").read_text(encoding="utf-8")
    assert re.search(r"^Run-Log-Digest: sha256:[0-9a-f]{64}$", info, re.MULTILINE)


def test_dublin_core_of_the_bag_is_well_formed(bag, rows):
    records = ET.parse(bag / "data" / "dublin-core.xml").getroot()
    titles = [record.findtext("{http://purl.org/dc/elements/1.1/}title") for record in records]
    assert titles == [row["title"] for row in rows]


def test_a_harvester_reads_the_repository(kept, rows, tmp_path, monkeypatch):
    from sickle import Sickle
    from sickle.oaiexceptions import BadArgument, IdDoesNotExist, NoRecordsMatch

    monkeypatch.setattr("storage.exports.oai.PAGE", 7)
    folder = tmp_path / "oai"
    hand_on(kept, "oai", folder, options={"base_url": "http://archive.example/oai"})
    server = oai_server.server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        client = Sickle(f"http://127.0.0.1:{server.server_port}/oai")
        about = client.Identify()
        assert (about.baseURL, about.deletedRecord) == ("http://archive.example/oai", "transient")
        assert [item.metadataPrefix for item in client.ListMetadataFormats()] == ["oai_dc", "mods"]
        assert {item.setSpec for item in client.ListSets()} == {row["site"] for row in rows}
        records = list(client.ListRecords(metadataPrefix="oai_dc"))
        assert len({record.header.identifier for record in records}) == len(records) == len(rows)
        deleted = [record for record in records if record.deleted]
        assert [record.header.datestamp for record in deleted] == ["2027-02-03T04:05:06Z"]
        titles = {record.metadata["title"][0] for record in records if not record.deleted}
        assert titles == {row["title"] for row in rows if not row["removed_at"]}
        mine = list(client.ListIdentifiers(metadataPrefix="oai_dc", set="hanoi_trucbach"))
        assert len(mine) == sum(row["site"] == "hanoi_trucbach" for row in rows)
        one = client.GetRecord(identifier=mine[0].identifier, metadataPrefix="oai_dc")
        assert one.header.identifier == mine[0].identifier
        for fault, ask in (
            (NoRecordsMatch, lambda: client.ListRecords(metadataPrefix="oai_dc", set="nowhere")),
            (IdDoesNotExist, lambda: client.GetRecord(identifier="oai:x:../../etc", metadataPrefix="oai_dc")),
            (BadArgument, lambda: client.ListRecords()),
        ):
            with pytest.raises(fault):
                ask()
    finally:
        server.shutdown()


@pytest.fixture(scope="module")
def repository(kept, tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository") / "oai"
    hand_on(kept, "oai", folder)
    return folder


def test_a_harvester_asks_for_what_is_new_and_gets_that(repository, rows, monkeypatch):
    from sickle.oaiexceptions import BadResumptionToken, NoRecordsMatch

    monkeypatch.setattr(oai_server, "PAGE", 7)
    asked = {"metadataPrefix": "oai_dc"}
    with harvested(repository) as client:
        about = client.Identify()
        assert about.granularity == "YYYY-MM-DDThh:mm:ssZ"
        every = {header.identifier: header for header in client.ListIdentifiers(**asked)}
        assert about.earliestDatestamp == min(header.datestamp for header in every.values())
        new = [record.header for record in client.ListRecords(**asked, **{"from": "2027-01-01"})]
        new.sort(key=lambda header: header.datestamp)
        assert [(header.datestamp[:7], header.deleted) for header in new] == [("2027-01", False), ("2027-02", True)]
        until = list(client.ListIdentifiers(**asked, until="2027-02-03T04:05:05Z"))
        assert len(until) == len(rows) - 1 and len({header.identifier for header in until}) == len(until)
        assert not {header.identifier for header in until} & {new[1].identifier}
        mine = list(client.ListIdentifiers(**asked, until="2027-01-01", set="hanoi_trucbach"))
        assert {header.identifier for header in mine} == {
            name for name, header in every.items() if header.setSpecs == ["hanoi_trucbach"]
            and header.datestamp < "2027-01-02"
        }  # fmt: skip
        still = ({row["site"] for row in rows} - {name for header in new for name in header.setSpecs}).pop()
        for wanted in ({"from": "2100-01-01"}, {"until": "2001-01-01"}, {"from": "2027-01-01", "set": still}):
            with pytest.raises(NoRecordsMatch):
                client.ListRecords(**asked, **wanted)
        first = client.ListIdentifiers(**asked, until="2099-01-01")
        got = [next(first) for _ in range(7)]
        token = first.resumption_token.token
    with harvested(repository) as client:  # the server has been started anew
        rest = list(client.ListIdentifiers(resumptionToken=token))
        assert {header.identifier for header in [*got, *rest]} == every.keys()
        for wrong in (token.replace("~7~", "~70000~"), token[:-1], token.replace("ListI", "ListR"), "../../etc"):
            with pytest.raises(BadResumptionToken):
                client.ListIdentifiers(resumptionToken=wrong)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nonsense", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=junk", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-01&until=2027-01-01T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2027-02-01&until=2027-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:../../serve", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:x:none", "idDoesNotExist"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(repository, query, code):
    root = ET.fromstring(oai_server.answer(repository, query))
    assert root.find("{http://www.openarchives.org/OAI/2.0/}error").get("code") == code


def test_the_repository_is_served_by_the_program_in_its_folder(repository):
    done = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; sys.argv = ['serve.py']; sys.path.insert(0, '.'); import serve; "
         "print(serve.answer(serve.Path('.'), 'verb=ListIdentifiers&metadataPrefix=oai_dc&from=2027-01-01').decode())"],
        cwd=repository, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.count("<header") == 2 and not done.stderr


def test_the_offline_site_needs_no_network_and_leads_to_every_article(kept, rows, tmp_path):
    from lxml import html

    folder = tmp_path / "site"
    hand_on(kept, "html", folder)
    pages = {path: html.fromstring(path.read_bytes()) for path in folder.rglob("*.html")}
    assert sum("articles" in path.parts for path in pages) == len(rows)
    for path, page in pages.items():
        for target in page.xpath("//@src | //a[not(contains(@rel, 'external'))]/@href | //link/@href"):
            assert "://" not in target and (path.parent / target).resolve().is_file(), (path, target)
        assert not page.xpath("//iframe | //object | //embed | //form[@action]")
    linked = {(path.parent / target).resolve() for path, page in pages.items() for target in page.xpath("//li/a/@href")}
    assert {path.resolve() for path in pages if "articles" in path.parts} <= linked
    assert "Theo tình trạng lúc 03/02/2027, 11:05 +07:00, xuất bằng" in (folder / "index.html").read_text(
        encoding="utf-8"
    )
    entries = [json.loads(path.read_text()[6:-3]) for path in (folder / "search").iterdir()]
    assert sum(map(len, entries)) == len(rows)


def test_hostile_titles_stay_text(db, tmp_path):
    from lxml import html

    hostile = "../../../x</title><script>alert(1)</script>\x00\x0b"
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE articles SET title = ?, body = ? WHERE id = 1", [hostile, hostile])
        connection.execute("UPDATE attachments SET name = ?", [hostile])
    for name in ("html", "oai", "bagit"):
        hand_on(db, name, tmp_path / name)
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith("tin.")} == {
        "html", "oai", "bagit",
    }  # fmt: skip
    for path in (tmp_path / "html").rglob("*.html"):
        scripts = [script for script in html.fromstring(path.read_bytes()).xpath("//script") if script.text]
        assert {script.get("type") for script in scripts} <= {"application/ld+json"}, "data, which no browser runs"
        assert all(json.loads(script.text)["@graph"] for script in scripts)
    for path in (*(tmp_path / "oai").rglob("*.xml"), tmp_path / "bagit" / "data" / "dublin-core.xml"):
        ET.parse(path)
    assert tool("bagit.py", "--validate", tmp_path / "bagit")[0] == 0
