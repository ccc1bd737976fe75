"""Recognising a platform, or none: on the replicas of the demo, on pages of every kind, on a real WordPress."""

import json
import re

import pytest

from crawler.replica_portals.server import PortalServer
from spiders.fingerprint import GENERIC, LEAD, Seen, fingerprints, identify, platforms
from spiders.registry import Registry
from tests.freeze import fetch
from tests.platforms import replicas
from tests.running import ROOT, tinphuong

SITES = Registry.of_package()

CORPUS = ROOT / "tests" / "extraction" / "corpus"
PAGES = ROOT.parent / "shared" / "pages"


def test_every_platform_but_generic_states_its_marks():
    assert set(platforms()) - set(fingerprints()) == {GENERIC}


def test_the_demo_replicas_are_named_right():
    with PortalServer() as portals:
        for slug, spider in SITES.items():
            if slug.split("_")[0] not in ("hanoi", "hatinh", "thainguyen"):
                continue
            pages = [fetch(portals.port, f"{spider.scheme}://{spider.host}{path}") for path in spider.start_pages[:2]]
            name, matches = identify(Seen.of(p.url, {"Content-Type": p.content_type}, p.body.decode()) for p in pages)
            assert name == spider.platform.name, (slug, matches)


def test_no_page_of_the_corpus_is_named_wrong():
    """One page alone is little: no name is fine, another platform's is not."""
    made = {"12": "vnpt_uiarticle", "13": "vhv", "14": "nukeviet", "15": "drupal", "16": "dotnetnuke", "21": "joomla",
            "04": "sharepoint", "22": "webcenter"}  # fmt: skip
    named = {}
    for path in sorted(CORPUS.glob("*.html")):
        text = path.read_bytes().decode("utf-8", "replace")
        name, _ = identify([Seen.of("https://x.test/tin/1", {}, text)])
        named[path.name[:2]] = name
    wrong = {number: name for number, name in named.items() if name not in (GENERIC, made.get(number, GENERIC))}
    assert not wrong
    assert sum(named[number] == name for number, name in made.items()) >= 6


def test_two_fingerprints_at_once_are_none():
    marks = '<meta name="generator" content="WordPress 6"><meta name="generator" content="Joomla! 3">'
    name, matches = identify([Seen.of("https://x.test/", {}, marks)])
    assert name == GENERIC and matches[0].score - matches[1].score < LEAD


@pytest.mark.parametrize("replica", replicas.ALL, ids=lambda replica: replica.host.split(".")[1])
def test_a_home_page_alone_never_names_another_make(replica):
    answer = replica.answer("GET", replica.start[0])
    seen = Seen.of(f"http://{replica.host}{replica.start[0]}", dict(answer.headers), answer.body.decode())
    assert identify([seen])[0] in (replica.platform, GENERIC)


@pytest.mark.skipif(not (PAGES / "wordpress.warc.gz").is_file(), reason="the recorded WordPress is not here")
def test_a_real_wordpress_is_surveyed(tmp_path):
    done = tinphuong("new-site", "http://127.0.0.1:8102/", "--replay", PAGES / "wordpress.warc.gz", "--into", tmp_path,
                     "--json", "--dry-run")  # fmt: skip
    facts = json.loads(done.stdout)
    assert done.returncode == 0 and facts["platform"] == "wordpress" and facts["ward"] == "Phường An Hòa"
    assert facts["feeds"]["/wp-json/wp/v2/posts?per_page=100"] == 40


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_platform_has_a_page_that_states_its_marks(name):
    page = (ROOT / "docs" / "platforms" / f"{name}.md").read_text(encoding="utf-8")
    assert f"`spiders/platforms/{name}.py`" in page
    for evidence in fingerprints().get(name, ()):
        assert f"| {evidence.weight} | {evidence.says} |" in page


MET = re.compile(
    r"\n## What was seen, and how reliable that is\n\nLast met real pages: "
    r"(never(?=; made from )|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{4}(?=, ))[^.]*(?:\.\S[^.]*)*\.\n\n"
)


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_platform_says_when_it_last_met_real_pages(name):
    folder = ROOT / "docs" / "platforms"
    (met,) = MET.findall((folder / f"{name}.md").read_text(encoding="utf-8"))
    (row,) = re.findall(rf"^\| \[`{name}`\].*$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert row.split(" | ")[-1].rstrip(" |") == met
