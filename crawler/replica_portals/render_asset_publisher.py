"""Markup of Liferay 6's asset publisher: the wards of Thái Nguyên city and of Ba Đình.

Addresses, pager parameters and the words round an article are those of real pages, seen as text only; the elements that
hold title, stamp and body follow Liferay 6.2's stock templates. Thái Nguyên shows a
`java.sql.Timestamp` under the title; Ba Đình shows no date, and the names of empty structure fields (`content:`).
"""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from crawler.replica_portals.chrome import FOREIGN, calendar, visitors
from crawler.replica_portals.model import Article, Section, Site
from crawler.replica_portals.text import body_html, esc

STATIC_PAGES = (
    ("so-do-to-chuc", "Sơ đồ tổ chức"),
    ("lich-tiep-cong-dan", "Lịch tiếp công dân"),
    ("thu-tuc-hanh-chinh", "Thủ tục hành chính"),
    ("lien-he", "Liên hệ"),
)
DETAIL_PAGE, DETAIL_INSTANCE = "xem-chi-tiet-tin-tuc", "Hs4VqTj9ZxCn"


def identity(article: Article) -> str:
    """The urlTitle: the last part of every address of an article."""
    return article.slug


def article_url(site: Site, article: Article, section: str = "", lang: str = "") -> str:
    """The address that the listing links to. Ba Đình's wards open their news on a page made for that."""
    if site.platform == "badinh" and not section:
        page, instance = DETAIL_PAGE, DETAIL_INSTANCE
    else:
        page = section or article.sections[0]
        instance = site.section(page).instance
    prefix = f"{lang}/" if lang else ""
    return f"{site.origin}/{prefix}{page}/-/asset_publisher/{instance}/content/{article.slug}"


def listing_url(site: Site, section: Section, page: int, lang: str = "") -> str:
    """Address of a listing page as the pager writes it."""
    name, prefix = f"101_INSTANCE_{section.instance}", f"{lang}/" if lang else ""
    return (
        f"{site.origin}/{prefix}{section.path}?p_p_id={name}&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-2"
        f"&p_p_col_count=1&_{name}_delta={section.page_size}&_{name}_keywords=&_{name}_advancedSearch=false"
        f"&_{name}_andOperator=true&p_r_p_564233524_resetCur=false&_{name}_cur={page}"
    )


def _listed_url(site: Site, article: Article, section: Section, lang: str) -> str:
    """How a listing links an article: with a way back, or without, or on another page of the same portal."""
    if site.platform == "badinh":
        own_page = section.path == "tin-noi-bat"
        return article_url(site, article, section.path if own_page else "", "en" if lang == "en" else "")
    url = article_url(site, article, section.path)
    if "httplink" in article.styles:
        return url.replace("https://", "http://")
    if article.id % 3 == 0:
        return f"{url}?redirect=%2F{section.path}&inheritRedirect=true"
    return f"{url}?inheritRedirect=true" if article.id % 3 == 1 else url


def shown_date(article: Article) -> str:
    """A timestamp as Java prints it."""
    time = article.time or "00:00"
    return f"{article.day} {time if len(time) == 8 else time + ':00'}.0"


def _portlet(code: str, title: str, body: str) -> str:
    return f"""<div class="portlet-boundary portlet-boundary_{code}_ portlet-static" id="p_p_id_{code}_"> <span id="p_{code}"></span>
<section class="portlet" id="portlet_{code}"> <header class="portlet-topper"> <h1 class="portlet-title"> \
<span class="portlet-title-text">{title}</span> </h1> </header> <div class="portlet-content"> <div class="portlet-body"> {body} </div> </div> </section> </div>"""


