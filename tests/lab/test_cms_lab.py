"""The laboratory's pure parts: the invented articles, the score, the table; and its server in front."""

import urllib.error
import urllib.request
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from benchmarks.cms_lab.__main__ import ALL, main
from benchmarks.cms_lab.articles import (
    COUNT,
    EDITED_WORDS,
    ICT,
    SHORT_TITLE,
    as_html,
    changes,
    gold,
    invented,
    published_only,
)  # fmt: skip
from benchmarks.cms_lab.front import Answer, Asked, Front, of_folder, of_recording
from benchmarks.cms_lab.rounds import Trial, noticed, pattern, vain
from benchmarks.cms_lab.scoring import Score, Stored, score
from benchmarks.cms_lab.table import HEAD, cells, heading, line, told

TODAY = date(2026, 11, 30)
ARTICLES = invented(TODAY)


def stored(article, **facts):
    """An article as a collection has it that reads everything right."""
    row = gold(article, f"http://x.test/{article.slug}")
    cells = " ".join(cell for line in article.table for cell in line)
    captions = " ".join(picture.caption for picture in article.pictures)
    body = "\n".join([*article.paragraphs, cells, captions])
    files = tuple(f"http://x.test/{name} {name}" for name in article.files)
    right = Stored(frozenset([row["url"]]), article.title, article.lead, body, article.byline, row["published"], files)
    return replace(right, **facts)


def test_the_articles_have_all_that_is_to_be_tried():
    visible = published_only(ARTICLES)
    assert len(visible) == COUNT == 38
    assert len({article.slug for article in ARTICLES}) == len({article.title for article in ARTICLES}) == COUNT + 1
    assert [article.published for article in visible] == sorted(article.published for article in visible)
    assert visible[-1].published.date() < TODAY
    assert sum(article.parts > 1 for article in visible) == sum(article.pinned for article in visible) == 1
    assert [article.title for article in visible].count(SHORT_TITLE) == 1
    assert sum(bool(article.table) for article in visible) > 3 < sum(bool(article.pictures) for article in visible)
    assert sum(len(article.files) for article in visible) == 16
    assert {article.category for article in visible} == {"tin-tuc", "thong-bao", "doi-song"}
    assert invented(TODAY) == ARTICLES


def test_the_changes_are_new_edited_deleted_and_pinned():
    made = changes(ARTICLES, datetime(2026, 11, 30, 12, tzinfo=ICT))
    after = made.after(ARTICLES)
    assert len(after) == len(ARTICLES) + 3 - 2
    assert not {article.title for article in made.new} & {article.title for article in ARTICLES}
    assert sum(EDITED_WORDS in article.paragraphs for article in after) == 2
    assert made.pinned in after
    assert not set(made.deleted) & set(after)


def test_html_has_captions_table_files_and_the_split():
    article = next(one for one in ARTICLES if one.parts > 1)
    assert as_html(article, "/f/", split="<!--nextpage-->").count("<!--nextpage-->") == 1
    with_all = replace(article, table=(("a", "b"), ("1", "2")), files=("x.pdf",), pictures=ARTICLES[2].pictures)
    html = as_html(with_all, "/f/")
    assert '<a href="/f/x.pdf">x.pdf</a>' in html
    assert "<th>a</th>" in html
    assert "<td>2</td>" in html
    assert f"<figcaption>{ARTICLES[2].pictures[0].caption}</figcaption>" in html


def test_a_perfect_collection_scores_fully():
    visible = published_only(ARTICLES)
    result = score([gold(one, f"http://x.test/{one.slug}") for one in visible], [stored(one) for one in visible])
    assert (result.of, result.found, result.false, result.titles, result.minutes) == (38, 38, 0, 38, 38)
    assert (result.leads, result.authors, result.files, result.files_of) == (38, 38, 16, 16)
    assert result.text == pytest.approx(1)
    assert result.wrong == []


def test_each_fault_is_counted_and_told():
    one, two, three = ARTICLES[:3]
    rows = [gold(article, f"http://x.test/{article.slug}") for article in (one, two, three)]
    got = [
        stored(one, title="Khác", author="Ai đó", published="2020-01-01"),
        stored(two, body="", summary="", files=()),
        Stored(frozenset(["http://x.test/gioi-thieu"]), "Giới thiệu", "", "", "", "", ()),
        Stored(frozenset(["http://x.test/da-xoa"]), "Đã xóa", "", "", "", "", (), gone=True),
    ]
    result = score(rows, got)
    assert (result.found, result.false, result.titles, result.minutes, result.dates_wrong) == (2, 1, 1, 1, 1)
    assert (result.authors, result.authors_wrong, result.leads) == (1, 1, 1)
    assert [line.partition(":")[0] for line in result.wrong] == ["title", "date", "author", "text", "absent", "false"]


