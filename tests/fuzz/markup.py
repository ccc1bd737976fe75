"""Mutations that know what a tag is. They work on the text of a document, so that what is broken stays broken."""

import random
import re
from collections.abc import Callable

from tests.fuzz.tokens import NASTY

_TAG = re.compile(rb"</?([a-zA-Z][\w:.-]*)[^<>]*>")
_ATTRIBUTE = re.compile(rb"([\w:-]+)=(\"[^\"]*\"|'[^']*')")
_READ = 400_000  # bytes of a document in which tags are looked for
_NAMES = (
    b"p", b"div", b"table", b"tr", b"td", b"a", b"span", b"ul", b"li", b"h1", b"b", b"form", b"title", b"script",
    b"frameset",
    b"body", b"html", b"head", b"iframe", b"select", b"option", b"svg", b"article", b"time", b"figure", b"figcaption",
    b"br",
)  # fmt: skip


def _tags(data: bytes) -> list[re.Match[bytes]]:
    return list(_TAG.finditer(data[:_READ]))


def element(chance: random.Random, data: bytes) -> tuple[int, int] | None:
    """The place of an element from a begin tag to an end tag of its name; None where there is none."""
    tags = [tag for tag in _tags(data) if not tag.group().startswith(b"</")]
    if not tags:
        return None
    tag = chance.choice(tags)
    end = data.find(b"</" + tag[1] + b">", tag.end())
    return tag.start(), tag.end() if end < 0 else end + len(tag[1]) + 3


def double(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Say an element several times."""
    if not (place := element(chance, data)):
        return data
    times = min(chance.choice((2, 5, 50, 500, 3000)), 3_000_000 // (place[1] - place[0]) + 1)
    return data[: place[1]] + data[place[0] : place[1]] * times + data[place[1] :]


def nest(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Wrap an element, or put it into itself, many levels deep."""
    if not (place := element(chance, data)):
        return data
    inside, depth, name = data[place[0] : place[1]], chance.choice((1, 3, 30, 300, 5000)), chance.choice(_NAMES)
    if chance.random() < 0.3:
        begin = inside[: inside.find(b">") + 1]
        return data[: place[0]] + begin * depth + inside + data[place[1] :]
    return data[: place[0]] + b"<" + name + b">" + (b"<" + name + b">") * depth + inside + data[place[1] :]


def drop_tags(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Leave out some tags, mostly those that end something."""
    tags = _tags(data)
    for tag in sorted(chance.sample(tags, min(len(tags), chance.choice((1, 3, 30)))), key=lambda t: -t.start()):
        if tag.group().startswith(b"</") or chance.random() < 0.3:
            data = data[: tag.start()] + data[tag.end() :]
    return data


def rename(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Call a tag by another name."""
    if not (tags := _tags(data)):
        return data
    tag = chance.choice(tags)
    return data[: tag.start(1)] + chance.choice(_NAMES) + data[tag.end(1) :]


def attribute(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Change an attribute's value: another's, something nasty, very long, or without its quotes."""
    found = list(_ATTRIBUTE.finditer(data[:_READ]))
    if not found:
        return data
    one, another = chance.choice(found), chance.choice(found)
    value = chance.choice(
        (another[2], b'"' + chance.choice(NASTY) + b'"', one[2][:-1], one[2] * 300, b'"' + b"x " * 50_000 + b'"', b"")
    )
    return data[: one.start(2)] + value + data[one.end(2) :]


def give_attributes(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Give a tag very many attributes, or what hides, dates or links it."""
    if not (tags := _tags(data)):
        return data
    tag = chance.choice(tags)
    many = b" ".join(b"k%d=%d" % (n, n) for n in range(chance.choice((10, 1000, 20_000))))
    more = chance.choice(
        (many, b"style='display:none'", b"hidden", b"href='a.pdf'", b"datetime='2023-02-30'", b"class='date'")
    )
    return data[: tag.end() - 1] + b" " + more + data[tag.end() - 1 :]


def move(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Put an element of this document, or of another, somewhere else."""
    source = chance.choice((data, other))
    if not (place := element(chance, source)) or not (tags := _tags(data)):
        return data
    at = chance.choice(tags).end()
    return data[:at] + source[place[0] : min(place[1], place[0] + 200_000)] + data[at:]


def entities(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Write characters of a text as entities, once or twice over."""
    if not (tags := _tags(data)):
        return data
    at = chance.choice(tags).end()
    text = data[at : at + 80].decode("utf-8", "replace")
    made = "".join(f"&#{ord(c)};" if chance.random() < 0.7 else c for c in text).encode("utf-8", "replace")
    if chance.random() < 0.3:
        made = made.replace(b"&", b"&amp;")
    return data[:at] + made + data[at + 80 :]


def charset(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Let the document name another charset than it is in."""
    name = chance.choice(
        (b"utf-16", b"windows-1258", b"utf-7", b"x-user-defined", b"shift_jis", b"bogus", b"utf-8", b"gb18030")
    )
    if re.search(rb"(?:charset|encoding)=[\"']?[\w-]+", data[:_READ]):
        return re.sub(rb"((?:charset|encoding)=[\"']?)[\w-]+", rb"\g<1>" + name, data[:_READ], count=1) + data[_READ:]
    return b"<meta charset=" + name + b">" + data


def preamble(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Put something before a document that does not belong there."""
    before = (
        b"\xef\xbb\xbf", b"\n\n",
        b"<br />\n<b>Warning</b>: foreach() in <b>/var/www/a.php</b> on line <b>3</b><br />\n",
        b"<!DOCTYPE html>", b"<?xml version='1.0' encoding='utf-16'?>", b"<!-- x -->" * 500, b"<opml>", b"x" * 5000,
        b"<!DOCTYPE rss [<!ENTITY nbsp '&#160;'><!ENTITY a '&b;'><!ENTITY b '&a;'>]>", b"<html>", b"\x00",
    )  # fmt: skip
    return chance.choice(before) + data


HTML: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    double, nest, drop_tags, rename, attribute, give_attributes, move, entities, charset,
)  # fmt: skip
XML = (double, nest, drop_tags, rename, attribute, move, entities, charset, preamble, preamble)
