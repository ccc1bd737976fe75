"""A collection with what descriptions fail at: no date, no section, marks that XML forbids, a site without articles."""

import json
import sqlite3

from storage import Collection
from tests.exports.strangers import DAY, HEX

ODD_TITLE = "Họp “tổ” 'dân phố' <b>\x0b\x1b &amp; ]]> 🏮 \ufffe"
PLAIN_TITLE = "Họp “tổ” 'dân phố' <b> &amp; ]]> 🏮 "  # without what XML forbids
SOURCE = {"name": "trang cũ 'é'.warc.gz", "sha256": HEX, "size": 1234}


def make_odd(db):
    """Change a copy of the shared collection; returns its path."""
    with Collection(db) as collection:
        collection.put_site(
            {"slug": "khac_trong", "name": 'Xã "Trống" & <vắng>', "host": "trong.example:8080", "platform": "generic",
             "unit_old": None, "unit_new": "05443", "updated_at": DAY}
        )  # fmt: skip
        run = collection.begin_run("khac_trong", mode="replay", started_at=DAY, software="tinphuong 0.1.0")
        collection.finish_run(
            run, finished_at=DAY, status="failed", reason="timeout", message="không\ntrả lời \x07", counts={"pages": 1},
            skipped={"timeout": 1},
        )  # fmt: skip
        collection.begin_run("khac_trong", mode="reprocess", started_at=DAY, software="tinphuong")  # and was killed
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE runs SET sources = ? WHERE site = 'khac_trong'", [json.dumps([SOURCE])])
        for article, values in {
            1: {"title": ODD_TITLE, "section": None, "published_at": None},
            2: {"section": "🏮", "published_at": "2020-01/2021-02"},
            4: {"section": "Tin tức", "published_at": "2021"},
            6: {"section": "TIN TUC", "published_at": "2021-05-06T07:08+07:00"},
            8: {"section": "\"<&'>\x0c", "published_at": "2019-02"},
        }.items():
            for name, value in values.items():
                connection.execute(f"UPDATE articles SET {name} = ? WHERE id = ?", [value, article])
        connection.execute("UPDATE articles SET site = 'hanoi_trucbach' WHERE id IN (4, 6)")
        rights = ("© UBND <phường> \x01", "https://creativecommons.org/licenses/by/4.0/")
        connection.execute("UPDATE sites SET rights = ?, rights_url = ? WHERE slug = 'hanoi_trucbach'", rights)
        connection.execute(
            "INSERT INTO rights_evidence (site, text, url, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?)",
            ["khac_trong", 'Ghi rõ nguồn "xã Trống" & …', "http://trong.example:8080/?a=1&b=2", DAY, DAY],
        )
        connection.execute("INSERT INTO fixity_checks SELECT 'article', id, ?, ? FROM articles", [DAY, DAY])
    return db
