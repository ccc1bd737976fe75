"""Word diffs."""

import re

from hypothesis import given
from hypothesis import strategies as st

from crawler.text.word_diff import word_diff

TEXT = st.text(alphabet="ab ,.\nđ", max_size=60)


def test_a_changed_word_is_marked():
    assert word_diff("họp ngày 12/3 tại phường", "họp ngày 15/3 tại phường") == "họp ngày [-12-]{+15+}/3 tại phường"


def test_long_unchanged_runs_are_left_out():
    same = "chữ " * 100
    marked = word_diff(same + "cũ " + same, same + "mới " + same)
    assert "[-cũ-]{+mới+}" in marked and len(marked) < 120 and "…" in marked


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back(old, new):
    marked = word_diff(old, new, context=None)
    assert re.sub(r"\[-.*?-\]", "", marked, flags=re.S).replace("{+", "").replace("+}", "") == new
    assert re.sub(r"\{\+.*?\+\}", "", marked, flags=re.S).replace("[-", "").replace("-]", "") == old
