"""Metrics for Prometheus: read back by its own parser, whole files only, and the examples use nothing else."""

import json
import os
import re
import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client import parser

from crawler import clock
from crawler.cli import main
from crawler.monitoring import examples
from crawler.run.health import State
from storage import Collection
from tests.monitoring.keeping import START, add_run, iso, put_site
from tests.running import ROOT
from tests.storage import doubted

NOW = START + timedelta(days=2)
LABELS = {"site", "state", "status", "reason", "field", "kind", "part", "version", "schema"}
ODD = 'a"b\\c\nd'  # what a label must escape


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """A collection with doubts, two sites that fail, one of them for an odd reason, and pages that were not stored."""
    path = doubted.keep(tmp_path_factory.mktemp("with blanks") / "tin ấp.db")
    with Collection(path) as collection:
        add_run(collection, "hoaan_dongha", START, status="failed", reason="timeout", skipped={"timeout": 3}, bytes=10)
        put_site(collection, "hoaan_lang")
        add_run(collection, "hoaan_lang", START, articles=["2026-09-30", "2027-12-31"], captures=700, bytes=900)
        end = START + timedelta(days=1)
        lost = {"http_404": 2, "timeout": 1}
        add_run(collection, "hoaan_lang", end, status="failed", reason=ODD, skipped=lost, bytes=5)
        add_run(collection, "hoaan_lang", end, mode="replay", bytes=10**9)
        met = {"site": "hoaan_lang", "key": "9", "url": "https://hoaan_lang.vn/9", "listed": "{}"}
        collection.insert("pending", met)
    return path


