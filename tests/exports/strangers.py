"""Articles as strangers hand them in, and what is expected of an import that is refused."""

import json

import pytest

from crawler.text import content_hash
from storage import Collection
from storage.imports import BadImport
from tests.exports.handing import take

DAY = "2026-10-06T01:15:00+00:00"
HEX = "0123456789abcdef" * 4


def article(number=1, **changes):
    """An article as `tinphuong export jsonl` writes it."""
    url = f"http://suoimo.phuong.test/tin/{number}.html"
    made = {
        "id": number, "site": "khac_suoimo", "key": f"tin/{number}.html", "url": url,
        "title": f"Họp tổ dân phố số {number}", "summary": "", "body": f"Chiều nay, tổ {number} họp ở nhà văn hóa.",
        "markdown": "", "author": None, "source": None, "section": "Tin phường", "language": "vi",
        "published_at": "2026-10-06T08:15+07:00", "published_precision": "minute", "published_raw": "06/10/2026 08:15",
        "published_from": "page", "event_dates": [], "notes": [], "doubts": [], "layout_matched": 1,
        "first_seen_at": DAY, "last_seen_at": DAY, "changed_at": None, "removed_at": None, "checked_at": None,
        "gone_at": None, "near_group": None, "capture": None,
        "run": {"site": "khac_suoimo", "mode": "live", "started_at": DAY, "finished_at": DAY, "status": "ok",
                "software": "tinphuong/0"},
        "issuer": {"name": "Phường Suối Mơ", "host": "suoimo.phuong.test", "platform": "generic", "unit_old": None,
                   "unit_new": None, "updated_at": DAY},
        "urls": [{"url": url, "site": "khac_suoimo", "key": f"tin/{number}.html", "relation": "canonical",
                  "first_seen_at": DAY, "last_seen_at": DAY}],
        "attachments": [], "images": [], "versions": [], "units": [], "events": [], "confirmations": [],
    } | changes  # fmt: skip
    if isinstance(made["title"], str) and isinstance(made["body"], str) and "content_hash" not in changes:
        made["content_hash"] = content_hash(*(_sound(made[name]) for name in ("title", "body")))
    return made


def _sound(text):
    return text.encode("utf-8", "replace").decode()


def part(table, number=1, /, **changes):
    """An article with one part, whose values are changed."""
    parts = {
        "urls": {"url": "http://suoimo.phuong.test/x", "site": "khac_suoimo", "key": "x", "relation": "alias",
                 "first_seen_at": DAY, "last_seen_at": DAY},
        "attachments": {"url": "http://suoimo.phuong.test/a.pdf", "name": "a.pdf", "type": "pdf", "position": 0},
        "images": {"url": "http://suoimo.phuong.test/a.jpg", "caption": "", "position": 0},
        "versions": {"title": "Họp", "summary": "", "body": "Cũ.", "markdown": "", "author": None, "source": None,
                     "published_at": None, "published_raw": None, "content_hash": content_hash("Họp", "Cũ."),
                     "seen_from": DAY, "seen_until": DAY, "run": None, "capture": None},
        "units": {"code": "05443", "vintage": "new", "certainty": "sure", "found_in": "body", "evidence": "",
                  "position": 0},
        "events": {"kind": "removed", "at": DAY, "reason": "http_410", "run": None},
        "confirmations": {"field": "author", "value": "Lan", "was": None, "by": "lan", "at": DAY},
    }  # fmt: skip
    return article(number, **{table: [parts[table] | changes]})


def written(folder, *articles, ends="\n", start=b""):
    file = folder / "a.jsonl"
    text = "".join(json.dumps(item, ensure_ascii=True) + ends for item in articles)
    file.write_bytes(start + text.encode())
    return file


def stored(db):
    with Collection(db) as collection:
        return [row["title"] for row in collection.rows("SELECT title FROM articles ORDER BY id")]


def refused(db, file, *said):
    """Assert that an import is refused in one sentence with those words, and that nothing of it was taken in."""
    before = stored(db) if db.exists() else []
    with pytest.raises(BadImport) as caught:
        take(db, file)
    sentence = str(caught.value)
    for words in said:
        assert words in sentence, f"not in the sentence: {words}: {sentence}"
    assert "\n" not in sentence and len(sentence) < 600, f"not one sentence: {sentence}"
    assert stored(db) == before, "half of the file was taken in"
    with Collection(db) as collection:
        assert before or not next(collection.rows("SELECT 1 FROM runs UNION ALL SELECT 1 FROM sites"), None)
