"""Simulated days: each a run over three portals that publish, edit, remove, pin, are redesigned, fail and come back.

What the collection and `status` must say is known in advance, and asserted day by day or at the end. Four weeks in
which much happens are lived through every time, a whole year among the long tests.
"""

import json
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.living.portal import Portal

NEW_YEAR = date(2025, 1, 1)
REBUILDS = {"lists": "redesign_lists", "articles": "redesign_articles", "dates": "break_dates"}
REASONS = {
    "dns": "dns", "refused": "refused", "antibot": "antibot", "500": "http_500", "robots": "robots_unreadable",
    "lists": "listing_layout_changed", "articles": "article_layout_changed", "dates": "dates_stopped",
}  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """What happens when. Days count from 0; `every` gives a rhythm as the length and a day of the first round."""

    days: int
    troubles: tuple[tuple[str, int, int, str], ...]  # site, first and last day (long enough for a run), what brings it
    edits: tuple[int, int]
    removals: tuple[int, int]
    last_removal: int
    restored_after: int  # days; only what was taken down on an odd day is put back
    pins: tuple[int, ...]
    resort: int
    status_every: int  # days; and on each day with a trouble
    least: tuple[int, int]  # articles and edits, so that the days are worth living through
    hours: dict[str, int]  # between two runs of a site
    silence: tuple[str, int, int] = ("", -1, -1)  # a site that publishes nothing from one day to another


WEEKS = Calendar(
    days=28,
    troubles=(
        ("mot", 3, 3, "dns"), ("hai", 4, 5, "500"), ("mot", 6, 6, "lists"), ("ba", 6, 8, "500"), ("mot", 9, 9, "dates"),
        ("hai", 10, 11, "articles"), ("mot", 13, 13, "antibot"), ("hai", 14, 15, "robots"), ("hai", 18, 19, "refused"),
    ),
    edits=(4, 1), removals=(5, 2), last_removal=16, restored_after=11, pins=(5,), resort=16, status_every=9,
    least=(55, 10), hours={"hai": 48, "ba": 168},
)  # fmt: skip
YEAR = Calendar(
    days=365,
    troubles=(
        ("mot", 40, 43, "dns"), ("mot", 90, 91, "antibot"), ("hai", 60, 66, "500"), ("hai", 120, 121, "robots"),
        ("mot", 150, 153, "lists"), ("hai", 180, 182, "articles"), ("mot", 210, 212, "dates"),
        ("hai", 240, 241, "refused"), ("ba", 14, 22, "500"),
    ),
    edits=(11, 5), removals=(37, 8), last_removal=304, restored_after=60, pins=(70, 200), resort=280, status_every=30,
    least=(350, 80), hours={"hai": 48, "ba": 168}, silence=("hai", 261, 325),
)  # fmt: skip


