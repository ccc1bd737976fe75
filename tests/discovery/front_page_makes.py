"""Makes of front pages, as wards have them, with invented text: each is a function of what the portal says of itself."""

# ruff: noqa: E501 — markup is written as portals send it

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

_TITLES = (
    "Ra quân dọn vệ sinh các tuyến đường", "Hội nghị tiếp xúc cử tri", "Tập huấn kỹ năng số cho người dân",
    "Khai giảng năm học mới", "Thăm tặng quà gia đình chính sách", "Kiểm tra an toàn thực phẩm",
    "Tuyên truyền phòng cháy, chữa cháy", "Phát động Tháng hành động vì người nghèo",
)  # fmt: skip
_SAPO = (
    "Sáng nay, đông đảo cán bộ, đoàn viên và bà con các tổ dân phố đã tham gia hoạt động trong không khí phấn khởi.",
    "Chương trình được tổ chức tại nhà văn hóa, thu hút nhiều gia đình cùng tham dự và đóng góp ý kiến.",
)


@dataclass(frozen=True)
class Says:
    """What a portal says of itself. `unit`: kind and name; `area`: "quận Ba Đình, thành phố Hà Nội"; `days`: of its news,
    newest first, as shown; `host`; `neighbours`: names in its select of links; `lead`: before the unit in the title."""

    host: str
    unit: str
    area: str
    days: tuple[str, ...] = ("28/11/2026", "20/11/2026", "03/11/2026")
    neighbours: tuple[tuple[str, str], ...] = ()
    lead: str = "Cổng thông tin điện tử"
    extra: str = ""
    title: str | None = None
    footer: str | None = None
    banner: str | None = None

    @property
    def named(self) -> str:
        """The unit with its area."""
        return f"{self.unit}, {self.area}" if self.area else self.unit


def news(says: Says, count: int = 6) -> list[tuple[str, str, str]]:
    """Return (path, title, day) of the newest articles."""
    days = says.days
    return [
        (f"/tin-tuc/bai-viet-{number + 1}.html", f"{_TITLES[number % len(_TITLES)]}", days[number % len(days)])
        for number in range(count if days else 0)
    ]


def entries(says: Says, form: str) -> str:
    """Return the articles in a form with {path}, {title}, {day} and {sapo}."""
    return "\n".join(
        form.format(path=path, title=title, day=day, sapo=_SAPO[number % len(_SAPO)])
        for number, (path, title, day) in enumerate(news(says))
    )


def options(says: Says) -> str:
    """Return a select of links, as many portals have it."""
    rows = "".join(f'<option value="https://{host}/">{name}</option>' for host, name in says.neighbours)
    return f'<select onchange="window.open(this.value)"><option value="">Liên kết website</option>{rows}</select>'


def liferay(says: Says) -> str:
    """Return a page like Liferay's."""
    title = says.title or f"Trang chủ - {says.lead} {says.named}"
    footer = says.footer or (
        f"<p>{says.lead.upper()} {says.unit.upper()}</p><p>Cơ quan chủ quản: Ủy ban nhân dân {says.unit}</p>"
        f"<p>Địa chỉ: Số 12 đường Trung tâm, {says.named}. Điện thoại: 0200.000.000</p><p>© 2026</p>"
    )
    return f"""<!DOCTYPE html><html class="ltr" dir="ltr" lang="vi-VN"><head><title>{title}</title>
<meta charset="utf-8"><link href="/html/css/main.css?browserId=other&themeId=portal_WAR_theme" rel="stylesheet">
<script>var Liferay = {{}}; Liferay.ThemeDisplay = {{getLayoutId: function() {{ return "1" }}}};</script></head>
<body class="yui3-skin-sam controls-visible"><div id="wrapper"><header id="banner" role="banner">
<div class="header-date">Thứ Hai, 30/11/2026 08:15</div>{says.banner or ""}</header>
<nav class="sort-pages modify-pages" id="navigation"><ul><li><a href="/">Trang chủ</a></li>
<li><a href="/gioi-thieu">Giới thiệu</a></li><li><a href="/tin-tuc">Tin tức</a></li>
<li><a href="/thu-tuc-hanh-chinh">Thủ tục hành chính</a></li><li><a href="/van-ban">Văn bản chỉ đạo</a></li></ul></nav>
<div id="content"><div class="portlet-boundary portlet-asset-publisher">
{entries(says, '<div class="asset-abstract"><h3><a href="{path}">{title}</a></h3><span class="date">{day}</span><p>{sapo}</p></div>')}
</div>{says.extra}{options(says)}</div><footer id="footer">{footer}</footer></div></body></html>"""