@pytest.fixture(autouse=True)
def at_a_moment(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def printed(db, capsys, *words):
    assert main(["--db", str(db), "status", "--prometheus", *words]) == 0
    return capsys.readouterr().out


def samples(text):
    """(name, labels) → value, as Prometheus' own parser reads the text."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found, name, **labels):
    return found[f"tinphuong_{name}", tuple(sorted(labels.items()))]


def test_the_figures_are_those_of_the_collection(db, capsys):
    found = samples(printed(db, capsys))
    assert value(found, "articles", site="hoaan_lang") == 2 and value(found, "articles", site="hanoi_trucbach") == 0
    assert value(found, "runs_total", site="hoaan_lang", status="failed") == 1
    assert value(found, "runs_total", site="hoaan_lang", status="ok") == 1
    assert value(found, "run_failures_total", reason="timeout") == 1
    assert value(found, "run_failures_total", reason=ODD) == 1
    assert value(found, "skipped_pages_total", reason="timeout") == 4
    assert value(found, "response_bytes_total", site="hoaan_lang") == 905
    assert value(found, "doubts", field="author", kind="alike_on_all") == 1
    assert value(found, "pending_articles", site="hoaan_lang") == 1
    assert value(found, "capture_bytes", kind="article") == 700
    assert value(found, "sites", state="failing") == 2 and value(found, "sites", state="never_crawled") >= 6
    assert value(found, "site_state", site="hoaan_lang", state="failing") == 1
    assert value(found, "due_sites") >= 6
    assert value(found, "stored_bytes", part="database") >= db.stat().st_size
    assert value(found, "disk_size_bytes", part="captures") > value(found, "disk_free_bytes", part="captures") > 0
    states = {labels["state"] for (name, pairs) in found if name == "tinphuong_sites" for labels in [dict(pairs)]}
    assert states == {str(state).replace(" ", "_") for state in State}


def test_ages_and_moments_agree_and_a_day_that_is_still_to_come_is_not_the_newest(db, capsys):
    found = samples(printed(db, capsys))
    newest = value(found, "newest_article_timestamp_seconds", site="hoaan_lang")
    assert NOW.timestamp() - newest == value(found, "newest_article_age_seconds", site="hoaan_lang")
    assert value(found, "newest_article_age_seconds", site="hoaan_lang") == 4 * 86400 + 3.5 * 3600
    assert value(found, "last_run_age_seconds", site="hoaan_lang") == 86400
    assert value(found, "last_success_age_seconds", site="hoaan_lang") == 2 * 86400
    assert value(found, "metrics_timestamp_seconds") == NOW.timestamp()


def test_the_text_keeps_the_rules_of_the_format(db, capsys):
    """What `promtool check metrics` complains about, and what the textfile collector refuses."""
    text = printed(db, capsys)
    families = list(parser.text_string_to_metric_families(text))
    assert text.endswith("\n") and len(families) == len({family.name for family in families})
    for family in families:
        assert family.documentation.endswith(".") and re.fullmatch(r"tinphuong_[a-z_]+", family.name)
        assert family.type in ("gauge", "counter") and not family.name.endswith(("_count", "_sum", "_bucket", "_info_"))
        for sample in family.samples:
            assert sample.timestamp is None
            assert sample.name.endswith("_total") == (family.type == "counter"), sample.name
            assert set(sample.labels) <= LABELS
    names = [f"{family.name}" for family in families]
    assert all(re.search(r"# HELP \S*" + name, text) and re.search(r"# TYPE \S*" + name, text) for name in names)


def test_an_empty_collection_has_metrics_too(tmp_path, capsys):
    Collection(tmp_path / "a.db").close()
    found = samples(printed(tmp_path / "a.db", capsys))
    assert value(found, "sites", state="failing") == 0 and value(found, "due_sites") >= 6
    assert sum(value for (name, _), value in found.items() if name == "tinphuong_articles") == 0


def test_a_file_is_whole_and_for_everybody(db, tmp_path, capsys):
    folder = tmp_path / "text files"
    folder.mkdir()
    path = folder / "tin.prom"
    old = os.umask(0o077)
    try:
        assert printed(db, capsys, str(path)) == ""
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    with path.open(encoding="utf-8") as reader:  # who reads the file before goes on reading it
        printed(db, capsys, str(path))
        before = samples(reader.read())
    assert samples(path.read_text(encoding="utf-8")).keys() == before.keys()
    assert [left.name for left in folder.iterdir()] == ["tin.prom"]


def test_what_cannot_be_written_leaves_the_file_before(db, tmp_path, capsys, monkeypatch):
    path = tmp_path / "tin.prom"
    path.write_text("before\n")

    def no_room(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    assert main(["--db", str(db), "status", "--prometheus", str(path)]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert path.read_text() == "before\n" and [left.name for left in tmp_path.iterdir()] == ["tin.prom"]


def test_what_a_killed_process_left_is_removed_in_time(db, tmp_path, capsys):
    left, fresh = tmp_path / ".tin.prom.abc.part", tmp_path / ".tin.prom.def.part"
    left.touch()
    fresh.touch()
    os.utime(left, (0, 0))
    printed(db, capsys, str(tmp_path / "tin.prom"))
    assert not left.exists() and fresh.exists()


def test_a_link_stays_a_link(db, tmp_path, capsys):
    (tmp_path / "there").mkdir()
    link = tmp_path / "tin.prom"
    link.symlink_to(tmp_path / "there" / "tin.prom")
    printed(db, capsys, str(link))
    assert link.is_symlink() and samples(link.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--prometheus", "hanoi_trucbach"], "hanoi_trucbach is a site"),
        (["hanoi_trucbach", "--prometheus"], "about the whole collection: leave out hanoi_trucbach"),
        (["--prometheus", "--json"], "leave out --json"),
        (["--prometheus", "missing/tin.prom"], "does not exist"),
        (["--prometheus", "."], "is not a file"),
        (["--prometheus", ""], "the path is empty"),
        (["--prometheus", "--forecast"], "not allowed with"),
    ],
)
def test_mistakes_are_said_in_a_sentence(db, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["--db", str(db), "status", *words])
    except SystemExit as ended:
        code = ended.code
    assert code == 2 and said in capsys.readouterr().err


def test_the_database_itself_is_not_written_over(db, capsys):
    assert main(["--db", str(db), "status", "--prometheus", str(db)]) == 2
    assert "belongs to the collection" in capsys.readouterr().err
    assert db.read_bytes().startswith(b"SQLite format 3")


def test_a_name_that_node_exporter_passes_over_is_told(db, tmp_path, capsys):
    printed_to = tmp_path / "tin.txt"
    assert main(["--db", str(db), "status", "--prometheus", str(printed_to)]) == 0
    assert "end in .prom" in capsys.readouterr().err and printed_to.exists()


def test_metrics_are_made_while_a_crawl_writes(db, tmp_path, capsys):
    copy = tmp_path / "a.db"
    with sqlite3.connect(db) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with Collection(copy) as collection:
        add_run(collection, "hoaan_lang", None, began=NOW, articles=["2026-10-02"])
        collection.upsert("sites", ("slug",), {"slug": "hoaan_lang", "name": "x", "host": "y", "platform": "z",
                                               "updated_at": iso(NOW)})  # fmt: skip
        assert collection.db.conn.in_transaction
        found = samples(printed(copy, capsys))
    assert value(found, "open_runs") == 1 and value(found, "articles", site="hoaan_lang") == 3


# The examples


@pytest.fixture(scope="module")
def known(db):
    """Name of a metric → the labels it has, from what the program prints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        text = run_for_text(db)
    labels = {}
    for name in re.findall(r"^# TYPE (\S+)", text, re.M):
        labels[name] = set()
    for name, pairs in samples(text):
        labels[name] |= {label for label, _ in pairs}
    return labels


def run_for_text(db):
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["--db", str(db), "status", "--prometheus"]) == 0
    return out.getvalue()


