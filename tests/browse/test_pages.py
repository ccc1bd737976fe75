"""What the pages answer, asked without a browser."""

import csv
import io
import json
import re
import sqlite3
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from crawler.browse.page_data import teaser
from crawler.replica_portals.special import picture
from storage.exports.identifiers import name_of
from tests.browse.planted import DRAWING, OTHER, PAYLOADS, PICTURE, SITE
from tests.exports.handing import GUARDED

ARTICLE = f"/article/{SITE}/thu-vien"
PAGES = (
    "/",
    "/search?q=thu+vien",
    "/search",
    ARTICLE,
    f"/ward/{SITE}",
    "/ward/xx_evil",
    "/run/1",
    "/health",
    "/portals",
    "/portals/hanoi",
    "/portals/hatinh",
    "/nothing/here",
)
ALLOWED = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "div", "nav", "form", "label", "input", "button",
    "main", "footer", "p", "section", "h1", "h2", "h3", "h4", "h5", "h6", "article", "aside", "ul", "ol", "li", "dl",
    "dt", "dd", "time", "span", "code", "blockquote", "details", "summary", "mark", "del", "ins", "br", "em", "strong",
    "pre", "hr", "img", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure",
    "figcaption", "svg", "rect", "line", "text",
}  # fmt: skip
TRAPS = [f"/article/xx_evil/{quote(f'bẫy/{n}?{payload}#x', safe='')}" for n, payload in enumerate(PAYLOADS)]


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_under_a_strict_policy(ask, path):
    answer = ask(path)
    assert answer.status_code == (404 if path.startswith("/nothing") else 200), answer.text[:300]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", [*PAGES, *TRAPS, "/search?q=bẫy", "/search?q=" + quote(PAYLOADS[3])])
def test_nothing_of_a_captured_page_becomes_an_element(ask, path):
    answer = ask(path)
    for tag, attributes in Elements(answer.text).found:
        if tag == "script":  # data, which no browser runs
            assert attributes == {"type": "application/ld+json"}
            continue
        assert tag in ALLOWED, (tag, attributes)
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc", "http-equiv")]
        if tag == "form":
            assert attributes["action"] == "/search"
        if tag == "img":
            assert re.fullmatch(r"/picture/\d+", attributes["src"]), attributes
        if tag == "link":
            assert attributes["href"].startswith("/")
        if tag == "a":
            assert re.match(r"(?:/(?!/)|#|https?://)", attributes["href"]), attributes
            if not attributes["href"].startswith(("/", "#")):
                assert {"noopener", "noreferrer", "nofollow"} <= set(attributes["rel"].split())
    assert "{{" not in answer.text.replace("{{ 7*7 }}", "")
    assert "49" not in re.findall(r"Bẫy 24 (\S+)", answer.text)


def test_the_trapped_articles_are_there_to_be_read(ask):
    for path in TRAPS:
        answer = ask(path)
        assert answer.status_code == 200 and "Đoạn sau có bẫy" in answer.text, path


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""])
def test_another_host_name_is_refused(ask, host):
    assert ask("/", host=host).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8001", "[::1]:8001"])
def test_this_machine_is_answered(ask, host):
    assert ask("/", host=host).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(ask, method):
    assert ask("/", method=method).status_code == 405


def test_the_database_is_opened_read_only(ask):
    answer = ask("/data.json?sql=" + quote("insert into sites values (1,2,3,4,5,6,7)"))
    assert answer.status_code >= 400
    assert ask("/data.db").status_code in (403, 404)


def test_permalinks_are_of_identity_and_others_lead_there(ask):
    answer = ask("/article/1")
    assert (answer.status_code, answer.headers["location"]) == (302, ARTICLE)
    assert ask(ARTICLE).status_code == 200
    assert ask(f"/article/{SITE}/unknown").status_code == 404