class Life:
    """What happens by the calendar, and by a chance that is the same in every run; and what must be known of it."""

    def __init__(self, calendar):
        self.calendar = calendar
        self.chance = random.Random(2025)
        sizes = {"mot": ("tin-tuc", "thong-bao"), "hai": ("tin-tuc",), "ba": ("tin-tuc",)}
        self.portals = {
            slug: Portal(f"{slug}.test", sections=sections, today=NEW_YEAR, validators=slug == "hai")
            for slug, sections in sizes.items()
        }
        for slug, count in (("mot", 14), ("hai", 8), ("ba", 6)):
            for ago in range(count, 0, -1):
                self.portals[slug].publish(days_ago=3 * ago)
        self.taken: dict[int, tuple[str, int]] = {}  # article → portal, day
        self.back: dict[int, int] = {}

    def troubled(self, slug, day):
        return next((what for host, a, b, what in self.calendar.troubles if host == slug and a <= day <= b), None)

    def expected(self, slug, day):
        """The reason that the day's run and `status` must give, None for none."""
        return REASONS.get(self.troubled(slug, day))

    def happen(self, day):
        """Let the day's events come over the portals, before its run."""
        calendar = self.calendar
        for slug, portal in self.portals.items():
            portal.today = NEW_YEAR + timedelta(days=day)
            portal.count()
            self._trouble(slug, portal, day)
            if portal.failing or self.troubled(slug, day):
                continue
            silent = slug == calendar.silence[0] and calendar.silence[1] <= day <= calendar.silence[2]
            if not silent and day % {"mot": 2, "hai": 4, "ba": 9}[slug] == 0:
                portal.publish(self.chance.randint(1, 2))
            there = [n for n, piece in portal.pieces.items() if piece.at == "there"]
            if day % calendar.edits[0] == calendar.edits[1]:
                portal.edit(self.chance.choice(there))
            if day % calendar.removals[0] == calendar.removals[1] and slug != "ba" and day <= calendar.last_removal:
                known = [n for n in there if portal.pieces[n].day < portal.today - timedelta(days=10)]
                number = self.chance.choice([n for n in known if n not in portal.pinned and n not in self.back])
                (portal.remove if self.chance.random() < 0.5 else portal.redirect_home)(number)
                self.taken[number] = slug, day
            if day in calendar.pins:
                portal.pinned.append(self.chance.choice(there))
            if day == calendar.resort:
                portal.resort()
        for number, (slug, since) in list(self.taken.items()):
            if day == since + calendar.restored_after and since % 2:
                self.portals[slug].restore(number)
                self.back[number] = day
                del self.taken[number]

    def _trouble(self, slug, portal, day):
        what = self.troubled(slug, day)
        portal.recover()
        portal.rebuild_as_before()
        if what in REBUILDS:
            getattr(portal, REBUILDS[what])()
        elif what:
            portal.fail(what)


def moment(day, hour=2):
    return datetime.combine(NEW_YEAR + timedelta(days=day), time(hour), UTC).isoformat()


@pytest.mark.parametrize(
    "calendar", [pytest.param(WEEKS, id="weeks"), pytest.param(YEAR, id="year", marks=pytest.mark.long)]
)
def test_days_of_runs(operate, calendar):
    life = Life(calendar)
    ward = operate(*life.portals.values())
    for slug, hours in calendar.hours.items():
        ward.sites[slug]["every"] = hours
    cpu, wrong, failing_last_night, met = 0.0, [], {}, set()
    for day in range(calendar.days):
        life.happen(day)
        done = ward.crawl("--due", now=moment(day))
        cpu += done.cpu
        assert "Traceback" not in done.err, f"the run of day {day} stumbles: {done.err}"
        states = {site["site"]: site["reason"] for site in done.summary.get("sites", ())}
        wanted = {slug: life.expected(slug, day) for slug in states}
        turned = [slug for slug, reason in wanted.items() if reason and not failing_last_night.get(slug)]
        if states != wanted or done.code != int(bool(turned)):
            wrong.append((day, states, wanted, done.code))
        failing_last_night |= states
        met |= {(slug, reason) for slug, reason in states.items() if reason}
        check_requests(life, done, day, wrong)
        if any(wanted.values()) or day % calendar.status_every == 0:
            check_status(life, ward, failing_last_night, day, wrong)
    assert not wrong, "runs or status say what is not so:\n" + "\n".join(map(str, wrong[:10]))
    assert met == {(slug, REASONS[what]) for slug, _, _, what in calendar.troubles}, "a trouble passed unnoticed"
    for day in (calendar.days + 7, calendar.days + 8):  # what was published after a site's last turn
        assert ward.crawl(now=moment(day)).code == 0, "a run after all troubles fails"
    check_articles(life, ward)
    check_removals(life, ward)
    assert ward.run("verify").code == 0, "verify finds the collection damaged"
    print(f"{calendar.days} days, {len(ward.stored())} articles, {cpu:.0f} s of CPU in the runs")


def check_requests(life, done, day, wrong):
    """A day without a change: robots.txt, the start page, two pages a section, and three articles again."""
    for site in done.summary.get("sites", ()):
        if site["new"] or site["changed"] or site["reason"] or site["gone"] or 0 <= day - life.calendar.resort <= 1:
            continue
        portal = life.portals[site["site"]]
        asked = [r.path for r in done.requests if r.host == portal.host]
        lists = [path for path in asked if "view_content" not in path and path != "/robots.txt"]
        if day > 1 and not recently(life, site["site"], day) and len(lists) > 1 + 2 * len(portal.order):
            wrong.append((day, site["site"], "lists", lists))
        if len(asked) - len(lists) - 1 > max(3, 0.02 * len(portal.pieces)) + 3:
            wrong.append((day, site["site"], "articles", asked))


