"""Markup of Hà Tĩnh's `.aspx` portals of districts and towns.

Addresses and the words round an article are those of real pages, seen as text only. The class names follow Tân Dân's
SharePoint CMS, whose addresses have the same shape. No date is shown: it is in the address alone.
On every other article the title is in `<title>` only.
"""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from crawler.replica_portals.chrome import FOREIGN, calendar
from crawler.replica_portals.model import Article, Section, Site
from crawler.replica_portals.text import body_html, esc

STATIC_PAGES = (
    ("/portal/pages/gioi-thieu.aspx", "Giới thiệu"),
    ("/portal/pages/lien-he.aspx", "Liên hệ"),
)


def identity(article: Article) -> str:
    """The number at the end of the address."""
    return str(article.id)


def tail(article: Article) -> str:
    """`YYYY-MM-DD/Slug-id`: what follows `/pages/`."""
    return f"{article.day}/{article.slug}-{article.id}"


def _unit(article: Article) -> str:
    return article.sections[0].split("/")[0]


def article_url(site: Site, article: Article, section: str = "") -> str:
    """Address of an article in the unit (`portal` or `daulieu`) that lists it."""
    unit = section.split("/")[0] if section else _unit(article)
    return f"{site.origin}/{unit}/pages/{tail(article)}.aspx"


def listing_url(site: Site, section: Section, page: int) -> str:
    """Address of a listing page; the first has no number."""
    return f"{site.origin}/{section.path}" + (f"?PageIndex={page}" if page > 1 else "")


def _page(site: Site, title: str, main: str) -> str:
    menu = "".join(f'<li><a href="/{s.path}">{s.name}</a></li>\n' for s in site.sections)
    menu += "".join(f'<li><a href="{path}">{name}</a></li>\n' for path, name in STATIC_PAGES)
    links = "".join(f'<option value="{url}">{name}</option>' for url, name in FOREIGN)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" dir="ltr">
<head>
<meta content="text/html; charset=UTF-8" http-equiv="content-type" />
<meta name="GENERATOR" content="Microsoft SharePoint" />
<title>
\t{esc(title)}
</title>
<link rel="stylesheet" type="text/css" href="/_layouts/15/tandan/css/portal.css?rev=2021" />
<script type="text/javascript">//<![CDATA[
var _spPageContextInfo = {{webServerRelativeUrl: "\\u002fportal"}};
//]]></script>
</head>
<body>
<form method="post" action="./default.aspx" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUKLTEyMzQ1Njc4OQ==" />
<div class="banner">Cổng thông tin điện tử<br/>{esc(site.name)} <a href="/portal/pages/login.aspx">Đăng nhập</a></div>
<ul class="menu TD-ul-module-menu-left"> <li><a href="/">Trang chủ</a></li>
{menu}<li><a href="javascript:__doPostBack('ctl00$lnkRss','')">RSS</a></li> </ul>
<div class="columns">
<div class="main-col" id="ctl00_PlaceHolderMain">
{main}
</div>
<div class="side-col">
<div class="box"><h2 class="box-title">Bản đồ thị xã Hồng Lĩnh</h2><div class="box-body"><img src="/portal/Photos/ban-do.png" alt=""/></div></div>
<div class="box"><h2 class="box-title">Các ca khúc hay về Hồng Lĩnh</h2><div class="box-body">&nbsp;</div></div>
<div class="box"><h2 class="box-title">Lịch công tác</h2><div class="box-body">{calendar("/portal/pages/lich.aspx", "2022-01-13")}</div></div>
<div class="box"><h2 class="box-title">Liên kết website</h2><div class="box-body"><select><option>--Chọn--</option>{links}</select></div></div>
<div class="box"><div class="box-body">Thống kê: 2.762.{len(main) % 900 + 100}<br/>Online: {len(main) % 140}</div></div>
</div>
</div>
<div class="footer">CỔNG THÔNG TIN ĐIỆN TỬ {esc(site.name.upper())}<br/>Địa chỉ: {esc(site.address)}<br/>
<a href="/admin/">Quản trị</a> Điện thoại: <a href="tel:0239000000">0239.000.000</a> - Email: <a href="mailto:vanphong@{site.host}">vanphong@{site.host}</a></div>
</form>
</body>
</html>
"""


def _item(site: Site, article: Article, section: Section) -> str:
    url = esc(article_url(site, article, section.path))
    return f"""<div class="news-row news-item"> <div class="asset-image"><a href="{url}"><img src="/portal/Photos/{article.day}/thumb-{article.id}.jpg" alt=""></a></div>
