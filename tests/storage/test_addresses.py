"""The addresses of an article: which day each shows, and whether the article lives on at one of them."""

import json
import sqlite3

import pytest

from storage import Collection, Outcome
from storage.addresses.alive import Missed, elsewhere, is_moved
from storage.near.compared_articles import Stories
from storage.removals import note_gone, note_moved, removed
from storage.schema import MIGRATIONS
from tests.storage.test_collection import LONG, SITE, record, save

DAYS = [f"2026-01-{day:02}T00:00:00+00:00" for day in range(1, 20)]


@pytest.fixture
def collection(tmp_path):
    with Collection(tmp_path / "a.db") as opened:
        for slug in ("x_mot", "x_hai"):
            opened.put_site(SITE | {"slug": slug})
        opened.run_id = opened.begin_run("x_mot", mode="live", started_at="2026-01-01T00:00:00+00:00", software="test")
        yield opened


def dated(key, published, *, site="x_mot", precision="day", **more):
    shown = {
        "published_at": published, "published_precision": precision, "published_raw": f"ngày {published}",
        "published_from": "page",
    }  # fmt: skip
    return record(key, site=site, fields=shown, **more)


def article(collection, number=1):
    row = dict(collection.article(number))
    return row | {name: json.loads(row[name]) for name in ("notes", "doubts")}


def shown(collection):
    return {row["key"]: row["published_at"] for row in collection.rows("SELECT * FROM article_urls")}


# Which day each shows


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        ("2025-03-05", "2025-03-05", None), ("2025-03-05T08:00+07:00", "2025-03-05", None),
        ("2025-03", "2025-03-05", None), ("2025-03-05", "2025-03-06", "note"), ("2025-03-05", "2025-04-05", "note"),
        ("2025-03-05", "2025-04-06", "doubt"), ("2024-03-05T10:11+07:00", "2025-03-05", "doubt"),
        ("2024", "2025-03-05", "doubt"),
    ],
)  # fmt: skip
def test_of_two_days_the_article_has_the_earlier_and_says_so(collection, first, earlier, later, said):
    """In whichever order the two addresses are met."""
    pair = [dated("1", earlier), dated("7", later, site="x_hai")]
    assert [save(collection, pair[first]), save(collection, pair[1 - first])] == [Outcome.NEW, Outcome.DUPLICATE]
    row = article(collection)
    if said:
        assert (row["published_at"], row["published_raw"]) == (earlier, f"ngày {earlier}"), "it has not the earlier day"
    assert shown(collection) == {"1": earlier, "7": later}, "the day that an address shows is not kept"
    assert len(row["notes"]) == (said == "note"), "small differences are not remarked on, or others are"
    assert [(doubt["field"], doubt["kind"]) for doubt in row["doubts"]] == (
        [("published_at", "other_copy")] if said == "doubt" else []
    )
    if said:
        evidence = row["notes"][0] if said == "note" else row["doubts"][0]["evidence"]
        assert all(part in evidence for part in (earlier, later, "/1.html", "/7.html")), "the evidence is not whole"


def test_a_day_that_only_a_copy_shows_is_taken(collection):
    save(collection, record())
    save(collection, dated("7", "2025-03-05", site="x_hai"))
    assert article(collection)["published_at"] == "2025-03-05"
    assert article(collection)["notes"] == article(collection)["doubts"] == []


def test_the_note_goes_with_the_difference(collection):
    save(collection, dated("1", "2025-03-05"))
    save(collection, dated("7", "2025-03-09", site="x_hai"))
    assert article(collection)["notes"]
    save(collection, dated("7", "2025-03-05", site="x_hai", seen=DAYS[5]))
    assert article(collection)["notes"] == [], "a difference that is no longer there is still remarked on"


def test_an_edit_keeps_the_earlier_day_and_the_remark(collection):
    save(collection, dated("1", "2025-03-09"))
    save(collection, dated("7", "2025-03-05", site="x_hai"))
    assert save(collection, dated("1", "2025-03-09", body=LONG + "Thêm.", seen=DAYS[5])) is Outcome.CHANGED
    row = article(collection)
    assert (row["published_at"], len(row["notes"])) == ("2025-03-05", 1), "an edit forgets what the copy shows"


def test_what_a_person_said_of_the_day_is_kept(collection):
    save(collection, dated("1", "2025-03-09"))
    values = (1, "published_at", "2025-03-09", None, "Lan", DAYS[0])
    sql = "INSERT INTO confirmations (article_id, field, value, was, by, at) VALUES (?, ?, ?, ?, ?, ?)"
    collection.execute(sql, values)
    save(collection, dated("7", "2025-03-05", site="x_hai"))
    assert article(collection)["published_at"] == "2025-03-09", "a copy overrules a person"
    assert shown(collection)["7"] == "2025-03-05"


