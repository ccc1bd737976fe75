"""What the pages of the offline site have in common: frame, style, search."""

from html import escape

STYLE = """\
body { font: 17px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; }
header, nav, small, time, th { color: #555; }
.lead { font-weight: 600; }
a { color: #0b4f9c; }
table { border-collapse: collapse; font-size: 0.85rem; margin-top: 2rem; }
th, td { border-top: 1px solid #ddd; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
th { white-space: nowrap; font-weight: 400; }
input { font: inherit; width: 70%; padding: 0.3rem; }
button { font: inherit; padding: 0.3rem 1rem; }
li { margin: 0.3rem 0; }
@media (prefers-color-scheme: dark) { body { background: #16181b; color: #e8e8e8; } a { color: #8ab8f0; }
header, nav, small, time, th { color: #a0a0a0; } }
"""

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
    item.append(entry[2].slice(0, 10) + " ", link, " · " + entry[3]);
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


def page(title: str, body: str, *, up: str) -> str:
    """Return a page; `up` leads from it to the site's folder: "", ../ and so on."""
    home = f'<header><a href="{up}index.html">Trang đầu</a></header>' if up else ""
    return (
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{up}style.css"></head>\n'
        f"<body>{home}<main>{body}</main></body></html>\n"
    )
