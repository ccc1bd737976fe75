"""The keys of a text, made in one pass: each is what it is by its own definition, and they are kept only with it."""

import re
import sqlite3
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import content_hash, even_tones, fold
from crawler.text import text_keys as keys_module
from crawler.text.sketches import packed, sketch, unpacked
from crawler.text.text_keys import text_keys
from crawler.text.word_forms import SIGN, SITE, word_forms
from storage import Collection, schema
from storage.near import link_waiting
from storage.near import pairs as linking_module
from storage.records import Outcome, Record
from storage.search import fulltext, indexed_text
from tests.examples import examples
from tests.near.gold import stories
from tests.near.test_linking import AT, opened

WRITTEN = [" ", "\n", "\x85", "\u2028", "\xa0", "\xad", "\u0301", "đ/c", "Đ/C", "(Hòa", "hoà,", "UBND", "TP.HCM",
           "05/6/2024", "007", "08h30", "Quý", "_", "…", "ﬁ", "İ", SIGN, SITE, "\ud800", "x" * 70]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(WRITTEN), st.text(max_size=6)), max_size=30).map("".join)


def without_signs(text):
    return text.replace(SIGN, " ").replace(SITE, " ")


def spaced(text):
    """The words of a text, as the tokenizer of the index parts them at spaces."""
    return text.split()


@examples(300)
@given(title=TEXTS, summary=TEXTS, body=TEXTS)
def test_the_keys_are_what_each_is_by_itself(title, summary, body):
    keys = text_keys(title, summary, body)
    assert keys.content_hash == content_hash(title, body)
    assert keys.sketch == sketch(title, summary, body)
    for text, exact in zip((title, summary, body), keys.indexed[:3], strict=True):
        assert spaced(exact) == spaced(without_signs(even_tones(text)))
    for text, indexed in ((title, keys.indexed.title_folded), (f"{summary}\n{body}", keys.indexed.text_folded)):
        plain = without_signs(fold(text))
        beginnings = sorted(set(re.findall(r"(?<![^\W_])[^\W_]{2}", plain)))
        assert spaced(indexed) == spaced(" ".join([plain, *map(indexed_text.prefix_word, beginnings)]))


def test_words_for_sketches_are_in_one_spelling():
    assert word_forms("Đ/c Hòa, UBND TP.Huế: 05/6, 08h30").plain == (
        "dong chi hoa uy ban nhan dan thanh pho hue 5 6 8h30"
    )
    text = "Sáng 05/6, UBND phường Hoà Khánh đã tổ chức hội nghị tổng kết công tác năm, đ/c Bí thư dự và chỉ đạo."
    other = (
        text.replace("UBND", "Ủy ban nhân dân").replace("đ/c", "đồng chí").replace("05/6", "5/6").replace("Hoà", "Hòa")
    )
    assert sketch("", "", text) == sketch("", "", unicodedata.normalize("NFD", other).upper())
    assert unpacked(packed(sketch("", "", text))) == sketch("", "", text)


def record(text, key, *, site="ward", **more):
    values = {"title": text.title, "summary": text.lead, "body": text.body, "published_at": text.date}
    digest = content_hash(text.title, text.body)
    return replace(Record(site, key, f"http://{site}.gov.vn/{key}", digest, AT, values), **more)


@pytest.fixture
def texts():
    return [text for story in stories("dev") for text in story][:12]


def linked(collection):
    db = collection.db
    return [
        db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
        for table in ("near_duplicates", "near_groups", "near_sketches")
    ]


def kept(collection):
    rows = collection.rows("SELECT * FROM near_waiting")
    return {row["article_id"]: row["sketch"] and unpacked(row["sketch"]) for row in rows}


def test_articles_are_linked_alike_with_the_keys_they_bring_with_new_ones_and_with_none(texts, tmp_path):
    results = []
    for way in ("brought", "made", "none"):
        with opened(tmp_path / f"{way}.db") as collection:
            for number, text in enumerate(texts):
                keys = text_keys(text.title, text.lead, text.body) if way == "brought" else None
                assert collection.save(record(text, str(number), keys=keys), 1) == Outcome.NEW
            if way == "none":
                collection.execute("UPDATE near_waiting SET sketch = NULL", ())
            assert link_waiting(collection, at=AT).articles == len(texts)
            results.append((linked(collection), indexed_words(collection)))
    assert results[0] == results[1] == results[2] and all(results[0][0])


