"""Markup of Hà Nội's Liferay 6.2 install (`view_content`), after saved pages of sotttt.hanoi.gov.vn of August 2022."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from urllib.parse import quote

from crawler.replica_portals.chrome import FOREIGN, calendar, visitors
from crawler.replica_portals.model import Article, Section, Site
from crawler.replica_portals.text import body_html, esc

STATIC_PAGES = (
    ("gioi-thieu-chung", "Giới thiệu chung"),
    ("co-cau-to-chuc", "Cơ cấu tổ chức"),
    ("hoi-ap", "Hỏi đáp"),
    ("lien-he", "Liên hệ"),
)
_THEME = "?browserId=other&amp;themeId=so4t_WAR_so4ttheme&amp;languageId=vi_VN&amp;b=6201&amp;t=1621993502000"


def identity(article: Article) -> str:
    """The asset entry id: the one thing that all addresses of an article share."""
    return str(article.id)


def article_url(site: Site, article: Article, section: str = "") -> str:
    """Canonical address, or the one under another section's page."""
    return f"{site.origin}/{section or article.sections[0]}/-/view_content/{article.id}-{article.slug}.html"


def listing_url(site: Site, section: Section, page: int, path: str = "") -> str:
    """Address of a listing page as the pager writes it."""
    return (
        f"{site.origin}/{path or section.path}?p_p_id=101&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view"
        "&p_p_col_id=column-1&p_p_col_pos=1&p_p_col_count=2"
        f"&_101_delta={section.page_size}&_101_keywords=&_101_advancedSearch=false&_101_andOperator=true"
        f"&p_r_p_564233524_resetCur=false&_101_cur={page}"
    )


def bare(path: str) -> str:
    """A section's path without its locale."""
    return path.removeprefix("vi/").removeprefix("en/")


def _counted(site: Site) -> bool:
    return site.slug == "hanoi_haibatrung"


def shown_date(site: Site, article: Article, lang: str, *, padded: bool) -> str:
    """The date as listings (zero padded) and details (not padded) show it."""
    year, month, day = article.day.split("-")
    if site.slug == "hanoi_haibatrung":
        return f"{day}/{month}/{year} | {article.time or '00:00'}"
    hour, _, minute = (article.time or "00:00").partition(":")
    clock = f"{int(hour) % 12 or 12:{'02' if padded else ''}}:{minute} {'AM' if int(hour) < 12 else 'PM'}"
    return f"{day}/{month}/{year} | {clock}"


def _date_line(site: Site, article: Article, lang: str, *, padded: bool) -> str:
    shown = shown_date(site, article, lang, padded=padded)
    views = article.id % 1900
    if lang == "en":
        return f"Publish date {shown} &nbsp;|&nbsp;View count: {views}"
    if _counted(site):
        return f"Ngày đăng {shown}" + (f" &nbsp;|&nbsp; Lượt xem: {views}" if article.id % 3 == 0 else "")
    return shown


def _head(site: Site, title: str, path: str, article: Article | None = None) -> str:
    metas, english = "", path.replace(site.origin, f"{site.origin}/en", 1).split("/-/")[0]
    if article:
        summary = esc(article.sapo or article.title)
        metas = (
            f'<meta content="{summary}" lang="vi-VN" name="description" />\n'
            f'<meta content="tin tức - sự kiện,{esc(site.name.lower())}" lang="vi-VN" name="keywords" />\n'
        )
    return f"""<!DOCTYPE html> <html class="aui ltr" dir="ltr" lang="vi-VN"> <head>
<title>{esc(title)} - {esc(site.name)}</title>
<meta content="text/html; charset=UTF-8" http-equiv="content-type" />
{metas}<link href="{site.origin}/so4t-theme/images/your%20logo" rel="Shortcut Icon" />
<link href="{esc(path)}" rel="canonical" />
<link href="{esc(english)}" hreflang="en-US" rel="alternate" />
<link class="lfr-css-file" href="{site.origin}/so4t-theme/css/main.css{_THEME}" rel="stylesheet" type="text/css" />
<script type="text/javascript">var Liferay={{Browser:{{acceptsGzip:function(){{return true}}}}}};
Liferay.ThemeDisplay={{getLayoutId:function(){{return "9"}},getLanguageId:function(){{return "vi_VN"}}}};</script>
<script src="{site.origin}/html/js/barebone.jsp{_THEME}" type="text/javascript"></script>
</head>"""


