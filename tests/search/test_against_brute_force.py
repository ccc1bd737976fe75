"""Searching and counting a small collection, compared with looking at every article."""

import random
import re
from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import even_tones, fold
from storage import Collection
from storage.records import Record
from storage.search import counts as counting
from storage.search import fulltext, ranking
from storage.search.fts_match import compiled, resolved
from storage.search.query import Both, Either, Filters, Not, Term, parse
from tests.examples import examples

SITES = ("a_b", "a_c", "x_y")
SECTIONS = (None, "Tin tức", "Thông báo")
DATES = (
    None, "2019", "2020-05", "2020-05-09", "2020-05-09T07:30:00+07:00", "2020-05-09T15:00:00+07:00", "2021-01-01",
    "2021-12-31", "2021-12-31/2022-01-02", "2022-02", "2022-02-03",
)  # fmt: skip
WORDS = ["phường", "Phương", "phuong", "nhân", "dân", "dan", "thư", "viện", "hoà", "hòa", "Đậu", "đầu", "15", "thi"]
ASKED = [*WORDS, "th*", "ph*", "phu*", '"nhan dan"', '"thư viện"', '"dan thu*"', "title:dân", "zz", "hoà*"]
ASKED += ['"dân thi"', '"thi dân"', '"15 dan"', '"dân th*"', '"thi đầ*"']  # phrases of which some words have no marks


def texts(chance, longest):
    return " ".join(chance.choices(WORDS, k=chance.randint(0, longest)))


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """150 articles of few words, so that most queries have hits in every tier."""
    chance = random.Random(8)
    with Collection(tmp_path_factory.mktemp("brute") / "a.db") as made:
        for site in SITES:
            made.put_site({"slug": site, "name": site, "host": f"{site}.vn", "platform": "p", "updated_at": "2024"})
        run = made.begin_run("a_b", mode="live", started_at="2024", software="t")
        for number in range(150):
            fields = {
                "title": texts(chance, 5), "summary": texts(chance, 4), "body": texts(chance, 14),
                "section": chance.choice(SECTIONS), "published_at": chance.choice(DATES),
            }  # fmt: skip
            files = [{"url": f"f{number}", "name": "n", "type": "pdf"}] if number % 4 == 0 else []
            made.save(record(chance.choice(SITES), number, fields, files), run)
            if number % 7 == 0:
                made.change_article(number + 1, {"removed_at": "2024"})
        yield made


def record(site, key, fields, files=()):
    return Record(site, str(key), f"http://{site}.vn/{key}", str(key), "2024", fields, attachments=files)


def words(text, *, marked):
    return re.findall(r"\w+", even_tones(text).casefold() if marked else fold(text))


def occurs(term, row, names=(("title",), ("summary",), ("body",))):
    """Whether a term occurs in an article; folded, summary and body are one text."""
    if term.title_only:
        names = (("title",),)
    elif not term.marked and names == (("title",), ("summary",), ("body",)):
        names = (("title",), ("summary", "body"))
    sought = [word.casefold() for word in term.words]
    for group in names:
        there = words("\n".join(row[name] for name in group), marked=term.marked)
        for at in range(len(there) - len(sought) + 1):
            part = there[at : at + len(sought)]
            last = part[-1].startswith(sought[-1]) if term.prefix else part[-1] == sought[-1]
            if part[:-1] == sought[:-1] and last:
                return True
    return False


def holds(node, row):
    match node:
        case None:
            return True
        case Term():
            return occurs(node, row)
        case Not(part):
            return not holds(part, row)
        case Both(parts):
            return all(holds(part, row) for part in parts)
        case Either(parts):
            return any(holds(part, row) for part in parts)


def passes(filters, row, with_files):
    published = row["published_at"] or ""
    return (
        (not filters.sites or row["site"] in filters.sites)
        and (not filters.sections or fold(row["section"] or "") in filters.sections)
        and (filters.since is None or published >= filters.since)
        and (filters.until is None or (published and published <= filters.until + "~"))
        and (filters.has_file is None or (row["id"] in with_files) == filters.has_file)
        and (filters.removed is None or (row["removed_at"] is not None) == filters.removed)
    )


