"""Replicas of the platforms made for offices: afcbc, UIArticle, VHV, Tân Dân, SharePoint, Hà Tĩnh 2025."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from tests.platforms.replica import WARD, Replica, esc, file_link, menu, page, paragraphs

DOWNLOAD = 'class="link-download"'


class Afcbc(Replica):
    platform, host = "hanoi_afcbc", "anvinh.afcbc.test"
    traps = ("/timelinetags/", "/print/", "day=")
    start = ("/", "/tin-tuc.htm")
    _site, _zone, _language = "Zk9xT3BhcXVl", "bmV3c3pvbmU0Mg==", "jM2HDDVEz40="

    def address(self, story):
        return f"/{story.slug}-4{story.at('%y%m%d%H%M')}07{story.number % 1000:03}.htm"

    def entry(self, story):
        address = self.address(story)
        return (
            f'<div class="news-item" data-id="{story.number}9"><a href=" {address}" class="news-image"><img src="/a.jpg"></a>'
            f'<h3 class="news-title"><a href="{address}">{esc(story.title)}</a></h3>'
            f'<span class="news-time" title="{story.at("%H:%M, %d/%m/%Y")}">{story.at("%H:%M %d/%m/%Y")}</span>'
            f'<p class="news-sapo">{esc(story.sapo)}</p></div>'
        )

    def _frame(self, title, inner, head=""):
        links = menu(
            ("/", "Trang chủ"),
            ("/tin-tuc.htm", "Tin tức"),
            ("/timelinetags/1/2.htm", "Dòng sự kiện"),
            ("/lich.htm?day=3", "Lịch"),
        )
        return page(
            title,
            head + '<script nonce="sclotusinnline">var pageSettings = {siteId: 4};</script>',
            f'<div id="admwrapper">{links}{inner}</div>',
            'data-role="page"',
        )

    def route(self, asked):
        if asked.path == "/":
            return self._frame(f"{WARD}", "".join(self.entry(s) for s in self.stories[:2]))
        if asked.path == "/tin-tuc.htm":
            hidden = (
                f'<input type="hidden" id="hdCatname" value="{self._zone}"><input type="hidden" id="hdLanguageId" value="{self._language}">'
                f"<script>NewsZone.init({{ Site: '{self._site}', PageIndex: 0 }});</script>"
            )
            return self._frame(
                f"Tin tức - {WARD}",
                f'<div class="list-news">{self.entries(1)}</div>{hidden}<a class="loadmore">Xem thêm</a>',
            )
        if asked.path == "/api/NewsZone/NewsZone" and asked.method == "POST":
            wanted = {"Site": self._site, "Catname": self._zone, "LanguageId": self._language}
            if {name: asked.form.get(name) for name in wanted} != wanted:
                return None
            return f"<div>{self.entries(int(asked.form['PageIndex']) + 1)}</div>"
        return None

    def article(self, story):
        head = f'<meta property="article:published_time" content="{story.at("%Y-%m-%dT%H:%M:00")}&#x2B;07:00">'
        related = "".join(f'<li><a href="{self.address(s)}">{esc(s.title)}</a></li>' for s in self.stories[:2])
        return self._frame(
            story.title,
            f'<div class="news-detail"><a data-role="cate-name" href="/tin-tuc.htm">Tin tức</a><h1 class="detail-title" data-role="title">{esc(story.title)}</h1>'
            f'<div class="detail-time"><span data-role="publishdate">{story.at("%d/%m/%Y %H:%M")}</span></div><h2 class="detail-sapo" data-role="sapo">{esc(story.sapo)}</h2>'
            f'<div class="detail-content afcbc-body" data-role="content">{paragraphs(story)}<div class="kbwscwl-relatedbox" type="RelatedNewsBox"><ul>{related}</ul></div>'
            f'{file_link(story)}</div><a href="/print/{story.number}.htm">In</a></div>',
            head,
        )


class Vnpt(Replica):
    platform, host = "vnpt_uiarticle", "anvinh.vnpt.test"
    traps = ("/in-bai/", "?print=")
    start = ("/", "/tin-tuc-su-kien")
    _endpoint = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"

    def address(self, story):
        return f"/tin-tuc-su-kien/{story.slug[:30]}-{story.number}"

    def entry(self, story):
        return (
            f'<li class="row"><div class="col-lg-2"><a href="{self.address(story)}"><img class="image" src="/a.jpg"></a></div><div class="col-lg-10"><h2 class="Title">'
            f'<a href="{self.address(story)}">{esc(story.title)}</a></h2><div class="Ngaydang">{story.at("%d/%m/%Y %H:%M")}</div><p>{esc(story.sapo)}</p></div></li>'
        )

    def _frame(self, title, inner):
        links = menu(("/", "Trang chủ"), ("/tin-tuc-su-kien", "Tin tức"), ("/thu-tuc", "Thủ tục"))
        return page(
            title,
            '<script src="/DesktopModule/UIArticleInMenu/a.js"></script>',
            f'<div class="ModuleContent" id="ctrl_162921_22">{links}{inner}</div>',
        )

    def route(self, asked):
        if asked.path == "/":
            return self._frame(
                WARD,
                f'<div class="UIListNews_Default"><div class="item"><a href="{self.address(self.stories[0])}">{esc(self.stories[0].title)}</a></div></div>',
            )
        if asked.path == "/tin-tuc-su-kien":
            script = 'var data = {article_category_id: 5521, site_id: 871, categoryIds: "5521", page_size: 5}; var maxPage = parseInt(2);'
            pager = '<ul class="pagination"><li class="page-item page-number" data-page="1">1</li><li class="page-item page-number" data-page="2">2</li></ul>'
            return self._frame(
                f"Tin tức - {WARD}",
                f'<div class="UIArticleInMenu_Default"><ul class="ArticleList">{self.entries(1)}</ul>{pager}<script>{script}</script></div>',
            )
        if asked.path == self._endpoint and asked.method == "POST" and asked.form.get("article_category_id") == "5521":
            return f'<ul class="ArticleList">{self.entries(int(asked.form["page"]))}</ul>'
        return None

    def article(self, story):
        return self._frame(
            story.title,
            f'<div class="ArticleDetailControl"><div class="tool"><a href="/in-bai/{story.number}">In bài</a></div><div class="ArticleHeader">{esc(story.title)}</div>'
            f'<div class="PostDate">{story.at("%d/%m/%Y %H:%M")}</div><div class="ArticleSummary">{esc(story.sapo)}</div><div class="ArticleContent">{paragraphs(story)}</div>'
            f'<div class="author">Lượt xem: 29</div><div class="UISocialShare">Chia sẻ</div>{file_link(story, attributes=DOWNLOAD)}</div>',
        )


class Vhv(Replica):
    platform, host = "vhv", "anvinh.vhv.test"
    traps = ("Article.Print",)
    start = ("/", "/chuyen-muc-tin-tuc-c12.html")

    def address(self, story):
        return f"/{story.slug}.html"

    def entry(self, story):
        return (
            f'<article class="item-block"><figure class="post-image"><a href="{self.address(story)}"><img data-original="/a.jpg"></a></figure><h3 class="entry-title">'
            f'<a href="{self.address(story)}" title="{esc(story.title)}">{esc(story.title)}</a></h3><time class="post-date" datetime="{story.at("%Y-%m-%dT%H:%M:00+07:00")}">{story.at("%d/%m/%Y")}</time>'
            f'<div class="post-content">{esc(story.sapo)}</div></article>'
        )

    def _frame(self, title, inner):
        links = menu(
            ("/", "Trang chủ"),
            ("/chuyen-muc-tin-tuc-c12.html", "Tin tức"),
            ("/lien-he-voi-uy-ban-nhan-dan.html", "Liên hệ"),
        )
        return page(
            title,
            "<script>VHV.App.init();</script>",
            f'<div class="ModuleWrapper" moduleRootId="5b6bb9" id="module17">{links}{inner}</div>',
        )

    def route(self, asked):
        for number in (1, 2):
            if asked.path == f"/chuyen-muc-tin-tuc-c12{'' if number == 1 else f'-{number}'}.html":
                pager = (
                    '<a class="next-pages" href="/chuyen-muc-tin-tuc-c12-2.html">Sau</a>'
                    if number == 1
                    else '<span class="next-pages">Sau</span>'
                )
                return self._frame(
                    f"Tin tức - {WARD}",
                    f'<section class="section-list Article-Detail-listmeberpost">{self.entries(number)}</section><div class="wrapper-pagination">{pager}</div>',
                )
        if asked.path == "/":
            return self._frame(
                WARD, f'<section class="section-list Article-Detail-default">{self.entry(self.stories[0])}</section>'
            )
        if asked.path.startswith("/lien-he"):
            return self._frame(
                "Liên hệ", '<section><h1 class="title-detail">Liên hệ</h1><p>Số điện thoại và bản đồ.</p></section>'
            )
        return None

    def article(self, story):
        return self._frame(
            story.title,
            f'<section class="news-detail-default"><article class="news-detail-layout-type-2" itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="datePublished" content="{story.at("%Y-%m-%dT%H:%M:00+07:00")}">'
            f'<h1 class="title-detail" itemprop="headline">{esc(story.title)}</h1><span class="post-date">{story.at("%d/%m/%Y")} <span class="drash">|</span> {story.at("%H:%M")}</span>'
            f'<div class="block_share">Facebook</div><div class="brief">{esc(story.sapo)}</div><div class="content-detail" itemprop="articleBody">{paragraphs(story)}</div>'
            f'<div class="rating">Tổng số điểm của bài viết là: 5 trong 1 đánh giá</div><div class="author">Lượt xem: 29</div>{file_link(story, attributes=DOWNLOAD)}'
            f'<a href="/?page=Article.Print.detail&id=5b6bb9{story.number:018}">In</a></article></section>',
        )


class TanDan(Replica):
    platform, host = "tandan_sharepoint", "anvinh.tandan.test"
    headers = (("MicrosoftSharePointTeamServices", "15.0.0.4569"),)
    traps = ("print.aspx", "login.aspx")
    start = ("/portal/Pages/default.aspx", "/portal/Pages/tin-tuc.aspx")

    def address(self, story):
        day = f"{story.moment.year}-{story.moment.month}-{story.moment.day}"
        return f"/portal/Pages/{day}/{story.slug[:40]}{('qkzrwxb' * 2)[story.number % 7 :][:6]}.aspx"

    def entry(self, story):
        return (
            f'<li class="channel-news-item"><div class="channel-news-title"><a href="{self.address(story)}">{esc(story.title)}</a></div>'
            f'<span class="channel-news-date">{story.at("%d/%m/%Y")}</span><p>{esc(story.sapo)}</p></li>'
        )

    def _frame(self, title, inner):
        links = menu(
            ("/portal/Pages/default.aspx", "Trang chủ"),
            ("/portal/Pages/tin-tuc.aspx", "Tin tức"),
            ("/portal/Pages/login.aspx", "Đăng nhập"),
        )
        return page(
            title,
            '<meta name="GENERATOR" content="Microsoft SharePoint">',
            f'<div class="TD-ul-module-menu-left">{links}</div>{inner}',
        )

    def route(self, asked):
        path = asked.path.lower()
        if path in ("/", "/portal/pages/default.aspx"):
            return self._frame(WARD, f'<ul class="tandan-home">{self.entry(self.stories[0])}</ul>')
        if path == "/portal/pages/tin-tuc.aspx":
            target = asked.form.get("__EVENTTARGET", "")
            if asked.method == "POST" and asked.form.get("__VIEWSTATE") != "dDwtMTA7Oz4":
                return None
            number = int(target.rpartition("p")[2] or 1)
            pager = "".join(f"""<a href="javascript:__doPostBack('ctl00$pager$p{n}','')">{n}</a>""" for n in (1, 2))
            return self._frame(
                f"Tin tức - {WARD}",
                f'<form method="post" action="./tin-tuc.aspx" id="aspnetForm"><input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__VIEWSTATE" value="dDwtMTA7Oz4">'
                f'<ul class="tandan-list">{self.entries(number)}</ul>{pager}</form>',
            )
        return None

    def article(self, story):
        others = "".join(f'<li><a href="{self.address(s)}">{esc(s.title)}</a></li>' for s in self.stories[:2])
        return self._frame(
            story.title,
            f'<div class="tandan-p-article-main"><div class="tandan-p-article-news-title">{esc(story.title)}</div><span class="tandan-span-date-publish">Đăng ngày {story.at("%d - %m - %Y")}</span>'
            f'<a href="/portal/pages/print.aspx?p={story.number}">In</a><div class="tandan-p-article-news-summary">{esc(story.sapo)}</div><div class="tandan-p-article-news-content">{paragraphs(story)}{file_link(story)}</div>'
            f'<div class="td-tags"><a href="/portal/Pages/the.aspx">chợ</a></div><div class="tandan-div-article-other"><ul>{others}</ul></div></div>',
        )


class SharePoint(Replica):
    platform, host = "sharepoint", "anvinh.sharepoint.test"
    headers = (
        ("MicrosoftSharePointTeamServices", "16.0.0.1"),
        ("SPRequestGuid", "7f1d"),
    )
    traps = ("PrintItem", "IsDlg", "/_layouts/")
    start = ("/Trang/tin-tuc-su-kien.aspx",)

    def address(self, story):
        return f"/Trang/ChiTietTinTuc.aspx?nid={story.number}"

    def entry(self, story):
        return (
            f'<div class="news-item"><h3><a href="{self.address(story)}">{esc(story.title)}</a></h3><span class="news-date">{story.at("%d/%m/%Y %H:%M")}</span>'
            f"<p>{esc(story.sapo)}</p></div>"
        )

    def _frame(self, title, inner):
        links = menu(("/Trang/tin-tuc-su-kien.aspx", "Tin tức"), ("/_layouts/15/Authenticate.aspx", "Đăng nhập"))
        return page(
            title, "<script>var _spPageContextInfo = {};</script>", f'<div id="s4-workspace">{links}{inner}</div>'
        )

    def route(self, asked):
        if asked.path.lower() != "/trang/tin-tuc-su-kien.aspx":
            return None
        pager = "".join(f'<a href="/Trang/tin-tuc-su-kien.aspx?page={n}">{n}</a>' for n in (1, 2))
        return self._frame(
            f"Tin tức - {WARD}", f'<div class="list">{self.entries(int(asked.query.get("page", 1)))}</div>{pager}'
        )

    def article(self, story):
        return self._frame(
            f"Chi tiết - {WARD}",
            f'<div id="news-detail"><div id="news-title">{esc(story.title)}</div><span id="datearticle">{story.at("%d/%m/%Y %H:%M")}</span><div id="news-des">{esc(story.sapo)}</div>'
            f'<div class="ms-rtestate-field">{paragraphs(story)}{file_link(story)}</div><a href="/Trang/PrintItem.aspx?nid={story.number}">In</a><a href="{self.address(story)}&IsDlg=1">Mở</a></div>',
        )


class HaTinh2025(Replica):
    platform, host = "hatinh_2025", "anvinh.hatinh2025.test"
    traps = ("/in-bai/", "day=")
    start = ("/", "/vi/chuyen-muc/tin-tuc")

    def address(self, story):
        return f"/bai-viet/{story.slug}"

    def entry(self, story):
        return (
            f'<div class="news-item"><a class="title" href="{self.address(story)}">{esc(story.title)}</a><span class="time">{story.at("%d/%m/%Y")}</span>'
            f"<p>{esc(story.sapo)}</p></div>"
        )

    def _frame(self, title, inner):
        links = menu(
            ("/", "Trang chủ"),
            ("/vi/chuyen-muc/tin-tuc", "Tin tức"),
            ("/tin-tuc?chuyen-muc-tin=30", "Thông báo"),
            ("/lich?day=2024-05-01", "Lịch"),
        )
        return page(title, "", links + inner)

    def route(self, asked):
        number = int(asked.query.get("page", 1))
        if asked.path.endswith("/chuyen-muc/tin-tuc"):
            pager = "".join(f'<a href="?page={n}">{n}</a>' for n in (1, 2, 3))
            return self._frame(f"Tin tức - {WARD}", f"<div>{self.entries(number)}</div>{pager}")
        if asked.path == "/tin-tuc" and asked.query.get("chuyen-muc-tin") == "30":
            return self._frame(f"Thông báo - {WARD}", f"<div>{self.entry(self.stories[1])}</div>")
        return self._frame(WARD, f"<div>{self.entry(self.stories[0])}</div>") if asked.path == "/" else None

    def article(self, story):
        files = f'<div class="detail-content-foot">Tệp đính kèm: {file_link(story)}</div>' if story.file else ""
        return self._frame(
            story.title,
            f'<h1 class="detail-title">{esc(story.title)}</h1><div class="time">Đăng tải: {story.at("%d/%m/%Y %H:%M")}</div><div class="detail-content"><div class="detail-content-lead">{esc(story.sapo)}</div>'
            f'{paragraphs(story)}{files}</div><a href="/in-bai/{story.slug}">In bài</a>',
        )