def test_an_article_is_found_by_its_title_where_its_address_is_another():
    row = gold(ARTICLES[0], "http://x.test/moved")
    assert score([row], [stored(ARTICLES[0])]).found == 1


def test_what_was_noticed_of_the_changes():
    made = changes(ARTICLES, datetime(2026, 11, 30, 12, tzinfo=ICT))
    urls = {one.number: f"http://x.test/{one.slug}" for one in made.after(ARTICLES)}
    rows = [stored(made.new[0]), stored(made.edited[0]), stored(made.deleted[0], gone=True), stored(made.pinned)]
    seen = noticed(made, urls, rows)
    assert (seen.new, seen.edited, seen.deleted, seen.pinned) == ((1, 3), (1, 2), (1, 2), True)
    assert noticed(made, urls, rows, pins=False).pinned is None


def test_requests_count_by_what_they_were_for():
    assert pattern("/2026/08/?page=3") == "/N/N/?page=N"
    asked = [Asked("/a-1", 200), Asked("/page/2/", 200), Asked("/page/3/", 404)]
    assert vain(asked, {"http://x.test/a-1"}) == Counter({"/page/N/": 2})


def test_the_table_has_a_row_a_trial():
    trial = Trial("hugo", "Hugo", "0.1", "generic", ["/"], Score(of=2, found=1, texts=[0.5]), requests=[9, 3, 2, 4])
    trial.vain = [Counter({"/": 2}), Counter({"/": 1}), Counter({"/": 3})]
    assert len(cells(trial)) == len(HEAD)
    row = line(cells(trial))
    assert heading()[0].count("|") == row.count("|")
    assert row.startswith("| Hugo | 0.1 | generic | 1/2 | 0 |")
    assert "| 3 + 1 |" in row
    assert "without news, 3 requests for no article: 3 /" in told(trial)


def test_a_trial_that_could_not_begin_says_what_to_install(tmp_path, capsys):
    assert main(["nukeviet", "--keep", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "--sources DIR" in said.err
    assert "| NukeViet" in said.out


@pytest.mark.parametrize("names", [["nosuchcms"], ["recorded"]])
def test_a_name_that_is_not_known_is_refused_with_those_that_are(names, capsys):
    with pytest.raises(SystemExit) as ended:
        main(names)
    assert all(name in str(ended.value) for name in ALL)


def fetch(url, **headers):
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read(), answer.headers


def test_a_folder_is_served_counted_recorded_and_played_back(tmp_path):
    site = tmp_path / "site"
    (site / "tin").mkdir(parents=True)
    (site / "robots.txt").write_text("User-agent: *\nCrawl-delay: 10\n", encoding="utf-8")
    with Front(of_folder(site)) as front:
        (site / "index.html").write_text(f'<a href="{front.address}/tin/">tin</a>', encoding="utf-8")
        (site / "tin" / "index.html").write_text("<h1>Tin</h1>", encoding="utf-8")
        status, _, headers = fetch(f"{front.address}/")
        assert status == 200
        assert fetch(f"{front.address}/", If_None_Match=headers["ETag"])[0] == 304
        assert fetch(f"{front.address}/khong-co")[0] == 404
        assert fetch(f"{front.address}/../../etc/passwd")[0] == 404
        assert [(one.target, one.status) for one in front.taken()][:3] == [("/", 200), ("/", 304), ("/khong-co", 404)]
        front.look_around([])
        front.record(tmp_path / "site.warc.gz")
        first = front.address
    with Front() as again:
        again.behind, recorded = of_recording(tmp_path / "site.warc.gz", again.host)
        assert recorded == first
        assert f'href="{again.address}/tin/"'.encode() in fetch(f"{again.address}/")[1]
        assert b"<h1>Tin</h1>" in fetch(f"{again.address}/tin/")[1]
        assert b"delay" not in fetch(f"{again.address}/robots.txt")[1].lower()
        assert fetch(f"{again.address}/chua-thay")[0] == 404


def test_a_server_that_does_not_answer_is_told_to_the_visitor():
    def broken(target, headers):
        raise ConnectionRefusedError(f"nothing at {target}")

    with Front(broken) as front:
        assert fetch(f"{front.address}/x")[0] == 502
    with Front(lambda target, headers: Answer(200, [("Content-Type", "text/plain")], target.encode())) as front:
        assert fetch(f"{front.address}/a?b=1")[1] == b"/a?b=1"
    assert timedelta(hours=7) == ICT.utcoffset(None)