def expressions():
    board = json.loads(examples.read(examples.DASHBOARD))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield f"panel {panel['title']}", target["expr"], target["legendFormat"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield f"variable {variable['name']}", variable["definition"], ""
    for group in yaml.safe_load(examples.read(examples.RULES))["groups"]:
        for rule in group["rules"]:
            texts = "".join(str(text) for text in rule["annotations"].values())
            yield f"alert {rule['alert']}", rule["expr"], texts


@pytest.mark.parametrize(("place", "query", "shown"), [pytest.param(*one, id=one[0]) for one in expressions()])
def test_every_expression_names_what_the_program_prints(known, place, query, shown):
    names = re.findall(r"\b(tinphuong_\w+)", query)
    assert names and set(names) <= set(known)
    labels = set().union(*(known[name] for name in names)) | {"instance"}
    used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", query))
    used |= {word.strip() for group in re.findall(r"by \(([^)]*)\)", query) for word in group.split(",")}
    used |= set(re.findall(r"\{\{ ?(?:\$labels\.)?(\w+) ?\}\}", shown))
    assert used <= labels
    assert query.count("(") == query.count(")") and query.count("{") == query.count("}")


def test_the_page_names_every_metric_with_its_labels(known):
    page = (ROOT / "docs" / "operating" / "watch.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:3] for row in re.findall(r"^\| `tinphuong_.*", page, re.M)]
    told = {name: set(re.findall(r"`(\w+)`", labels)) for cell, labels in rows for name in re.findall(r"`(\w+)`", cell)}
    assert told == known


def test_every_counter_is_asked_for_its_growth_and_every_gauge_as_it_is():
    for place, query, _ in expressions():
        for name in re.findall(r"\btinphuong_\w+_total\b", query):
            assert re.search(rf"(?:increase|rate)\({name}", query), place
        for name in re.findall(r"(?:increase|rate)\((tinphuong_\w+)", query):
            assert name.endswith("_total"), place


def test_the_examples_are_written_where_one_asks_for_them(tmp_path, capsys):
    folder = tmp_path / "a new" / "folder"
    for _ in range(2):  # the same text again is no harm
        assert main(["status", "--dashboard", str(folder)]) == 0
        written = [Path(line).name for line in capsys.readouterr().out.splitlines()]
        assert written == [examples.DASHBOARD, examples.RULES]
    (folder / examples.RULES).write_text("mine")
    assert main(["status", "--dashboard", str(folder)]) == 2
    assert "exists already" in capsys.readouterr().err and (folder / examples.RULES).read_text() == "mine"