def _menu(site: Site) -> str:
    home = f'<li class="" > <a href="{site.origin}/trang-chu" >Trang chủ</a> </li>'
    about = "".join(f'<li class=""> <a href="{site.origin}/{p}" >{n}</a> </li> ' for p, n in STATIC_PAGES[:2])
    news = "".join(f'<li class=""> <a href="  {site.origin}/{s.path}" >{s.name}</a> </li> ' for s in site.sections)
    rest = "".join(f'<li class="" > <a href="{site.origin}/{p}" >{n}</a> </li> ' for p, n in STATIC_PAGES[2:])
    return f"""<nav id="navigation" role="navigation"> <div id="menu"> <div class="center clearfix"> <ul class="navi">
{home}
<li class="" > <a href="javascript:;" >Giới thiệu</a> <ul class="child-menu"> {about}</ul> </li>
<li class=" active" > <a href="{site.origin}/{site.sections[0].path}" >Tin tức sự kiện</a> <ul class="child-menu"> {news}</ul> </li>
{rest}</ul> <div class="nav-search"> <input type="text" name="search" value="  ---Nhập từ tìm kiếm---  " class="txtTimKiem" \
id="txtTimKiem"/> <input type="button" onclick="return Search_onclick();" class="search_button" id="btn_search">
</div>
</div>
</div>
</nav>"""


def _side_box(title: str, code: str, body: str) -> str:
    return f"""<div class="portlet-boundary portlet-boundary_{code}_ portlet-static portlet-static-end " id="p_p_id_{code}_" >
<span id="p_{code}"></span> <section class="portlet" id="portlet_{code}"> <header class="portlet-topper"> <h1 class="portlet-title"> \
<span class="portlet-title-icon"> &nbsp; </span> <span class="portlet-title-text">{title}</span> </h1> </header>
<div class="portlet-content"> <div class=" portlet-content-container" style=""> <div class="portlet-body"> {body} </div> </div> </div>
</section> </div>"""


def _side(site: Site) -> str:
    login = f"{site.origin}/c/portal/login?p_l_id=554901&amp;redirect=%2F{quote(site.sections[0].path, safe='')}"
    plans = f"""<ul><li><a href="{site.origin}/lien-he" > Chiến lược quy hoạch</a></li><li><a href="{site.origin}/hoi-ap" > Kế hoạch</a></li></ul>"""
    banners = f"""<div class="journal-content-article"> <table border="0" cellpadding="0" cellspacing="0" style="width: 250.0px;"> <tbody>
<tr> <td><a href="https://dichvucong.gov.vn/"><img alt="" src="{site.origin}/documents/{site.group}/0/dichvucong.png?t=1580699452654" style="width: 228.0px;height: 67.0px;" /></a></td></tr>
<tr> <td><p> <a href="{login}"><span style="color: rgb(230,230,250);"> <img alt="" src="{site.origin}/documents/{site.group}/0/noibo.png?t=1450166835527" style="width: 228.0px;height: 46.0px;" /></span></a></p></td></tr>
</tbody></table> </div>"""
    options = "".join(f'<option class="" value="{u}" > {n} </option> ' for u, n in FOREIGN)
    links = f"""<div class="weblink-client-wrapper"> <select class="aui-field-select" onChange="openSelectedWeblink(this.value);" >
<option class="" value="#" > Chọn liên kết </option> {options}</select> </div>"""
    return "\n".join(
        (
            _side_box("quy hoạch - kế hoạch", "85_INSTANCE_9hXnNYnoFFZI", plans),
            _side_box("đầu tư công", "85_INSTANCE_iSOdERqnpSeT", plans),
            f'<div class="portlet-boundary portlet-boundary_56_ portlet-journal-content " id="p_p_id_56_INSTANCE_qCC4ARZEzb9m_" >{banners}</div>',
            _side_box("lịch công tác", "8_INSTANCE_Uq2w", calendar(f"{site.origin}/lich", "2022-08-27")),
            _side_box("LIÊN KẾT WEBSITE", "2_WAR_portallienketportlet_INSTANCE_xY9gHXAJ6iIR", links),
            _side_box("thống kê", "visitor_WAR_portalvisitorportlet", visitors(site.group)),
        )
    )


