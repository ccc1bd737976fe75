"""A simulated year: every day a run over three portals that publish, edit, remove, pin, are redesigned, fail and come
back. What the collection and `status` must say is known in advance, and asserted day by day or at the end."""

import json
import random
from datetime import UTC, date, datetime, time, timedelta

from tests.living.portal import Portal

NEW_YEAR = date(2025, 1, 1)
DAYS = 365

# Host, first day and last day of a trouble, what brings it, what `status` must call it. Days count from 0.
TROUBLES = [
    ("mot", 40, 43, "dns", "dns"),
    ("mot", 90, 91, "antibot", "antibot"),
    ("hai", 60, 66, "500", "http_500"),
    ("hai", 120, 120, "robots", "robots_unreadable"),
    ("mot", 150, 153, "lists", "listing_layout_changed"),
    ("hai", 180, 182, "articles", "article_layout_changed"),
    ("mot", 210, 212, "dates", "dates_stopped"),
    ("hai", 240, 240, "refused", "refused"),
    ("ba", 14, 22, "500", "http_500"),
]
SILENCE = ("hai", 261, 325)  # it publishes nothing
REBUILDS = {"lists": "redesign_lists", "articles": "redesign_articles", "dates": "break_dates"}


class Year:
    """What happens, by a chance that is the same in every run; and what must be known of it."""

    def __init__(self):
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
        return next((what for host, a, b, what, _ in TROUBLES if host == slug and a <= day <= b), None)

    def happen(self, day):
        """Let the day's events come over the portals, before its run."""
        for slug, portal in self.portals.items():
            portal.today = NEW_YEAR + timedelta(days=day)
            portal.count()
            self._trouble(slug, portal, day)
            if portal.failing or self.troubled(slug, day):
                continue
            silent = slug == SILENCE[0] and SILENCE[1] <= day <= SILENCE[2]
            if not silent and day % {"mot": 2, "hai": 4, "ba": 9}[slug] == 0:
                portal.publish(self.chance.randint(1, 2))
            there = [n for n, piece in portal.pieces.items() if piece.at == "there"]
            if day % 11 == 5:
                portal.edit(self.chance.choice(there))
            if day % 37 == 8 and slug != "ba" and day < DAYS - 60:
                known = [n for n in there if portal.pieces[n].day < portal.today - timedelta(days=10)]
                number = self.chance.choice([n for n in known if n not in portal.pinned and n not in self.back])
                (portal.remove if self.chance.random() < 0.5 else portal.redirect_home)(number)
                self.taken[number] = slug, day
            if day in (70, 200):
                portal.pinned.append(self.chance.choice(there))
            if day == 280:
                portal.resort()
        for number, (slug, since) in list(self.taken.items()):
            if day == since + 60 and since % 2:
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


def expected_state(year, slug, day):
    return next((reason for host, a, b, _, reason in TROUBLES if host == slug and a <= day <= b), None)


def test_a_year_of_daily_runs(operate):
    year = Year()
    ward = operate(*year.portals.values())
    ward.sites["hai"]["every"], ward.sites["ba"]["every"] = 48, 168
    cpu, wrong, failing_last_night = 0.0, [], {}
    for day in range(DAYS):
        year.happen(day)
        done = ward.crawl("--due", now=moment(day))
        cpu += done.cpu
        assert "Traceback" not in done.err, done.err
        states = {site["site"]: site["reason"] for site in done.summary.get("sites", ())}
        wanted = {slug: expected_state(year, slug, day) for slug in states}
        if states != wanted or done.code != int(any(wanted.values())):
            wrong.append((day, states, wanted, done.code))
        failing_last_night |= states
        check_requests(year, done, day, wrong)
        if wanted != dict.fromkeys(wanted) or day % 30 == 0:
            check_status(ward, failing_last_night, day, wrong)
    assert not wrong, "\n".join(map(str, wrong[:10]))
    for day in (DAYS + 7, DAYS + 8):  # what was published after a site's last turn
        assert ward.crawl(now=moment(day)).code == 0
    check_articles(year, ward)
    check_removals(year, ward)
    assert ward.run("verify").code == 0
    print(f"{DAYS} days, {len(ward.stored())} articles, {cpu:.0f} s of CPU in the runs")


