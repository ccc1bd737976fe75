"""UBND finds "ủy ban nhân dân" and the reverse: every form of the table, everywhere that is searched."""

import random
import re
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import fold
from storage import Collection
from storage.exports.selection import Choice, choose
from storage.search import counts as counting
from storage.search import fulltext, ranking
from storage.search.fts_match import compiled
from storage.search.query import parse, terms
from storage.search.short_forms import FORMS, ONE_WAY
from storage.search.snippets import pieces
from storage.search.spellings import spellings
from tests.examples import examples
from tests.search.test_against_brute_force import CROWDED, EVERYDAY, holds, record

ALL = [(forms, form) for forms in FORMS for form in forms]
WORDS = ["UBND", "ủy ban nhân dân", "uỷ", "ban", "nhân dân", "phường", "HĐND", "hội đồng", "KT-XH", "TDP", "tổ dân phố"]
ASKED = [
    "ubnd", "UBND", "uy ban nhan dan", "ủy ban nhân dân", "hđnd", "hdnd", "hội đồng nhân dân", "phường", "ban", "kt-xh",
    "kinh tế - xã hội", "tdp", "tổ dân phố", '"UBND"', '"ủy ban nhân dân"', "ubn*", "title:ubnd", "nhân", "dân", "zz",
]  # fmt: skip
TREES = st.recursive(
    st.sampled_from(ASKED),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"NOT {part}"),
    ),
    max_leaves=6,
)


def collection_of(path, texts):
    """A collection of articles with these fields."""
    collection = Collection(path)
    collection.put_site({"slug": "a_b", "name": "A", "host": "a.vn", "platform": "p", "updated_at": "2024"})
    run = collection.begin_run("a_b", mode="live", started_at="2024", software="t")
    for number, fields in enumerate(texts):
        texts = {"title": "", "summary": "", "body": "", "section": None, "published_at": None} | fields
        collection.save(record("a_b", number, texts), run)
    return collection


@pytest.fixture(scope="module")
def every_form(tmp_path_factory):
    """An article for each form of the table."""
    texts = [{"title": f"Tin số {number}", "body": f"Sáng nay {form}, họp"} for number, (_, form) in enumerate(ALL)]
    with collection_of(tmp_path_factory.mktemp("forms") / "a.db", texts) as made:
        yield made


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """120 articles of a few words, so that every query has matches in every tier."""
    chance = random.Random(20)
    days = (None, "2020", "2021-03-04", "2021-03-04", "2022-05-06")

    def some(longest):
        return " ".join(chance.choices(WORDS, k=chance.randint(0, longest)))

    texts = [{"title": some(3), "body": some(6), "published_at": chance.choice(days)} for _ in range(120)]
    with collection_of(tmp_path_factory.mktemp("crowd") / "a.db", texts) as made:
        yield made


@pytest.fixture
def small(tmp_path):
    made = []

    def build(*texts):
        made.append(collection_of(tmp_path / "small.db", texts))
        return made[0]

    yield build
    for collection in made:
        collection.close()


def words(form):
    return " ".join(("", *re.findall(r"\w+", fold(form)), ""))


def keys(rows):
    return [row["key"] for row in rows]


def test_no_form_stands_in_two_lines():
    folded = [fold(form) for _, form in ALL]
    assert sorted(set(folded)) == sorted(folded) and all(len(forms) > 1 for forms in FORMS)
    assert not {fold(form) for form in ONE_WAY} & set(folded)


@pytest.mark.parametrize("change", [str, str.lower, fold], ids=["as written", "small", "without marks"])
def test_every_form_finds_every_other_and_itself_first(every_form, change):
    for forms, form in ALL:
        wanted = {str(ALL.index((forms, other))) for other in forms}
        found = keys(every_form.search(change(form), limit=200))
        assert wanted <= set(found), f"{form} does not find {[ALL[int(key)][1] for key in wanted - set(found)]}"
        first = ALL[int(found[0])][1]
        assert words(form) in words(first), f"{form} finds {first} first"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ubnd phường", [2, 1]), ("UBND phường", [2, 1]), ("ủy ban nhân dân phường", [1, 2]),
        ("uy ban nhan dan phuong", [1, 2]), ("uỷ ban nhân dân", [1, 2, 3]), ("ubnd", [2, 3, 1]),
        ("phường ubnd", [2, 1]), ("ubnd -xã", [2, 1]), ("(ubnd OR mttq) phường", [2, 1]), ("title:ubnd", [2, 3, 1]),
        ('"ủy ban nhân dân"', [1]), ('"ubnd"', [2, 3]), ('"ủy ban nhân dân" phường', [1]), ("ubn*", [2, 3]),
        ("họp NOT ubnd", [1]), ("ban nhân dân", [1]), ("ỦY BAN NHÂN DÂN", [1, 2, 3]), ("ủy bàn nhân dân", []),
    ],
)  # fmt: skip
def test_what_is_typed_comes_first_and_what_is_quoted_stays(small, query, found):
    collection = small(
        {"title": "Không"},
        {"title": "Ủy ban nhân dân phường họp"},
        {"title": "UBND phường họp", "published_at": "2024-02-02"},
        {"title": "UBND xã họp", "published_at": "2024-01-01"},
    )
    rows = collection.search(query)
    assert keys(rows) == list(map(str, found))
    parsed = fulltext.parse_query(query)
    assert counting.counts(collection.db.conn, parsed).total == len(found)


