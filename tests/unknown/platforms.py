"""Portals on unknown platforms, as data: addresses, markup, pager, dates and traps differ; the notices are the same.

They are modelled on public portals whose platform has no module here: on the shapes of their addresses and the forms of
their dates. All the rest is invented.
"""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from tests.unknown.portal import FORM, HTML5, TABLES, InventedPlatform, Portal

PLATFORMS = (
    InventedPlatform(
        "tintuyen", "Tuyên Quang", "/vi/tin-bai/{slug}?id={id}&type=NEWS", "/vi/chuyen-muc/{cat}?id={cat_id}", page="{list}&page={n}", home="/vi?id=home",
        frame=HTML5, tongue="/en?id=home", day="%d/%m/%Y", time="%H:%M %d/%m/%Y",
        item='<article class="card"><header><h3><a href="{href}">{title}</a></h3></header><div><span>{day}</span> <a href="{cat_href}">{cat_name}</a></div><p>{sapo}</p></article>',
        story='<h2 class="tieu-de">{title}</h2><div><i>{day}</i> | <span>{views} lượt xem</span></div><div class="tom-tat">{sapo}</div><div class="noi-dung">{body}</div>{files}',
        feeds={"/sitemap.xml": "sitemap-categories"}, intro="/vi/gioi-thieu/{slug}?id={n}", pager="numbers",
    ),
    InventedPlatform(
        "cogiang", "Huế", "/?cn={cat_id}&gd=1&tc={id}", "/?cn={cat_id}&gd=1", page="{list}&trang={n}", tongue="/?gd=1&lang=en", day="(%d-%m-%Y)", time="Ngày cập nhật %d/%m/%Y",
        frame=TABLES, item='<tr><td><img src="/anh.jpg" alt="{title}"></td><td><a class="tin" href="{href}">{title}</a> <font color="gray">{day}</font><br>{sapo}</td></tr>',
        items="<table><tr><td><b>{heading}</b></td></tr></table><table class='ds'>{items}</table>{pager}", side_item='<div>• <a href="{href}">{title}</a></div>',
        story="<table><tr><td><span style='font-size:16px'><b>{title}</b></span> {day}</td></tr><tr><td><b>{sapo}</b></td></tr><tr><td>{body}{files}</td></tr></table>",
        title="Trang thông tin điện tử xã An Sơn", intro="/?cn=1&gd=1&bv={n}", calendar="/?cn=9&lich={month}&y={year}", printing="/?cn={cat_id}&gd=1&tc={id}&print=1",
    ),
    InventedPlatform(
        "halong", "Quảng Ninh", "/{slug}-p{cat_id}n{id}.html", "/{cat}-p{cat_id}.html", page="/{cat}-p{cat_id}/trang-{n}.html", day="%d/%m/%Y", time="%d/%m/%Y %H:%M:%S",
        item='<li class="row"><a class="thumb" href="{href}"><img src="/a.jpg"></a><a class="name" href="{href}" title="{title}">{title}</a><p>{sapo}</p></li>',
        items="<ul class='news'>{items}</ul>{pager}", intro="/{slug}-p9n{n}.html", pager="next",
        story='<div class="detail"><h1 class="name">{title}</h1><div class="time">{day}</div><div class="intro">{sapo}</div>{body}{files}</div>',
    ),
    InventedPlatform(
        "hoangxa", "Thanh Hóa's communes", "/web/trang-chu/tin-tuc/{cat}/{slug}.{dot}html", "/web/trang-chu/tin-tuc/{cat}", page="{list}/{n}", time="Đăng lúc: %H:%M:%S %d/%m/%Y (GMT+7)",
        home="/web/trang-chu", printing="/web/print/{slug}.html", intro="/web/trang-chu/gioi-thieu/{slug}.html", calendar="/web/trang-chu/lich-tuan/{month}?y={year}", tongue="/web/trang-chu?lang=en",
        item='<div class="media"><div class="media-body"><h4 class="media-heading"><a href="{href}">{title}</a></h4>{sapo}<div class="more"><a href="{href}">Xem chi tiết</a></div></div></div>',
        story='<div class="news-title">{title}</div><div class="small">{day} - <a href="{print}">In bài này</a></div><div class="content-news"><p><strong>{sapo}</strong></p>{body}{files}</div>',
    ),
    InventedPlatform(
        "linhdong", "Thủ Đức's wards", "/{cat}/{slug}/ct/{cat_id}/{id}", "/{cat}/c/{cat_id}", page="{list}/p{n}", frame=HTML5, day="%d/%m/%Y %H:%M", time="%d/%m/%Y %H:%M",
        item='<div class="col-sm-6"><div class="box-tin"><a href="{href}"><img src="/a.jpg" alt=""></a><div class="ten"><a href="{href}">{title}</a></div><small>{day}</small></div></div>',
        side="<section><b>Tin mới nhất</b>{newest}</section><section><b>Xem nhiều nhất</b>{most}</section>", side_item='<p><a href="{href}">{title}</a> <em>({day})</em></p>',
        story="<article><h1>{title}</h1><p>{day}</p><div>{sapo}</div>{body}{files}</article>", pager="window", intro="/gioi-thieu/{slug}/ct/1/{n}",
    ),
    InventedPlatform(
        "hungdao", "Hải Dương", "/Article/{key}@/{letters}.html", "/Category/{cat}@/danh-mục.html", page="{list}?Page={n}", pager="numbers", day="%d/%m/%Y", time="%A, %d/%m/%Y - %H:%M",
        intro="/Page/{slug}.html", feeds={"/rss.xml": "rss-empty"}, title="{title}",
        story='<div id="ArticleTitle">{title}</div><span class="DateTime">{day}</span><div id="ArticleLead">{sapo}</div><div id="ArticleContent">{body}</div>{files}',
    ),
    InventedPlatform(
        "lacvien", "Hải Phòng's districts", "/{Cat}/{slug}-{id}.html", "/{Cat}.html", page="/{Cat}/Page-{n}.html", day="Cập nhật: %d/%m/%Y %H:%M", time="Cập nhật: %d/%m/%Y %H:%M",
        item='<table width="100%"><tr><td class="t"><a href="{href}">{title}</a></td></tr><tr><td class="d">{day}</td></tr><tr><td>{sapo}</td></tr></table>', items="<div>{items}</div><div>{pager}</div>", frame=TABLES,
        story='<p class="tenbai">{title}</p><p class="d">{day}</p><p class="sapo">{sapo}</p>{body}{files}', intro="/Gioi-thieu/{slug}-{n}.html",
    ),
    InventedPlatform(
        "doingoai", "Lào Cai", "/vi/bai-viet/{id}", "/vi/danh-sach/{cat_id}", page="{list}?pageIndex={n}", frame=HTML5, time="%d %m %Y", day="%d %m %Y", title="Chi tiết bài viết - Xã An Sơn",
        item='<a class="news-card" href="{href}"><img src="/a.jpg" alt=""><div class="ten">{title}</div><div class="ngay">{day}</div></a>', intro="/vi/trang/{n}", home="/vi",
        story='<h3>{title}</h3><span class="ngay">{day}</span><p class="dan"><em>{sapo}</em></p><div class="chi-tiet">{body}</div>{files}', printing="/vi/bai-viet/{id}/in",
    ),
    InventedPlatform(
        "bacmuc", "Lạng Sơn", "/bm/tin/{cat_id}/{id}", "/bm/chuyen-muc/{cat_id}", page="{list}/trang/{n}", printing="/bm/print/{id}", day="%A - %d/%m/%Y %H:%M", time="%A - %d/%m/%Y %H:%M",
        item='<dt><a href="{href}">{title}</a></dt><dd>{day}<br>{sapo}</dd>', items="<h2>{heading}</h2><dl>{items}</dl>{pager}", intro="/bm/gioi-thieu/{n}",
        story='<div class="bm-title">{title}</div><div class="bm-date">{day}</div><div class="bm-lead">{sapo}</div><div class="bm-body">{body}{files}</div>',
    ),
    InventedPlatform(
        "viettien", "Việt Trì", "/tin-tuc/{cat}/{letters}-“{id}”-{id}-{cat_id}.html", "/tin-tuc/{cat}.html", page="/tin-tuc/{cat}/p{n}.html", printing="/trang-in-{id}.html", day="%d-%m-%Y", time="Đăng ngày %d - %m - %Y",
        item='<div class="tin-item"><a href="{href}" class="tit">{title}</a><span> [{day}]</span></div>', intro="/gioi-thieu/{slug}-{n}-1.html",
        story='<div class="box-ct"><h1>{title}</h1><div class="time">{day}</div><p class="sapo">{sapo}</p><div class="nd">{body}</div>{files}<a href="{print}">Trang in</a></div>',
    ),
    InventedPlatform(
        "giahung", "Ninh Bình", "/xgiahung/1369/33588/41575/{id}/{cat}/{slug}", "/xgiahung/1369/33588/{cat_id}/{cat}", page="{list}?start={n}", first=3, time="%A, %d/%m/%Y", day="%d/%m/%Y",
        home="/xgiahung", frame=FORM, item='<div class="tin"><p class="td"><a href="{href}">{title}</a></p><p>{sapo} <a href="{href}">Chi tiết</a></p></div>', intro="/xgiahung/1369/33588/{n}/{slug}",
        story='<div class="chitiet"><p class="td">{title}</p><p class="ngay">{day}</p><p class="td2">{sapo}</p><div>{body}</div>{files}</div>',
    ),
    InventedPlatform(
        "xahuong", "Hà Tĩnh's communes", "/tin-tuc-{cat_id}/{slug}-{id}", "/tin-tuc-{cat_id}/{cat}", page="{list}?page={n}", pager="numbers", day="%d/%m/%Y", time="%d/%m/%Y %I:%M AM", side="<div class='right'><h3>Tin nổi bật</h3>{newest}{most}</div>",
        side_item='<div class="hot"><a href="{href}">{title}</a></div>', intro="/gioi-thieu-1/{slug}-{n}", feeds={"/rss.xml": "html"},
    ),
    InventedPlatform(
        "taygiang", "Thái Bình", "/tin-tuc/{cat}/{slug}.html", "/tin-tuc/{cat}", page="{list}/page/{n}", day="Ngày %d/%m/%Y", time="Ngày %d/%m/%Y",
        item='<h2><a href="{href}">{title}</a></h2><p class="ngay">{day}</p><p>{sapo}</p><hr>', items="<div id='ds'>{items}</div>{pager}", intro="/gioi-thieu/{slug}.html", feeds={"/feed/": "rss"},
    ),
    InventedPlatform(
        "dongthanh", "paths without a number", "/{cat}/{slug}", "/{cat}", page="/{cat}?page={n}", intro="/{slug}", frame=HTML5, day="%d/%m/%Y", time="%d/%m/%Y", pager="numbers",
        item='<div class="views"><div class="vt"><a href="{href}">{title}</a></div><div class="vd">{day}</div></div>', feeds={"/sitemap.xml": "sitemap"}, calendar="/lich-tiep-dan/{month}?y={year}",
    ),
    InventedPlatform(
        "thapmuoi", "Đồng Tháp", "/xem-chi-tiet/{slug}/{id}", "/tin/{cat}", page="{list}?cur={n}&delta=3", day="(%d/%m/%Y %H:%M)", time="(%d/%m/%Y %H:%M:%S)", frame=HTML5,
        item='<div class="cat_record"><div class="title_v"><a href="{href}"><h3>{title}</h3></a></div><span class="time">{day}</span><div>{sapo}</div></div>',
        story='<div id="content_detail"><h1 id="titleDetail">{title}</h1><span class="date_time">{day}</span><div id="leadDetail">{sapo}</div><div id="contentDetail">{body}</div>{files}</div>', intro="/xem-gioi-thieu/{slug}/{n}",
    ),
    InventedPlatform(
        "mojo", "mojoPortal", "/{slug}", "/{cat}-list", page="{list}?pagenumber={n}", frame=FORM, day="%d/%m/%Y", time="%H:%M %d/%m/%Y", intro="/gioi-thieu/{slug}",
        item='<div class="article-item"><h3><a href="{href}">{title}</a></h3><span class="post-date">{day}</span><div>{sapo}</div></div>', pager="numbers",
        story='<div class="articleview"><h2 class="articletitle">{title}</h2><span class="post-date-article">{day}</span> <span class="texthit">Lượt xem: {views}</span><div class="articlesapo">{sapo}</div><div id="article_text" class="articletext">{body}</div><div class="blogattachment">{files}</div></div>',
    ),
    InventedPlatform(
        "websphere", "WebSphere", "/wps/portal/anson/!ut/p/z1/04_{key}MnMz0vMAf/dz/d5/L2{key}/", "/wps/portal/anson/{cat}/!ut/p/z0/list{cat_id}AfIjo8zi/", page="{list}?pg={n}", home="/wps/portal/anson", day="%d/%m/%Y", time="%d/%m/%Y | %H:%M",
        intro="/wps/portal/anson/gioithieu/!ut/p/z0/gt{n}/", item='<div class="wcm"><a href="{href}">{title}</a><i>{day}</i><div>{sapo}</div></div>', search="/wps/portal/anson/search?q={word}",
    ),
    InventedPlatform(
        "nganson", "com=tintuc_ct", "/index.php?com=tintuc_ct&id_news={id}", "/index.php?com=tintuc&id_cat={cat_id}", page="{list}&curPage={n}", frame=TABLES, day="%d/%m/%Y", time="Ngày đăng: %d/%m/%Y - Lượt xem: 87", clock="Thursday, %d/%m/%Y",
        intro="/index.php?com=gioithieu&id_gt={n}", tongue="/index.php?lang=en", calendar="/index.php?com=lich&thang={month}&nam={year}", search="/index.php?com=timkiem&tukhoa={word}", side_item='<div><a href="{href}">{title}</a></div>',
        story='<div class="tit">{title}</div><div class="dt">{day}</div><div class="ta"><b>{sapo}</b></div><div>{body}</div>{files}', printing="/index.php?com=print&id_news={id}",
    ),
    InventedPlatform(
        "ttkhcn", "news.aspx?id=&mnid=", "/anson/news.aspx?id={id}&mnid={cat_id}", "/anson/listnews.aspx?mnid={cat_id}", page="{list}", pager="postback", frame=FORM, day="%d/%m/%Y", time="%d/%m/%Y %H:%M:%S", home="/anson/default.aspx",
        intro="/anson/info.aspx?mnid={n}", calendar="/anson/calendar.aspx?thang={month}&nam={year}", search="/anson/search.aspx?key={word}",
    ),
    InventedPlatform(
        "vportal", "VietSoftware VPortal", "/xem-tin/-/{id}/{slug}", "/tin/{cat}", page="{list}?pagenum={n}", pager="onclick", day="(%d/%m/%Y)", time="Ngay dang: %d/%m/%Y", intro="/web/{slug}",
        item='<li><div class="wd-tlh3-2"><a href="{href}">{title}</a></div><span>{day}</span></li>', items="<ul class='wd-communication'>{items}</ul>{pager}",
        story='<h3 class="wd-tlh3-4">{title}</h3><p class="wd-date">{day}</p><p><strong>{sapo}</strong></p>{body}<p class="wd-download-pdf">{files}</p><p class="wd-actor">Ban biên tập</p>',
    ),
    InventedPlatform(
        "formpage", "pager by a form", "/tin/{id}-{slug}", "/muc/{cat_id}-{cat}", page="{list}", pager="form", time="%H:%M, %A, %d-%m-%Y", day="%d-%m-%Y", intro="/trang-tinh/{n}-{slug}",
        story='<div class="tin-chi-tiet"><h1>{title}</h1><h5>{day}</h5><h2>{sapo}</h2>{body}{files}</div>',
    ),
    InventedPlatform(
        "postback", "postback pager that answers with page 1", "/Tin.aspx?ItemID={id}", "/DanhSach.aspx?CatID={cat_id}", page="{list}", pager="dead", frame=FORM, time="%d/%m/%Y %H:%M", intro="/GioiThieu.aspx?PageID={n}", unreached=4,
    ),
    InventedPlatform(
        "loadmore", "load more from an unknown JSON", "/bai/{slug}.{id}", "/muc/{cat}", page="{list}", pager="more", frame=HTML5, time="%d/%m/%Y, %H:%M", intro="/ve-chung-toi/{slug}", unreached=4,
    ),
    InventedPlatform(
        "undated", "lists without dates; author and date in one; icons for a pager", "/noi-dung/{slug}", "/muc-luc/{cat}", page="{list}?so={n}", pager="icons", day="", time="Ban Văn hóa%d/%m/%Y", frame=TABLES, clock="Hôm nay:%d/%m/%Y",
        item='<div class="o"><a href="{href}"><img src="/a.jpg" alt=""></a><p class="t"><a href="{href}">{title}</a></p><p>{sapo}</p><a href="/in-bai/{slug}">In</a></div>', intro="/noi-dung/{slug}", title="Cổng thông tin điện tử xã An Sơn",
        story='<div class="t">{title}</div><div>{day}</div><div><b>{sapo}</b></div><div>{body}</div>{files}',
    ),
    InventedPlatform(
        "grid", "a table of numbers, titles and days; postback by options", "/ChiTiet.aspx?MaTin={id}", "/TinTuc.aspx?Loai={cat_id}", page="{list}", pager="options", frame=FORM, day="%d/%m/%Y", time="%H:%M, %A, %d-%m-%Y", intro="/Trang.aspx?Ma={n}",
        item='<tr><td>1</td><td><a href="{href}">{title}</a></td><td>{day}</td></tr>', items='<table class="grid"><tr><th>STT</th><th>Tiêu đề</th><th>Ngày</th></tr>{items}</table>{pager}',
        story='<div id="ctl00_tieude">{title}</div><div id="ctl00_ngay">{day}</div><div id="ctl00_tomtat">{sapo}</div><div id="ctl00_noidung">{body}</div>{files}',
    ),
    InventedPlatform(
        "unlinked", "headlines that are no links; pages counted from 0", "/tin/{slug}/{id}", "/tin?loai={cat_id}", page="{list}&trang={n}", first=0, pager="numbers", day="%d/%m/%Y", time="HT|%d/%m/%Y|%H:%M", intro="/bai/{slug}/{n}",
        item='<div class="khoi"><img src="/a.jpg"><h3>{title}</h3><i>{day}</i><p>{sapo}</p><a class="xem" href="{href}">Xem chi tiết</a></div>',
    ),
    InventedPlatform(
        "endless", "a pager without an end; a sitemap of everything; a splash page", "/{cat}/{slug}-post{id}.html", "/{cat}.html", page="/{cat}/trang-{n}.html", pager="endless", frame=HTML5, day="%Y-%m-%d %H:%M:%S.0", time="%Y-%m-%d %H:%M:%S.0", intro="/{slug}.html",
        feeds={"/sitemap.xml": "sitemap", "/tin.rss": "rss", "head": '<link rel="alternate" type="application/rss+xml" href="/tin.rss">'}, splash=True,
    ),
    InventedPlatform(
        "alias", "links with www; intros in a list; two lists on a page", "http://www.anson.alias.test/news/{id}/{slug}.html", "/nhom-tin/{cat}", page="{list}/{n}.html", pager="numbers", day="%d.%m.%Y", time="Tác giả: Hải Vân .Ngày đăng: %d/%m/%Y .Lượt xem: 154 lượt.", intro="/news/{n}/{slug}.html",
        intros=True, frame=HTML5,
    ),
    InventedPlatform("react", "React shell", "/blogs/{slug}", "/muc/{cat}", shell=True, unreached=12),
)  # fmt: skip

PORTALS = [Portal(invented) for invented in PLATFORMS]
