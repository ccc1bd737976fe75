"""Stored Markdown and addresses, made safe to show in a browser. Pure functions."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_SAFE_SCHEMES = ("http", "https")
_REL = 'rel="external noopener noreferrer nofollow"'
_LONGEST = 2_000_000  # characters of Markdown that are laid out; what is longer is shown as plain paragraphs


def safe_url(url: str | None) -> str:
    """Return `url` where a browser may follow it: absolute, http or https, without a name and password; else ""."""
    text = (url or "").strip()
    if any(ord(char) < 0x20 or char in '<>"\\`' for char in text):
        return ""
    try:
        parts = urlsplit(text)
        safe = parts.scheme.lower() in _SAFE_SCHEMES and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return text if safe else ""


def paragraphs(text: str) -> str:
    """Return plain text as escaped HTML paragraphs."""
    return "\n".join(
        f"<p>{'<br>'.join(escape(line) for line in block.split(chr(10)))}</p>"
        for block in text.split("\n\n")
        if block.strip()
    )


def render(markdown: str, *, picture: str, table: str, kept: Mapping[str, str]) -> str:
    """Return HTML for a body: no element of the stored text but those Markdown names, no picture from elsewhere.

    `kept`: address of a picture → where this collection shows its own copy; any other picture is a link to its source,
    which says `picture`. Headings begin at level 2 and skip none. A table scrolls in a box of its own, named by `table`
    and its number.
    """
    if len(markdown) > _LONGEST:
        return paragraphs(markdown)
    tokens = _MARKDOWN.parse(markdown)
    _even_headings(tokens)
    _figures(tokens)
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {"picture": picture, "table": table, "kept": kept}))


class _Renderer(RendererHTML):
    """Markdown's elements, with links that lead out plainly and pictures as links."""

    def image(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        token = tokens[number]
        caption = self.renderInlineAsText(token.children or [], options, env)
        return picture_html(str(token.attrs.get("src", "")), caption or str(env["picture"]), caption, env["kept"])

    def link_open(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        url = safe_url(str(tokens[number].attrs.get("href", "")))
        return f'<a href="{escape(url)}" {_REL}>' if url else '<span class="dead">'

    def link_close(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        depth = 0
        for at in range(number, -1, -1):
            depth += {"link_close": 1, "link_open": -1}.get(tokens[at].type, 0)
            if depth == 0:
                return "</a>" if safe_url(str(tokens[at].attrs.get("href", ""))) else "</span>"
        return ""

    def table_open(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        count = sum(token.type == "table_open" for token in tokens[: number + 1])
        return f'<div class="table" role="region" tabindex="0" aria-label="{escape(env["table"])} {count}"><table>\n'

    def table_close(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def figure(self, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
        token = tokens[number]
        caption = token.content
        link = picture_html(token.meta["src"], str(env["picture"]), caption, env["kept"])
        return f"<figure>{link}{f'<figcaption>{escape(caption)}</figcaption>' if caption else ''}</figure>\n"


def picture_html(source: str, text: str, caption: str, kept: Mapping[str, str]) -> str:
    """Return the collection's own copy of a picture, else a link to its source that says `text`."""
    if place := kept.get(source):
        return f'<img src="{escape(place)}" alt="{escape(caption)}" loading="lazy">'
    url = safe_url(source)
    if not url:
        return f'<span class="picture">{escape(text)}</span>'
    return f'<a class="picture" href="{escape(url)}" {_REL}>{escape(text)}</a>'


def _even_headings(tokens: list[Token]) -> None:
    """Number the headings' levels anew: 2 for the highest of the text, and on without a gap."""
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    names = {tag: f"h{min(6, number)}" for number, tag in enumerate(levels, 2)}
    previous = 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(names[token.tag][1]), previous + 1)
            previous = level
            token.tag = f"h{level}"
        elif token.type == "heading_close":
            token.tag = f"h{previous}"


def _figures(tokens: list[Token]) -> None:
    """Turn a paragraph that is one picture, and the caption in it or under it, into a figure."""
    at = 0
    while at + 2 < len(tokens):
        found = _picture_of(tokens, at)
        if found is None:
            at += 1
            continue
        picture, caption = found
        end = at + 3
        below = _caption(_children(tokens, end))
        if below is not None and caption in ("", below):
            caption, end = below, end + 3
        made = Token("figure", "figure", 0, content=caption, meta={"src": str(picture.attrs.get("src", ""))})
        made.block = True
        tokens[at:end] = [made]
        at += 1


def _picture_of(tokens: list[Token], at: int) -> tuple[Token, str] | None:
    """The picture that a paragraph consists of, and its caption."""
    children = _children(tokens, at)
    if not children or children[0].type != "image":
        return None
    rest = children[1:]
    caption = _caption(rest[1:] if rest and rest[0].type in ("softbreak", "hardbreak") else rest) if rest else ""
    return None if caption is None else (children[0], caption or children[0].content)


def _children(tokens: list[Token], at: int) -> list[Token]:
    """The content of the paragraph that begins at `at`; [] where none does, or where it belongs to a list."""
    if at + 2 >= len(tokens) or tokens[at].type != "paragraph_open" or tokens[at].hidden:
        return []
    return [child for child in tokens[at + 1].children or [] if child.type != "text" or child.content.strip()]


def _caption(children: list[Token]) -> str | None:
    kinds = [child.type for child in children]
    return children[1].content if kinds == ["em_open", "text", "em_close"] else None


class _Markdown(MarkdownIt):
    """The parser, for which every address makes a link: the renderer judges them."""

    def validateLink(self, url: str) -> bool:
        """Any address will do."""
        return True


_MARKDOWN = _Markdown("commonmark", {"html": False, "maxNesting": 20}, renderer_cls=_Renderer).enable("table")
