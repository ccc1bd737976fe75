"""Replicas of what cities' portals turned out to look like: Đà Nẵng's own portlets, a new theme of Hà Nội's, Cao Bằng."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from tests.platforms.replica import WARD, Replica, esc, file_link, menu, page, paragraphs

# Menus of links to other offices: their addresses name other platforms than this portal's.
_OFFICES = "".join(
    f'<li><a href="https://so{n}.test/web/guest/tin/-/asset_publisher/vPwEYsSDZFd{n}/content/tin-so-{n}">Sở số {n}</a></li>'
    for n in range(1, 6)
)


class DaNang(Replica):
    """Liferay 7 with portlets of its own: entries nest, an image link without text comes before the named one."""

    platform, host = "liferay", "anvinh.danangcity.test"
    traps = ("/video?", "/c/portal/login", "so1.test")
    start = ("/",)

    def address(self, story):
        return f"/chi-tiet?id={story.number}&_c=3"

    def is_at(self, story, path, query):
        return path == "/chi-tiet" and query.get("id") == str(story.number)

    def entry(self, story):
        href = esc(self.address(story))
        return (
            f'<div class="hot-news-block"><div class="dng-news-item"><a href="{href}"><img src="/documents/d/guest/{story.number}" alt=""></a>'
            f'<div class="link-news-content"><a class="link-news" href="{href}">{esc(story.title)}</a><span class="news-date">{story.at("%d/%m/%Y %H:%M")}</span>'
            f"<p>{esc(story.sapo)}</p></div></div></div>"
        )

    def _frame(self, title, inner):
        head = (
            '<link class="lfr-css-file" data-senna-track="temporary" href="/o/dng-theme/css/clay.css?t=1" rel="stylesheet">'
            '<script data-senna-track="temporary">window.Liferay = Liferay || {}; Liferay.ThemeDisplay = {};</script>'
        )
        links = menu(("/", "Trang chủ"), ("/danh-muc?_c=3", "Tin tức"), ("/c/portal/login", "Đăng nhập"))
        videos = "".join(
            f'<div class="dng-news-item"><a href="/video?_c=3&amp;id={n}">Phóng sự về khu phố văn hóa số {n} của phường</a></div>'
            for n in (71, 72, 73)
        )
        return page(
            title,
            head,
            f'{links}<section id="content"><h1>CỔNG THÔNG TIN</h1>{inner}</section><div class="video-box">{videos}</div>'
            f'<div class="lien-ket"><h3>Liên kết</h3><ul>{_OFFICES}</ul></div>',
        )

    def route(self, asked):
        if asked.path == "/danh-muc" and asked.query.get("_c") == "3":
            pager = "".join(f'<a href="/danh-muc?_c=3&amp;cur={n}">{n}</a>' for n in (1, 2))
            return self._frame(f"Tin tức - {WARD}", self.entries(int(asked.query.get("cur", 1))) + pager)
        if asked.path == "/":
            return self._frame(WARD, "".join(map(self.entry, self.stories[:2])))
        return None

    def article(self, story):
        return self._frame(
            f"{story.title} - {WARD}",
            f'<div class="journal-content-article"><h3 class="article-title">{esc(story.title)}</h3><span class="publish-date">{story.at("%d/%m/%Y %H:%M")}</span>'
            f'<p class="sapo">{esc(story.sapo)}</p>{paragraphs(story)}{file_link(story, "/documents/20121/0")}</div><div class="taglib-ratings">Đánh giá bài viết</div>',
        )


class BacTuLiem(Replica):
    """Hà Nội's block of an article in a new theme, whose lists are cards."""

    platform, host = "hanoi_liferay62", "anvinh.quanmoi.test"
    traps = ("p_p_id=58", "/pop_up", "so1.test")
    start = ("/", "/tin-hoat-dong")

    def address(self, story):
        return f"/tin-hoat-dong/-/view_content/{story.number}-{story.slug}.html"

    def is_at(self, story, path, query):
        return f"/-/view_content/{story.number}-" in path

    def entry(self, story):
        return (
            f'<div class="card mb-3"><a href="{self.address(story)}"><img class="card-img-top" src="/image/journal/article?img_id={story.number}" alt=""></a>'
            f'<div class="card-body"><a class="card-title h5" href="{self.address(story)}">{esc(story.title)}</a>'
            f'<p class="card-text"><small class="text-body-secondary">{story.at("%d/%m/%Y")}</small></p><p class="card-text">{esc(story.sapo)}</p></div></div>'
        )

    def _frame(self, title, inner):
        head = (
            '<link class="lfr-css-file" href="/quan-theme/css/main.css?browserId=other&b=6205" rel="stylesheet">'
            "<script>var Liferay = {}; Liferay.ThemeDisplay = {};</script>"
        )
        links = menu(
            ("/", "Trang chủ"), ("/tin-hoat-dong", "Tin hoạt động"), ("/?p_p_id=58&p_p_state=maximized", "Đăng nhập")
        )
        side = '<div class="journal-content-article"><p>Đường dây nóng của phường: 000 0000</p></div>'
        return page(
            title,
            head,
            f'{links}<div class="row"><div class="col-8">{inner}</div><div class="col-4"><h1 class="portlet-title">Liên kết</h1>{side}<ul>{_OFFICES}</ul></div></div>',
        )

    def route(self, asked):
        if asked.path == "/tin-hoat-dong":
            pager = "".join(
                f'<li class="page-item"><a class="page-link" href="/tin-hoat-dong?p_p_id=101&amp;p_p_lifecycle=0&amp;_101_cur={n}">{n}</a></li>'
                for n in (1, 2)
            )
            return self._frame(
                f"Tin hoạt động - {WARD}",
                f'{self.entries(int(asked.query.get("_101_cur", 1)))}<ul class="pagination">{pager}</ul>',
            )
        if asked.path == "/":
            return self._frame(WARD, "".join(map(self.entry, self.stories[:2])))
        return None

    def article(self, story):
        other = next(one for one in self.stories if one.number != story.number)
        return self._frame(
            f"{story.title} - Tin hoạt động - {WARD}",
            f'<div class="asset-full-content"><div class="asset-full-content-title">{esc(story.title)}</div>'
            f'<div class="assetPublishDate"><i class="bi bi-clock"></i> Ngày đăng {story.at("%d/%m/%Y | %I:%M %p")} | Lượt xem: 12</div>'
            f'<div class="sapo-wrapper"><div class="sapo">{esc(story.sapo)}</div></div>'
            f'<div class="asset-content"><div class="journal-content-article">{paragraphs(story)}{file_link(story, "/documents/9/1")}</div></div>'
            f'<div class="related_asset"><h2>Tin khác</h2><a href="{self.address(other)}">{esc(other.title)}</a></div></div>',
        )