def test_bch_finds_both_readings_and_neither_finds_it(small):
    collection = small({"title": "BCH họp"}, {"title": "Ban chấp hành họp"}, {"title": "Ban chỉ huy họp"})
    assert keys(collection.search("BCH"))[0] == "0" and len(collection.search("bch")) == 3
    assert keys(collection.search("ban chấp hành")) == ["1"] and keys(collection.search("ban chi huy")) == ["2"]


@pytest.mark.parametrize("word", ["TT", "P", "TP", "TH", "MN", "KP", "QĐ"])
def test_what_has_several_meanings_stays_as_typed(word):
    assert fulltext.parse_query(word).node == parse(word).node


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Ông Ba, UBND phường, vì dân", "ủy ban nhân dân phường", "Ông Ba, [UBND phường], vì dân"),
        ("Ủy ban nhân dân phường vì phường", "ubnd phường", "[Ủy ban nhân dân phường] vì phường"),
        ("Uỷ ban nhân dân họp với UBND xã", "UBND", "[Uỷ ban nhân dân] họp với [UBND] xã"),
        ("ban nhạc của nhân dân ở UBND", "uy ban nhan dan", "ban nhạc của [nhân dân] ở [UBND]"),
    ],
)
def test_the_form_that_was_found_is_marked(text, query, shown):
    found = pieces(text, terms(fulltext.parse_query(query).node), None)
    marked = "".join(f"[{one.text}]" if one.hit else one.text for one in found)
    assert marked == shown or shown.replace("[nhân dân]", "nhân dân") == marked


def test_exports_pages_and_feeds_find_them_too(small):
    from crawler.browse import page_data
    from crawler.browse.answer_cache import AnswerCache
    from storage.search.query import Filters

    collection = small({"title": "Ủy ban nhân dân phường họp"}, {"title": "UBND phường họp"}, {"title": "Không"})
    connection = collection.db.conn
    assert choose(collection, Choice(query="ubnd")).count == 2
    assert choose(collection, Choice(query='"ubnd"')).count == 1
    page = page_data.find(connection, "ubnd", Filters(), AnswerCache(), page=1, by_date=False)
    assert page["total"] == len(page["hits"]) == 2 and page["hits"][0]["title"].startswith("UBND")
    assert [piece.text for piece in page["hits"][1]["title_pieces"] if piece.hit] == ["Ủy ban nhân dân"]
    assert len(page_data.latest(connection, "uy ban nhan dan", Filters(), 30)) == 2


def test_attached_files_come_behind_all_texts(small):
    collection = small({"title": "Kế hoạch"}, {"title": "Ủy ban nhân dân họp"})
    db = collection.db
    db.execute("INSERT INTO files (id, sha256, size, type, kept_at) VALUES (7, 'ab', 1, 'pdf', '2024')")
    db.execute(
        "INSERT INTO attachments (article_id, url, name, type, position, sha256) VALUES (1, 'u', 'n', 'pdf', 0, 'ab')"
    )
    db.execute(
        "INSERT INTO attachments_fts (rowid, title, summary, body, title_folded, text_folded) "
        "VALUES (7, '', '', 'ubnd', '', 'ubnd')"
    )
    rows = collection.search("ubnd")
    assert [(row["key"], row["matched_attachment"]) for row in rows] == [("1", None), ("0", "n")]


def test_a_query_of_many_forms_is_searched_at_once_behind_what_was_typed():
    query = " ".join(["ubnd", "hđnd", "mttq", "tdp", "clb"] * 8)
    first, rest = spellings(fulltext.parse_query(query).node)
    assert first == parse(query).node and rest == fulltext.parse_query(query).node


@pytest.mark.parametrize("limits", [EVERYDAY, CROWDED], ids=["everyday", "crowded"])
@given(text=TREES)
@examples(150)
def test_no_result_is_lost_and_those_as_typed_come_first(crowd, limits, text):
    connection = crowd.db.conn
    plain, wide = parse(text), fulltext.parse_query(text)
    rows = list(crowd.rows("SELECT * FROM articles"))
    with patch.multiple(ranking, **limits):
        as_typed = ranking.best(connection, plain, limit=500)
        found = ranking.best(connection, wide, limit=500)
        newest = ranking.best(connection, wide, limit=500, newest=True)
    assert set(as_typed) <= set(found)
    if plain.node and compiled(plain.node).positive:  # what does not match has no order but the newest first
        assert found[: len(as_typed)] == as_typed
    assert len(found) == len(set(found)) == counting.counts(connection, wide).total
    assert set(found) == set(newest) == {row["id"] for row in rows if holds(wide.node, row)}