def _menu(site: Site, here: str) -> str:
    # Relative on articles: each step adds one more locale, without end.
    tail = here.rsplit("/", 1)[-1] if "/-/" in here else here
    home = f'<li><a href="{site.origin}/trang-chu"><span>Trang chủ</span></a></li>'
    news = "".join(f'<li><a href="/{s.path}"><span>{s.name}</span></a></li>\n' for s in site.sections)
    rest = "".join(f'<li><a href="/{path}"><span>{name}</span></a></li>\n' for path, name in STATIC_PAGES)
    english = ' | <a href="/en/tin-noi-bat">News</a>' if site.platform == "badinh" else ""
    return f"""<nav class="sort-pages modify-pages" id="navigation"> <ul class="navi" role="menubar"> {home}
{news}{rest}<li><a href="javascript:void(0)"><span>Hộp thư góp ý</span></a></li> </ul>
<div class="nav-search"><form action="/tim-kiem" method="get"><input name="q" placeholder="Tìm kiếm"/></form>
<a class="lang" href="{esc(tail)}/vi">Tiếng Việt</a> | <a class="lang" href="{esc(tail)}/en">English</a>{english}</div> </nav>"""


def _side(site: Site) -> str:
    links = "".join(f'<li><a href="{url}" target="_blank">{name}</a></li>' for url, name in FOREIGN)
    if site.platform == "badinh":
        counter = visitors(site.group, "Đang trực tuyến", "Số lượt truy cập")
        gallery = f'<div class="journal-content-article"><img src="{site.origin}/documents/{site.group}/0/ho-truc-bach.jpg?t=1" alt=""/></div>'
        boxes = _portlet("31_INSTANCE_mL", "Thư viện hình ảnh", gallery)
    else:
        counter = visitors(site.group, "Đang truy cập", "Tổng truy cập")
        notice = '<div class="journal-content-article"> <p>Đường dây nóng: <a href="tel:02083000000">02083.000.000</a></p> </div>'
        boxes = _portlet("56_INSTANCE_Kd", "Đường dây nóng", notice)
    return "\n".join(
        (
            boxes,
            _portlet("8_INSTANCE_Cal", "Lịch", calendar(f"{site.origin}/lich", "2023-12-08")),
            _portlet("81_INSTANCE_Lk", "Liên kết website", f"<ul>{links}</ul>"),
            _portlet("visitor_WAR_counter", "Thống kê truy cập", counter),
        )
    )


def _page(site: Site, title: str, crumb: str, main: str, here: str, canonical: str) -> str:
    return f"""<!DOCTYPE html>
<html class="aui ltr" dir="ltr" lang="vi-VN">
<head> <title>{esc(title)} - {esc(site.name)}</title>
<meta content="text/html; charset=UTF-8" http-equiv="content-type" />
<link href="{esc(canonical)}" rel="canonical" />
<link href="/ward-theme/css/main.css?browserId=other&amp;b=6205&amp;t=1560000000000" rel="stylesheet" type="text/css" />
<script type="text/javascript">var Liferay={{Browser:{{}},ThemeDisplay:{{getLanguageId:function(){{return "vi_VN"}}}}}};</script>
</head>
<body class="yui3-skin-sam controls-visible signed-out public-page site">
<a href="#main-content" id="skip-to-content">Truy cập nội dung luôn</a>
<div id="wrapper"> <header id="banner" role="banner"> <div id="header">CỔNG THÔNG TIN ĐIỆN TỬ <br/>{esc(site.name)} <small>{esc(site.address)}</small>
<a href="/c/portal/login?p_l_id=21733" id="sign-in" rel="nofollow">Đăng nhập</a></div> </header>
{_menu(site, here)}
<div id="content"> <div class="columns-2" id="main-content" role="main"> <div class="portlet-layout row-fluid">
<div class="portlet-column portlet-column-first span9" id="column-1"> <div class="breadcrumb"><a href="/">Trang chủ</a> » {crumb}</div>
{main}
</div>
<div class="portlet-column portlet-column-last span3" id="column-2">
{_side(site)}
</div> </div> </div> </div>
<footer class="footer-wrapper" id="footer" role="contentinfo"> <p><strong>{esc(site.name.upper())}</strong></p>
<p>Địa chỉ: {esc(site.address)}</p> <p>Chịu trách nhiệm nội dung:</p>
<p>Bản quyền © 2020 Uỷ ban nhân dân {esc(site.name[0].lower() + site.name[1:])}. Bảo lưu toàn quyền</p>
<p>Thông tin liên hệ</p> <a href="/admin/">Quản trị</a> <ul><li>02083.000.000</li><li><a href="mailto:vanthu@{site.host}">vanthu@{site.host}</a></li></ul> </footer>
</div> </body> </html>
"""


