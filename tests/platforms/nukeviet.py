"""Replicas of NukeViet 4.5: as it is installed, with one language; with several, in the theme for telephones."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from datetime import timedelta

from tests.platforms.replica import WARD, Replica, esc, menu, page, paragraphs, rss, sitemap

DAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
EDITED = timedelta(days=3, hours=2)  # behind the publication: what datePublished says


class NukeViet(Replica):
    """Several languages: the module is in the address. The feeds print the month for the minutes."""

    platform, host = "nukeviet", "anvinh.nukeviet.test"
    traps = ("savefile", "/print/", "/users/", "/tag/", "nvvithemever", "download=", "/author/")
    start = ("/", "/vi/news/tin-hoat-dong/")
    base = "/vi/news/"
    author, source = "Thu Cúc, Minh Sơn", "Bản tin An Vĩnh"
    caption = "Bà con xem bảng chỉ đường ở đầu ngõ"

    def address(self, story):
        return f"{self.base}tin-hoat-dong/{story.slug}-{story.number}.html"

    def entry(self, story):
        return (
            f'<div class="panel panel-default"><div class="panel-body"><a href="{self.address(story)}" title="{esc(story.title)}"><img src="/uploads/news/2024_05/a.jpg" class="imghome"></a><h3><a href="{self.address(story)}" title="{esc(story.title)}">{esc(story.title)}</a></h3>'
            f'<div class="text-muted"><ul class="list-inline"><li><em class="fa fa-clock-o">&nbsp;</em> {story.at("%d/%m/%Y")}</li><li><em class="fa fa-eye">&nbsp;</em> 40</li></ul></div>{esc(story.sapo)}</div></div>'
        )

    def _frame(self, title, inner, head=""):
        links = menu(
            ("/", "Trang nhất"),
            (self.base, "Tin tức"),
            (f"{self.base}tin-hoat-dong/", "Tin hoạt động"),
            ("/vi/users/login/", "Đăng nhập"),
            (f"{self.base}tag/cho/", "chợ"),
            (f"{self.base}?nvvithemever=d&nv_redirect=x", "Máy tính"),
        )
        scripts = (
            '<meta name="generator" content="NukeViet v4.5"><script>var nv_base_siteurl="/",nv_lang_data="vi";</script>'
        )
        return page(title, scripts + head, f"<nav>{links}</nav>{inner}")

    def _feed(self, story):
        return f"{story.at('%a, %d %b %Y %H')}:{story.at('%m')}:00 +0700"

    def route(self, asked):
        base = f"http://{self.host}"
        if asked.path == "/sitemap.xml":
            return sitemap([f"{base}/sitemap-vi.news.xml", f"{base}/sitemap-vi.about.xml"], index=True)
        if asked.path == "/sitemap-vi.news.xml":  # the newest alone
            return sitemap([base + self.address(story) for story in self.stories[:3]])
        if asked.path == "/news/rss/":
            answer = rss(base, self.stories[:2], self.address)
            for story in self.stories[:2]:
                said = f"{story.at('%a, %d %b %Y %H:%M:00')} +0700"
                answer.body = answer.body.replace(said.encode(), self._feed(story).encode())
            return answer
        path = asked.path.rstrip("/") + "/"
        number = int(path.rpartition("/page-")[2].strip("/")) if "/page-" in path else 1
        if path.partition("page-")[0] in (f"{self.base}tin-hoat-dong/", self.base):
            return self._list(path.partition("page-")[0], number)
        return self._list(self.base, 1) if path == "/" else None  # its pager is another list's

    def _list(self, path, number):
        pager = "".join(f'<li><a href="{path}{"" if n == 1 else f"page-{n}/"}">{n}</a></li>' for n in (1, 2))
        entries = f'<div class="news_column">{self.entries(number)}</div><ul class="pagination">{pager}</ul>'
        return self._frame(f"Tin hoạt động - {WARD}", entries)

    def article(self, story):
        others = "".join(
            f'<li><h4><a href="{self.address(s)}">{esc(s.title)}</a></h4> <em>({s.at("%d/%m/%Y")})</em></li>'
            for s in self.stories[:2]
        )
        edited = (story.moment + EDITED).strftime("%Y-%m-%dT%H:%M:00+07:00")
        names = f'<div><p class="h5 text-right"><strong>Tác giả: </strong><a href="{self.base}author/thu-cuc/">Thu Cúc</a>, Minh Sơn</p><p class="h5 text-right"><strong>Nguồn tin: </strong>{self.source}</p></div>'
        file = (
            f'<div class="list-group news-download-file"><span class="badge"><a role="button" href="#file-1"><i class="fa fa-eye"></i></a></span><a href="{self.address(story)}?download=1&amp;id=0" download>Tập tin : <strong>{story.file}</strong></a></div>'
            if story.file
            else ""
        )
        return self._frame(
            story.title,
            f'<div class="news_column panel panel-default" itemtype="http://schema.org/NewsArticle" itemscope><div class="panel-body"><h1 class="title" itemprop="headline">{esc(story.title)}</h1>'
            f'<span class="hidden" itemprop="datePublished">{edited}</span><span class="hidden" itemprop="dateModified">{edited}</span>{self._middle(story)}{file}{names}'
            '<div class="alert alert-info">Ghi rõ nguồn khi đăng lại.</div></div></div>'
            f'<div class="news_column"><div class="other-news"><ul class="detail-related related">{others}</ul></div></div>',
            f'<meta property="article:published_time" content="{story.at("%Y-%m-%d")}+0707{story.at(":%M:00")}"><meta property="article:section" content="Tin hoạt động">',
        )

    def _shown(self, story):
        return (
            f"Thứ {DAYS[story.moment.weekday()] if story.moment.weekday() < 6 else 'CN'} - {story.at('%d/%m/%Y %H:%M')}"
        )

    def _middle(self, story):
        """The theme for telephones: no id at the text, the picture's caption in a line of its own."""
        return (
            f'<em class="time">{self._shown(story)}</em><hr><div id="hometext"><div class="imghome text-center"><a href="#" id="pop"><img id="imageresource" src="/assets/news/a.jpg"></a>'
            f'<div class="modal"><img id="imagepreview" src="/uploads/news/2024_05/a.jpg"></div><em class="show">{self.caption}</em></div><div class="h2" itemprop="description">{esc(story.sapo)}</div></div>'
            f'<div class="bodytext">{paragraphs(story)}</div>'
        )