def _page(site: Site, head: str, crumb: str, main: str, here: str) -> str:
    # Relative, as on the real portal: on /x.html it leads to /x.html/en, there to /x.html/en/vi, and so on.
    tail = f"{here.rsplit('/', 1)[-1] if '/-/' in here else here}/{'vi' if here.endswith('/en') else 'en'}"
    return f"""{head}
<body class=" yui3-skin-sam controls-visible signed-out public-page site"> <a href="#main-content" id="skip-to-content">Truy cập nội dung luôn</a>
<div class="body"> <div id="header"> <div class="boder_top1"> <div id="contentheader"> <a class="lang_us" href="{esc(tail)}">English</a>
<a class="lang_vi" href="{site.origin}/">Tiếng Việt</a> {esc(site.name)} <small>{esc(site.address)}</small>
<div class="egov_date"> <div id="point_portal_egov_date"></div> <div id="point_portal_egov_clock"></div> </div> </div> </div> </div>
<div>
{_menu(site)}
</div>
<div class"after_main"></div>
<div id="main">
<div class="so_4thn" id="main-content" role="main">
<div class="portlet-layout row-fluid">
<div class="portlet-column portlet-column-first span9" id="column-1">
<div class="portlet-dropzone portlet-column-content portlet-column-content-first" id="layout-column_column-1">
<div class="portlet-boundary portlet-boundary_ddlk_WAR_pointportalddlkportlet_  portlet-static portlet-static-end portlet-borderless ddlk-portlet " \
id="p_p_id_ddlk_WAR_pointportalddlkportlet_INSTANCE_4IBlHdFLGKFU_" >
<div class="portlet-borderless-container" style="">
<div class="portlet-body">
<div class="dd_chuyenmuc">
<span class="trangchu"><a href="{site.origin}/">Trang chủ</a></span>
<span class="tintuc"><p>{crumb}</p></span>
</div>
</div>
</div>
</div>
<div class="portlet-boundary portlet-boundary_101_  portlet-static portlet-static-end portlet-borderless portlet-asset-publisher " id="p_p_id_101_" >
<span id="p_101"></span>
<div class="portlet-borderless-container" style="">
<div class="portlet-body">
{main}
</div> </div> </div> </div> </div> <div class="portlet-column portlet-column-last span3" id="column-2">
<div class="portlet-dropzone portlet-column-content portlet-column-content-last" id="layout-column_column-2">
{_side(site)}
</div> </div> </div> </div> <form action="#" id="hrefFm" method="post" name="hrefFm"> <span></span> </form> </div>
<div class="footer-wrapper"> <div id="footer" class="clearfix"> <p class="vetrang"><a style="color: #0D03E6;" href="#">| Về đầu trang |</a>
<a style="color: #0D03E6;" href="{site.origin}/dang-nhap"> Đăng nhập |</a> <a href="/admin/">Quản trị</a> <a href="tel:+842438000000">(024) 3800 0000</a>
<div class="footleft"> <h3>CỔNG THÔNG TIN ĐIỆN TỬ {esc(site.name.upper())}</h3> <p>Địa chỉ: {esc(site.address)} - <a href="mailto:vanthu@{site.host}">vanthu@{site.host}</a></p>
<p>® Đề nghị ghi rõ nguồn “{esc(site.name)}” khi sử dụng lại nội dung.</p><br> </div> </div> </div> </div>
<script type="text/javascript">Liferay.Util.addInputFocus();</script> </body> </html>
"""


def _item(site: Site, article: Article, section: str, lang: str) -> str:
    url = esc(article_url(site, article, section))
    summary = esc(article.sapo[:180] + "..." if len(article.sapo) > 180 else article.sapo)
    image = ""
    if article.id % 4:
        image = (
            f'<div class="asset-image">\n<a href="{url}"><img src="{site.origin}/image/journal/article?img_id={article.id - 1}'
            f'&amp;t=1661571175221" alt=""/></a> </div>'
        )
    return f"""<div class="asset-bounddary"> <div class="asset-abstract "> <!-- <div class="asset_actions_custom_style">
</div> -->
<div class="asset-content normal-news">
{image} <div class="asset-content-custom" > <h3 class="asset-title"> <a href="{url}">{esc(article.title)}</a> </h3>
<div class="assetPublishDate block_timer"> {_date_line(site, article, lang, padded=True)} </div>
<div class="asset-summary"> {summary} </div> </div> </div> <div class="asset-metadata"> </div> </div> </div>"""


