"""Every registered site has frozen pages, and its spider still reads them as recorded."""

import ast
from pathlib import Path

import pytest

from crawler.new_site import frozen_pages
from spiders import site_files
from spiders.registry import Registry, UnknownSite

ROOT = Path(__file__).resolve().parents[1]
SITES = Registry.of_package()


@pytest.mark.parametrize("slug", SITES)
def test_a_site_is_read_as_its_frozen_pages_say(slug):
    spider = SITES[slug]
    assert frozen_pages.is_frozen(slug), f"{slug} has no frozen pages: `tinphuong new-site` writes them"
    assert list(frozen_pages.differences(spider)) == []
    expected = frozen_pages.facts(slug)
    found = expected["article"]["expected"]
    assert len(expected["listing"]["expected"]["articles"]) >= 5
    assert found["title"] and found["reason"] is None and (found["body"] or found["attachments"] or found["images"])
    assert spider.platform.identity(expected["article"]["url"])


@pytest.mark.parametrize("slug", [spider.name for spider in site_files.of_package()])
def test_a_site_states_facts_only(slug):
    """Twelve lines or fewer, without loops, functions or imports but that of its platform."""
    province, place = slug.split("_", 1)
    source = (ROOT / "spiders" / province / f"{place}.py").read_text(encoding="utf-8")
    assert len(source.rstrip().splitlines()) <= 12
    kinds = {type(node) for node in ast.walk(ast.parse(source))}
    assert not kinds & {ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.If}
    assert slug.isascii() and slug == slug.lower()


def test_the_nearest_names_are_offered():
    with pytest.raises(UnknownSite, match="did you mean hanoi_trucbach"):
        SITES.site("hanoi_trucbac")
    with pytest.raises(UnknownSite, match="tinphuong sites"):
        SITES.site("zzz")


def test_sites_are_found_by_host():
    assert SITES.by_host("honglinh.hatinh.gov.vn") is SITES["hatinh_honglinh"]
    assert SITES.by_host("example.com") is None