TREES = st.recursive(
    st.sampled_from(ASKED),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"NOT {part}"),
    ),
    max_leaves=5,
)
FILTERS = st.builds(
    Filters,
    sites=st.sampled_from([(), (), ("a_b",), ("a_b", "x_y")]),
    sections=st.sampled_from([(), (), ("tin tuc",)]),
    since=st.sampled_from([None, None, "2020", "2020-05-09", "2021-12-31"]),
    until=st.sampled_from([None, None, "2020", "2020-05", "2021-12-31", "2022-02-03"]),
    has_file=st.sampled_from([None, None, True, False]),
    removed=st.sampled_from([None, None, True, False]),
)
EVERYDAY = {
    "_FEW": 30, "_SOME": 300, "_MANY": 1500, "_COMMON": 5000, "_FAR": 30_000, "_FIRST_LOOK": 2000, "_SAME_DAY": 500,
}  # fmt: skip
CROWDED = {  # as in a million articles
    "_FEW": 2, "_SOME": 3, "_MANY": 3, "_COMMON": 10, "_FAR": 40, "_FIRST_LOOK": 5, "_SAME_DAY": 100,
}  # fmt: skip


@pytest.fixture(scope="module")
def everything(collection):
    """Every article, and the numbers of those with files."""
    with_files = {row["article_id"] for row in collection.rows("SELECT article_id FROM attachments")}
    return list(collection.rows("SELECT * FROM articles")), with_files


@pytest.mark.parametrize("limits", [EVERYDAY, CROWDED], ids=["everyday", "crowded"])
@given(text=TREES, filters=FILTERS)
@examples(150)
def test_what_is_found_is_what_holds(collection, everything, limits, text, filters):
    rows, with_files = everything
    query = fulltext.parse_query(text, filters)
    wanted = [row for row in rows if holds(query.node, row) and passes(filters, row, with_files)]
    newest = sorted(sorted(wanted, key=lambda row: row["id"]), key=lambda r: r["published_at"] or "", reverse=True)
    connection = collection.db.conn
    with patch.multiple(ranking, **limits):
        assert ranking.best(connection, query, limit=500, newest=True) == [row["id"] for row in newest]
        assert ranking.best(connection, query, limit=7, offset=7, newest=True) == [row["id"] for row in newest][7:14]
        found = ranking.best(connection, query, limit=500)
        assert len(found) == len(set(found)) and set(found) == {row["id"] for row in wanted}
        assert ranking.best(connection, query, limit=5, offset=5)[:5] == found[5:10] or limits is CROWDED
        counted = Counter((row["site"], (row["published_at"] or "")[:4], row["section"]) for row in wanted)
        counts = counting.counts(connection, query)
        assert not counts.more and {tuple(row[:3]): row[3] for row in counts.rows} == counted


@given(text=TREES)
@examples(150)
def test_an_expression_that_is_not_for_scoring_finds_the_same(collection, text):
    node = resolved(collection.db.conn, fulltext.parse_query(text).node)
    scored, fast = compiled(node), compiled(node, scored=False)
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    found = [collection.db.execute(sql, [one.text]).fetchall() for one in (scored, fast)]
    assert found[0] == found[1] and scored.positive == fast.positive


@pytest.mark.parametrize("text", ["nhân dân", "nhan dan", "thư viện", "hoa dau", "phường dân"])
def test_tiers_come_in_their_order(collection, text):
    node = parse(text).node
    marked = node.parts[0].marked
    whole = Term(tuple(word for part in node.parts for word in part.words), marked)
    by_id = {row["id"]: row for row in collection.rows("SELECT * FROM articles")}

    def tier(row):
        if occurs(whole, row, (("title",),)):
            return 1
        if all(occurs(part, row, (("title",),)) for part in node.parts):
            return 2  # or 4, which the articles of 3 may part
        return 3 if occurs(whole, row, (("summary",), ("body",)) if marked else (("summary", "body"),)) else 5

    tiers = [tier(by_id[number]) for number in ranking.best(collection.db.conn, fulltext.parse_query(text), limit=500)]
    assert {3, 5} < set(tiers) and tiers[: tiers.count(1)] == [1] * tiers.count(1)
    assert [number for number in tiers if number in (3, 5)] == sorted(number for number in tiers if number in (3, 5))
    assert tiers == sorted(tiers, key=lambda number: number == 5)


