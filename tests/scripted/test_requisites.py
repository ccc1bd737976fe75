"""What pages need to look as they did where only a script asks for it, with a real browser."""

import pytest

from storage.archives.captures import folder_of, warc_files
from storage.fixity.verification import verify
from tests.crawl.test_attachments import rows
from tests.scripted.dressed import FINISHED, LOADED, dressed
from tests.scripted.portal import STORIES
from tests.scripted.test_rendering import with_browser

BY_SCRIPT = {"ao.css": "style", "nen.svg": "picture", "khung.html": "data", "khuon.js": "script", "cuoi.json": "data"}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """(database, first run, second run, function that crawls, portals); a run: (what was said, reports, asked)."""
    folder = tmp_path_factory.mktemp("dressed")
    db = folder / "a.db"
    with dressed(folder) as (portals, crawl):
        runs = []
        for _ in range(2):
            done, reports = crawl(db)
            runs.append((done, reports, {slug: [*portal.asked] for slug, portal in portals.items()}))
            for portal in portals.values():
                portal.asked.clear()
        yield db, *runs, crawl, portals


def needed(db, site):
    """Name → (kind, is kept, number of articles) of what pages of a site need."""
    sql = (
        "SELECT q.url, q.kind, q.capture_id IS NOT NULL AS kept, count(*) AS n FROM requisites q "
        "JOIN article_requisites r ON r.requisite_id = q.id JOIN articles a ON a.id = r.article_id "
        "WHERE a.site = ? GROUP BY q.id ORDER BY q.url"
    )
    return {row["url"].partition("//")[2].partition("/")[2]: (row["kind"], row["kept"], row["n"])
            for row in rows(db, sql, site)}  # fmt: skip


@with_browser
def test_what_only_a_script_asks_for_is_kept_of_every_page(crawled):
    db, (done, reports, _), *_ = crawled
    assert done.returncode == 0, done.stdout + done.stderr
    found = needed(db, LOADED)
    for name, kind in BY_SCRIPT.items():
        assert found[f"trang-tri/{name}"] == (kind, 1, len(STORIES)), found
    assert found["mac.js"] == ("script", 1, len(STORIES))
    assert reports[LOADED]["requisites"] == len(BY_SCRIPT) + 1
    failed = {"robots_forbidden": 1, "http_404": 1, "internal_address": 1}
    assert reports[LOADED]["requisites_failed"] == failed


@with_browser
def test_each_is_asked_for_once_and_never_again(crawled):
    _, (_, _, first), (done, reports, second), *_ = crawled
    asked = [path for path in first[LOADED] if path.startswith(("/trang-tri/", "/mac.js", "/cam/", "/dem", "/noi"))]
    assert sorted(asked) == sorted({f"/trang-tri/{name}" for name in (*BY_SCRIPT, "mat.json")} | {"/mac.js"})
    assert done.returncode == 0 and reports[LOADED]["requisites"] == 0
    assert not [path for path in second[LOADED] if path.startswith(("/trang-tri/", "/mac.js"))]


@with_browser
def test_of_a_finished_page_scripts_and_data_are_kept_that_it_got(crawled):
    db, (_, reports, asked), *_ = crawled
    found = needed(db, FINISHED)
    assert found["app.js"] == ("script", 1, len(STORIES)) and asked[FINISHED].count("/app.js") == 1
    assert found["style.css"] == ("style", 1, len(STORIES)) and asked[FINISHED].count("/style.css") == 1
    for number in STORIES:
        assert found[f"api/tin/{number}"] == ("data", 1, 1) and asked[FINISHED].count(f"/api/tin/{number}") == 1
    kinds = rows(db, "SELECT DISTINCT kind FROM captures WHERE url LIKE '%/api/tin/%' OR url LIKE '%.2:%/app.js'")
    assert {"kind": "requisite"} in kinds
    assert reports[FINISHED]["requisites"] >= len(STORIES) + 1
    assert verify(db, lambda done, of: None).damage == []


@with_browser
def test_a_replay_loads_pages_from_the_archive_alone(crawled, tmp_path):
    db, _, _, crawl, portals = crawled
    files = warc_files(folder_of(db))
    for portal in portals.values():
        portal.asked.clear()
    again = tmp_path / "b.db"
    done, reports = crawl(again, "--replay", *files, "--requisites", sites=(LOADED,))
    assert done.returncode == 0, done.stdout + done.stderr
    assert portals[LOADED].asked == []
    found = {name: values for name, values in needed(again, LOADED).items() if values[1]}
    assert found == {name: values for name, values in needed(db, LOADED).items() if values[1]}
    assert set(reports[LOADED]["requisites_failed"]) <= {"not_in_archive", "http_404"}


def test_without_a_browser_the_articles_are_there_and_the_site_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("TINPHUONG_BROWSER_PROGRAM", "/none")
    with dressed(tmp_path) as (_, crawl):
        done, reports = crawl(tmp_path / "c.db", sites=(LOADED,))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert (reports[LOADED]["status"], reports[LOADED]["reason"]) == ("failed", "no_browser")
    assert "its pages need a browser, and " in done.stdout
    assert reports[LOADED]["new"] == len(STORIES)
    assert rows(tmp_path / "c.db", "SELECT * FROM requisites_read") == []
