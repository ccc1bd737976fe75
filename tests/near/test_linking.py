"""Linking in a collection: whatever comes when, the same groups; bounded work; nothing lost."""

import os
import random
import signal
from datetime import date, timedelta
from itertools import count

import pytest

from crawler.near import alike
from crawler.run.reading.pool import workers
from storage import Collection
from storage.near import group_of, groups, link_waiting, marks, waiting
from storage.near import pairs as linking_module
from storage.near import regroup as grouping_module
from storage.near.regroup import Source, earliest
from tests.near.gold import by_program, stories

AT = "2026-01-01T00:00:00+00:00"
LEVELS = {"ward": "Phường Một, quận Hai", "district": "Quận Hai", "city": "Sở Văn hóa", "press": "Báo Ngày Mới"}


def opened(path):
    collection = Collection(path)
    for slug, name in LEVELS.items():
        host = f"{slug}.example.vn" if slug == "press" else f"{slug}.gov.vn"
        collection.put_site({"slug": slug, "name": name, "host": host, "platform": "x", "unit_old": None,
                             "unit_new": None, "updated_at": AT})  # fmt: skip
    run = collection.begin_run("ward", mode="live", started_at=AT, software="x")
    assert run == 1
    return collection


def put(collection, text, key, *, site="ward", day=None, seen=AT, **more):
    row = {"site": site, "key": key, "url": f"http://{site}.gov.vn/{key}", "title": text.title, "summary": text.lead,
           "body": text.body, "published_at": day or text.date, "content_hash": key, "first_seen_at": seen,
           "last_seen_at": seen, "run_id": 1}  # fmt: skip
    return collection.insert("articles", row | more)


@pytest.fixture(scope="module")
def texts():
    """The stories written for tuning and their versions, each also as a program edits it; (key, text)."""
    chance = random.Random(3)
    every = [text for story in stories("dev") for text in story]
    every += [by_program(text, chance, 1) for text in every]
    return [(f"{text.event} {text.name}", text) for text in every]


def found(collection):
    """The groups, as keys of their articles, the earliest first."""
    keys = {row["id"]: row["key"] for row in collection.rows("SELECT id, key FROM articles")}
    return {
        (keys[group.earliest.id], frozenset(keys[member.id] for member in group.others))
        for group in groups(collection.db, limit=1000)
    }


@pytest.fixture(scope="module")
def at_once(texts, tmp_path_factory):
    """The groups where all articles are linked in one go."""
    with opened(tmp_path_factory.mktemp("once") / "a.db") as collection:
        for key, text in texts:
            put(collection, text, key)
        done = link_waiting(collection, at=AT)
        assert done.articles == len(texts) and waiting(collection.db) == 0
        return found(collection)


def test_groups_are_stories_and_never_mixed(texts, at_once):
    events = {key: text.event for key, text in texts}
    for first, others in at_once:
        assert {events[key] for key in others} == {events[first]}
    grouped = {events[first] for first, _ in at_once}
    assert len(grouped) >= 0.95 * len(set(events.values()))


def test_the_order_of_arrival_does_not_matter(texts, at_once, tmp_path):
    shuffled = random.Random(8).sample(texts, len(texts))
    with opened(tmp_path / "a.db") as collection:
        for key, text in shuffled:
            put(collection, text, key)
            if len(key) % 3 == 0:
                link_waiting(collection, at=AT)
        link_waiting(collection, at=AT)
        assert found(collection) == at_once


def test_a_killed_run_leaves_the_rest_to_the_next(texts, at_once, tmp_path):
    path = tmp_path / "a.db"
    with opened(path) as collection:
        for key, text in texts:
            put(collection, text, key)
    child = os.fork()
    if not child:
        calls = count()

        def killed(*arguments):
            if next(calls) == 90:  # in the middle of a later transaction
                os.kill(os.getpid(), signal.SIGKILL)
            return regroup(*arguments)

        linking_module._BATCH = 100
        regroup, linking_module.regroup = linking_module.regroup, killed
        link_waiting(Collection(path), at=AT)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with Collection(path) as collection:
        assert 0 < waiting(collection.db) < len(texts)
        link_waiting(collection, at=AT)
        assert found(collection) == at_once


