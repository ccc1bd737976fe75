"""What a typed query means."""

import sqlite3
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.search.fts_match import compiled
from storage.search.fulltext import parse_query
from storage.search.query import Both, Either, Filters, Not, Term, iso_date, parse, terms
from storage.search.snippets import pieces
from tests.examples import examples


def word(*words, marked=False, **more):
    return Term(words, marked, **more)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("thu vien", Both((word("thu"), word("vien")))),
        ("Thư viện", Both((word("Thư", marked=True), word("viện", marked=True)))),
        ('"thu vien"', word("thu", "vien")),
        ("“thu vien”", word("thu", "vien")),
        ("tiêm*", word("tiêm", marked=True, prefix=True)),
        ('"tiem pho"*', word("tiem", "pho", prefix=True)),
        ('"tiem ph"*', word("tiem", "ph")),
        ("tiem-pho*", word("tiem", "pho", prefix=True)),
        ("hòa", word("hoà", marked=True)),
        ("uỷ", word("uỷ", marked=True)),
        (unicodedata.normalize("NFD", "ủy"), word("uỷ", marked=True)),
        ("Đ", word("Đ", marked=True)),
        ("a OR b", Either((word("a"), word("b")))),
        ("a hoặc b", Both((word("a"), word("hoặc", marked=True), word("b")))),
        ("rác HOẶC hồ", Either((word("rác", marked=True), word("hồ", marked=True)))),
        ("rác VÀ hồ", Both((word("rác", marked=True), word("hồ", marked=True)))),
        ("a KHÔNG b", Both((word("a"), Not(word("b"))))),
        ("a -b", Both((word("a"), Not(word("b"))))),
        ("NOT NOT a", word("a")),
        ("a (b OR c)", Both((word("a"), Either((word("b"), word("c")))))),
        ("15/2020/TT-BTTTT", word("15", "2020", "tt", "btttt")),
        ("title:thu", word("thu", title_only=True)),
        ("tiêuđề:thu", word("thu", title_only=True)),
        ("http://a.vn", word("http", "a", "vn")),
        ("CHỢ VÀ QUÊ KHÔNG", Both(tuple(parse(f'"{word}"').node for word in ("CHỢ", "VÀ", "QUÊ", "KHÔNG")))),
        ("", None),
        ("*", None),
        ("()", None),
        ("- – …", None),
    ],
)  # fmt: skip
def test_what_is_typed_means_what_it_says(text, node):
    assert parse(text).node == node


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("site:hanoi_trucbach", Filters(sites=("hanoi_trucbach",))),
        ("trang:a", Filters(sites=("a",))),
        ("unit:00277", Filters(units=("00277",))),
        ("phường:00277", Filters(units=("00277",))),
        ('section:"Thông báo"', Filters(sections=("thong bao",))),
        ("mục:tin", Filters(sections=("tin",))),
        ("since:2021-5 until:31/12/2022", Filters(since="2021-05", until="2022-12-31")),
        ("từ:05/2021 đến:2022", Filters(since="2021-05", until="2022")),
        ("year:2021", Filters(since="2021", until="2021")),
        ("năm:2021 since:2021-03", Filters(since="2021-03", until="2021")),
        ("has:file", Filters(has_file=True)),
        ("-có:tệp", Filters(has_file=False)),
        ("is:removed", Filters(removed=True)),
        ("là:gỡ", Filters(removed=True)),
        ("-is:removed", Filters(removed=False)),
        ("doubt:any", Filters(doubts=("any",))),
        ("doubt:date", Filters(doubts=("published_at",))),
        ('ngờ:"ngày đăng"', Filters(doubts=("published_at",))),
        ("doubt:text -doubt:weekday", Filters(doubts=("body", "-weekday"))),
        ("-ngờ:any", Filters(doubts=("-any",))),
        ("doubt:DAY_OR_MONTH", Filters(doubts=("day_or_month",))),
    ],
)
def test_a_field_filters(text, filters):
    query = parse(text)
    assert (query.node, query.filters, query.remarks) == (None, filters, [])


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ('a "b c', "quotation mark"), ("(a", "not closed"), ("a)", "no partner"), ("a OR", "OR has nothing"),
        ("AND a", "AND has nothing"), ("a NOT", "NOT has nothing"), ("since:gestern", "not understood"),
        ("year:21", "not understood"), ("has:cake", "not understood"), ("doubt:cake", "not understood"),
        ("-site:a", "cannot be turned round"),
        ("a " * 60, "first 40 words"), ("ab " * 900, "first 2000 characters"), ("(" * 40 + "a", "20 deep"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(text, remark):
    assert any(remark in str(one) for one in parse(text).remarks)


@pytest.mark.parametrize(
    ("text", "until"), [("year:2023 until:2023-05", "2023-05"), ("until:2023-05-31 until:2023-05", "2023-05-31")]
)
def test_of_two_last_days_the_earlier_counts(text, until):
    assert parse(text).filters.until == until


@pytest.mark.parametrize(
    ("text", "said"),
    [("since:2024 until:2023", "since 2024 but until 2023: nothing can match"), ("since:2023-05 until:2023", None)],
)
def test_a_span_without_a_day_is_said(text, said):
    assert [str(remark) for remark in parse_query(text).remarks] == ([said] if said else [])


@pytest.mark.parametrize(
    ("text", "date"),
    [("2021", "2021"), ("2021-5-9", "2021-05-09"), ("9/5/2021", "2021-05-09"), ("5/2021", "2021-05"),
     ("9.5.2021", "2021-05-09"), ("13/2021", None), ("32/1/2021", None), ("", None), ("hôm qua", None)],
)  # fmt: skip
def test_a_filter_takes_a_date_as_people_write_it(text, date):
    assert iso_date(text) == date


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(title, summary, body, title_folded, text_folded, "
        "content='', tokenize='unicode61 remove_diacritics 0')"
    )
    return connection


BITS = st.sampled_from(
    [
        "a",
        "Đậu",
        "uy",
        '"',
        "(",
        ")",
        "*",
        "-",
        "AND",
        "OR",
        "NOT",
        "VÀ",
        "KHÔNG",
        "site:",
        "year:",
        ":",
        "{",
        "^",
        "+",
        "'",
        "\\",
        "NEAR(",
        "\0",
        "ü_1",
    ]
)


def understood(index, expression):
    """Whether FTS5 takes an expression."""
    try:
        index.execute("SELECT rowid FROM t WHERE t MATCH ?", [expression]).fetchall()
    except sqlite3.OperationalError:
        return False
    return True


@given(st.lists(st.one_of(BITS, st.text(max_size=4)), max_size=30).map(" ".join))
@example('"')
@example("NOT (a OR NOT b) c")
@examples(250)
def test_whatever_is_typed_can_be_asked(index, text):
    node = parse(text).node
    if node is not None:
        for expression in (compiled(node).text, compiled(node, in_title=True).text):
            assert understood(index, expression), f"asked as {expression!r}, which FTS5 does not understand"


WORDS = st.lists(
    st.sampled_from(
        ["phường", "Đậu", "Liêu", "thư", "viện", "mở", "cửa", "năm", "2023,", "“sách”", "15/2020/TT-BTTTT", "a"]
    ),
    max_size=120,
)


@given(WORDS, st.sampled_from(["thư viện", "thu vien", "nam", "Đậu Liêu", "15/2020", "x"]), st.integers(20, 200))
@examples(150)
def test_a_snippet_is_whole_words_of_the_text(words, query, width):
    text = " ".join(words)
    shown = "".join(piece.text for piece in pieces(text, terms(parse(query).node), width))
    kept = shown.removeprefix("…").removesuffix("…")
    assert kept in text
    assert set(kept.split()) <= set(text.split())


def marked(text, query, width=None):
    return "".join(f"[{p.text}]" if p.hit else p.text for p in pieces(text, terms(parse(query).node), width))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Thư viện mở thứ Bảy", "thu vien", "[Thư viện] mở thứ Bảy"),
        ("Năm nay nam nữ", "năm", "[Năm] nay nam nữ"),
        ("Ủy ban và Uỷ ban", "ủy ban", "[Ủy ban] và [Uỷ ban]"),
        ("tiêm phòng, tiêu", "tiêm*", "[tiêm] phòng, tiêu"),
        ("Khánh thành", "kha*", "[Khánh] thành"),
        ("rác bên hồ", "rác OR hồ", "[rác] bên [hồ]"),
        ("rác bên hồ", "rác NOT hồ", "[rác] bên hồ"),
        (unicodedata.normalize("NFD", "Họp ủy ban"), "uỷ ban", unicodedata.normalize("NFD", "Họp [ủy ban]")),
        (unicodedata.normalize("NFD", "Họp ủy ban"), "uy ban", unicodedata.normalize("NFD", "Họp [ủy ban]")),
        ("THƯ VIỆN ĐẬU LIÊU", "dau lieu", "THƯ VIỆN [ĐẬU LIÊU]"),
        ("vật liệu, Đậu-Liêu", "đậu liêu", "vật liệu, [Đậu]-[Liêu]"),
        ("dân quân thường trực", '"dân thư*"', "dân quân thường trực"),
        ("một hai ba hai ba bốn", '"hai ba bốn"', "một hai ba [hai ba bốn]"),
    ],
)
def test_hits_are_marked_in_their_own_spelling(text, query, shown):
    assert marked(text, query) == shown


def test_a_hit_at_the_end_of_a_long_text_is_shown():
    text = "Tổ dân phố họp bàn việc chung. " * 900 + "Cuối cùng mọi người ghé thư viện"
    shown = marked(text, "thu vien", 180)
    assert shown.startswith("…") and shown.endswith("ghé [thư viện]") and len(shown) < 200
