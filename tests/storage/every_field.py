"""An article in which every field has a value that no other field has, before and after an edit."""

from crawler.text import content_hash
from storage import Collection, fields
from storage.fields import Kind
from storage.records import Record

SITE = {"slug": "x_mot", "name": "Phường Một", "host": "mot.gov.vn", "platform": "p", "unit_old": None,
        "unit_new": None, "updated_at": "2026-01-01T00:00:00+00:00"}  # fmt: skip
_NOT_FREE = {  # fields whose values something reads
    "language": ("vi", "en"),
    "published_at": ("2024-05-01", "2024-06-02"),
    "published_precision": ("day", "day"),
    "published_from": ("listing", "meta"),
    "event_dates": tuple([{"date": day, "raw": f"ngày {day}", "start": 0, "end": 9}] for day in ("2024-07-03", "2024")),
    "doubts": tuple([{"field": "title", "kind": "differs_from_list", "evidence": text}] for text in ("một", "hai")),
}


def texts(number):
    """The value of each field of the first (0) or second (1) text, as a crawl hands them in."""
    values = {}
    for field in fields.FIELDS:
        value = f"{field.name} thứ {'một' if number == 0 else 'hai'}"
        values[field.name] = [value] if field.kind is Kind.LIST else value
    return values | {name: both[number] for name, both in _NOT_FREE.items()}


def keep(path):
    """Make a collection at `path` that has met the article twice; its id is 1. Returns the path."""
    with Collection(path) as collection:
        collection.put_site(SITE)
        run = collection.begin_run("x_mot", mode="live", started_at="2026-01-01T00:00:00+00:00", software="test")
        for number, seen in enumerate(("2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00")):
            values = texts(number)
            digest = content_hash(values["title"], values["body"])
            collection.save(Record("x_mot", "1", "https://mot.gov.vn/1", digest, seen, values), run)
        end = "2026-01-02T00:00:00+00:00"
        collection.finish_run(
            run, finished_at=end, status="ok", reason=None, message="1 new", counts={"new": 1}, skipped={}
        )
    return path
