"""Replicas of Liferay with display pages, DotNetNuke and WebCenter."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from tests.platforms.replica import WARD, Replica, esc, file_link, menu, page, paragraphs


class Liferay(Replica):
    platform, host = "liferay", "anvinh.liferay.test"
    headers = (("Liferay-Portal", "Liferay Community Edition Portal 7.4"),)
    traps = ("/c/portal/login", "p_p_state=pop_up", "redirect=", "/en/vi")
    start = ("/web/guest/trang-chu", "/web/guest/tin-tuc")
    _cur = "_com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_bQ7mWc2LxTfe_cur"

    def address(self, story):
        return f"/web/guest/-/{story.slug}"

    def is_at(self, story, path, query):
        return path.removeprefix("/vi").removeprefix("/web/guest") == f"/-/{story.slug}"

    def entry(self, story):
        return (
            f'<div class="asset-abstract"><h4 class="asset-title"><a href="{self.address(story)}?redirect=%2Fweb%2Fguest%2Ftin-tuc">{esc(story.title)}</a></h4>'
            f'<span class="asset-publish-date">{story.at("%d/%m/%Y %H:%M")}</span><div class="asset-summary">{esc(story.sapo)}</div></div>'
        )

    def _frame(self, title, inner):
        links = menu(
            ("/web/guest/trang-chu", "Trang chủ"),
            ("/web/guest/tin-tuc", "Tin tức"),
            ("/c/portal/login", "Đăng nhập"),
            ("/en/vi/web/guest/tin-tuc", "English"),
        )
        return page(
            title,
            "<script>Liferay.ThemeDisplay = {};</script>",
            f'{links}<section id="content"><h1 class="title-page">CỔNG THÔNG TIN</h1>{inner}</section>',
        )

    def route(self, asked):
        path = asked.path.removeprefix("/vi")
        if path == "/web/guest/tin-tuc":
            number = int(asked.query.get(self._cur, 1))
            pager = "".join(
                f'<a href="/web/guest/tin-tuc?p_p_id=x&p_p_lifecycle=0&p_r_p_resetCur=false&{self._cur}={n}">{n}</a>'
                for n in (1, 2)
            )
            return self._frame(
                f"Tin tức - {WARD}", f'<div class="portlet-asset-publisher">{self.entries(number)}{pager}</div>'
            )
        if path in ("/", "/web/guest/trang-chu"):
            story = self.stories[0]
            return self._frame(
                WARD,
                f'<div class="portlet-asset-publisher">{self.entry(story)}<a href="/vi/web/guest/-/{story.slug}">{esc(story.title)}</a></div>',
            )
        return None

    def article(self, story):
        return self._frame(
            f"{story.title} - {WARD}",
            f'<div class="portlet-display-page"><div class="journal-content-article"><h2 class="title-news">{esc(story.title)}</h2><span class="date_time">{story.at("%d/%m/%Y %H:%M")}</span>'
            f'<p class="sapo">{esc(story.sapo)}</p>{paragraphs(story)}</div>{file_link(story, "/documents/20121/0")}<div class="taglib-ratings">Đánh giá bài viết</div></div><a href="{self.address(story)}?p_p_state=pop_up">In</a>',
        )


class DotNetNuke(Replica):
    platform, host = "dotnetnuke", "anvinh.dnn.test"
    headers = (("Set-Cookie", ".DotNetNukeAnonymous=abc; path=/"),)
    traps = ("SkinSrc", "ctl=Login", "/ctl/Privacy")
    start = ("/", "/Default.aspx?tabid=107")

    def address(self, story):
        return f"/Default.aspx?tabid=107&NewsViews={story.number}"

    def entry(self, story):
        return (
            f'<div class="NewsItem"><a class="NewsTitle" href="{esc(self.address(story))}&amp;language=vi-VN">{esc(story.title)}</a> <span class="NewsDate">({story.at("%d/%m/%Y")})</span>'
            f"<div>{esc(story.sapo)}</div></div>"
        )

    def _frame(self, title, inner):
        links = menu(
            ("/Default.aspx?tabid=36", "Trang chủ"),
            ("/Default.aspx?tabid=107", "Tin tức"),
            ("/Default.aspx?tabid=107&ctl=Login", "Đăng nhập"),
        )
        return page(
            title,
            '<link rel="stylesheet" href="/Portals/0/skin.css">',
            f'<form id="Form"><div id="dnn_HeaderPane">{links}</div><div id="dnn_ContentPane">{inner}</div></form>',
        )

    def route(self, asked):
        if asked.path not in ("/", "/Default.aspx"):
            return None
        if asked.query.get("tabid") == "107":
            pager = "".join(f'<a href="/Default.aspx?tabid=107&page={n}">{n}</a>' for n in (1, 2))
            return self._frame(f"Tin tức - {WARD}", f"{self.entries(int(asked.query.get('page', 1)))}{pager}")
        return self._frame(WARD, self.entry(self.stories[0]))

    def article(self, story):
        return self._frame(
            f"{WARD} - {story.title}",
            f'<div class="NewsDetail"><span class="SubHead">{esc(story.title)}</span><br><span class="Normal">Tác giả: bientap .Ngày đăng: {story.at("%d/%m/%Y")} .Lượt xem: 154 lượt.</span>'
            f'<div class="NewsSummary">{esc(story.sapo)}</div><div class="Normal">{paragraphs(story)}</div>{file_link(story, "/Portals/0/Files")}</div>'
            f'<a href="{esc(self.address(story))}&amp;SkinSrc=%5BG%5DSkins%2f_default%2fNo+Skin">In</a>',
        )


class WebCenter(Replica):
    platform, host = "webcenter", "anvinh.webcenter.test"
    traps = ("_afrLoop", "/faces/login")
    start = ("/webcenter/portal/anvinh/pages_tin-tuc?catalog=CTXH",)
    _list = "/webcenter/portal/anvinh/pages_tin-tuc"

    def address(self, story):
        return f"{self._list}/chi-tiet?dDocName=PORTAL{story.number}"

    def entry(self, story):
        return (
            f'<div class="tin-item"><a href="{self.address(story)}">{esc(story.title)}</a><span class="ngay-dang">{story.at("%d/%m/%Y")}</span>'
            f"<p>{esc(story.sapo)}</p></div>"
        )

    def _frame(self, title, inner):
        links = menu(
            (f"{self._list}?catalog=CTXH", "Tin tức"),
            (f"{self._list}?catalog=KT", "Kinh tế"),
            (f"{self._list}?catalog=CTXH&_afrLoop=83", "Làm mới"),
            ("/webcenter/faces/login", "Đăng nhập"),
        )
        return page(
            title, "<script>AdfPage.PAGE;</script>", f'<div id="T:oc_1">{links}</div><div id="T:oc_2">{inner}</div>'
        )

    def route(self, asked):
        if asked.path != self._list:
            return None
        if asked.query.get("catalog") == "KT":
            return self._frame(f"Kinh tế - {WARD}", self.entry(self.stories[4]))
        pager = "".join(f'<a href="{self._list}?catalog=CTXH&page={n}">{n}</a>' for n in (1, 2))
        return self._frame(f"Tin tức - {WARD}", self.entries(int(asked.query.get("page", 1))) + pager)

    def article(self, story):
        return self._frame(
            "Chi tiết tin tức",
            f'<div class="chi-tiet-tin" id="T:oc_3"><span class="tieu-de">{esc(story.title)}</span><br><span class="ngay-dang">{story.at("%d/%m/%Y")}</span><div class="tom-tat">{esc(story.sapo)}</div>'
            f'<div id="T:oc_4">{paragraphs(story)}</div>{file_link(story, "/webcenter/tep")}</div>',
        )
