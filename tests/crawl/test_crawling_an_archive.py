"""`crawl --from-archive` as a user gives it."""

import json
import re

import pytest

from crawler.cli import main
from crawler.new_site import frozen_pages
from spiders.registry import Registry
from storage import Collection
from storage.fixity.verification import verify
from tests.exports.handing import hand_on, take
from tests.running import tinphuong

SLUG = "thainguyen_huongson"
HOME = f"http://{Registry.of_package()[SLUG].host}/"


def test_every_text_of_an_article_becomes_a_version_with_its_capture(archive, tmp_path):
    article = frozen_pages.load(SLUG, "article")
    edited = re.sub(rb"(<p[^>]*>)", rb"\1" + "Đoạn này về sau bị sửa. ".encode(), article.body)
    kind = {"mime": article.content_type}
    archive.hold(article.url, "20190501000000", edited, **kind)
    archive.hold(article.url, "20200501000000", edited, **kind)
    archive.hold(article.url, "20210501000000", article.body, **kind)
    archive.hold(article.url, "20220501000000", article.body, **kind)
    archive.hold(article.url, "20240501000000", b"<html><body><h1>Domain for sale</h1></body></html>", **kind)
    archive.hold(article.url, "20250501000000", status=302, headers=(("Location", HOME),))
    archive.hold(f"{HOME}anh.png", "20190501000000", mime="image/png")
    db, summary = tmp_path / "a.db", tmp_path / "s.json"
    words = ("--db", db, "crawl", SLUG, "--from-archive", archive.url, "--summary", summary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CDXT_DEFAULT_MIN_RETRY_INTERVAL", "0")
        for turn in range(2):
            done = tinphuong(*words)
            assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
            (result,) = json.loads(summary.read_text())["from_archive"]
            assert result["listed"] == 7 and result["skipped"] == {"not_html": 1}
            assert (result["fetched"], result["same_payload"]) == ((0, 0) if turn else (4, 2))
            with Collection(db) as collection:
                row, version = (
                    next(
                        collection.rows(
                            f"SELECT t.*, c.captured_at FROM {table} t JOIN captures c ON c.id = capture_id"
                        )
                    )
                    for table in ("articles", "versions")
                )
            times = [row[name][:4] for name in ("first_seen_at", "changed_at", "last_seen_at")]
            assert times == ["2019", "2021", "2022"]
            assert (version["seen_from"][:4], version["seen_until"][:4]) == ("2019", "2020")
            assert "về sau bị sửa" in version["body"] and "về sau bị sửa" not in row["body"]
            assert row["captured_at"] == "2022-05-01T00:00:00.000Z" and version["captured_at"][:4] in ("2019", "2020")
        held = archive.hold(f"{article.url}-khac", "20250601000000", b"<html>new")
        archive.faults[held.time, held.url] = [(404, {}, b"")]
        done = tinphuong(*words)
    assert f"chép từ {archive.url.replace('cdx', '20220501000000id_/')}" in tinphuong("--db", db, "cite", "1").stdout
    assert done.returncode == 1 and "1 capture could not be fetched" in done.stderr
    assert not verify(db, lambda done, total: None).damage
    hand_on(db, "bagit", tmp_path / "bag", allow_incomplete=True)
    assert "1 trang gốc chép từ kho lưu trữ web" in (tmp_path / "bag" / "data" / "README.md").read_text()
    take(tmp_path / "new.db", tmp_path / "bag")
    with Collection(tmp_path / "new.db") as collection:
        sources = {row["source"] for row in collection.rows("SELECT source FROM captures")}
    assert len(sources) == 6 and all(sources)
    assert not verify(tmp_path / "new.db", lambda done, total: None).damage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from-archive", "nowhere"], "not a web archive"),
        (["--from-archive", "http://a.example/wards"], "/wards/cdx"),
        (["--from-archive", "ia", "--replay", "x.warc"], "either"),
        (["--from-archive", "ia", "--captures", "0"], "1 or more"),
        (["--from-archive", "ia", "--captures-from", "hôm qua"], "not a date"),
        (["--from-archive", "ia", "--captures-to", "2020-02-31"], "not a date"),
        (["--from-archive", "ia", "--captures-from", "2020", "--captures-to", "2019-12"], "later"),
        (["--from-archive", "cc", "--wayback", "http://a.example/w"], "--wayback"),
        (["--captures-to", "2020"], "--from-archive"),
    ],
)
def test_a_users_mistake_is_one_sentence(words, said, tmp_path, capsys):
    assert main(["--db", str(tmp_path / "a.db"), "crawl", SLUG, *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "a.db").exists()


def test_without_the_optional_group_the_error_names_it(tmp_path, capsys, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cdx_toolkit", None)
    assert main(["--db", str(tmp_path / "a.db"), "crawl", SLUG, "--from-archive", "ia"]) == 2
    assert "tinphuong[archive]" in capsys.readouterr().err