class NukeVietAsInstalled(NukeViet):
    """One language: articles look like pages of other modules. Lists show what is for members or not out yet."""

    host = "anvinh.nukeviet1.test"
    base = "/"
    start = ("/", "/tin-hoat-dong/")
    members, future = "/tin-hoat-dong/chi-danh-cho-can-bo-410301.html", "/tin-hoat-dong/se-dang-sau-410302.html"
    about = "/about/yeu-cau-su-dung-2.html"

    def _frame(self, title, inner, head=""):
        block = f'<div class="well"><h3><a href="{self.about}">Yêu cầu sử dụng</a></h3></div><a href="/gioi-thieu/dieu-le-410198.html">Điều lệ</a>'
        return super()._frame(title, inner + block, head)

    def entry(self, story):
        """A list of links, a grid."""
        if story.number % 2:
            return f'<div class="list-group-item"><a class="show h4" href="{self.address(story)}" title="{esc(story.title)}"><h4 class="list-group-item-heading">{esc(story.title)}</h4></a></div>'
        return f'<div class="col-md-8"><div class="thumbnail"><div class="caption"><h4><a class="show" href="{self.address(story)}" data-content="{esc(story.sapo)}">{esc(story.title)}</a></h4></div></div></div>'

    def _list(self, path, number):
        shown = super()._list(path, number)
        hidden = "".join(f'<h3><a href="{link}">Tin không đọc được</a></h3>' for link in (self.members, self.future))
        return shown.replace('<div class="news_column">', f'<div class="news_column">{hidden}', 1)

    def route(self, asked):
        if asked.path == self.members:
            return self._frame(
                "Detail - Tin tức", '<div class="alert alert-info">Bạn không được phép xem bài viết</div>'
            )
        if asked.path in (self.about, "/gioi-thieu/dieu-le-410198.html"):
            return self._frame(
                "Giới thiệu", "<h1>Giới thiệu</h1><p>Phường nằm bên sông, có mười một tổ dân phố.</p>" * 3
            )
        return super().route(asked)

    def _middle(self, story):
        """The default theme."""
        thumb = f'<figure class="article left pointer"><div><p><img src="/assets/news/a.jpg"></p><figcaption>{self.caption}</figcaption></div></figure>'
        return (
            f'<div class="row"><span class="h5">{self._shown(story)}</span><ul class="list-inline"><li><a rel="nofollow" href="/savefile/tin-hoat-dong/{story.slug}-{story.number}.html">Lưu</a></li></ul></div>'
            f'<div class="clearfix">{thumb}<div id="imgpreview" style="display:none"><p class="text-center"><img src="/uploads/news/2024_05/a.jpg"></p><figcaption>{self.caption}</figcaption></div><div class="hometext m-bottom" itemprop="description">{esc(story.sapo)}</div></div>'
            f'<div id="news-bodyhtml" class="bodytext margin-bottom-lg">{paragraphs(story)}</div>'
        )