def test_an_ark_leads_to_its_article(ask):
    name = name_of(SITE, "thu-vien")
    for path in (f"/ark:/99152/{name}", f"/ark:99152/{name}", f"/ark:/99152/{name[:8]}-{name[8:].upper()}"):
        answer = ask(path)
        assert (answer.status_code, answer.headers["location"]) == (302, ARTICLE), path
    assert ask(f"/ark:/99152/{name[:-1]}").status_code == ask("/ark:/99152/").status_code == 404


@pytest.mark.parametrize("path", ["/wp-login.php", "/article", "/language/xx", "/.env", "/article/a/b/c"])
def test_an_unknown_address_gets_a_page_of_ours_and_prints_no_traceback(ask, capfd, path):
    answer = ask(path, cookie="tinphuong_language=en")
    assert answer.status_code == 404 and "There is no such page" in answer.text
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_missing_table_prints_no_traceback(ask, capfd):
    assert ask("/data/nothing").status_code == 404
    assert "Traceback" not in "".join(capfd.readouterr())


def test_the_identity_of_a_copy_leads_to_the_article(ask, planted):
    from storage import Collection
    from tests.browse.planted import record

    with Collection(planted) as collection:
        collection.save(record(OTHER, "thu-vien-2", "Trúc Bạch mở thư viện bên hồ"), 1, twin=1)
    answer = ask(f"/article/{OTHER}/thu-vien-2")
    assert (answer.status_code, answer.headers["location"]) == (301, ARTICLE)


def test_the_article_page_tells_all(ask):
    text = ask(ARTICLE).text
    for part in (
        "Trúc Bạch mở thư viện bên hồ", "Chiều 30/4, thư viện ngoài trời mở cửa.", "30/04/2024, 15:07",
        "Lê Mừng", "Nội quy.pdf", "trước 1/7/2025",
        "phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội", "phường Ba Đình, thành phố Hà Nội", "<del>", "<ins>", "Chủ",
        "<figcaption>Các em chọn sách</figcaption>",
        "<h2>Giờ mở cửa</h2>", "https://hanoi_trucbach.example.vn/vi/thu-vien", "<td>8–11</td>", "Bản lưu tinphuong",
    ):  # fmt: skip
        assert part in text, part
    cited = ask(f"{ARTICLE}.json").json()["citation"]
    unit = "(mã 00004, danh mục trước 1/7/2025; nay thuộc phường Ba Đình, thành phố Hà Nội)"
    assert cited["text_digest"] in text and f"quận Ba Đình, thành phố Hà Nội {unit}" in text
    assert re.search(r'<figure><img src="/picture/\d+" alt="Các em chọn sách" loading="lazy"><figcaption>', text)


def test_a_teaser_shows_no_table():
    row = {"summary": "", "opening": "Lịch của tuần.\nThứ | Sáng | Chiều\nHai 04/12 | Giao ban | Họp"}
    assert teaser(row) == "Lịch của tuần." and teaser({**row, "summary": "Sapo"}) == "Sapo"