class CaoBang(Replica):
    """A newspaper's own ASP.NET: `/Section/Slug/NNNNN.bcb`, a slider whose numbers lead to "#"."""

    platform, host = "generic", "anvinh.baotinh.test"
    traps = ("/Dang-nhap", "so1.test")
    start = ("/", "/Thoi-su")

    def address(self, story):
        return f"/Thoi-su/{'-'.join(word.capitalize() for word in story.slug.split('-'))}/{story.number}.bcb"

    def entry(self, story):
        return (
            f'<div class="item"><a href="{self.address(story)}"><img src="/anh/{story.number}" alt=""></a><h4><a href="{self.address(story)}">{esc(story.title)}</a></h4>'
            f"<span>{story.at('%d/%m/%Y %H:%M')}</span><p>{esc(story.sapo)}</p></div>"
        )

    def _frame(self, title, inner):
        slider = "".join(f'<a href="#">{n}</a>' for n in range(1, 6))
        links = menu(("/", "Trang chủ"), ("/Thoi-su", "Thời sự"), ("/Dang-nhap", "Đăng nhập"))
        return page(
            title,
            "",
            f'{links}<div class="slider-numbers">{slider}</div><div class="main">{inner}</div><ul class="links">{_OFFICES}</ul>',
        )

    def route(self, asked):
        if asked.path == "/Thoi-su":
            pager = "".join(f'<a href="/Thoi-su?page={n}">{n}</a>' for n in (1, 2))
            return self._frame(
                f"Thời sự - {WARD}",
                f'<div class="ds">{self.entries(int(asked.query.get("page", 1)))}</div><div class="pager">{pager}</div>',
            )
        if asked.path == "/":
            return self._frame(WARD, f'<div class="ds">{"".join(map(self.entry, self.stories[:3]))}</div>')
        return None

    def article(self, story):
        return self._frame(
            f"{story.title} - {WARD}",
            f'<h1>{esc(story.title)}</h1><div class="ngay">{story.at("%d/%m/%Y %H:%M")}</div><div class="sapo"><b>{esc(story.sapo)}</b></div>'
            f'<div class="noi-dung">{paragraphs(story)}</div><div class="tep">{file_link(story)}</div>',
        )


class NewTheme(BacTuLiem):
    """The same theme on the stock asset publisher: no portlet around the block of an article."""

    platform, host = "liferay_asset_publisher", "anvinh.theme.test"

    def address(self, story):
        return f"/tin-hoat-dong/-/asset_publisher/Ab3dEf6hIj9k/content/{story.slug}"

    def is_at(self, story, path, query):
        return path.endswith(f"/content/{story.slug}")
