"""The words for what can go wrong are one list: every one has its sentences, and no code stores another."""

import ast
import re
from pathlib import Path

import pytest

from crawler.browse.languages import Words
from crawler.reasons import Reason, http_reason, sentence

ROOT = Path(__file__).parents[1]
SOURCES = [path for folder in ("crawler", "spiders", "storage") for path in sorted((ROOT / folder).rglob("*.py"))]
# Where a reason is handed over, and as which argument: by position, not counting `self`, or by name.
SINKS = {
    "NotStored": 0, "RobotsUnreadable": 0, "NoAnswer": 0, "CaptureNotFetched": 0, "PageNotFetched": 1,
    "SurveyFailed": 1, "_skip": 1, "page_skipped": 1, "skip": 1, "add_skipped": 3, "note_failure": 2, "_fail": 1,
    "_without_article": 4,
}  # fmt: skip
# What functions beside reasons answer with: states and modes of a run, kinds of a page, languages.
OTHER_WORDS = {
    "ok", "failed", "interrupted", "replay", "redirect", "robots", "article", "listing", "other", "attachment", "vi",
    "en", "recheck", "disconnect", "unspecified",
}  # fmt: skip


def literal(node):
    """The word that an expression may be, written right there; None for none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.IfExp):
        return literal(node.body) or literal(node.orelse)
    return None


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_a_sentence_in_both_languages(reason):
    assert reason.name.lower() == reason.value == str(reason)
    assert Reason(str(reason)) is reason
    for text in (reason.english, reason.vietnamese):
        assert re.fullmatch(r"\S.*[^\s.]", text)
    assert reason.english != reason.vietnamese
    assert Words("en").reason(reason) == sentence(str(reason)) == reason.english
    assert Words("vi").reason(reason) == sentence(str(reason), "vi") == reason.vietnamese


def test_no_two_reasons_say_the_same():
    assert len({reason.english for reason in Reason}) == len({reason.vietnamese for reason in Reason}) == len(Reason)


def test_what_a_server_answered_has_a_sentence_in_both_languages():
    assert http_reason(404) == http_reason("404") == "http_404"
    assert sentence("http_404") == "the server answered 404"
    assert sentence("http_404", "vi") == "máy chủ trả lời 404"


def test_a_word_of_a_newer_tinphuong_can_be_read():
    assert sentence("not_known_yet") == sentence("not_known_yet", "vi") == "not known yet"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_word_that_is_stored_comes_from_the_list(path):
    if path == ROOT / "crawler" / "reasons.py":
        return
    text = path.read_text(encoding="utf-8")
    loose = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = SINKS.get(name)
            given = [] if place is None else node.args[place : place + 1]
            given += [keyword.value for keyword in node.keywords if keyword.arg == "reason" and place is not None]
            loose += [(node.lineno, word) for word in map(literal, given) if word]
        elif isinstance(node, ast.Return) and "crawler.reasons import" in text:
            first = node.value.elts[0] if isinstance(node.value, ast.Tuple) and node.value.elts else node.value
            word = literal(first)
            if word and re.fullmatch(r"[a-z_]+|http_.*", word) and word not in OTHER_WORDS:
                loose.append((node.lineno, word))
        elif isinstance(node, ast.Constant) and re.fullmatch(r"http_\d+", str(node.value)):
            loose.append((node.lineno, node.value))
    assert loose == []
