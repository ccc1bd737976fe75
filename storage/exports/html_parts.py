"""What the pages of the offline site have in common: frame, style, search."""

from collections.abc import Sequence
from html import escape

from crawler.dates.local_time import shown_moment
from crawler.doubts import meaning
from crawler.text.markup import safe_url
from crawler.text.terminal_text import without_steering
from storage import fields
from storage.exports import palette
from storage.rows import Confirmation, DoubtRow

_COLOURS = ("paper", "ink", "soft", "rule", "accent")
STYLE = (
    palette.css(_COLOURS)
    + """\
:root { --serif: "Noto Serif", Charter, Georgia, "Times New Roman", serif;
  --sans: "Noto Sans", "Segoe UI", system-ui, -apple-system, Roboto, Arial, sans-serif; }
* { box-sizing: border-box; }
body { font: 17px/1.6 var(--sans); max-width: 64rem; margin: 0 auto; padding: 1rem 1.25rem 3rem;
  overflow-wrap: anywhere; background: var(--paper); color: var(--ink); }
header { border-bottom: 3px double var(--rule); padding-bottom: .6rem; margin-bottom: 1.6rem; }
header a { font: 800 1.3rem var(--serif); color: var(--accent); text-decoration: none; }
h1, h2, h3 { font-family: var(--serif); line-height: 1.22; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.5rem); margin: .2rem 0 .8rem; }
main > h2, section > h2, .full > h2 { font: 700 1rem var(--sans); border-top: 3px solid var(--accent);
  padding-top: .45rem; margin-top: 2.2rem; }
h3 { margin: 0 0 .3rem; font-size: 1.15rem; }
small, time, dt, figcaption, .byline { color: var(--soft); font-size: .85rem; }
a { color: inherit; text-decoration-color: var(--accent); text-underline-offset: .18em; }
h3 a { text-decoration: none; }
.kicker { margin: 0; font-size: .85rem; font-weight: 600; color: var(--accent); }
.full { max-width: 44rem; font-size: 1.06rem; }
.full p, .full li, .full td { font-family: var(--serif); }
.full p.kicker, .full p.byline { font-family: var(--sans); }
.lead { font-weight: 700; font-size: 1.1rem; }
.notice, .doubts { border-left: 4px solid var(--accent); padding: .4rem .9rem; }
figure { margin: 1.6em 0; text-align: center; }
figure img { max-width: 100%; height: auto; border-radius: 4px; }
figcaption { font: italic .95rem var(--serif); margin-top: .5rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--rule); padding: .3rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
pre { white-space: pre-wrap; }
dl { font-size: .9rem; }
dd { margin: 0 0 .6rem; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 18rem; gap: 0 3rem; }
.columns article { border-top: 1px solid var(--rule); padding: .8rem 0; }
.columns article p { margin: 0 0 .2rem; }
.list { list-style: none; margin: 0; padding: 0; }
.list li { padding: .45rem 0; border-bottom: 1px solid var(--rule); }
label { display: block; color: var(--soft); margin-bottom: .35rem; }
input, button { font: inherit; padding: .6rem .9rem; border: 1px solid var(--soft); border-radius: 6px; }
input { width: min(70%, 34rem); color: inherit; background: transparent; }
button { background: var(--accent); color: var(--paper); border-color: var(--accent); margin-left: .4rem;
  cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.doubts { list-style: none; margin: 0 0 1rem; font-size: .9rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--rule); padding-top: .6rem; }
@media (max-width: 45rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media print { header, nav, form { display: none; } body { background: none; color: #000; } }
"""
)