def check_requests(year, done, day, wrong):
    """A day without a change: robots.txt, the start page, two pages a section, and three articles again."""
    for site in done.summary.get("sites", ()):
        if site["new"] or site["changed"] or site["reason"] or site["gone"] or day in (280, 281):
            continue
        portal = year.portals[site["site"]]
        asked = [r.path for r in done.requests if r.host == portal.host]
        lists = [path for path in asked if "view_content" not in path and path != "/robots.txt"]
        if day > 1 and not recently(year, site["site"], day) and len(lists) > 1 + 2 * len(portal.order):
            wrong.append((day, site["site"], "lists", lists))
        if len(asked) - len(lists) - 1 > max(3, 0.02 * len(portal.pieces)) + 3:
            wrong.append((day, site["site"], "articles", asked))


def recently(year, slug, day):
    """Whether an article came back, or a list was re-sorted, pinned or out of reach, a few days ago."""
    returned = any(0 <= day - since <= 8 for since in year.back.values())
    return returned or any(year.troubled(slug, day - n) or day - n in (70, 200) for n in range(8)) or 280 <= day <= 300


def check_status(ward, reasons, day, wrong):
    done = ward.run("status", "--json", now=moment(day, 3))
    rows = {row["site"]: row for row in json.loads(done.out)}
    for slug, reason in reasons.items():
        state = rows[slug]["state"]
        if (state == "failing") != bool(reason) or (reason and rows[slug]["reason"] != reason):
            wrong.append((day, slug, "status", rows[slug], reason))
        silent_for = day - SILENCE[1]
        if slug == SILENCE[0] and day <= SILENCE[2] and silent_for > 35 and not reason and state != "quiet":
            wrong.append((day, slug, "should be quiet", rows[slug]))
        if not reason and state == "quiet" and (slug != SILENCE[0] or not 30 <= silent_for <= 70):
            wrong.append((day, slug, "should not be quiet", rows[slug]))
    if done.code != int(any(reasons.values())):
        wrong.append((day, "status exits with", done.code, reasons))


def check_articles(year, ward):
    """Every article ever published is stored once; every edit is a version, but for those that another one or a removal
    overtook before the article's turn came."""
    pieces = {n: piece for portal in year.portals.values() for n, piece in portal.pieces.items()}
    assert ward.stored() == set(pieces) and len(ward.rows("SELECT id FROM articles")) == len(pieces)
    assert len(pieces) > 350
    edited = seen = 0
    for number, piece in pieces.items():
        texts = ward.texts(number)
        assert texts == [body for body in piece.bodies if body in texts], "in their order, and nothing invented"
        edited += len(piece.bodies) - 1
        seen += len(texts) - 1
        titles = ward.rows("SELECT title, published_at FROM articles WHERE key = ?", str(number))
        assert titles[0]["title"] == piece.title and titles[0]["published_at"][:10] == piece.day.isoformat()
    assert edited > 80 and seen > 0.6 * edited


def check_removals(year, ward):
    rows = ward.rows("SELECT key, gone_at, removed_at FROM articles")
    known = {int(row["key"]): row for row in rows}
    removed = {number for number, row in known.items() if row["removed_at"]}
    assert removed == set(year.taken), "what is down at the end, and nothing else"
    for number in removed:
        first, then = (datetime.fromisoformat(known[number][name]) for name in ("gone_at", "removed_at"))
        assert then - first >= timedelta(days=1)
        assert first.date() >= NEW_YEAR + timedelta(days=year.taken[number][1])
    events = ward.rows(
        "SELECT a.key, e.kind FROM article_events e JOIN articles a ON a.id = e.article_id ORDER BY e.id"
    )
    told = {number: [event["kind"] for event in events if int(event["key"]) == number] for number in known}
    assert year.back and all(told[number] in ([], ["removed", "returned"]) for number in year.back)
    assert any(told[number] for number in year.back)
    listed = json.loads(ward.run("removed", "--json").out)
    assert {int(row["key"]) for row in listed} == removed
    assert {row["reason"] for row in listed} <= {"http_404", "redirected_away"}
