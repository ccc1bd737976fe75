"""Facts of single sites in real crawls: sections that are left out, robots.txt by the user agent, files by site."""

import sqlite3
from contextlib import closing

import pytest

from tests.network.crawling import SLUG, crawl
from tests.network.portal import ARTICLES, Portal, article, pages

PDF = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n%%EOF\n")


def configured(folder, *lines):
    path = folder / "tinphuong.toml"
    path.write_text("\n".join((f"[site.{SLUG}]", *lines)) + "\n", encoding="utf-8")
    return path


def test_sections_left_out_are_not_asked_for_and_are_no_failure(tmp_path):
    kept, left = article(0), article(1)
    menu = "<a href='/van-ban'>Văn bản</a><a href='/VAN-BAN/nghi-quyet'>Nghị quyết</a><a href='/lien-he'>Liên hệ</a>"
    with Portal({}) as portal:
        portal.answers = pages(menu) | {"/chuyen": (302, {"Location": "/van-ban/moi"}, b"")}
        portal.answers["/"] = portal.answers["/"].replace("</body>", f"{menu}<a href='/chuyen'>Chuyển</a></body>")
        path = configured(tmp_path, f'leave_out = ["/van-ban", "{left[0][:-5]}"]')
        first = crawl(tmp_path, f"127.0.0.1:{portal.port}")
        asked = list(portal.asked)
        portal.asked.clear()
        again = crawl(tmp_path, f"127.0.0.1:{portal.port}", "--config", path, "--full")
        new = portal.asked
    assert first.code == again.code == 0 and "/van-ban" in asked and left[0] in asked
    assert not [each for each in new if each.startswith(("/van-ban", "/VAN-BAN")) or each == left[0]], new
    assert kept[0] in new and "/chuyen" in new
    assert again.site["status"] == "ok" and again.site["errors"] == 0 and again.site["skipped"]["left_out"] >= 4
    with closing(sqlite3.connect(tmp_path / "a.db")) as opened:
        (removed,) = opened.execute("SELECT count(removed_at) FROM articles").fetchone()
    assert removed == 0 and len(again.articles) == len(ARTICLES), "what is left out is taken for gone"


def test_articles_left_out_are_not_looked_at_again_and_others_are(tmp_path):
    (left, _), (kept, _) = article(0), article(1)
    with Portal(pages()) as portal:
        host = f"127.0.0.1:{portal.port}"
        first = crawl(tmp_path, host)
        portal.asked.clear()
        path = configured(tmp_path, f'leave_out = ["{left}"]')
        with closing(sqlite3.connect(tmp_path / "a.db")) as opened, opened:  # articles just read are not due
            opened.execute("UPDATE articles SET checked_at = '2026-01-02T03:04:05+00:00'")
        again = crawl(tmp_path, host, "--config", path, settings={"TINPHUONG_RECHECK_LEAST": 9})
    assert first.code == again.code == 0 and left not in portal.asked and kept in portal.asked
    assert again.site["rechecked"] == len(ARTICLES) - 1 and again.site["removed"] == 0


def test_robots_txt_is_judged_by_the_sites_own_user_agent(tmp_path):
    rules = "User-agent: kho-luu-tru\nDisallow: /tin-tuc/\n\nUser-agent: *\nDisallow:\n"
    with Portal(pages() | {"/robots.txt": (200, {"Content-Type": "text/plain"}, rules)}) as portal:
        came = crawl(
            tmp_path, f"127.0.0.1:{portal.port}", "--config", configured(tmp_path, 'user_agent = "kho-luu-tru/2"')
        )
    assert came.articles == [] and came.site["reason"] == "robots_forbidden"


@pytest.mark.parametrize(("fact", "option", "fetched"), [("false", True, 0), ("true", False, 1)])
def test_attachments_are_fetched_by_what_is_said_of_the_site(tmp_path, fact, option, fetched):
    with Portal(pages("<p><a href='/ke-hoach.pdf'>Kế hoạch</a></p>") | {"/ke-hoach.pdf": PDF}) as portal:
        path = configured(tmp_path, f"attachments = {fact}")
        came = crawl(tmp_path, f"127.0.0.1:{portal.port}", "--config", path, *(["--attachments"] if option else []))
    assert came.code == 0 and came.site["attachments"] == fetched == portal.asked.count("/ke-hoach.pdf")
