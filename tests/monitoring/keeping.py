"""Collections with a history of runs, made without crawling."""

from datetime import UTC, datetime, timedelta

from storage import Collection
from tests.storage import doubted

START = datetime(2026, 10, 1, 20, 30, tzinfo=UTC)  # half past three in the morning of the next day in Việt Nam


def put_site(collection, slug):
    collection.put_site(
        {"slug": slug, "name": f"Phường {slug}", "host": f"{slug}.vn", "platform": "generic", "unit_old": None,
         "unit_new": None, "updated_at": "2026"}
    )  # fmt: skip


def add_run(
    collection, slug, at, *, status="ok", reason=None, articles=(), captures=0, skipped=None, mode="live", **counts
):
    """Add a run of a minute that ended at `at` (None: it was killed) and return its id.

    `articles`: the days of publication of what it stored; `captures`: bytes of its one record, 0 for none.
    """
    began = (at or counts.pop("began")) - timedelta(minutes=1)
    run = collection.begin_run(slug, mode=mode, started_at=iso(began), software="tinphuong 0")
    for number, day in enumerate(articles):
        key = f"{run}-{number}"
        body = f"Tin số {key} của {slug}, đăng ngày {day}."
        values = {"published_at": day, "published_precision": "day", "title": body, "body": body, "markdown": body}
        record = doubted.record(3, iso(began), site=doubted.SITES[0]["slug"], key=key, **values)
        record.site, record.url = slug, f"https://{slug}.vn/{key}"
        collection.save(record, run)
    if captures:
        collection.insert(
            "captures",
            {"record_id": f"urn:{run}", "run_id": run, "site": slug, "url": f"https://{slug}.vn/{run}",
             "kind": "article", "status": 200, "content_type": "text/html", "captured_at": iso(began), "file": "a.gz",
             "offset": run, "length": captures, "payload_digest": "0" * 64, "warc_digest": "sha1:x"},
        )  # fmt: skip
    if at:
        collection.finish_run(
            run, finished_at=iso(at), status=status, reason=reason, message=f"{len(articles)} new",
            counts={"new": len(articles)} | counts, skipped=skipped or {},
        )  # fmt: skip
    else:
        collection.commit()
    return run


def iso(moment):
    return moment.isoformat(timespec="seconds")


def days(since, number):
    """The days of publication of `number` articles, one a day back from `since`."""
    return [f"{(since - timedelta(days=back)).date()}" for back in range(number)]


def keep(path, *, weeks=3, filled=200, a_day=2):
    """A site that was filled with years of news and crawled daily since then, with some news each day."""
    with Collection(path) as collection:
        put_site(collection, "hoaan_dongha")
        add_run(collection, "hoaan_dongha", START, articles=days(START, filled), captures=50_000_000)
        for day in range(1, weeks * 7 + 1):
            at = START + timedelta(days=day)
            add_run(collection, "hoaan_dongha", at, articles=[f"{at.date()}"] * a_day, captures=10_000)
    return path
