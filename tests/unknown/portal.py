"""A portal on an unknown platform, drawn from data: what its addresses look like and how its pages are marked up."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.platforms.replica import Answer, esc, rss, sitemap
from tests.unknown.notices import SECTIONS, Notice, published_on

COMMUNE = "Xã An Sơn"
_HEAD = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
_COUNTERS = "<p>Đang truy cập: 14</p><p>Hôm nay: 302</p><p>Tổng lượt truy cập: 1.204.377</p>"
DIVS = (
    _HEAD + '<div id="top"><span class="clock">{clock}</span>{tongue}{search}</div><div id="menu"><ul>{menu}</ul></div>'
    '<div class="wrap"><div class="col-main">{main}</div><div class="col-side">{side}</div></div>'
    '<div id="footer"><p>UBND xã An Sơn</p>{counters}{foot}</div></body></html>'
)
HTML5 = (
    _HEAD
    + "<header><h1>CỔNG THÔNG TIN ĐIỆN TỬ XÃ AN SƠN</h1><time>{clock}</time>{tongue}</header><nav><ul>{menu}</ul>{search}</nav>"
    "<main>{main}</main><aside>{side}</aside><footer><p>Trưởng ban biên tập: Chủ tịch UBND xã</p>{counters}{foot}</footer></body></html>"
)
TABLES = (
    _HEAD
    + '<table width="980" align="center"><tr><td colspan="2"><img src="/banner.jpg" alt="banner"></td></tr><tr><td colspan="2">{clock} {tongue}</td></tr>'
    '<tr><td width="200" valign="top"><table>{menu}</table>{side}{search}</td><td valign="top">{main}</td></tr>'
    '<tr><td colspan="2" align="center">{counters}{foot}</td></tr></table></body></html>'
)
FORM = (
    _HEAD + '<form method="post" action="{here}" id="aspnetForm"><input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT" value="">'
    '<input type="hidden" name="__VIEWSTATE" value="dDwxMjM0NTY7Oz4="><div class="header"><div class="ngay-gio">Hôm nay: {clock}</div>{tongue}</div><div class="main-menu"><ul>{menu}</ul></div>'
    '<div class="page-content"><div class="left">{side}{search}</div><div class="center">{main}</div></div><div class="footer">{counters}{foot}</div></form></body></html>'
)  # fmt: skip


@dataclass(frozen=True)
class InventedPlatform:
    """One invented platform.

    Addresses are formats over `slug`, `id`, `cat`, `cat_id`, `Cat`, `key` (opaque), `letters` (the title's own letters,
    hyphenated) and `moment`; `page` has `{list}` and `n` besides. `item` and `story` are markup; `pager` is numbers,
    next, window, onclick, form, postback, dead, more or none. `unreached`: articles that no address leads to.
    """

    name: str
    modelled_on: str
    article: str
    section: str
    page: str = "{list}?page={n}"
    first: int = 1
    pager: str = "numbers"
    frame: str = DIVS
    item: str = (
        '<div class="item"><h3><a href="{href}">{title}</a></h3><span class="date">{day}</span><p>{sapo}</p></div>'
    )
    items: str = '<div class="list"><h2>{heading}</h2>{items}</div>{pager}'
    side: str = '<div class="box"><h4>Tin mới</h4><ul>{newest}</ul></div><div class="box"><h4>Đọc nhiều</h4><ul>{most}</ul></div>'
    side_item: str = '<li><a href="{href}">{title}</a></li>'
    story: str = '<h1>{title}</h1><p class="meta">{day}</p><p><b>{sapo}</b></p><div class="text">{body}</div>{files}'
    others: str = "<h4>Tin khác</h4><ul>{others}</ul>"
    title: str = "{title} - Xã An Sơn"
    day: str = "%d/%m/%Y"
    time: str = "%d/%m/%Y %H:%M"
    clock: str = "%A, %d/%m/%Y"
    home: str = ""  # where "/" redirects to
    feeds: dict = field(default_factory=dict)
    printing: str = ""
    tongue: str = "/en"  # the door to the other language
    intro: str = "/gioi-thieu/{slug}"
    calendar: str = "/lich-cong-tac?thang={month}&nam={year}"
    search: str = "/tim-kiem?q={word}"
    size: int = 3
    shell: bool = False
    splash: bool = False  # "/" is a page that sends its reader on
    intros: bool = False  # the introductions are in a list of their own
    unreached: int = 0


class Portal:
    """Answers requests as one portal on a platform; `host` is its name, `notices` what it publishes."""

    platform = "generic"
    start = ("/",)

    def __init__(self, invented):
        self.invented = invented
        self.host = f"anson.{invented.name}.test"
        self.notices = published_on(self.host)
        self.by_path = {}
        for notice in self.notices:
            self.by_path.setdefault(unquote(urlsplit(self.address(notice)).path), []).append(notice)

    def fields(self, notice: Notice):
        cat, cat_id, _ = SECTIONS[notice.section]
        letters = notice.title.lower().replace(" ", "-").rstrip(".")
        key = base64.urlsafe_b64encode(f"{notice.number * 7919}".encode()).decode().rstrip("=")
        return {"slug": notice.slug, "id": notice.number, "cat": cat, "cat_id": cat_id, "key": key, "letters": letters,
                "Cat": cat.capitalize(), "moment": notice.moment, "dot": "." * notice.title.endswith(".")}  # fmt: skip

    def address(self, notice):
        return self.invented.article.format(**self.fields(notice))

    def is_trap(self, target):
        """Whether a crawler has no business there: searches, tags, days of a calendar, print views, sign-in."""
        traps = ("/tim-kiem", "timkiem", "search", "/tag/", "print", "trang-in-", "ngay=", "/dang-nhap")
        printed = {self.print_address(notice) for notice in self.notices}
        return any(trap in target for trap in traps) or unquote(target) in printed

    def print_address(self, notice):
        return self.invented.printing.format(**self.fields(notice)) if self.invented.printing else ""

    def list_address(self, section, number=1):
        cat, cat_id, _ = SECTIONS[section]
        shown = {"cat": cat, "cat_id": cat_id, "Cat": cat.capitalize()}
        bare = self.invented.section.format(**shown)
        if number == 1:
            return bare
        counted = (number - 1 + self.invented.first) if self.invented.first < 2 else (number - 1) * self.invented.first
        stem, dot, ending = bare.rpartition(".")
        return self.invented.page.format(
            list=bare, n=counted, stem=stem if dot else bare, ending=f".{ending}" if dot else "", **shown
        )

    def answer(self, method, target, form=""):
        """Answer a request as the server's replicas do."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        sent = {name: values[0] for name, values in parse_qs(form, keep_blank_values=True).items()}
        if path == "/robots.txt":
            return Answer(b"User-agent: *\nAllow: /\n", "text/plain")
        if path.endswith((".pdf", ".docx", ".jpg")):
            return Answer(b"%PDF-1.4\n", "application/pdf")
        if kind := self.invented.feeds.get(path):
            return self.feed(kind)
        foreign = path.startswith("/en/") or path == "/en"
        path = (path[3:] or "/") if foreign else path
        if path == "/" and not query and self.invented.home and method == "GET":
            return Answer(status=302, headers={"Location": self.invented.home})
        made = self.page(path, query, sent, f"{path}?{parts.query}".rstrip("?"))
        if made is None and has_intros(self.invented, path):
            made = self.frame(
                "Giới thiệu", self.invented.items.format(items=self.intro_items(), heading="Giới thiệu", pager=""), path
            )
        if made is None:
            return Answer(self.frame("Không tìm thấy trang", "<h2>Lỗi 404</h2>", path).encode(), status=404)
        return made if isinstance(made, Answer) else Answer(made.encode())

    def page(self, path, query, sent, here):
        invented = self.invented
        if invented.splash and path == "/":
            return '<html><head><meta http-equiv="refresh" content="0;url=/trang-chu.html"><title>An Sơn</title></head><body><a href="/trang-chu.html">Vào trang</a></body></html>'
        if invented.shell:
            return '<!DOCTYPE html><html><head><title>An Sơn</title></head><body><noscript>Bạn cần bật JavaScript để dùng trang này.</noscript><div id="root"></div><script src="/static/js/main.js"></script></body></html>'
        for notice in self.by_path.get(path, ()):
            wanted = {n: v[0] for n, v in parse_qs(urlsplit(self.address(notice)).query).items()}
            if wanted.items() <= query.items():
                return self.article(notice, here, bare="print" in query)
        for notice in self.notices if invented.printing else ():
            if here == unquote(self.print_address(notice)):
                return self.article(notice, here, bare=True)
        for section in range(len(SECTIONS)):
            for number in range(9 if "{n}" in invented.page else 1, 0, -1):
                there = urlsplit(self.list_address(section, number))
                wanted = {n: v[0] for n, v in parse_qs(there.query).items()}
                if unquote(there.path) == path and wanted.items() <= query.items():
                    return self.listing(section, self.number(section, number, sent), here)
        if path in ("/", "/trang-chu.html", urlsplit(invented.home).path) and not set(query) - {"lang", "id", "gd"}:
            return self.frame(COMMUNE, self.entries(self.notices[:3], "Tin nổi bật", ""), here)
        calendar = urlsplit(invented.calendar)
        if path.startswith(calendar.path.split("{")[0]):
            return self.calendar(path, query, here)
        for slug, name in (
            ("gioi-thieu-chung", "Giới thiệu chung về xã"),
            ("co-cau-to-chuc", "Cơ cấu tổ chức bộ máy xã"),
            ("lich-su", "Lịch sử hình thành"),
        ):
            if here == invented.intro.format(slug=slug, n=len(slug)):
                text = "".join(
                    f"<p>{t}</p>"
                    for t in (
                        "An Sơn nằm ở khúc quanh của sông Lạch, có chín xóm và hai bản, phần lớn đất là đồi trồng chè và quế lâu năm.",
                        "Cư dân gồm người Tày, người Nùng và người Kinh, sống quây quần quanh ba con suối đổ ra sông.",
                    )
                )
                return self.frame(f"{name} - {COMMUNE}", f"<h1>{name}</h1><div class='text'>{text}</div>", here)
        if path == urlsplit(invented.search).path or path.startswith("/tag/"):
            return self.frame("Kết quả tìm kiếm", self.entries(self.notices[:4], "Kết quả tìm kiếm", ""), here)
        return None

    def number(self, section, number, sent):
        """Which page of a list is shown to who asks for `number`, or sends a form."""
        last = -(-sum(notice.section == section for notice in self.notices) // self.invented.size)
        asked = sent.get("pagenum") or sent.get("__EVENTARGUMENT", "").removeprefix("Page$")
        asked = asked or sent.get("__EVENTTARGET", "").removeprefix("ctl00$lnk")
        shown = 1 if self.invented.pager == "dead" else int(asked or number)
        return min(shown, last) if self.invented.pager == "endless" else shown

    def intro_items(self):
        return "".join(
            f'<div class="item"><h3><a href="{self.invented.intro.format(slug=s, n=len(s))}">{n}</a></h3></div>'
            for s, n in (
                ("gioi-thieu-chung", "Giới thiệu chung về xã An Sơn ngày nay"),
                ("co-cau-to-chuc", "Cơ cấu tổ chức bộ máy xã An Sơn"),
                ("lich-su", "Lịch sử hình thành và phát triển của xã"),
            )
        )

    def feed(self, kind):
        base = f"http://{self.host}"
        lists = [base + self.list_address(n) for n in range(len(SECTIONS))]
        everything = [base + self.address(n) for n in self.notices]
        intro = base + self.invented.intro.format(slug="co-cau-to-chuc", n=len("co-cau-to-chuc"))
        match kind:
            case "rss":
                return rss(base, self.notices[:5], self.address)
            case "rss-empty":
                return rss(base, [], self.address)
            case "html":
                return Answer(self.frame("Trang chủ", "<p>Trang bạn cần đang được cập nhật.</p>", "/").encode())
            case "sitemap":
                return sitemap([base + "/", intro, *lists, *everything])
            case "sitemap-categories":
                return sitemap([base + "/", intro, *lists])
        raise ValueError(kind)

    # Pieces

    def entry(self, notice, form):
        return form.format(
            href=esc(self.address(notice)), title=esc(notice.title), sapo=esc(notice.sapo), day=notice.at(self.invented.day),
            slug=notice.slug, cat_href=esc(self.list_address(notice.section)), cat_name=SECTIONS[notice.section][2], print=esc(self.print_address(notice)),
        )  # fmt: skip

    def entries(self, notices, heading, pager):
        shown = "".join(self.entry(notice, self.invented.item) for notice in notices)
        return self.invented.items.format(items=shown, heading=heading, pager=pager)

    def listing(self, section, number, here):
        notices = [n for n in self.notices if n.section == section]
        size = self.invented.size
        shown = notices[(number - 1) * size : number * size]
        last = -(-len(notices) // size)
        return self.frame(
            f"{SECTIONS[section][2]} - {COMMUNE}",
            self.entries(shown, SECTIONS[section][2], self.pager(section, number, last)),
            here,
        )

    def pager(self, section, number, last):
        kind = self.invented.pager
        if last == 1 or kind == "none":
            return ""
        href = {n: esc(self.list_address(section, n)) for n in range(1, last + 2)}
        pages = range(1, last + 1)
        if kind == "next":
            before = f'<a href="{href[number - 1]}">‹ Trang trước</a> ' if number > 1 else ""
            return (
                f'<div class="phan-trang">{before}<a href="{href[number + 1]}">Trang sau ›</a></div>'
                if number < last
                else before
            )
        if kind == "window":  # two numbers at most, and no end of "next"
            shown = [n for n in (number, number + 1) if n <= last]
            links = "".join(f"<b>{n}</b> " if n == number else f'<a href="{href[n]}">{n}</a> ' for n in shown)
            return (
                f'<table><tr><td>Trang: {links}<a href="{href[min(number + 1, last)]}">&gt;&gt;</a></td></tr></table>'
            )
        if kind == "icons":
            before = f'<a class="prev" href="{href[number - 1]}"><i class="fa fa-left"></i></a>' if number > 1 else ""
            after = (
                f'<a class="next" href="{href[number + 1]}"><i class="fa fa-right"></i></a>' if number < last else ""
            )
            return f"<div>{before}{after}</div>"
        if kind == "endless":
            return (
                f'<div class="pages"><a href="{href[min(number + 1, last + 1)]}">Tiếp theo</a></div>'
                if number <= last
                else ""
            )
        if kind == "options":
            links = " ".join(
                f"<td><a href='javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions(&quot;ctl00$lnk{n}&quot;, &quot;&quot;, true, &quot;&quot;, &quot;&quot;, false, true))'>{n}</a></td>"
                for n in pages
            )
            return f"<table><tr>{links}</tr></table>"
        if kind == "onclick":
            links = "".join(f'<li><a href="javascript:void(0);" onclick="gotoPage({n})">{n}</a></li>' for n in pages)
            stem = self.list_address(section, 2)[:-1]
            return f"<ul class=\"yiiPager\">{links}</ul><script>function gotoPage(n) {{ window.location.href = '{stem}' + n; }}</script>"
        if kind == "form":
            links = "".join(f'<li><a href="#" onclick="return chonTrang(\'{n}\')">{n}</a></li>' for n in pages)
            return (f'<form name="frmPage" method="post" action="{href[1]}"><input type="hidden" name="pagenum" value="1"></form><ul class="yiiPager">{links}</ul>'
                    "<script>function chonTrang(so) { document.frmPage.pagenum.value = so; document.frmPage.submit(); return false; }</script>")  # fmt: skip
        if kind in ("postback", "dead"):
            links = " ".join(
                f"<span>{n}</span>"
                if n == number
                else f"<a href=\"javascript:__doPostBack('ctl00$grid','Page${n}')\">{n}</a>"
                for n in pages
            )
            return f'<div class="pages">{links}</div>'
        if kind == "more":
            return (
                '<div class="more"><button type="button" class="btn-load" onclick="loadMore()">Xem thêm</button></div>'
            )
        links = "".join(
            f'<li class="active"><span>{n}</span></li>' if n == number else f'<li><a href="{href[n]}">{n}</a></li>'
            for n in pages
        )
        return f'<ul class="pagination">{links}</ul>'

    def frame(self, title, main, here):
        invented = self.invented
        names = [(self.list_address(n), name) for n, (_, _, name) in enumerate(SECTIONS)]
        intro = [
            (invented.intro.format(slug=s, n=len(s)), n)
            for s, n in (("gioi-thieu-chung", "Giới thiệu chung"), ("co-cau-to-chuc", "Cơ cấu tổ chức bộ máy xã"))
        ]
        intro = [("/gioi-thieu-xa", "Giới thiệu")] if invented.intros else intro
        cells = [
            (invented.home or "/", "Trang chủ"),
            *intro,
            *names,
            (invented.calendar.format(month=11, year=2026), "Lịch công tác"),
            ("/dang-nhap", "Đăng nhập"),
        ]
        menu = "".join(
            (
                f'<tr><td><a href="{esc(h)}">{n}</a></td></tr>'
                if invented.frame is TABLES
                else f'<li><a href="{esc(h)}">{n}</a></li>'
            )
            for h, n in cells
        )
        newest = "".join(self.entry(n, invented.side_item) for n in self.notices[:4])
        most = "".join(self.entry(n, invented.side_item) for n in (self.notices[5], self.notices[9], self.notices[2]))
        word = invented.search.format(word=quote("chợ mía"))
        return invented.frame.format(
            title=esc(title), head=invented.feeds.get("head", ""), here=esc(here), clock=Notice(0, 0, datetime.now(UTC), "", "", ()).at(invented.clock), menu=menu, main=main,
            side=invented.side.format(newest=newest, most=most), counters=_COUNTERS,
            tongue=f'<a href="{esc(invented.tongue)}">English</a>', foot=f'<a href="{esc(word)}">chợ Mía</a> <a href="/tag/mua-lu">mùa lũ</a> <a href="/so-do-cong">Sơ đồ cổng</a>',
            search=f'<form action="{esc(urlsplit(invented.search).path)}"><input name="q"></form>',
        )  # fmt: skip

    def article(self, notice, here, bare=False):
        invented = self.invented
        others = [n for n in self.notices if n.section == notice.section and n is not notice][:4]
        text = "".join(f"<p>{esc(t)}</p>" for t in notice.paragraphs)
        files = f'<p class="files"><a href="/uploads/{notice.file}">{notice.file}</a></p>' if notice.file else ""
        story = invented.story.format(title=esc(notice.title), sapo=esc(notice.sapo), body=text, files=files, day=notice.at(invented.time),
                                  print=esc(self.print_address(notice)), cat_name=SECTIONS[notice.section][2], views=notice.number % 900)  # fmt: skip
        title = invented.title.format(title=notice.title, cat_name=SECTIONS[notice.section][2])
        if bare:
            return f"{_HEAD}<p>An Sơn, ngày 25 tháng 11 năm 2026</p>{story}</body></html>".replace(
                "{title}", esc(title)
            ).replace("{head}", "")
        door = f'<a href="{esc(self.print_address(notice))}">In bài viết</a>' if invented.printing else ""
        tags = '<p class="tags">Từ khóa: <a href="/tag/cho-mia">chợ Mía</a></p>'
        listed = invented.others.format(others="".join(self.entry(n, invented.side_item) for n in others))
        return self.frame(title, f"{story}{door}{tags}{listed}", here)

    def calendar(self, path, query, here):
        month = int(query.get("thang", 11))
        if "{" in urlsplit(self.invented.calendar).path:
            month = int(path.rstrip("/").rpartition("/")[2] or 11)
        days = "".join(
            f'<td><a href="{esc(self.invented.calendar.format(month=month, year=2026))}&amp;ngay={d}">{d}</a></td>'
            for d in range(1, 31)
        )
        later = esc(self.invented.calendar.format(month=month + 1, year=2026))
        return self.frame(
            "Lịch công tác",
            f'<h1>Lịch công tác tháng {month}</h1><table class="lich"><tr>{days}</tr></table><a href="{later}">Tháng sau »</a>',
            here,
        )


def has_intros(invented, path):
    """Whether a path is the list of introductions."""
    return invented.intros and path == "/gioi-thieu-xa"
