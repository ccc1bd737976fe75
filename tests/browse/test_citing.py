"""What programs take from the pages, files of citations, and permalinks that name a capture."""

import html
import json
import re
import subprocess
from urllib.parse import parse_qs, quote, unquote

import pytest

from storage.exports import citing
from tests import validators
from tests.browse.planted import OTHER, PAYLOADS, SITE
from tests.exports.test_jsonld import read

ARTICLE = f"/article/{SITE}/thu-vien"
TRAPS = [f"/article/xx_evil/{quote(f'bẫy/{n}?{payload}#x', safe='')}" for n, payload in enumerate(PAYLOADS)]


def metas(text):
    found = {}
    for name, content in re.findall(r'<meta name="([\w.]+)" content="([^"]*)">', text):
        found.setdefault(name, []).append(html.unescape(content))
    return found


def test_the_page_names_itself_to_reference_managers(ask):
    found, article = metas(ask(ARTICLE).text), ask(f"{ARTICLE}.json").json()
    assert found["citation_title"] == found["DC.title"] == [article["title"]]
    assert found["citation_author"] == ["Lê Thị Mừng"] and found["citation_publication_date"] == ["2024/04/30"]
    assert found["DC.date"] == ["2024-04-30"] and found["citation_public_url"] == [article["citation"]["url"]]
    assert found["citation_publisher"] == ["Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"]
    assert found["DC.identifier"] == [article["citation"]["url"], article["citation"]["oai"]]


def test_coins_holds_the_same(ask):
    article = ask(f"{ARTICLE}.json").json()
    (title,) = re.findall(r'<span class="Z3988" title="([^"]*)"></span>', ask(ARTICLE).text)
    found = parse_qs(html.unescape(title), strict_parsing=True)
    assert found["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"] and found["rft.title"] == [article["title"]]
    assert found["rft.aucorp"] == ["Lê Thị Mừng"] and found["rft.date"] == ["2024-04-30"]
    assert found["rft.identifier"] == [article["citation"]["url"]]


@pytest.mark.parametrize("path", [ARTICLE, f"/article/{OTHER}/gone", TRAPS[3], TRAPS[5]])
def test_extruct_pyld_and_rdflib_read_the_linked_data_of_a_page(ask, path, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(ask(path).text, encoding="utf-8")
    found = read(page)
    assert found["triples"] == found["by_pyld"] > 10
    article = ask(f"{path}.json").json()
    (node,) = (one for one in found["expanded"] if "https://schema.org/NewsArticle" in one.get("@type", ()))
    assert node["https://schema.org/headline"] == [{"@value": article["title"].replace("\u202e", "")}]
    names = {item["URI"]: item for item in found["extruct"]["dublincore"][0]["elements"]}
    assert names["http://purl.org/dc/elements/1.1/title"]["content"]


def test_traps_end_no_script_and_no_attribute(ask):
    for path in TRAPS:
        text = ask(path).text
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        assert json.loads(data)["@graph"][0]["@type"] == "NewsArticle"


@pytest.mark.parametrize("name", citing.FORMATS)
def test_an_article_and_a_search_are_taken_along_as_citations(ask, name):
    page = ask(ARTICLE).text
    one = ask(re.search(rf'href="(/cite/{name}/[^"]*)"', page)[1])
    assert one.status_code == 200 and "attachment" in one.headers["content-disposition"]
    assert one.headers["content-type"] == citing.FORMATS[name].media and "Trúc Bạch mở thư viện" in one.text
    several = ask(html.unescape(re.search(rf'href="(/cite/{name}\?[^"]*)"', ask("/search?q=thu+vien").text)[1]))
    assert several.status_code == 200 and "Trúc Bạch mở thư viện" in several.text


def test_a_whole_search_has_as_many_citations_as_results(ask):
    total = ask("/search.json").json()["total"]
    assert len(ask("/cite/csl-json").json()) == total
    assert ask("/cite/bibtex").text.count("@online{") == total
    assert ask(f"/cite/csl-json?site={OTHER}").json() != []
    assert ask("/cite/csl-json?q=khongcodau").json() == []


def test_citations_of_traps_are_read_back(ask, tmp_path):
    file = tmp_path / "all.ris"
    file.write_bytes(ask("/cite/ris?site=xx_evil").content)
    script = "import json, rispy, sys; print(json.dumps(rispy.load(open(sys.argv[1], newline='', encoding='utf-8'))))"
    done = subprocess.run(
        [validators.python(), "-X", "utf8", "-c", script, file], capture_output=True, text=True, check=True
    )
    assert len(json.loads(done.stdout)) == ask("/search.json?site=xx_evil").json()["total"]


@pytest.mark.parametrize(
    "path",
    ["/cite/word", f"/cite/ris/{SITE}/nothing", f"/cite/ris/{SITE}/thu-vien?at=1999-01-01", f"{ARTICLE}?at=1999-01-01",
     f"{ARTICLE}?at=yesterday", f"{ARTICLE}?at=2024-05-01T00:00:00", f"/cite/ris/{SITE}/thu-vien?at=9999-99-99"],
)  # fmt: skip
def test_what_there_is_not_is_said(ask, path):
    assert ask(path).status_code == 404


def test_a_permalink_with_a_moment_shows_the_text_of_that_moment(ask):
    present = ask(f"{ARTICLE}.json").json()
    assert present["changes"], "the article has an earlier text"
    begins = {change["from"]: change["to"] for change in present["changes"]}
    for begin, end in begins.items():
        moment = quote(begin)
        earlier = ask(f"{ARTICLE}.json?at={moment}").json()
        assert earlier["is_earlier"] and earlier["content_hash"] != present["content_hash"]
        assert earlier["citation"]["text_digest"] == earlier["content_hash"]
        page = ask(f"{ARTICLE}?at={moment}").text
        assert "Đây là bản đã đăng trước đây" in page and earlier["content_hash"] in page
        assert metas(page)["citation_title"] == [earlier["title"]]
        assert ask(f"{ARTICLE}.json?at={quote(end)}").json()["content_hash"] != earlier["content_hash"]
        cited = ask(f"/cite/csl-json/{SITE}/thu-vien?at={moment}").json()
        assert earlier["content_hash"] in cited[0]["note"]


def test_the_permalink_that_a_citation_names_leads_to_just_that_text(ask):
    for path in (ARTICLE, f"/article/{OTHER}/gone", *TRAPS[:3]):
        present = ask(f"{path}.json").json()
        link = present["citation"]["permalink"]
        again = ask(link)
        assert again.status_code == 200 and link in html.unescape(again.text)
        assert present["content_hash"] in html.unescape(again.text)
        for change in present["changes"]:
            earlier = ask(f"{path}.json?at={quote(change['from'])}").json()
            there = ask(earlier["citation"]["permalink"].replace("?at=", ".json?at=")).json()
            assert there["content_hash"] == earlier["content_hash"]


def test_an_alias_with_a_moment_leads_to_the_article_with_it(ask):
    present = ask(f"{ARTICLE}.json").json()
    others = [item["key"] for item in present["urls"] if item["key"] and item["key"] != present["key"]]
    for key in others:
        answer = ask(f"/article/{SITE}/{quote(key, safe='')}?at=2030-01-01")
        assert answer.status_code == 301 and unquote(answer.headers["location"]) == f"{ARTICLE}?at=2030-01-01"
