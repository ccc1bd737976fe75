"""Colours are in one place, and every page gets them from there."""

import re
from pathlib import Path

import crawler
from crawler.browse import charts, report
from storage.exports import html_parts, palette

ROOT = Path(crawler.__file__).parents[1]
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}\b")
GREY = re.compile(r"#(.)\1\1|#(..)\2\2")  # on printed paper


def colours_of(text):
    """Return the colours that a text names, greys aside."""
    return {colour for colour in HEX.findall(text) if not GREY.fullmatch(colour)}


def variables(css):
    return set(re.findall(r"var\(--([\w-]+)\)", css))


def test_no_other_source_has_a_colour_of_its_own():
    """The icon is a file of its own: its colours are those of the palette."""
    known = {palette.LIGHT["accent"], palette.LIGHT["paper"]}
    for folder in ("crawler", "storage"):
        for source in sorted((ROOT / folder).rglob("*")):
            if source.suffix not in (".py", ".css", ".html", ".svg") or source.name == "palette.py":
                continue
            if "replica_portals" in source.parts:  # pages of others, as they look
                continue
            colours = colours_of(source.read_text(encoding="utf-8"))
            assert not colours - (known if source.suffix == ".svg" else set()), (source, colours)


def test_light_and_dark_have_the_same_names():
    assert palette.LIGHT.keys() == palette.DARK.keys()
    assert all(HEX.fullmatch(colour) for colours in (palette.LIGHT, palette.DARK) for colour in colours.values())


def test_every_variable_of_a_stylesheet_has_a_colour():
    style = (ROOT / "crawler/browse/static/style.css").read_text(encoding="utf-8")
    assert variables(style) - {"serif", "sans"} == set(palette.LIGHT)
    offline = html_parts.STYLE
    assert variables(offline) == {"serif", "sans", *re.findall(r"--([\w-]+): #", offline)}


def test_charts_and_report_use_the_palette():
    drawn = charts.columns([("2024-01", 2), ("2024-02", 3)], title="t", unit="u")
    drawn += charts.parts_chart([("a", (1, 2, 3), "b")], title="t", ident="p") + charts.parts_bar((1, 2, 3))
    drawn += charts.shares([("a", 0.5, "b")], title="t", ident="i")
    used = colours_of(drawn + report._STYLE)
    assert used and used <= {*palette.LIGHT.values(), palette.TRACK, palette.BETWEEN}