def wordpress(says: Says) -> str:
    """Return a page like WordPress's."""
    title = says.title or f"{says.unit} – Trang thông tin điện tử {says.named}"
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:site_name" content="{says.unit}"><link rel="stylesheet" href="/wp-content/themes/phuong/style.css"></head>
<body class="home blog"><header class="site-header"><p class="site-title"><a href="/">{says.unit}</a></p>
<p class="site-description">Trang thông tin điện tử {says.named}</p></header>
<nav class="main-menu"><a href="/gioi-thieu/">Giới thiệu</a> <a href="/tin-tuc/">Tin tức</a> <a href="/tthc/">Thủ tục hành chính</a></nav>
<main>{entries(says, '<article class="post"><h2 class="entry-title"><a href="{path}">{title}</a></h2><time class="entry-date">{day}</time><div class="entry-summary"><p>{sapo}</p></div></article>')}
{says.extra}</main><aside>{options(says)}</aside>
<footer class="site-footer">{says.footer or f"<p>Bản quyền © 2026 thuộc UBND {says.unit}</p><p>Địa chỉ: {says.named}</p>"}</footer></body></html>"""


def sharepoint(says: Says) -> str:
    """Return a page like SharePoint's."""
    title = says.title or f"{says.lead} {says.named}"
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html><head><meta name="GENERATOR" content="Microsoft SharePoint" />
<meta charset="utf-8"/><title>
	{title}
</title></head><body><form id="aspnetForm" action="/Pages/default.aspx"><div id="s4-workspace"><div class="logo-banner">
<img src="/Style%20Library/banner.jpg" alt="{says.lead} {says.unit}" /></div>
<div class="ms-webpart-zone">{entries(says, '<div class="item"><a href="/Pages{path}" title="{title}">{title}</a> <span>({day})</span><div>{sapo}</div></div>')}</div>
<div>Lịch công tác</div><div>Lịch tiếp công dân</div>{says.extra}{options(says)}
<div class="ft-copyright"><div>{says.lead} {says.named}</div><div>Chịu trách nhiệm chính: Ông Nguyễn Văn Mẫu - Chủ tịch UBND {says.unit}</div>
<div>Trụ sở: {says.named}</div></div></div></form></body></html>"""


def tables(says: Says) -> str:
    """Return an old page of layout tables, without classes."""
    title = says.title or f"UBND {says.named}"
    return f"""<html><head><title>{title}</title><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