def test_an_older_page_or_one_read_without_its_layout_takes_no_day_away(collection):
    save(collection, dated("1", "2025-03-09", seen=DAYS[5]))
    save(collection, dated("1", "2019-01-01", seen=DAYS[1]))
    save(collection, dated("1", "2019-01-01", seen=DAYS[6], trusted=False))
    assert shown(collection) == {"1": "2025-03-09"}
    last = [row["last_seen_at"] for row in collection.rows("SELECT last_seen_at FROM article_urls")]
    assert last == [DAYS[6]], "an older page makes an address seem unseen since"


def test_a_collection_made_before_knows_the_days_of_its_own_addresses(tmp_path):
    db = tmp_path / "old.db"
    with sqlite3.connect(db) as connection:
        Collection(tmp_path / "new.db").close()
        functions = {"indexed_exact": 1, "indexed_folded": 1, "indexed_site": 1}
        for name, arguments in functions.items():
            connection.create_function(name, arguments, lambda text: text, deterministic=True)
        before = next(n for n, script in enumerate(MIGRATIONS) if "article_urls ADD COLUMN gone_at" in script)
        for number, script in enumerate(MIGRATIONS[:before], 1):
            connection.executescript(f"{script}\nPRAGMA user_version = {number};")
        connection.execute("INSERT INTO sites VALUES ('x', 'X', 'x.vn', 'p', NULL, NULL, '2026')")
        connection.execute("INSERT INTO runs (id, site, mode, started_at, status, software) "
                           "VALUES (1, 'x', 'live', '2026', 'ok', 't')")  # fmt: skip
        connection.execute(
            "INSERT INTO articles (id, site, key, url, title, content_hash, first_seen_at, last_seen_at, run_id, "
            "published_at, published_precision, gone_at) VALUES (1, 'x', '1', 'u1', 'T', 'h', '2026', '2026', 1, "
            "'2025-03-05', 'day', '2026-02')"
        )
        for url, key in (("u1", "1"), ("u2", "2")):
            connection.execute("INSERT INTO article_urls (url, article_id, site, key, relation, first_seen_at, "
                               "last_seen_at) VALUES (?, 1, 'x', ?, 'alias', '2026', '2026')", (url, key))  # fmt: skip
    connection.close()
    with Collection(db) as collection:
        rows = {row["url"]: row for row in collection.rows("SELECT * FROM article_urls")}
    assert (rows["u1"]["published_at"], rows["u1"]["published_precision"]) == ("2025-03-05", "day")
    assert rows["u1"]["gone_at"] == "2026-02", "an address that was missed once is forgotten"
    assert rows["u2"]["published_at"] is rows["u2"]["gone_at"] is None, "a copy is given a day that is another's"


# Whether it lives on


def missed(collection, key, *, site="x_mot", at=DAYS[9], number=None):
    found = next(collection.rows("SELECT article_id FROM article_urls WHERE site = ? AND key = ?", (site, key)))
    return Missed(
        number or found["article_id"], site, key, frozenset([f"https://{site}.gov.vn/{key}.html"]), "http_404", at
    )


def miss(collection, key, *, days=(9, 11), site="x_mot", others=()):
    """Look at an article's address in vain on some days, as runs do; returns the keys that are removed then."""
    for day in days:
        one = missed(collection, key, site=site, at=DAYS[day])
        if there := elsewhere(collection.db, one, others):
            note_moved(collection, one, there, run_id=collection.run_id)
        else:
            note_gone(collection, one, run_id=collection.run_id)
    return {row["key"] for row in removed(collection)}


def test_an_article_without_another_address_is_removed(collection):
    save(collection, record())
    assert miss(collection, "1", days=[9]) == set()
    assert miss(collection, "1", days=[11]) == {"1"}
    assert save(collection, record(seen=DAYS[12])) is Outcome.UNCHANGED
    assert list(removed(collection)) == [], "an article that is back is still removed"


@pytest.mark.parametrize("site", ["x_mot", "x_hai"])
def test_an_article_with_a_live_copy_is_not_removed(collection, site):
    save(collection, record())
    save(collection, record("7", site=site))
    assert miss(collection, "1") == set()
    expected = "https://x_mot.gov.vn/7.html" if site == "x_mot" else "https://x_mot.gov.vn/1.html"
    assert article(collection)["url"] == expected, "it is shown at a dead address, or as another site's"
    assert article(collection)["key"] == "1", "an article that moved is cited otherwise"
    assert miss(collection, "7", site=site) == {"1"}, "an article is alive at addresses that are all gone"


def test_an_article_at_a_dead_address_that_is_met_elsewhere_is_back(collection):
    save(collection, record())
    assert miss(collection, "1") == {"1"}
    assert save(collection, record("7", site="x_hai", seen=DAYS[3])) is Outcome.DUPLICATE
    assert [row["key"] for row in removed(collection)] == ["1"], "a page from before the removal brings it back"
    save(collection, record("7", site="x_hai", seen=DAYS[12]))
    assert list(removed(collection)) == [], "an article that is at another address now is called removed"
    kinds = [row["kind"] for row in collection.rows("SELECT kind FROM article_events ORDER BY id")]
    assert kinds == ["removed", "returned"]


