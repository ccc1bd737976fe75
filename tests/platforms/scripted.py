"""Replicas of portals whose lists a script fills: the page holds no entry, a JSON answer names them."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

import json

from tests.platforms.enterprise import Liferay
from tests.platforms.government import SharePoint
from tests.platforms.replica import WARD, Answer, file_link, paragraphs


def _json(value):
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=UTF-8")


class BacNinh(Liferay):
    """A resource of a Liferay portlet, by GET."""

    host = "anvinh.bacninh.test"
    start = ("/web/guest/trang-chu", "/tin-tuc")
    sapo = True

    def address(self, story):
        return f"/news/-/details/22511/{story.slug}-{story.number}"

    def is_at(self, story, path, query):
        return path == self.address(story)

    def route(self, asked):
        if asked.path == "/tin-tuc":
            resource = "/tin-tuc?p_p_id=newsbycategory_WAR_bacninhportlet&amp;p_p_lifecycle=2&amp;p_p_resource_id=loadPage&amp;p_p_cacheability=cacheLevelPage"
            return self._frame(
                f"Tin tức - {WARD}", f"<div id='list'></div><script>var loadPageURL = '{resource}';</script>"
            )
        return super().route(asked)

    def answer(self, method, target, form=""):
        if "p_p_resource_id=loadPage" not in target:
            return super().answer(method, target, form)
        number = int(target.partition("pageNum=")[2].partition("&")[0])
        shown = self.pages[number - 1] if number <= len(self.pages) else []
        items = [
            {"id": s.number, "title": s.title, "createdDate": s.at("%d/%m/%Y %H:%M"), "urlDetail": self.address(s)}
            for s in shown
        ]  # fmt: skip
        return self._finish(_json({"items": items, "totalPageNum": len(self.pages)}))

    def _frame(self, title, inner):
        return super()._frame(title, inner).replace("/web/guest/tin-tuc", "/tin-tuc")

    def article(self, story):
        return self._frame(
            story.title,
            f'<h1 id="contentDetailTitleId">{story.title}</h1><div id="sapoDetailId">{story.sapo}</div><div id="contentDetail">{paragraphs(story)}{file_link(story, "/documents")}</div>',
        )


class VinhPhuc(SharePoint):
    """An API beside SharePoint, by POST; five articles an answer, whatever is asked for."""

    host = "anvinh.vinhphuc.test"
    _list = "/ct/cms/tintuc/Lists/ThoiSu"
    start = (f"{_list}/View_List.aspx",)

    def address(self, story):
        return f"{self._list}/View_Detail.aspx?ItemID={story.number}"

    def route(self, asked):
        if asked.path == self.start[0]:
            script = "<script>$.post('/APIVP/api/DSTinTuc/QUERYDATA', q);</script>"
            return self._frame(f"Thời sự - {WARD}", f"<div id='ds'></div>{script}")
        if asked.path != "/APIVP/api/DSTinTuc/QUERYDATA" or asked.method != "POST":
            return None
        start, length = int(asked.form["start"]), min(5, int(asked.form["length"]))
        shown = self.stories[start : start + length] if asked.form["UrlList"] == self._list else []
        rows = [{"ID": s.number, "Title": f"##{s.title}", "CreatedDate": s.at("%Y-%m-%dT%H:%M:00")} for s in shown]
        return _json({"data": rows})