SEARCH = """\
"use strict";
// The index lies in numbered files, each a call of found() with [place, title, date, ward, folded text]; they are
// loaded one after another, as a page opened from a disk may load scripts but not data.
var results = document.getElementById("results"), state = document.getElementById("state");
var shards = Number(results.dataset.shards), words = [], turn = 0, hits = 0, MOST = 200;
function fold(text) {
  return text.normalize("NFD").replace(/[\\u0300-\\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
}
function found(entries) {
  entries.forEach(function (entry) {
    if (!words.every(function (word) { return entry[4].indexOf(word) >= 0; })) return;
    hits += 1;
    if (hits > MOST) return;
    var item = document.createElement("li"), link = document.createElement("a");
    link.href = entry[0];
    link.textContent = entry[1];
    var day = document.createElement("small");
    day.textContent = " " + entry[2].slice(0, 10).split("-").reverse().join("/") + " · " + entry[3];
    item.append(link, day);
    results.append(item);
  });
}
function load(number, mine) {
  if (mine !== turn) return;
  if (number === shards) {
    state.textContent = hits + " bài" + (hits > MOST ? ", hiện " + MOST + " bài đầu" : "");
    return;
  }
  state.textContent = "Đang tìm… " + Math.round(100 * number / shards) + "%";
  var script = document.createElement("script");
  script.src = "search/" + number + ".js";
  script.onload = script.onerror = function () { script.remove(); load(number + 1, mine); };
  document.body.append(script);
}
document.getElementById("form").addEventListener("submit", function (event) {
  event.preventDefault();
  words = fold(document.getElementById("query").value).split(/\\s+/).filter(Boolean);
  results.textContent = "";
  hits = 0;
  turn += 1;
  if (words.length) load(0, turn); else state.textContent = "";
});
"""


def day(published: str | None) -> str:
    """Return a publication date (ISO, of any precision, or an interval) as `time` elements for Vietnamese readers."""
    if not published:
        return "<span>không rõ ngày</span>"
    return " – ".join(f'<time datetime="{escape(part)}">{_written(part)}</time>' for part in published.split("/"))


def moment(text: str | None) -> str:
    """Return a moment of ours for Vietnamese readers, in their time: "03/05/2024, 15:00 +07:00"; "" for none."""
    day, _, time = shown_moment(text or "").partition(" ")
    return ", ".join(part for part in (_written(day), time) if part)


def link(url: str) -> str:
    """Return an address as a link, and as text where no browser should follow it."""
    if not (safe := safe_url(url)):
        return escape(url)
    return f'<a href="{escape(safe)}" rel="external noopener noreferrer nofollow">{escape(url)}</a>'


def doubts(items: Sequence[DoubtRow]) -> str:
    """Return what may be wrong with an article as a list for Vietnamese readers; "" where nothing is."""
    rows = "".join(
        f"<li><strong>Còn ngờ – {escape(_field(item['field']))}:</strong> {escape(meaning(item['kind'], 'vi'))}"
        + (f" <small>(“{escape(item['evidence'])}”)</small></li>" if item["evidence"] else "</li>")
        for item in items
    )
    return f'<ul class="doubts">{rows}</ul>' if rows else ""


def confirmed(item: Confirmation) -> str:
    """Return what a person said of a field: "ngày đăng: 2024-05-02 (lan, 03/05/2024, 15:00 +07:00)"."""
    long = item["field"] == "body"
    value = "" if long else f": {item['value'] or 'không có'}"
    return f"{_field(item['field'])}{value} ({item['by']}, {moment(item['at'])})"


def _field(name: str) -> str:
    return fields.LABELS[name].vietnamese if name in fields.LABELS else name


def _written(text: str) -> str:
    day, _, time = text.partition("T")
    shown = "/".join(reversed(day.split("-")))
    return escape(f"{shown}, {time[:5]}" if time else shown)


def page(title: str, body: str, *, up: str, head: str = "") -> str:
    """Return a page, without the control characters of its texts; `up` leads from it to the site's folder: "", ../ …;
    `head`: further elements of its head."""
    home = f'<header><a href="{up}index.html" aria-label="Trang chủ">Tin Phường</a></header>' if up else ""
    return without_steering(
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{up}style.css">{head}</head>\n'
        f"<body>{home}<main>{body}</main></body></html>\n"
    )
