"""A portal whose lists, and in places whose articles, only a script fills; over HTTP on loopback."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.serving import Serving

TITLES = (
    "Phường khánh thành nhà văn hóa tổ dân phố số 4",
    "Ra quân dọn vệ sinh dọc bờ kênh sáng chủ nhật",
    "Trao học bổng cho ba mươi học sinh vượt khó",
    "Họp bàn việc mở rộng ngõ 12 đường Bờ Đê",
    "Tập huấn chữa cháy cho các hộ kinh doanh ở chợ",
    "Khai mạc giải cờ tướng người cao tuổi của phường",
    "Lấy ý kiến nhân dân về tên gọi hai tuyến đường mới",
)
PAGE = 5  # articles that the list shows before its button is pressed


def stories():
    for number, title in enumerate(TITLES, 1):
        body = (
            f"Sáng {number + 10}/3/2025, Ủy ban nhân dân phường tổ chức buổi gặp mặt về việc: {title.lower()}. "
            "Đông đảo bà con trong tổ dân phố đã tới dự từ sớm và góp nhiều ý kiến sát thực.",
            "Đại diện các đoàn thể cho biết công việc được chuẩn bị suốt hai tháng qua, với sự góp sức của từng gia "
            f"đình trong khu dân cư. Đợt tiếp theo sẽ diễn ra sau {number + 2} tuần nữa tại sân nhà văn hóa.",
            "Bà con ở các ngõ phía trong đề nghị treo thêm biển chỉ đường và lắp đèn ở chỗ rẽ, vì buổi tối lối vào còn "
            "tối. Cán bộ phụ trách ghi lại từng ý kiến, hẹn trả lời ở buổi họp tới và dán bản tóm tắt tại bảng tin.",
        )
        yield {"id": number, "title": title, "date": f"{number + 10:02}/03/2025 08:0{number}", "body": body}


STORIES = {story["id"]: story for story in stories()}

_SHELL = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/style.css">
<script src="http://stats.tracker.test/collect.js" async></script>
</head><body><div id="app"></div><img src="/logo.png" alt="">
<script src="/app.js"></script></body></html>"""

_PLAIN = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head>
<body><div class="menu"><a href="/">Trang chủ</a></div><div class="detail"><h1>{title}</h1>
<div class="date">{date}</div><div class="content">{body}</div></div>
<script>document.title += '';</script></body></html>"""

# Routes by the address, as single-page applications do. Everything is asked for after a moment, as behind a splash.
_APP = """
'use strict';
const app = document.getElementById('app');
const line = story => '<div class="item"><h3><a href="/tin/' + story.id + '.html">' + story.title + '</a></h3>'
  + '<span class="date">' + story.date + '</span></div>';
function list(from) {
  return fetch('/api/tin?from=' + from, {headers: {'X-Requested-With': 'XMLHttpRequest'}})
    .then(answer => answer.json()).then(data => {
      document.querySelector('.list').insertAdjacentHTML('beforeend', data.items.map(line).join(''));
      const more = document.querySelector('button');
      if (data.more) more.onclick = () => list(data.more); else more.remove();
    });
}
function article(id) {
  return fetch('/api/tin/' + id).then(answer => answer.json()).then(story => {
    document.title = story.title;
    app.innerHTML = '<div class="menu"><a href="/">Trang chủ</a></div><div class="detail"><h1>' + story.title
      + '</h1><div class="date">' + story.date + '</div><div class="content">'
      + story.body.map(text => '<p>' + text + '</p>').join('') + '</div></div>';
  });
}
const found = /^\\/tin\\/(\\d+)\\.html$/.exec(location.pathname);
setTimeout(() => {
  if (found) return article(found[1]);
  app.innerHTML = '<h2>Tin tức</h2><div class="list"></div><button type="button">Xem thêm</button>';
  fetch('/cam/kin.json').catch(() => 0);
  fetch('http://127.0.0.2:1/ngoai.json').catch(() => 0);
  navigator.sendBeacon && navigator.sendBeacon('/beacon', 'x');
  return list(0);
}, found ? 100 : 900);
setInterval(() => { document.body.dataset.now = Date.now(); }, 50);
"""


class Portal:
    """What is served, and what was asked for. `plain_articles`: articles are whole without the script.

    Texts differ by the name of the ward, so that none is a copy of another portal's.
    """

    def __init__(self, ward, *, plain_articles=True, pages=None):
        self.ward = ward
        self.plain_articles = plain_articles
        self.pages = pages or {}  # path → page of its own
        self.asked = []
        self.agents = set()

    def body_of(self, story):
        """The paragraphs of an article here."""
        return [text.replace("phường", f"phường {self.ward}") for text in story["body"]]

    def answer(self, target):
        path = urlsplit(target).path
        if path in self.pages:
            return "text/html; charset=utf-8", self.pages[path]
        if path == "/robots.txt":
            return "text/plain", "User-agent: *\nDisallow: /cam/\n"
        if path == "/app.js":
            return "text/javascript; charset=utf-8", _APP
        if path == "/style.css":
            return "text/css", "body { color: black }"
        if path == "/":
            return "text/html; charset=utf-8", _SHELL.format(title="Phường Bờ Đê")
        if path == "/api/tin":
            first = int(parse_qs(urlsplit(target).query)["from"][0])
            newest = sorted(STORIES.values(), key=lambda story: -story["id"])
            cut = [{name: story[name] for name in ("id", "title", "date")} for story in newest[first : first + PAGE]]
            more = first + PAGE if first + PAGE < len(newest) else 0
            return "application/json; charset=utf-8", json.dumps({"items": cut, "more": more}, ensure_ascii=False)
        number = int("".join(filter(str.isdigit, path)) or 0)
        if number not in STORIES:
            return None
        story = {**STORIES[number], "body": self.body_of(STORIES[number])}
        if path.startswith("/api/tin/"):
            return "application/json; charset=utf-8", json.dumps(story, ensure_ascii=False)
        if not self.plain_articles:
            return "text/html; charset=utf-8", _SHELL.format(title="Phường Bờ Đê")
        body = "".join(f"<p>{text}</p>" for text in story["body"])
        return "text/html; charset=utf-8", _PLAIN.format(title=story["title"], date=story["date"], body=body)


class Served(Serving):
    """A portal over HTTP at a loopback address, while the block lasts; `host` is its host with its port."""

    def __init__(self, portal, address="127.0.0.1"):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                portal.asked.append(self.path)
                portal.agents.add(self.headers.get("User-Agent"))
                found = portal.answer(self.path)
                kind, text = found or ("text/html; charset=utf-8", "<h1>404</h1>")
                body = text.encode()
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.host = f"{address}:{self.server.server_port}"