def _pager(site: Site, section: Section, page: int, path: str, lang: str) -> str:
    pages, total = len(site.pages(section.path)), len(site.listed(section.path))
    words = (
        ("&larr; First", "Previous", "Next", "Last &rarr;")
        if lang == "en"
        else ("&larr; Đầu tiên", "Trước", "next", "Cuối cùng &rarr;")
    )
    start, end = (page - 1) * section.page_size + 1, min(page * section.page_size, total)
    found = (
        f"Showing {start} - {end} of {total} results."
        if lang == "en"
        else f"Hiển thị {start} - {end} of {total} kết quả."
    )

    def button(word: str, target: int, kind: str) -> str:
        disabled = not 1 <= target <= pages or target == page
        href = "javascript:;" if disabled else esc(listing_url(site, section, target, path))
        return f'<li class="{"disabled" if disabled else ""}{kind}"> <a href="{href}" target="_self"> {word} </a> </li>'

    menu = " ".join(
        f'<li class="custom-paging" role="presentation"> <a href="{esc(listing_url(site, section, n, path))}" class=" taglib-icon" '
        f'id="_101_kldx_column1_1_menu_{n}" role="menuitem" > <span class="taglib-text-icon">{n}</span> </a> </li>'
        for n in range(1, pages + 1)
    )
    buttons = " ".join(
        (
            button(words[0], 1, " first"),
            button(words[1], page - 1, ""),
            button(words[2], page + 1, ""),
            button(words[3], pages, " last"),
        )
    )
    return f"""<div class="taglib-page-iterator" id="_101_ocerSearchContainerPageIterator"> <div class="clearfix lfr-pagination">
<div class="lfr-pagination-config"> <div class="lfr-pagination-page-selector"> <div class="btn-group lfr-icon-menu current-page-menu custom-paging">
<a class="dropdown-toggle direction-down max-display-items-15 btn" href="javascript:;" id="_101_kldx_column1_1_menu" title=" {page} ">
<span class="lfr-icon-menu-text"> {page} </span><i class="caret"></i> </a><ul class="dropdown-menu lfr-menu-list direction-down"> {menu} </ul></div> </div>
<div class="lfr-pagination-delta-selector"> <div style="margin-right: 5px"> Trang </div> </div> </div>
<small class="search-results"> {found} </small> <ul class="pager lfr-pagination-buttons"> {buttons} </ul> </div> </div>"""


def listing_page(site: Site, section: Section, page: int, lang: str, path: str = "") -> str:
    """One page of a section's listing; a page past the end is empty. Links keep the locale of `path`."""
    pages = site.pages(section.path)
    items = pages[page - 1] if page <= len(pages) else []
    path = path or section.path
    main = "\n".join(_item(site, a, path, lang) for a in items) + "\n" + _pager(site, section, page, path, lang)
    head = _head(site, section.name, f"{site.origin}/{path.split('/')[-1]}")
    return _page(site, head, section.name, main, f"{site.origin}/{path}")


def _related(site: Site, article: Article, section: str, page: str) -> str:
    others = [a for a in site.listed(section) if a.key != article.key][:5]
    items = " ".join(f'<li><a href="{esc(article_url(site, a, page))}">{esc(a.title)}</a></li>' for a in others)
    more = (
        f"{site.origin}/{section}?p_p_id=59_INSTANCE_Wq7Lx2&amp;p_p_lifecycle=0&amp;p_p_state=normal&amp;p_p_mode=view"
    )
    return f"""<div class="related_asset"> <div class="related_asset_title">Các tin khác</div> <ul class="related_asset_list"> {items} </ul>
<a href="{more}">Xem thêm</a> </div>"""


def article_page(site: Site, article: Article, section: str, lang: str, path: str) -> str:
    """An article under one of its sections' pages."""
    home = next((s for s in article.sections if bare(s) == bare(section)), article.sections[0])
    name, page = site.section(home).name, section if bare(section) == bare(home) else home
    url = article_url(site, article, page)
    sapo = f"<strong>{esc(article.sapo)}</strong>" if article.sapo else ""
    account = article.author or ("" if _counted(site) else "admin admin")
    poster = (
        f'<p align="right" class="view-content-author"> <strong><em>{esc(account)}</em></strong> </p> '
        if account
        else ""
    )
    category = f'<p class="category-line">{name}</p>\n' if _counted(site) else ""
    main = f"""<div>
{category}<div class="asset-full-content-title">{esc(article.title)}</div>
<div class="assetPublishDate block_timer">
{_date_line(site, article, lang, padded=False)}
</div>
<div class="asset-full-content  show-asset-title">
<!--
-->
<div class="asset-content" id="_101_{article.id}">
<div class="sapo-wrapper clearfix">
<p class="sapo">
{sapo}
</p>
</div>
<div class="journal-content-article">
{body_html(site, article)}
{poster}</div> </div> </div>
<div class="asset-control-detail"> <span class="print-action" > <a href="{esc(url)}/pop_up?_101_viewMode=print" class=" taglib-icon" id="_101_rjus_column1_1" >
<span class="taglib-text ">In bài viết</span> </a> </span> <span class="mailto-action" > <a href="mailto:" class=" taglib-icon" id="_101_ctvk_column1_1" >
<span class="taglib-text ">Gửi mail</span> </a> </span> </div> {_related(site, article, home, page)}
</div>"""
    head = _head(site, f"{article.title} - {name}", article_url(site, article).replace("/vi/", "/"), article)
    return _page(site, head, name, main, site.origin + path)