def test_an_article_that_moved_is_edited_there(collection):
    save(collection, record())
    save(collection, record("7"))
    miss(collection, "1")
    assert save(collection, record("7", body=LONG + "Thêm một câu.", seen=DAYS[12])) is Outcome.CHANGED
    (version,) = collection.rows("SELECT article_id, body FROM versions")
    assert version == {"article_id": 1, "body": LONG}


PARAGRAPHS = [
    "Sáng 12/3/2025, phường tổ chức hội nghị tổng kết phong trào thi đua với sự tham gia của 120 đại biểu.",
    "Chủ tịch Nguyễn Văn Bình đánh giá cao kết quả mà các tổ dân phố đạt được trong năm vừa qua.",
    "Hội nghị đã trao giấy khen cho 15 tập thể và 32 cá nhân có thành tích xuất sắc trong phong trào.",
]
TITLE = "Phường tổng kết phong trào thi đua yêu nước"
PORTAL = "Xem thêm các bản tin khác tại chuyên mục của trang. Theo dõi trang thông tin của phường trên điện thoại."


@pytest.mark.parametrize(
    ("title", "body", "lives"),
    [
        (TITLE, [*PARAGRAPHS, PORTAL], True),
        (TITLE, [PORTAL, *PARAGRAPHS, PORTAL], True),
        (TITLE, PARAGRAPHS[1:], True),
        (TITLE.upper(), PARAGRAPHS, True),
        ("Một tiêu đề khác hẳn", [*PARAGRAPHS, PORTAL], False),
        (TITLE, ["Nội dung của một bài khác hẳn, chỉ trùng tên, nói về chuyện dọn rác ở chợ mới hôm qua."], False),
        (TITLE, [text.replace("12/3/2025", "14/3/2026").replace("120", "90") for text in PARAGRAPHS], False),
    ],
)  # fmt: skip
def test_an_article_lives_on_in_its_like_of_the_same_title(collection, title, body, lives):
    save(collection, record("1", TITLE, "\n".join(PARAGRAPHS)))
    assert save(collection, record("7", title, "\n".join(body))) in (Outcome.NEW, Outcome.DUPLICATE)
    assert miss(collection, "1") == (set() if lives else {"1"})


def test_a_like_on_another_site_is_no_life(collection):
    save(collection, record("1", TITLE, "\n".join(PARAGRAPHS)))
    save(collection, record("7", TITLE, "\n".join([*PARAGRAPHS, PORTAL]), site="x_hai"))
    assert miss(collection, "1") == {"1"}, "what its ward took down is there, as another ward wrote the like"


def test_two_alike_that_are_gone_do_not_keep_each_other_alive(collection):
    for key, more in (("1", []), ("7", [PORTAL])):
        save(collection, record(key, TITLE, "\n".join([*PARAGRAPHS, *more])))
    for day in (9, 11, 13, 15):
        miss(collection, "1", days=[day])
        miss(collection, "7", days=[day + 1])
    assert {row["key"] for row in removed(collection)} == {"1", "7"}


def test_what_was_missed_together_does_not_live_in_each_other(collection):
    for key, more in (("1", []), ("7", [PORTAL])):
        save(collection, record(key, TITLE, "\n".join([*PARAGRAPHS, *more])))
    assert elsewhere(collection.db, missed(collection, "1")) is not None
    assert elsewhere(collection.db, missed(collection, "1"), {2}) is None


def test_a_notice_of_every_month_is_another_article(collection):
    text = "Phường mời bà con tới nhận kết quả hồ sơ vào sáng ngày {}/2025 tại trụ sở, đường Trần Phú. " + LONG
    for key, day in (("1", "05/3"), ("7", "05/4")):
        save(collection, record(key, "Mời nhận kết quả hồ sơ", text.format(day)))
    stories = Stories(collection.db)
    assert not is_moved(stories[1], stories[2]), "next month's notice is taken for this one, moved"


def test_an_import_takes_the_days_and_the_dead_addresses_over(collection, tmp_path):
    from storage.imports import take_in

    save(collection, dated("1", "2025-03-05"))
    save(collection, dated("7", "2025-06-09"))
    miss(collection, "1", days=[9])
    collection.finish_run(collection.run_id, finished_at=DAYS[9], status="ok", reason=None, message="", counts={},
                          skipped={})  # fmt: skip
    collection.commit()
    take_in(tmp_path / "b.db", tmp_path / "a.db", moment=DAYS[15], progress=lambda done, total: None)
    sql = "SELECT url, published_at, published_raw, gone_at FROM article_urls ORDER BY url"
    with Collection(tmp_path / "b.db") as other:
        assert list(other.rows(sql)) == list(collection.rows(sql))
        assert article(other)["doubts"] == article(collection)["doubts"] != []