<body bgcolor="#ffffff"><table width="980" align="center"><tr><td><img src="images/banner.jpg"></td></tr>
<tr><td align="right">Thứ hai, ngày 30 tháng 11 năm 2026</td></tr>
<tr><td><a href="/">Trang chủ</a> | <a href="gioithieu.aspx">Giới thiệu</a> | <a href="vanban.aspx">Văn bản pháp luật</a></td></tr>
<tr><td>{entries(says, '<table><tr><td><a href="{path}"><b>{title}</b></a> <font size="1">({day})</font><br>{sapo}</td></tr></table>')}</td></tr>
<tr><td>{says.extra}{options(says)}</td></tr>
<tr><td align="center">{says.footer or f"TRANG THÔNG TIN ĐIỆN TỬ {says.unit.upper()}<br>Địa chỉ: {says.named}<br>Giấy phép số 12/GP-TTĐT ngày 01/02/2022"}</td></tr></table></body></html>"""


def upper_case(says: Says) -> str:
    """Return a page whose title and banner are in capitals, without commas."""
    named = says.named.upper().replace(",", " -")
    return liferay(replace(says, title=f"UBND {named}", banner=f"<h1>ỦY BAN NHÂN DÂN {named}</h1>"))


def decomposed(says: Says) -> str:
    """Return a page in NFD."""
    return unicodedata.normalize("NFD", wordpress(says))


def windows_1258(says: Says) -> bytes:
    """Return a page in windows-1258, which writes tones behind their letters."""
    html = tables(says).replace("charset=utf-8", "charset=windows-1258")
    return b"".join(_in_1258(letter) for letter in unicodedata.normalize("NFC", html))


def _in_1258(letter: str) -> bytes:
    for text in (letter, _tone_apart(letter)):
        try:
            return text.encode("cp1258")
        except UnicodeEncodeError:
            continue
    return f"&#{ord(letter)};".encode()


def _tone_apart(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = "\u0300\u0301\u0303\u0309\u0323"
    base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
    return base + "".join(part for part in parts if part in tones)


def english(says: Says) -> str:
    """Return a page whose menus are English, while it is named as wards are."""
    return wordpress(says).replace("Giới thiệu", "About").replace("Tin tức", "News").replace("Thủ tục hành chính",
        "Administrative procedures")  # fmt: skip


def sapo_heavy(says: Says) -> str:
    """Return a page with long excerpts that name other wards too."""
    others = "".join(
        f"<div class='tin'><a href='/tin-tuc/giao-luu-{number}.html'>Giao lưu văn nghệ giữa các địa phương</a>"
        f"<p>Tối {day}, UBND phường An Lạc phối hợp với xã Bình Minh tổ chức đêm giao lưu văn nghệ chào mừng ngày lễ lớn.</p></div>"
        for number, day in enumerate(says.days)
    )
    return liferay(replace(says, extra=says.extra + others))


def only_footer(says: Says) -> str:
    """Return a page that says in its footer alone whose it is."""
    return liferay(replace(says, title="Trang chủ", footer=(
        f"<div>© 2026 Bản quyền thuộc về Ủy ban nhân dân {says.unit}</div>"
        f"<div>Địa chỉ: {says.named}</div><div>Email: ubnd@{says.host}</div>"
    )))  # fmt: skip


def banner_alt(says: Says) -> str:
    """Return a page whose banner is a picture, and which names the ward in its alternative text."""
    return liferay(replace(says, title="Trang thông tin điện tử", banner=f'<img src="/b.jpg" alt="Trang thông tin điện tử {says.named}">',
        footer=f"<p>Trụ sở UBND: {says.named}</p>"))  # fmt: skip


def iso_days(says: Says) -> str:
    """Return a page with times before its days, and a weekday in front."""
    days = tuple(f"Thứ ba, {day} | 10:25" for day in says.days)
    return wordpress(replace(says, days=days))


MAKES: dict[str, Callable[[Says], str | bytes]] = {
    make.__name__: make
    for make in (
        liferay, wordpress, sharepoint, tables, upper_case, decomposed, windows_1258, english, sapo_heavy, only_footer,
        banner_alt, iso_days,
    )
}  # fmt: skip


def article(says: Says, path: str) -> str:
    """Return an article of a portal, at one of the paths of `news`."""
    found = {at: (title, day) for at, title, day in news(says)}
    title, day = found[path]
    body = "".join(f"<p>{sentence}</p>" for sentence in (*_SAPO, f"Hoạt động tại {says.unit} sẽ tiếp tục trong thời gian tới, với sự "
        "tham gia của các chi hội, tổ dân phố và nhà trường trên địa bàn.", *_SAPO))  # fmt: skip
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title} - {says.unit}</title></head><body>
<header><a href="/">{says.lead} {says.unit}</a></header><main><article><h1>{title} tại {says.unit}</h1>
<div class="date">{day} 08:30</div><div class="content">{body}</div></article></main><footer>UBND {says.named}</footer></body></html>"""


@dataclass(frozen=True)
class Make:
    """A portal to play: what it says, and by which make."""

    says: Says
    make: str
    answer: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The front page as sent."""
        html = MAKES[self.make](self.says)
        return html if isinstance(html, bytes) else html.encode()

    @property
    def content_type(self) -> str:
        """Its header."""
        return "text/html; charset=windows-1258" if self.make == "windows_1258" else "text/html; charset=utf-8"
