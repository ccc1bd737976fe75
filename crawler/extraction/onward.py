"""Where a page that says nothing itself sends its readers: its frames, its script, its `refresh`. Pure."""

import re
from itertools import islice
from typing import Any

from crawler.extraction import script_targets
from crawler.extraction.charsets import decode
from crawler.extraction.isolation import base_of, drop_scripts, visible_text
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_metadata import absolute
from crawler.extraction.tree import parse

_LARGE = 100_000  # bytes; a page that only sends on is far smaller
_FEW_WORDS = 250  # characters of text that a page which sends on may show ("click here if …")
_FEW_LINKS = 3
_MOST = 6  # addresses that a page may send on to
_SENDS = (b"http-equiv", b"location", b"<iframe", b"<frame", b"document.write", b"window.open", b"navigate")
_TAGS = re.compile(rb"<[^<>]*>")
_BLANKS = b" \t\n\r\x0b\x0c\x00"
_LITTLE = 6000  # bytes besides tags and blanks, scripts included
_REFRESH = re.compile(r"\s*(\d{1,4})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s][^\"']*)", re.IGNORECASE)
_LONGEST_WAIT = 30  # seconds; a page that waits longer is meant to be read


def may_send_on(html: bytes) -> bool:
    """Return whether a page is small, names another one and shows little: worth being looked at by the others."""
    return len(html) <= _LARGE and _shows_little(html) and _names_another(html)


def _shows_little(html: bytes) -> bool:
    """Return whether a page has few bytes besides tags and blanks; only so much is counted as decides that."""
    shown = html.translate(None, _BLANKS)
    count = last = 0
    for tag in _TAGS.finditer(shown):
        count += tag.start() - last
        last = tag.end()
        if count >= _LITTLE:
            return False
    return count + len(shown) - last < _LITTLE


def _names_another(html: bytes) -> bool:
    if len(html) > _LARGE:
        return False
    source = html.replace(b"\x00", b"").lower()
    return any(mark in source for mark in _SENDS)


def sends_on_to(html: bytes, url: str, charset: str | None = None, *, frames_too: bool = True) -> list[str]:
    """Return the addresses to which a page that holds nearly nothing itself sends its readers; [] for any other page.

    A script that sets `location`; a `refresh`; with `frames_too`, a page of frames, or with one frame of any size. A
    script that sets a cookie first is an anti-bot page, and one that leads to the same address again is not followed.
    Never raises.
    """
    if not _names_another(html):
        return []
    decoded = decode(html, charset)
    if decoded is None:
        return []
    try:
        root, _, _ = parse(decoded.text)
    except PageTooLarge:
        return []
    if root is None:
        return []
    base = base_of(root, url)
    found = _refresh(root) or _by_script(root, url)
    frames = [frame.get("src") or "" for frame in islice(root.iter("frame"), _MOST)] if frames_too else []
    if not frames and not found and frames_too:
        frames = [frame.get("src") or frame.get("data-src") or "" for frame in root.iter("iframe")]
        frames = frames if len(frames) == 1 else []
    links = len(list(islice(root.iter("a"), _FEW_LINKS + 1)))
    drop_scripts(root)
    if not root.xpath("//frameset") and (links > _FEW_LINKS or len(visible_text(root)) > _FEW_WORDS):
        return []
    here = url.partition("#")[0]
    targets = (absolute(href, base) for href in (*found, *frames))
    plain = dict.fromkeys(target.partition("#")[0] for target in targets if target)
    return [target for target in plain if target != here][:_MOST]


def _refresh(root: Any) -> list[str]:
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.match((meta.get("content") or "")[:2000])
            if found and int(found[1]) <= _LONGEST_WAIT:
                return [found[2].strip()]
    return []


def _by_script(root: Any, url: str) -> list[str]:
    scripts = [script.text or "" for script in root.iter("script")]
    handlers = [element.get("onload") or "" for element in root.iter("body", "iframe", "img", "frameset")]
    source = "\n".join([*scripts, *handlers])
    found = script_targets.targets(source, url)
    if found or "document.write" not in source or script_targets.sets_cookie(source):
        return found
    for piece in script_targets.written(source, url):
        inner, _, _ = parse(f"<html>{piece}</html>")
        if inner is not None:
            found += _refresh(inner) or [frame.get("src") or "" for frame in inner.iter("frame", "iframe")]
    return found
