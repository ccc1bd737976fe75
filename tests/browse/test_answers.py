"""Answers for programs."""

import json

import pytest

from crawler.browse.responses import indented
from crawler.text import fold
from storage.search.snippets import Piece
from storage.search.term_positions import _folded

VALUES = [
    {}, [], (), "", None, True, 3, -1.5, float("inf"), "Ủy ban “nhân dân”\n\t\\ \u2028 \ud800",
    {"a": 1, "b": None}, {"a": "x\ny"}, {"a": []}, {"a": {}}, [{}, [], [[]]], {1: "x", None: 2, 7: {"y": [3]}},
    {"articles": [{"id": 1, "title": "Lễ", "at": 0.1}, {"id": 2, "title": ""}], "more": False, "sub": {"x": (1, (2,))}},
    {"pieces": [Piece("một\nhai", True)], "piece": Piece("ba", False)},
    [1, "a", {"b": [{"c": {"d": "e"}}]}],
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_json_is_what_the_standard_library_writes(value):
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=2, default=lambda piece: piece.text)


def test_the_key_of_a_plain_word_is_its_search_key():
    for word in ("UBND", "Ban", "x1", "a_b", "Đậu", "ủy", "K\u212a", "1"):
        assert _folded(word) == fold(word)