@pytest.mark.parametrize("text", ["dan", "NOT zz", "NOT phường", "NOT zz since:2020", "NOT zz has:file"])
def test_more_than_can_be_counted_is_said(collection, monkeypatch, text):
    whole = counting.counts(collection.db.conn, fulltext.parse_query(text))
    monkeypatch.setattr(counting, "_MOST", 20)
    monkeypatch.setattr(counting, "_MOST_A_YEAR", 8)
    some = counting.counts(collection.db.conn, fulltext.parse_query(text))
    assert some.more and 20 < some.total < whole.total
    true = Counter({tuple(row[:3]): row[3] for row in whole.rows})
    assert all(0 < row[3] <= true[tuple(row[:3])] for row in some.rows)
    assert {row[1] for row in some.rows} == {row[1] for row in whole.rows}  # every year can be narrowed to


def test_what_hardly_an_article_is_without_is_counted_out(collection, monkeypatch):
    text = "NOT (phường OR hoà OR thi)"
    whole = counting.counts(collection.db.conn, fulltext.parse_query(text))
    monkeypatch.setattr(counting, "_MOST", whole.total)
    monkeypatch.setattr(counting, "_MOST_A_YEAR", 1)
    some = counting.counts(collection.db.conn, fulltext.parse_query(text))
    assert 0 < some.total < 20 and not some.more
    assert sorted(some.rows, key=str) == sorted(whole.rows, key=str)


BITS = st.sampled_from(
    [*ASKED, '"', "(", ")", "*", "-", "AND", "OR", "NOT", "VÀ", "site:", "year:2020", "since:", "unit:1",
     "section:tin", "has:file", "is:removed", "title:", ":", "{", "^", "+", "'", "\\", "NEAR(", "\0", "\ue000th", "ü_1"]
)  # fmt: skip


@given(st.lists(st.one_of(BITS, st.text(max_size=4)), max_size=12).map(" ".join), st.booleans())
@examples(150)
def test_whatever_is_typed_gets_an_answer(collection, text, newest):
    query = fulltext.parse_query(text)
    found = ranking.best(collection.db.conn, query, limit=200, newest=newest)
    assert len(set(found)) == len(found)
    assert counting.counts(collection.db.conn, query).total == len(found)
    assert len(collection.search(text, limit=200)) in (len(found), 0)


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["save", "date", "section", "remove", "return", "delete", "file", "no file"]),
        st.integers(0, 9), st.sampled_from(SITES), st.sampled_from(SECTIONS), st.sampled_from(DATES),
        st.sampled_from(WORDS),
    ),
    max_size=25,
)  # fmt: skip


@given(CHANGES)
@examples(60)
def test_counts_and_places_follow_every_change(changes):
    with Collection(":memory:") as made:
        for site in SITES:
            made.put_site({"slug": site, "name": site, "host": f"{site}.vn", "platform": "p", "updated_at": "2024"})
        run = made.begin_run("a_b", mode="live", started_at="2024", software="t")
        for number, (kind, key, site, section, date, word) in enumerate(changes):
            fields = {"title": word, "body": f"{word} {number}", "section": section, "published_at": date}
            row = made._row("site = ? AND key = ?", site, str(key))
            if kind == "save":
                made.save(Record(site, str(key), f"http://{site}/{key}", f"{word}{number}", "2024", fields), run)
            elif row is not None and kind == "delete":
                fulltext.remove(made.db, row["id"], row)
                for table in ("versions", "attachments", "article_urls", "article_events", "near_waiting"):
                    made.execute(f"DELETE FROM {table} WHERE article_id = ?", [row["id"]])
                made.execute("DELETE FROM articles WHERE id = ?", [row["id"]])
            elif row is not None and kind == "file":
                made.put_files(row["id"], record(site, key, fields, [{"url": str(number), "name": "n", "type": "pdf"}]))
            elif row is not None and kind == "no file":
                made.execute("DELETE FROM attachments WHERE article_id = ?", [row["id"]])
            elif row is not None:
                column = {"date": "published_at", "section": "section"}.get(kind, "removed_at")
                values = {"date": date, "section": section, "remove": "2024", "return": None}
                made.change_article(row["id"], {column: values[kind]})
        for sql in (*counting.KEPT.values(), fulltext.MISPLACED):
            assert list(made.rows(sql)) == []
        made.db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
        rows = list(made.rows("SELECT * FROM articles"))
        for word in WORDS:
            term = parse(word).node
            assert {row["id"] for row in made.search(word, limit=99)} == {
                row["id"] for row in rows if occurs(term, row)
            }
