"""Portals whose pages get style, a picture, a module and data by a script alone: nothing in them names these."""

import csv
import io
import json
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.running import tinphuong
from tests.scripted.portal import STORIES, Portal, Served

LOADED, FINISHED = "thu_nap", "thu_hoanthanh"
LIST = "".join(f'<a href="/tin/{story["id"]}.html">{story["title"]}</a>' for story in STORIES.values())
DRESS = """
const at = name => '/' + 'trang' + '-tri/' + name;
const sheet = document.createElement('link');
sheet.rel = 'stylesheet'; sheet.href = at('ao.css'); document.head.append(sheet);
const forbidden = document.createElement('link');
forbidden.rel = 'stylesheet'; forbidden.href = '/' + 'cam/kin.css'; document.head.append(forbidden);
fetch(at('khung.html'), {headers: {'X-Requested-With': 'XMLHttpRequest'}}).then(answer => answer.text())
  .then(text => document.body.insertAdjacentHTML('beforeend', text));
import(at('khuon.js'));
fetch(at('mat.json')).catch(() => 0);
fetch('http://127.0.0.2:1/ngoai.json').catch(() => 0);
fetch('/' + 'dem', {method: 'POST', body: 'x=1'}).catch(() => 0);
navigator.sendBeacon('/' + 'dem', 'x');
new Promise(done => addEventListener('scroll', done)).then(() => {
  fetch(at('cuoi.json'));
  location.href = '/' + 'noi-khac';
});
"""
SHEET = "body { background: rgb(1, 2, 3) url(nen.svg); min-height: 5000px }"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
ANSWERS = {
    "/mac.js": ("text/javascript", DRESS),
    "/trang-tri/ao.css": ("text/css", SHEET),
    "/trang-tri/nen.svg": ("image/svg+xml", PICTURE),
    "/trang-tri/khung.html": ("text/html; charset=utf-8", "<!DOCTYPE html><p id='khung'>Lịch tiếp dân</p>"),
    "/trang-tri/khuon.js": ("text/javascript", "document.body.dataset.module = 'on';"),
    "/trang-tri/cuoi.json": ("application/json", "[]"),
    "/": ("text/html; charset=utf-8", LIST),
}  # fmt: skip


class Dressed(Portal):
    """A portal of plain articles that a script dresses."""

    def answer(self, target):
        path = urlsplit(target).path
        if path in ANSWERS:
            return ANSWERS[path]
        found = super().answer(target)
        if found and path.startswith("/tin/"):
            found = found[0], found[1].replace("</body>", "<script src='/mac.js'></script></body>")
        return found


@contextmanager
def dressed(folder):
    """Give (slug → portal, function that crawls): a site that is loaded, and one that a browser finishes."""
    portals = {LOADED: Dressed("Kim Lũ"), FINISHED: Portal("Láng Trung", plain_articles=False)}
    with (
        pytest.MonkeyPatch.context() as patch,
        Served(portals[LOADED], "127.4.0.1") as first,
        Served(portals[FINISHED], "127.4.0.2") as second,
    ):
        patch.setenv("TINPHUONG_ALLOW_PRIVATE", "127.4.0.0/16")
        patch.setenv("TINPHUONG_DELAY", "0.01")
        patch.setenv("TINPHUONG_DELAY_ELSEWHERE", "0.01")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["slug", "name", "host", "scheme", "delay", "render", "requisites"])
        writer.writerow([LOADED, "Phường Kim Lũ", first.host, "http", "0.01", "", "browser"])
        writer.writerow([FINISHED, "Phường Láng Trung", second.host, "http", "0.01", "pages", "yes"])
        table = folder / "sites.csv"
        table.write_text(text.getvalue(), encoding="utf-8")

        def crawl(db, *more, sites=(LOADED, FINISHED)):
            done = tinphuong("--db", db, "--sites", table, "crawl", *sites, "--summary", folder / "s.json", *more)
            reports = json.loads((folder / "s.json").read_text(encoding="utf-8"))["sites"]
            return done, {report["site"]: report for report in reports}

        yield portals, crawl
