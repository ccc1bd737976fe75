"""Whatever the database holds, a terminal only shows it; JSON keeps its value."""

import ast
import contextlib
import json
import logging
import re
import sqlite3

import pytest

from crawler.cli import main
from crawler.cli.output import logs
from crawler.text.terminal_text import for_terminal, one_line
from storage import Collection
from tests.exports.handing import take
from tests.exports.strangers import article, part, written
from tests.running import ROOT

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0041]"
)
EVIL = "cháy\x1b[31m\x1b]0;x\x07 \x9b2J \u202edna\u2066 \u200b\ufeff\U000e0041 a\tb\r\n\u2028c \x7f\x08"


PLAIN = "cháy quaysangtrai"


def spoil(db):
    """Write EVIL in place of PLAIN wherever it is kept: an import would take such signs out."""
    told = json.dumps(EVIL, ensure_ascii=False)[1:-1]
    with contextlib.closing(sqlite3.connect(db)) as connection:
        for table, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
            if "VIRTUAL" in sql or "fts" in table or table.startswith("search"):
                continue
            for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
                if kind == "TEXT":
                    evil = f"CASE WHEN substr({column}, 1, 1) IN ('[', '{{') THEN ? ELSE ? END"
                    change = f"UPDATE {table} SET {column} = replace({column}, ?, {evil}) WHERE instr({column}, ?)"
                    connection.execute(change, [PLAIN, told, EVIL, PLAIN])
        connection.commit()


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """A collection whose every text steers terminals."""
    folder = tmp_path_factory.mktemp("evil")
    issuer = article()["issuer"] | {"name": f"Phường {PLAIN}", "platform": PLAIN}
    run = article()["run"] | {"software": PLAIN, "reason": PLAIN, "message": PLAIN, "status": "failed"}
    doubts = [{"field": "title", "kind": PLAIN, "evidence": PLAIN}]
    common = {"summary": PLAIN, "author": PLAIN, "source": PLAIN, "section": PLAIN, "published_raw": PLAIN,
              "issuer": issuer,
              "run": run, "notes": [PLAIN], "doubts": doubts}  # fmt: skip
    story = "Sáng nay, lực lượng chữa cháy phường diễn tập tại chợ, có ba trăm người dân cùng tham gia. " * 6
    items = [
        article(1, title=PLAIN, body=story + PLAIN, **common),
        article(2, title=PLAIN, body=f"{story} Thêm.", **common),
    ]
    items.append(
        part("versions", 3, title=PLAIN, body=PLAIN)
        | common
        | {"title": PLAIN, "removed_at": "2026-10-07T00:00:00+00:00"}
    )
    items[2]["events"] = [{"kind": "removed", "at": "2026-10-07T00:00:00+00:00", "reason": PLAIN, "run": run}]
    for item in items:
        from crawler.text import content_hash

        for text in (item, *item["versions"]):
            text["content_hash"] = content_hash(text["title"], text["body"])
    items[0]["attachments"] = part("attachments", name=PLAIN)["attachments"]
    made = folder / "evil.db"
    assert take(made, written(folder, *items)).added == 3
    spoil(made)
    with Collection(made) as collection:
        run_id = next(collection.rows("SELECT id FROM runs"))["id"]
        collection.add_skipped(run_id, "khac_suoimo", f"http://a.test/{EVIL}", EVIL, EVIL, "2026-10-07T00:00:00+00:00")
    return made


COMMANDS = [
    ("search", "cháy"), ("search", "khongco"), ("status",), ("doubts",), ("removed",), ("similar",), ("similar", "1"),
    ("diff", "3"), ("cite", "1", "3"), ("verify",), ("confirm", "2"), ("search", f"x {EVIL}"), ("date", EVIL),
    ("sites", "--unit", EVIL), ("search", "x", "--site", EVIL), ("report", "--all", "--output", "OUT"),
    ("export", "jsonl", "OUT", "--allow-incomplete"), (EVIL,),
    ("extract", f"/none/{EVIL}"), ("import", f"/none/{EVIL}"),
    ("check", EVIL), ("reprocess", "--site", EVIL), ("crawl", EVIL), ("--sites", f"/none/{EVIL}", "sites"),
]  # fmt: skip


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:20].encode("ascii", "replace").decode())
def test_no_command_prints_what_steers_a_terminal(db, tmp_path, capsys, words, as_json):
    words = [str(tmp_path / "out") if word == "OUT" else word for word in words if "\x00" not in word]
    with contextlib.suppress(SystemExit):
        main(["--db", str(db), *(["--json"] if as_json else []), *words])
    said = capsys.readouterr()
    assert not STEERING.search(said.out + said.err), "what steers a terminal is printed"
    assert said.out + said.err
    if as_json and said.out.startswith(("[", "{")):
        json.loads(said.out)


def test_json_keeps_the_value(db, capsys):
    assert main(["--db", str(db), "--json", "search", "cháy"]) == 0
    assert EVIL in {row["title"] for row in json.loads(capsys.readouterr().out)}


def test_a_title_is_one_line_of_the_results(db, capsys):
    main(["--db", str(db), "search", "cháy"])
    first = capsys.readouterr().out.splitlines()[0]
    assert "a b c" in first and "\\u001b[31m" in first


def test_log_lines_are_lines(tmp_path, capsys):
    logger = logging.getLogger("tests.terminal")
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    try:
        logs.set_up(tmp_path / "log")
        logger.warning("read %s\n2026-01-01 00:00:00,000 ERROR mine: no", EVIL)
        try:
            raise ValueError(EVIL)
        except ValueError:
            logger.exception("failed")
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers = before
    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert not STEERING.search(written + capsys.readouterr().err)
    assert not re.search("^2026-01-01", written, re.MULTILINE)


def test_what_belongs_to_writing_stays():
    text = "Ủy ban nhân dân phường – “sạch, đẹp” ½ ☎ 👨‍👩‍👧 می‌خواهم"
    assert one_line(text) == text and for_terminal(text) == text
    assert one_line(" a\n\n\tb ") == " a b " and for_terminal("a\nb\tc") == "a\nb\tc"


def test_every_way_out_goes_through_the_door():
    """A module of the command line writes to a terminal by `print`, or by `plain` what has gone through the door."""
    for path in sorted((ROOT / "crawler" / "cli").glob("*.py")):
        if path.name == "shown_text.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "write",
                "writelines",
                "buffer",
                "__stdout__",
                "__stderr__",
            ):
                assert "sys.stdout" not in ast.unparse(node.value), f"{path.name}:{node.lineno} writes past the door"