def indexed_words(collection):
    """All words of the full-text index, and where they are."""
    collection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, instance)", ())
    return collection.db.execute("SELECT * FROM temp.words ORDER BY 1, 2, 3, 4").fetchall()


def test_nothing_is_folded_of_a_record_that_has_its_keys(texts, tmp_path, monkeypatch):
    keys = [text_keys(text.title, text.lead, text.body) for text in texts]
    with opened(tmp_path / "a.db") as collection:
        for module in (fulltext, keys_module):
            monkeypatch.setattr(module, "indexed_texts", None)
        monkeypatch.setattr(keys_module, "word_forms", None)
        monkeypatch.setattr(linking_module, "sketch", None)
        for number, text in enumerate(texts):
            collection.save(record(text, str(number), keys=keys[number]), 1)
        link_waiting(collection, at=AT)


def test_a_sketch_is_kept_with_its_text_alone(texts, tmp_path):
    one, two, three = texts[:3]
    with opened(tmp_path / "a.db") as collection:
        collection.save(record(one, "1"), 1)
        assert kept(collection) == {1: sketch(one.title, one.lead, one.body)}
        collection.change_article(1, {"published_at": "2021-01-01"})
        assert kept(collection) == {1: sketch(one.title, one.lead, one.body)}, "its text is the same"
        later = AT.replace("2026", "2027")
        assert collection.save(record(two, "1", seen_at=later), 1) == Outcome.CHANGED
        assert kept(collection) == {1: sketch(two.title, two.lead, two.body)}
        collection.change_article(1, {"body": three.body})
        assert kept(collection) == {1: None}, "the sketch is that of another text"
        link_waiting(collection, at=AT)
        assert {row["value"] for row in collection.rows("SELECT value FROM near_sketches")} == {
            *sketch(two.title, two.lead, three.body)
        }


def test_keys_do_not_stay_with_a_record_over_which_something_confirmed_is_laid(texts, tmp_path):
    one, two = texts[:2]
    with opened(tmp_path / "a.db") as collection:
        collection.save(record(one, "1"), 1)
        collection.insert("confirmations", {"article_id": 1, "field": "title", "value": "Tên đã sửa", "was": two.title,
                                            "by": "An", "at": AT})  # fmt: skip
        keys = text_keys(two.title, two.lead, two.body)
        collection.save(record(two, "1", seen_at=AT.replace("2026", "2027"), keys=keys), 1)
        assert kept(collection) == {1: sketch("Tên đã sửa", two.lead, two.body)}
        assert collection.search('title:"tên đã sửa"') and not collection.search(f'title:"{two.title}"')


def test_an_upgrade_makes_the_sketches_of_compared_articles_anew(texts, tmp_path):
    path = tmp_path / "a.db"
    with opened(path) as collection:
        for number, text in enumerate(texts):
            collection.save(record(text, str(number)), 1)
        link_waiting(collection, at=AT)
        collection.save(record(texts[0], "waiting", content_hash="x"), 1)
        wanted = linked(collection)
    older = sqlite3.connect(path)
    number = next(place for place, script in enumerate(schema.MIGRATIONS, 1) if "sketch_numbers" in script)
    older.executescript(
        "DROP INDEX confirmations_was; DROP TRIGGER near_insert; DROP TRIGGER near_update;"
        "ALTER TABLE near_waiting DROP COLUMN sketch;"
        "UPDATE near_sketches SET value = value + 1;"
    )
    older.executescript("".join(re.findall(r"CREATE TRIGGER near_\w+ .*?END;", schema._NEAR, re.DOTALL)))
    older.execute(f"PRAGMA user_version = {number - 1}")
    older.close()
    with Collection(path) as collection:
        assert linked(collection) == wanted
        assert kept(collection) == {len(texts) + 1: None}
        collection.change_article(1, {"published_at": "2021-01-01"})
        assert set(kept(collection)) == {1, len(texts) + 1}
