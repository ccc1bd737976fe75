"""Hostile servers beside a good one: the run ends by itself, the good site loses nothing, and memory stays small."""

import re
from pathlib import Path

import pytest

from tests.hostile import registry
from tests.hostile.run import MOST_MEMORY, crawl
from tests.running import PATIENCE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "hostile.md").read_text(encoding="utf-8")
# Of each way to be hostile one that costs little: a run of them all takes minutes.
FEW = (
    "too_short", "cut_gzip", "reset", "odd_status", "garbage", "gzip_bomb", "server_error", "not_modified",
    "pdf_as_html",
    "html_as_xml", "noncharacters", "deep", "framesets", "circle", "growing", "to_private", "pager", "robots_page",
)  # fmt: skip


def as_it_should(done):
    assert "Traceback" not in done.output, f"the user sees a traceback: {done.output}"
    assert done.ended_by_itself, f"the run did not end by itself: exit {done.code} after {done.seconds:.0f} s"
    assert done.wrong == {}, "sites did not come out as they should"
    assert done.memory < MOST_MEMORY, f"{done.memory:.0f} MB at the highest"
    assert done.touched == 0, "something was asked for where nothing may go"


def test_a_few_hostile_sites_beside_a_good_one(tmp_path):
    as_it_should(crawl([registry.ALL[name] for name in FEW], tmp_path, max_time=PATIENCE, timeout=60))


@pytest.mark.long
def test_all_hostile_sites_beside_a_good_one(tmp_path):
    as_it_should(crawl(registry.ALL.values(), tmp_path, max_time=3 * PATIENCE))


def test_the_page_has_a_row_for_every_kind():
    for name, kinds in registry.GROUPS.items():
        assert f"### {name}" in PAGE, f"docs/hostile.md has no part {name}"
        for kind in kinds:
            assert registry.row(kind) in PAGE, f"docs/hostile.md lacks: {registry.row(kind)}"
    named = set(re.findall(r"^\| `(\w+)`: ", PAGE, re.MULTILINE))
    assert named == set(registry.ALL), "docs/hostile.md has a kind that is not played"


def test_every_kind_says_what_becomes_of_it():
    assert len(registry.ALL) == sum(map(len, registry.GROUPS.values())) >= 45, "two kinds have one name"
    for kind in registry.ALL.values():
        assert kind.tried and kind.happens and kind.status, kind.name