def recently(life, slug, day):
    """Whether an article came back, or a list was re-sorted, pinned or out of reach, a few days ago."""
    calendar = life.calendar
    returned = any(0 <= day - since <= 8 for since in life.back.values())
    pinned = any(life.troubled(slug, day - n) or day - n in calendar.pins for n in range(8))
    return returned or pinned or 0 <= day - calendar.resort <= 20


def check_status(life, ward, reasons, day, wrong):
    silent_site, since, until = life.calendar.silence
    done = ward.run("status", "--json", now=moment(day, 3))
    rows = {row["site"]: row for row in json.loads(done.out)}
    for slug, reason in reasons.items():
        state = rows[slug]["state"]
        if (state == "failing") != bool(reason) or (reason and rows[slug]["reason"] != reason):
            wrong.append((day, slug, "status", rows[slug], reason))
        silent_for = day - since
        if slug == silent_site and day <= until and silent_for > 35 and not reason and state != "quiet":
            wrong.append((day, slug, "should be quiet", rows[slug]))
        if not reason and state == "quiet" and (slug != silent_site or not 30 <= silent_for <= 70):
            wrong.append((day, slug, "should not be quiet", rows[slug]))
    if done.code != int(any(reasons.values())):
        wrong.append((day, "status exits with", done.code, reasons))


def check_articles(life, ward):
    """Every article ever published is stored once; every edit is a version, but for those that another one or a removal
    overtook before the article's turn came."""
    pieces = {n: piece for portal in life.portals.values() for n, piece in portal.pieces.items()}
    assert ward.stored() == set(pieces), "what is stored is not what was published"
    assert len(ward.rows("SELECT id FROM articles")) == len(pieces), "an article is stored twice"
    edited = seen = 0
    for number, piece in pieces.items():
        texts = ward.texts(number)
        known = [body for body in piece.bodies if body in texts]
        assert texts == known, "the texts of an article are in another order, or one was invented"
        edited += len(piece.bodies) - 1
        seen += len(texts) - 1
        (row,) = ward.rows("SELECT title, published_at FROM articles WHERE key = ?", str(number))
        assert row["title"] == piece.title, "an article has another title"
        assert row["published_at"][:10] == piece.day.isoformat(), "an article has another day"
    articles, edits = life.calendar.least
    assert len(pieces) > articles and edited > edits, "too little happened for this test to say anything"
    assert seen > 0.6 * edited, "most edits pass unnoticed"


def check_removals(life, ward):
    rows = ward.rows("SELECT key, gone_at, removed_at FROM articles")
    known = {int(row["key"]): row for row in rows}
    removed = {number for number, row in known.items() if row["removed_at"]}
    assert life.taken and removed == set(life.taken), "what is called removed is not what is down at the end"
    for number in removed:
        first, then = (datetime.fromisoformat(known[number][name]) for name in ("gone_at", "removed_at"))
        assert then - first >= timedelta(days=1), "an article is called removed after it was missed once"
        taken = NEW_YEAR + timedelta(days=life.taken[number][1])
        assert first.date() >= taken, "an article is called missing before it was taken down"
    events = ward.rows(
        "SELECT a.key, e.kind FROM article_events e JOIN articles a ON a.id = e.article_id ORDER BY e.id"
    )
    history = {number: [event["kind"] for event in events if int(event["key"]) == number] for number in known}
    assert life.back, "nothing came back, so that this test says nothing about it"
    for number in life.back:
        assert history[number] in ([], ["removed", "returned"]), "an article that came back has another history"
    assert any(history[number] for number in life.back), "no article that came back was missed before"
    listed = json.loads(ward.run("removed", "--json").out)
    assert {int(row["key"]) for row in listed} == removed, "`removed` lists other articles than are removed"
    reasons = {row["reason"] for row in listed}
    assert reasons <= {"http_404", "redirected_away"}, "`removed` gives another reason than there was"