<div class="channel-news-title"><a href="  {url}">{esc(article.title)}</a></div>
<div class="channel-news-summary">{esc(article.sapo[:160])}</div> </div>"""


def listing_page(site: Site, section: Section, page: int, lang: str) -> str:
    """One page of a section's listing; a page past the end is empty."""
    pages = site.pages(section.path)
    items = pages[page - 1] if page <= len(pages) else []
    numbers = [
        f"<span>{n}</span>" if n == page else f'<a href="{esc(listing_url(site, section, n))}">{n}</a>'
        for n in range(1, len(pages) + 1)
    ]
    if page < len(pages):
        numbers.append(f'<a href="{esc(listing_url(site, section, page + 1))}">Trang sau</a>')
    main = f"""<div class="breadcrumb">{section.name}</div>
<div class="tandan-div-list">
{"".join(_item(site, a, section) for a in items)}
</div> <div class="paging">{" ".join(numbers)}</div>"""
    return _page(site, f"{section.name} - {site.name}", main)


def _attachments(site: Site, article: Article) -> str:
    files = [b for b in article.blocks if b.kind == "file"]
    links = " ".join(
        f'<a class="link-download" href="{esc(site.document_url(b.file))}">{esc(b.text)}</a>' for b in files
    )
    return f'<div class="attach"><b>Tệp đính kèm:</b> {links}</div>'


def article_page(site: Site, article: Article, section: str, lang: str, path: str) -> str:
    """An article with the tail of a rating, a comment form and other news."""
    heading = f'<h1 class="tandan-p-article-news-title">{esc(article.title)}</h1>' if article.id % 2 else ""
    sapo = f'<p class="tandan-p-article-news-summary">{esc(article.sapo)}</p>' if article.sapo else ""
    others = [a for a in site.listed(article.sections[0]) if a.key != article.key][:5]
    more = "".join(f'<li><a href="{esc(article_url(site, a))}">{esc(a.title)}</a></li>' for a in others)
    main = f"""<div class="breadcrumb">{site.section(article.sections[0]).name}</div>
{heading}
<div class="tandan-p-article-main">
{sapo}
<div class="tandan-p-article-news-content">
{body_html(site, article)}
</div>
</div>
{_attachments(site, article)}
<div class="rating"><p>Đánh giá:</p><p><span></span> lượt đánh giá: <span></span>, trung bình: <span></span> Bình luận</p></div>
<div class="captcha" style="color:red">Mã xác thực không đúng.</div>
<div><a href="/portal/pages/print.aspx?p={article.id}" target="_blank">In trang</a></div>
<div class="tandan-div-article-other"><b>Tin khác</b><ul>{more}</ul></div>"""
    return _page(site, f"{article.title} - {site.name}", main)


def print_page(site: Site, article: Article) -> str:
    """The view for the printer."""
    return f"""<html><head><title>{esc(article.title)}</title><meta content="text/html; charset=UTF-8" http-equiv="content-type" /></head>
<body onload="window.print()"><h3>{esc(article.title)}</h3><p><b>{esc(article.sapo)}</b></p>{body_html(site, article)}</body></html>"""


def home_page(site: Site) -> str:
    """The home page: the newest of each open section, linked directly, and one older article besides."""
    first = site.listed(site.sections[0].path)[0]
    boxes = [
        f"""<div class="focus-news"> <img src="/portal/Photos/{first.day}/thumb-{first.id}.jpg" alt="">
<a href="{esc(article_url(site, first))}">{esc(first.title)}</a> <p>{esc(first.sapo)}</p> </div>"""
    ]
    for section in site.sections:
        if section.hidden:
            continue
        items = site.listed(section.path)
        rows = "".join(
            f'<li class="channel-news-title"><a href="{esc(article_url(site, a, section.path))}">{esc(a.title)}</a></li>'
            for a in [*items[:3], items[-1]]
        )
        boxes.append(f'<h2 class="box-title">{section.name}</h2><ul>{rows}</ul>')
    moved = "".join(
        f'<li class="channel-news-title"><a href="{esc(article_url(site, a).replace(f"{a.slug}-{a.id}", a.old_slug))}">{esc(a.title)}</a></li>'
        for a in site.articles
        if a.old_slug
    )
    secure = article_url(site, first).replace("https://", "http://")
    ticker = f'<marquee><a href="{esc(secure)}">{esc(first.title)}</a></marquee>'
    boxes.append(f'<h2 class="box-title">Đọc nhiều</h2><ul>{moved}</ul>{ticker}')
    return _page(site, f"Trang chủ - {site.name}", "\n".join(boxes))


def static_page(site: Site, name: str) -> str:
    """A menu page without news."""
    return _page(site, name, f"<p>{name} đang được cập nhật.</p>")


def calendar_page(site: Site, day: str) -> str:
    """One day of the endless calendar."""
    return _page(site, "Lịch công tác", calendar("/portal/pages/lich.aspx", day))