def test_several_processes_find_the_same(texts, tmp_path):
    kept = []
    for jobs in (1, 3):
        with workers(jobs) as several, opened(tmp_path / f"{jobs}.db") as collection:
            ids = [put(collection, text, key) for key, text in texts]
            first = link_waiting(collection, at=AT, most=len(ids) // 2, workers=several)
            changed = ids[:: len(ids) // 30]
            for number in changed:
                text = texts[number % len(texts)][1]
                collection.change_article(number, {"title": text.title, "summary": text.lead, "body": text.body})
            asked = count()
            stopped = link_waiting(collection, at=AT, go_on=lambda asked=asked: next(asked) < 40, workers=several)
            assert 0 < stopped.articles < waiting(collection.db)
            last = link_waiting(collection, at=AT, workers=several)
            tables = ("near_duplicates", "near_groups", "near_sketches")
            rows = [collection.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
            kept.append((first, stopped, last, rows))
            assert last.links and all(rows) and waiting(collection.db) == 0
            several.rest()
    assert kept[0] == kept[1]


def test_what_is_found_does_not_depend_on_the_size_of_a_batch(texts, tmp_path, monkeypatch):
    monkeypatch.setattr(linking_module, "_SHARING", 3)
    kept = []
    for size in (1, 7, 1000):
        monkeypatch.setattr(linking_module, "_BATCH", size)
        with opened(tmp_path / f"{size}.db") as collection:
            ids = [put(collection, text, key) for key, text in texts]
            link_waiting(collection, at=AT, most=2 * len(ids) // 3)
            for place in range(0, len(ids), 9):  # of those compared and of those that wait
                title, text = f"Sửa {place}", texts[place - 5][1]
                collection.change_article(ids[place], {"title": title, "summary": text.lead, "body": text.body})
            asked = count()
            stopped = link_waiting(collection, at=AT, go_on=lambda asked=asked: next(asked) < 60)
            assert 0 < stopped.articles < len(ids) // 3
            link_waiting(collection, at=AT)
            tables = ("near_duplicates", "near_groups", "near_sketches")
            kept.append([collection.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables])
    assert kept[0] == kept[1] == kept[2] and all(kept[0])


def test_an_article_without_candidates_is_not_read(texts, tmp_path, monkeypatch):
    one, two, three = (
        next(text for _, text in texts if text.name == name) for name in ("ben-hoa", "cay-xanh", "lich-tuan")
    )
    read = []
    monkeypatch.setattr(linking_module.Stories, "__getitem__", lambda _, article_id: read.append(article_id))
    with opened(tmp_path / "a.db") as collection:
        for text in (one, two, three):
            put(collection, text, text.name)
        assert link_waiting(collection, at=AT).articles == 3 and read == []


def test_an_article_with_another_text_is_linked_anew_and_a_removed_one_stays(texts, tmp_path):
    story = next(story for story in stories("dev") if story[0].name == "ben-hoa")
    with opened(tmp_path / "a.db") as collection:
        one, two, three = (put(collection, text, text.name) for text in story)
        link_waiting(collection, at=AT)
        assert {member.id for member in group_of(collection.db, three).others} == {two, three}
        collection.change_article(
            one, {"title": "Chuyện khác", "summary": "", "body": "Không còn gì của bài cũ. " * 30}
        )
        collection.change_article(two, {"removed_at": AT})
        assert waiting(collection.db) == 1
        done = link_waiting(collection, at=AT)
        assert (done.articles, done.links) == (1, 0)
        assert group_of(collection.db, one) is None
        left = group_of(collection.db, three)
        assert (left.earliest.id, [member.id for member in left.others]) == (two, [three])
        assert left.earliest.removed_at == AT and left.others[0].likeness > 0.5
        collection.change_article(one, {"title": story[0].title, "summary": story[0].lead, "body": story[0].body})
        link_waiting(collection, at=AT)
        assert marks(collection.db, [three])[three]["articles"] == [one, two, three]


def test_a_chain_is_cut_where_it_no_longer_tells_the_first_story(tmp_path):
    """Paragraphs 1-5, 3-7 and 5-9: the middle is like both ends, the ends are not like each other."""
    chance = random.Random(1)
    words = [word for story in stories("dev") for word in story[0].body.split() if word.islower()]
    paragraphs = [
        f"Nhà số {10 + 7 * n} góp {3 + n},5 triệu đồng, {n + 50} ngày công: {' '.join(chance.choices(words, k=25))}."
        for n in range(9)
    ]
    base = stories("dev")[0][0]
    with opened(tmp_path / "a.db") as collection:
        ids = []
        for start in (0, 2, 4):
            body = "\n\n".join(paragraphs[start : start + 5])
            text = type(base)("x", "x", "Chuyện xóm", "", body, f"2024-03-0{start + 1}")
            ids.append(put(collection, text, str(start)))
        link_waiting(collection, at=AT)
        pairs = {(row["article_id"], row["other_id"]) for row in collection.rows("SELECT * FROM near_duplicates")}
        assert pairs == {(ids[0], ids[1]), (ids[1], ids[2])}
        assert [member.id for member in group_of(collection.db, ids[1]).others] == [ids[1]]
        assert group_of(collection.db, ids[2]) is None


@pytest.mark.parametrize(
    ("sources", "first"),
    [
        ({"press": "2024-03-05T09:00+07:00", "ward": "2024-03-05T15:00+07:00"}, "press"),
        ({"press": "2024-03-05T09:00+07:00", "city": "2024-03-05", "district": "2024-03-05"}, "district"),
        ({"press": "2024-03-05", "ward": "2024-03-05", "district": "2024-03-05"}, "ward"),
        ({"press": "2024-03-06", "ward": "2024-03"}, "press"),
        ({"ward": None, "city": "2026-01-01"}, "ward"),
        ({"ward": None, "city": "2025-12-30"}, "city"),
    ],
)
def test_a_story_begins_with_the_earliest_source(tmp_path, sources, first):
    text = next(story[0] for story in stories("dev") if story[0].name == "cay-xanh")
    with opened(tmp_path / "a.db") as collection:
        for site, day in sources.items():
            article = put(collection, text, site, site=site)
            collection.change_article(article, {"published_at": day})
        link_waiting(collection, at=AT)
        [group] = groups(collection.db)
        assert group.earliest.site == first and len(group.others) == len(sources) - 1
        assert [group.earliest.likeness, *(member.likeness for member in group.others)] == [None] + [1.0] * (
            len(sources) - 1
        )


def test_the_first_of_equal_sources_is_always_the_same():
    sources = [Source(n, "2024-03-05", None, 0, AT, f"http://{n}") for n in range(4)]
    assert {earliest(random.Random(seed).sample(sources, 4)).id for seed in range(9)} == {0}


def test_a_template_with_many_members_costs_no_more_and_one_story_among_them_is_found(tmp_path, monkeypatch):
    compared = []
    monkeypatch.setattr(linking_module, "alike", lambda one, two: compared.append(1) or alike(one, two))
    base = next(story[0] for story in stories("dev") if story[0].name == "lich-tuan")
    monday = date(2024, 1, 1)
    with opened(tmp_path / "a.db") as collection:
        for week in range(120):
            body = base.body.replace("TUẦN 12", f"TUẦN {week}").replace("tổ 21", f"tổ {week}")
            for number in range(5):
                day = monday + timedelta(days=7 * week + number)
                body = body.replace(f"{18 + number}/3", f"{day.day}/{day.month}")
            text = type(base)("x", "x", base.title.replace("12", str(week)), "", body, base.date)
            put(collection, text, str(week))
        again = put(collection, text, "again", site="press", day="2024-03-16")
        link_waiting(collection, at=AT)
        assert len(compared) <= 12 * 121
        [group] = groups(collection.db)
        assert (group.earliest.title, group.others[0].id) == (text.title, again)


def test_a_group_too_large_to_look_through_still_is_one_group_under_its_earliest_source(tmp_path, monkeypatch):
    monkeypatch.setattr(grouping_module, "_MANY", 4)
    text = next(story[0] for story in stories("dev") if story[0].name == "cay-xanh")
    with opened(tmp_path / "a.db") as collection:
        for number in range(12):
            put(collection, text, str(number), day=f"2025-02-{20 - number:02}")
            link_waiting(collection, at=AT)
        [group] = groups(collection.db)
        assert len(group.others) == 11 and group.earliest.published_at == "2025-02-09"
        collection.change_article(
            group.earliest.id, {"title": "Khác", "summary": "", "body": "Một bài khác hẳn. " * 20}
        )
        link_waiting(collection, at=AT)
        [group] = groups(collection.db)
        assert len(group.others) == 10 and group.earliest.published_at == "2025-02-10"


def test_pictures_under_one_title_are_told_apart(tmp_path):
    text = stories("dev")[0][0]
    text = type(text)("x", "x", "Lịch công tác tuần", "", "", "2024-03-05")
    with opened(tmp_path / "a.db") as collection:
        for number in (1, 2, 3):
            article = put(collection, text, str(number))
            url = f"http://ward.gov.vn/{min(number, 2)}.jpg"
            collection.insert("images", {"article_id": article, "url": url, "position": 0})
        link_waiting(collection, at=AT)
        [group] = groups(collection.db)
        assert {group.earliest.id, group.others[0].id} == {2, 3}


def test_only_so_many_are_linked_the_newest_first(texts, tmp_path):
    with opened(tmp_path / "a.db") as collection:
        ids = [put(collection, text, key) for key, text in texts[:9]]
        assert link_waiting(collection, at=AT, most=4).articles == 4
        assert [row["article_id"] for row in collection.rows("SELECT * FROM near_waiting")] == ids[:5]