def test_a_kept_picture_is_shown_and_nothing_else_that_was_captured(ask, planted):
    with sqlite3.connect(planted) as connection:
        number = dict(connection.execute("SELECT url, capture_id FROM images WHERE capture_id IS NOT NULL").fetchall())
    answer = ask(f"/picture/{number[PICTURE]}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content == picture("sach").body and answer.headers["x-content-type-options"] == "nosniff"
    for other in (number[DRAWING], 0, 10**17):
        assert ask(f"/picture/{other}").status_code == 404


def test_a_removed_article_says_so(ask):
    assert "Trang gốc đã gỡ bài này. Ghi nhận ngày 05/05/2024." in ask(f"/article/{OTHER}/gone").text
    assert "Lịch cắt điện đã gỡ" in ask("/search?removed=1").text


def test_the_pages_speak_english_too(ask):
    for path in PAGES:
        text = ask(path, cookie="tinphuong_language=en").text
        assert '<html lang="en">' in text and "Front page" in text
    answer = ask("/language/en?back=/search?q=a")
    assert "tinphuong_language=en" in answer.headers["set-cookie"] and answer.headers["location"] == "/search?q=a"


@pytest.mark.parametrize("back", ["//evil.example", "http://evil.example", "/\\evil.example", "/a%0d%0aSet-Cookie:x=1"])
def test_the_language_switch_leads_nowhere_else(ask, back):
    answer = ask(f"/language/en?back={back}")
    assert answer.headers["location"] == "/" and len(answer.headers.get_list("set-cookie")) == 1


def test_every_remark_has_both_languages():
    from crawler.browse import languages
    from crawler.text import remarks

    blanks = {code: re.findall(r"{\w+}", text) for code, text in remarks.SENTENCES.items()}
    assert {code: sorted(re.findall(r"{\w+}", text)) for code, text in languages._REMARKS.items()} == {
        code: sorted(names) for code, names in blanks.items()
    }


@pytest.mark.parametrize(
    ("query", "feed", "span"),
    [("since=2024-04", 1, ("2024-04-01", "")), ("until=2024", 1, ("", "2024-12-31")),
     ("until=2023-02", 0, ("", "2023-02-28")), ("year=2024&until=4/2024", 1, ("", "2024-04-30")),
     ("year=2024&until=2024-03", 0, ("", "2024-03-31"))],
)  # fmt: skip
def test_dates_narrow_pages_and_feed_alike(ask, query, feed, span):
    title = "Trúc Bạch mở thư viện bên hồ"
    assert len([row for row in ask(f"/search.json?{query}").json()["articles"] if row["title"] == title]) == feed
    assert ask(f"/feed.atom?{query}").text.count(f"<title>{title}</title>") == feed
    fields = re.findall(r'type="date" name="\w+" value="([^"]*)"', ask(f"/search?{query}").text)
    assert tuple(fields) == span


def test_facets_count_and_narrow(ask):
    found = ask(f"/search.json?q=thu+vien&site={SITE}").json()
    assert [row["title"] for row in found["articles"]] == ["Trúc Bạch mở thư viện bên hồ"]
    for query in ("unit=00004", "year=2024", "section=Tin+tức", "file=1"):
        rows = ask(f"/search.json?{query}").json()["articles"]
        assert "Trúc Bạch mở thư viện bên hồ" in [row["title"] for row in rows], query


def test_an_article_leads_to_the_others_about_its_ward(ask):
    text = ask(ARTICLE).text
    assert '<a href="/search?unit=old:00013" title="“P. Quán Thánh”">phường Quán Thánh</a>' in text
    rows = ask("/search.json?unit=old:00013").json()["articles"]
    assert [row["title"] for row in rows] == ["Trúc Bạch mở thư viện bên hồ"]


def test_the_table_is_safe_in_a_spreadsheet(ask, planted):
    text = ask("/search.csv").text
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 2 + len(PAYLOADS)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]


def test_the_table_guards_its_cells_as_the_export_does():
    from crawler.browse.responses import as_csv

    text = as_csv([{"title": text} for text in GUARDED], ("title",), "x").body.removeprefix("\ufeff")
    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:] == list(GUARDED.values())


def test_the_feed_is_atom(ask):
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(ask("/feed.atom").content)
    entries = root.findall(f"{atom}entry")
    assert entries[0].findtext(f"{atom}title") == "Trúc Bạch mở thư viện bên hồ"
    assert entries[0].findtext(f"{atom}id") == f"tag:tinphuong,2025:{ARTICLE}"
    assert entries[0].findtext(f"{atom}updated") == "2024-04-30T15:07:00+07:00"
    moments = [element.text for element in root.iter(f"{atom}updated")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d|Z)", moment) for moment in moments)


@pytest.mark.parametrize(
    "path", [f"{ARTICLE}.json", f"/ward/{SITE}.json", "/run/1.json", "/health.json", "/search.json?q=a"]
)
def test_what_is_seen_is_had_as_json(ask, path):
    assert json.loads(ask(path).text)