def _listed_day(site: Site, article: Article) -> str:
    """The day in brackets, where Ba Đình shows one: beside links to the articles of a dated section."""
    if site.platform != "badinh" or not site.section(article.sections[0]).dated:
        return ""
    return f'<span class="date_content_asset">({"/".join(reversed(article.day.split("-")))})</span>'


def _item(site: Site, article: Article, section: Section, lang: str) -> str:
    url = esc(_listed_url(site, article, section, lang))
    thumb = f"/image/journal/article?img_id={article.id - 1}&amp;t=1608000000000"
    date = f'<div class="block_timer">{shown_date(article)}</div>'
    if site.platform == "badinh":
        date = _listed_day(site, article)
    return f"""<div class="asset-abstract {"default-asset-publisher" if section.dated else ""}">
<h3 class="asset-title"> <a href="{url}">{esc(article.title)}</a> {date} </h3>
<div class="asset-content"> <div class="asset-image"><a href="{url}"><img alt="" src="{thumb}"/></a></div>
<div class="asset-summary"> {esc(article.sapo[:200])} <a href="{url}">Đọc tiếp<span class="helper-hidden-accessible">Về {esc(article.title)}</span> »</a> </div> </div>
<div class="asset-metadata"> </div> </div>"""


def _pager(site: Site, section: Section, page: int, lang: str) -> str:
    pages, total = len(site.pages(section.path)), len(site.listed(section.path))
    code = "en" if lang == "en" else ""

    def button(word: str, target: int, kind: str = "") -> str:
        off = not 1 <= target <= pages or target == page
        href = "javascript:;" if off else esc(listing_url(site, section, target, code))
        return f'<li class="{"disabled" if off else ""}{kind}"> <a href="{href}" target="_self"> {word} </a> </li>'

    buttons = "".join(
        (
            button("&larr; Đầu tiên", 1, " first"),
            button("Trước", page - 1),
            button("Tiếp theo", page + 1),
            button("Cuối cùng &rarr;", pages, " last"),
        )
    )
    start, end = (page - 1) * section.page_size + 1, min(page * section.page_size, total)
    return f"""<div class="taglib-page-iterator" id="_101_INSTANCE_{section.instance}_ocerSearchContainerPageIterator">
<div class="clearfix lfr-pagination"> <small class="search-results"> Hiển thị {start} - {end} of {total} kết quả. </small>
<ul class="pager lfr-pagination-buttons"> {buttons} </ul> </div> </div>"""


def _publisher(instance: str, body: str) -> str:
    return f"""<div class="portlet-boundary portlet-boundary_101_ portlet-static portlet-borderless portlet-asset-publisher" \
id="p_p_id_101_INSTANCE_{instance}_"> <span id="p_101_INSTANCE_{instance}"></span>
<div class="portlet-borderless-container"> <div class="portlet-body"> {body} </div> </div> </div>"""


def listing_page(site: Site, section: Section, page: int, lang: str) -> str:
    """One page of a section's listing; a page past the end is empty."""
    pages = site.pages(section.path)
    items = pages[page - 1] if page <= len(pages) else []
    body = "\n".join(_item(site, a, section, lang) for a in items) + _pager(site, section, page, lang)
    url = f"{site.origin}/{section.path}"
    return _page(site, section.name, section.name, _publisher(section.instance, body), url, url)


def _content(site: Site, article: Article) -> str:
    """The web content as the site's template prints it."""
    sapo = f'<p class="sapo">{esc(article.sapo)}</p>' if article.sapo else ""
    if site.platform == "badinh":
        empty = '<div class="field"><label>content:</label> </div>\n'
        return f"""<h2 class="news-title">{esc(article.title)}</h2>
{sapo}
<div class="field"><label>content:</label>
{body_html(site, article)}
</div>
{empty}{empty}{empty if article.id % 2 else ""}"""
    return f"""<h2 class="news-title">{esc(article.title)}</h2>
<p class="date-line">{shown_date(article)}</p>
{sapo}
<div class="news-content">
{body_html(site, article)}
</div>"""