def print_page(site: Site, article: Article) -> str:
    """The `/pop_up` view."""
    return f"""{_head(site, article.title, article_url(site, article), article)} <body class="portal-popup">
<div class="asset-full-content-title">{esc(article.title)}</div> <div class="assetPublishDate block_timer"> {shown_date(site, article, "vi", padded=False)} </div>
<div class="asset-full-content"> <div class="journal-content-article"> {body_html(site, article)} </div> </div> <script>print();</script> </body> </html>"""


def _raw_url(site: Site, article: Article) -> str:
    section = article.sections[-1]
    return (
        f"{site.origin}/{section}?p_p_id=101&p_p_lifecycle=0&p_p_state=maximized&p_p_mode=view"
        "&_101_struts_action=%2Fasset_publisher%2Fview_content"
        f"&_101_assetEntryId={article.id}&_101_type=content&_101_urlTitle={article.slug}"
    )


def home_page(site: Site, path: str) -> str:
    """The home page: a ticker with raw portlet addresses, a box for each open section."""
    boxes = []
    for section in site.sections:
        if section.hidden:
            continue
        items = site.listed(section.path)[:3]
        rows = "".join(
            f'<li class="tin_tiep"> <a class="tieudetin" href="{esc(article_url(site, a, section.path))}">{esc(a.title)}</a> '
            f'<span class="date_content_asset">({"/".join(reversed(a.day.split("-")))})</span></li> '
            for a in items
        )
        boxes.append(
            f'<div class="box_tp"> <h2 class="box_title"><a href="{site.origin}:80/{section.path}">{section.name}</a></h2> <ul>{rows}</ul> </div>'
        )
    first = site.listed(site.sections[0].path)[0]
    ticker = (
        f'<div class="focus-news"> <img src="{site.origin}/image/journal/article?img_id={first.id - 1}&amp;t=1661571175221" alt=""/> '
        f'<div class="asset-right-content"> <a href="{esc(article_url(site, first))}">{esc(first.title)}</a> '
        f'<div class="asset-desc">{esc(first.sapo)}</div> </div> </div>'
        f'<div class="nf3-container"> <p class="title_news"><a href="{esc(_raw_url(site, first))}">{esc(first.title)}</a></p> '
        f'<p class="title_news"><a href="{esc(article_url(site, first))}?p_p_id=59_INSTANCE_Wq7Lx2&amp;p_p_lifecycle=0">Bình chọn</a></p> </div>'
    )
    here = site.origin + ("" if path == "/" else path)
    moved = "".join(
        f'<li class="tin_tiep"> <a class="tieudetin" href="{esc(article_url(site, a).replace(a.slug, a.old_slug))}">{esc(a.title)}</a></li>'
        for a in site.articles
        if a.old_slug
    )
    english = f'<a href="{site.origin}/en/{bare(site.sections[0].path)}">News in English</a>'
    boxes.append(f'<div class="box_tp"> <h2 class="box_title">Đọc nhiều</h2> <ul>{moved}</ul> {english} </div>')
    return _page(site, _head(site, "Trang chủ", site.origin + "/"), "Tin nổi bật", ticker + "\n".join(boxes), here)


def static_page(site: Site, name: str) -> str:
    """A menu page without news."""
    main = f'<div class="journal-content-article"> <p>{name} của {esc(site.name)} đang được cập nhật.</p> </div>'
    return _page(site, _head(site, name, site.origin + "/"), name, main, f"{site.origin}/lien-he")


def calendar_page(site: Site, day: str) -> str:
    """One day of the endless calendar."""
    main = f"{calendar(site.origin + '/lich', day)} <p>Chưa có lịch công tác cho ngày này.</p>"
    return _page(
        site, _head(site, "Lịch công tác", site.origin + "/lich"), "Lịch công tác", main, f"{site.origin}/lich"
    )