@pytest.mark.parametrize(
    "path",
    [
        "/search?page=0",
        "/search?page=99999",
        "/search?page=x",
        "/search?q=%22(&year=x&since=y",
        "/run/99999",
        "/article/999999999999999999999/x",
    ],
)
def test_odd_addresses_get_an_answer(ask, path):
    assert ask(path).status_code in (200, 302, 404)


@pytest.mark.parametrize(
    ("language", "sentence", "said"),
    [
        ("vi", "Còn ngờ – Ngày đăng:</strong> thứ ghi bên cạnh là của ngày khác", "Đã xác nhận: Tác giả"),
        ("en", "In doubt – Date:</strong> the weekday beside it belongs to another day", "Confirmed: Author"),
    ],
)
def test_doubts_stand_beside_their_fields_and_what_was_said_under_the_facts(ask, language, sentence, said):
    page = ask(f"{ARTICLE}?lang={language}").text
    byline, text = page.index('class="byline"'), page.index('class="text"')
    assert byline < page.index(sentence) < text and "(“Thứ hai, 30/4/2024”)" in page
    facts = page[page.index(said) :]
    assert "Lê Thị Mừng" in facts[:200] and "(lan, " in facts[:200] and "Lê Mừng" in facts[:400]
    assert ("không có" if language == "vi" else "none") not in facts[:400]


def test_an_article_as_json_says_what_is_in_doubt_and_what_was_said(ask):
    article = ask(f"{ARTICLE}.json").json()
    assert [item["kind"] for item in article["doubts"]] == ["weekday", "mid_sentence"]
    (said,) = article["confirmations"]
    assert (said["field"], said["was"], said["by"], said["holds"]) == ("author", "Lê Mừng", "lan", True)


def test_a_sites_page_counts_its_doubts_and_leads_to_them(ask):
    counted = ask(f"/ward/{SITE}.json").json()["doubts"]
    assert {(item["field"], item["kind"], item["articles"]) for item in counted} == {
        ("published_at", "weekday", 1), ("body", "mid_sentence", 1),
    }  # fmt: skip
    page = ask(f"/ward/{SITE}").text
    (link,) = re.findall(r'href="([^"]*doubt:weekday)"', page)
    assert "thư viện bên hồ" in ask(link.replace("&amp;", "&")).text
    assert ask(f"/ward/{OTHER}.json").json()["doubts"] == []


def test_a_search_keeps_what_is_in_doubt(ask):
    found = ask(f"/search.json?site={SITE}&doubt=1").json()
    assert [row["key"] for row in found["articles"]] == ["thu-vien"] and found["query"]["doubt"] == "1"
    assert ask(f"/search.json?site={OTHER}&doubt=1").json()["articles"] == []
    assert [row["key"] for row in ask(f"/search.json?site={OTHER}&q=-doubt:any").json()["articles"]] == ["gone"]


def test_a_sites_page_shows_what_its_pages_share(ask, planted):
    from crawler.profile import SiteProfile
    from storage import Collection
    from storage.doubts.profiles import put_profile

    known = SiteProfile(articles=9, clocks={"div.top": 9}, furniture={"Chuyên mục": (8, 1)})
    with Collection(planted) as collection:
        put_profile(collection, OTHER, known, "2026-11-22T01:00:00+00:00")
    assert ask(f"/ward/{OTHER}.json").json()["profile"]["articles"] == 9
    page = ask(f"/ward/{OTHER}").text
    assert "Rút ra từ 9 bài, áp dụng từ 22/11/2026" in page and "Chỉ giờ lúc tải trang: div.top (9/9)" in page
    page = ask(f"/ward/{OTHER}?lang=en").text
    assert "Not an article&#39;s own: Chuyên mục (in 8 texts, elsewhere on 1 page)" in page