def article_page(site: Site, article: Article, section: str, lang: str, path: str) -> str:
    """An article, under whatever page it was asked for."""
    listed = section if section in {s.path for s in site.sections} else article.sections[0]
    name = site.section(listed).name
    others = [a for a in site.listed(article.sections[0]) if a.key != article.key][:4]
    related = "".join(
        f'<li><a href="{esc(article_url(site, a))}">{esc(a.title)}</a> {_listed_day(site, a)}</li>' for a in others
    )
    separator = '<span class="separator">|</span>' if site.platform == "badinh" else ""
    body = f"""<div class="asset-full-content default-asset-publisher show-asset-title"> <div class="asset-content" id="article_{article.id}">
<div class="journal-content-article">
{_content(site, article)}
</div> </div> {separator}
<div class="asset-metadata"> </div>
<div class="asset-control-detail"> <a href="{esc(article_url(site, article))}/pop_up?_101_viewMode=print">In bài viết</a>
<a href="javascript:history.back()">Quay lại</a> </div> </div>
<div class="related_asset"> <div class="related_asset_title">Tin liên quan</div> <ul> {related} </ul> </div>"""
    instance = site.section(listed).instance
    return _page(site, article.title, name, _publisher(instance, body), site.origin + path, article_url(site, article))


def print_page(site: Site, article: Article) -> str:
    """The `/pop_up` view."""
    return f"""<!DOCTYPE html> <html lang="vi-VN"><head><title>{esc(article.title)}</title>
<meta content="text/html; charset=UTF-8" http-equiv="content-type" /></head> <body class="portal-popup">
<div class="journal-content-article"> {_content(site, article)} </div> </body></html>"""


def home_page(site: Site, lang: str) -> str:
    """The home page: a box for each open section, and links that lead in circles."""
    first = max((a for a in site.articles if a.status == "ok"), key=lambda a: a.date)
    boxes = [
        f"""<div class="focus-news"> <img src="/image/journal/article?img_id={first.id - 1}&amp;t=1608000000000" alt=""/>
<a href="{esc(article_url(site, first))}">{esc(first.title)}</a> <p>{esc(first.sapo)}</p> </div>"""
    ]
    for section in site.sections:
        if section.hidden:
            continue
        items = site.listed(section.path)[:4]
        rows = "".join(
            f'<li><a href="{esc(_listed_url(site, a, section, lang))}">{esc(a.title)}</a> {_listed_day(site, a)}</li>\n'
            for a in items
        )
        more = f'<a href=" {site.origin}:{443 if site.scheme == "https" else 80}/{section.path}">Xem thêm</a>'
        poll = f"/{section.path}?p_p_id=59_INSTANCE_Po3l&amp;p_p_lifecycle=0&amp;p_p_state=normal&amp;_59_INSTANCE_Po3l_struts_action=%2Fpolls"
        boxes.append(
            _portlet(
                f"101_INSTANCE_{section.instance}",
                section.name,
                f'<ul>{rows}</ul> {more} <a href="{poll}">Thăm dò ý kiến</a>',
            )
        )
    moved = "".join(
        f'<li><a href="{esc(article_url(site, a).replace(a.slug, a.old_slug))}">{esc(a.title)}</a></li>'
        for a in site.articles
        if a.old_slug
    )
    if moved:
        boxes.append(_portlet("101_INSTANCE_moved", "Tin đọc nhiều", f"<ul>{moved}</ul>"))
    return _page(site, "Trang chủ", "Tin mới", "\n".join(boxes), site.origin, site.origin + "/")


def static_page(site: Site, name: str) -> str:
    """A menu page without news."""
    main = f'<div class="journal-content-article"> <p>{name} của {esc(site.name)} đang được cập nhật.</p> </div>'
    return _page(site, name, name, main, f"{site.origin}/lien-he", f"{site.origin}/lien-he")


def calendar_page(site: Site, day: str) -> str:
    """One day of the endless calendar."""
    url = f"{site.origin}/lich"
    return _page(site, "Lịch", "Lịch", f"{calendar(url, day)} <p>Không có sự kiện.</p>", url, url)
