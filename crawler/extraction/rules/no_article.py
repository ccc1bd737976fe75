"""Pages that answer an article's URL without being one."""

import re
from typing import Any

from crawler.extraction.page_metadata import Declared
from crawler.reasons import Reason

_ANTIBOT_TITLE = re.compile(
    r"just a moment|attention required|ddos|checking your browser|access denied|request rejected|viettel waf"
    r"|cloudrity|"
    r"security check|xác (?:minh|thực) (?:bạn|rằng bạn|truy cập)|are you (?:a )?(?:human|robot)|robot check"
    r"|truy cập bị (?:chặn|từ chối)",
    re.IGNORECASE,
)
_ANTIBOT_TEXT = re.compile(
    r"viettel waf|cloudrity|the requested url was rejected|checking your browser before"
    r"|enable javascript and cookies to continue"
    r"|d1n=[0-9a-f]{8}|__cf_chl|/cdn-cgi/challenge|incapsula incident|please enable cookies|support id is|captcha",
    re.IGNORECASE,
)
# A page with a menu is no challenge, although a form of it has a field "captcha".
_LINKS_OF_A_SCREEN = 5
_RELOAD = re.compile(r"document\.cookie\s*=|location\.(?:reload|href|replace)|http-equiv=.refresh", re.IGNORECASE)
_ERROR = re.compile(
    r"^\W*(?:(?:lỗi|error|http|http status|status)?\W*(?:40[0-9]|410|50[0-4])\b|page not found|not found"
    r"|nothing found|oops|"
    r"không (?:tìm thấy|tồn tại)(?: (?:trang|nội dung|bài viết|đường dẫn).*)?$|(?:trang|nội dung|bài viết"
    r"|đường dẫn|trang web)(?: này| bạn (?:tìm|yêu cầu))? không (?:tồn tại|tìm thấy|còn)|"
    r"server error|runtime error|internal server error|bad (?:gateway|request)"
    r"|service (?:temporarily )?unavailable|forbidden|"
    r"the (?:page|resource|requested) .{0,40}(?:not found|cannot be found|unavailable)|(?:website|trang web"
    r"|hệ thống|trang) (?:đang|tạm) (?:bảo trì|nâng cấp|dừng)|"
    r"under (?:maintenance|construction)|database error|error establishing|đã xảy ra lỗi|có lỗi xảy ra"
    r"|index of /|iis windows|apache2? .*default page|welcome to nginx|"
    r"trạng thái http|exception report|không tìm thấy trang)",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"the requested resource (?:was not found|could not be found)"
    r"|tài nguyên (?:được )?yêu cầu không (?:được )?tìm thấy|"
    r"server error in '/' application|the page you (?:are looking for|requested) (?:might|could|was|cannot|does)|"
    r"(?:bài viết|nội dung|tin)(?: này| bạn (?:yêu cầu|tìm))? (?:không tồn tại|đã bị (?:gỡ|xóa|xoá))|đã xảy ra lỗi|"
    r"portlet này (?:hiện )?không khả dụng|"
    r"trang bạn (?:tìm|yêu cầu) không (?:tồn tại|tìm thấy)"
    r"|không tìm thấy nội dung|"
    r"resource is temporarily unavailable|tạm thời không (?:có|truy cập được)|không có quyền (?:truy cập|xem)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"^\W*(?:đăng nhập|log ?in|sign ?in|login)\b", re.IGNORECASE)
# What themes head the lists of one category, label or month with.
_LIST_TITLE = re.compile(r"^(?:category|tag|(?:(?:category|tag|author|daily|monthly|yearly) )?archives?)\s*: *\S", re.I)
_PASSWORD = re.compile(
    r"post-password-form|wp-login\.php\?action=postpass|nội dung (?:này )?được bảo (?:mật|vệ)"
    r"|nhập mật khẩu (?:của bạn )?(?:để xem|bên dưới|dưới đây)|this content is password[- ]protected",
    re.IGNORECASE,
)


def before_reading(text: str, declared: Declared, visible: str) -> Reason | None:
    """Return the reason that is plain before anything is extracted: firewall, error and password pages, or None.

    `text` is the page's source, `visible` its text. An article about error 404 is safe: titles are matched at their
    start and bodies only where the page has little other text.
    """
    title = declared.title or declared.og_title
    short = len(visible) < 1200
    if _ANTIBOT_TITLE.search(title) and len(visible) < 3000:
        return Reason.ANTIBOT
    if (
        short
        and len(text) < 20_000
        and (_ANTIBOT_TEXT.search(visible) or (_ANTIBOT_TEXT.search(text) and len(visible) < 400))
        and text.lower().count("<a ") < _LINKS_OF_A_SCREEN
    ):
        return Reason.ANTIBOT
    if len(visible) < 120 and len(text) < 6_000 and _RELOAD.search(text):
        return Reason.ANTIBOT
    if _ERROR.match(title) and (short or len(title) < 60 or "–" in title):
        return Reason.ERROR_PAGE
    if short and (_ERROR_TEXT.search(visible) or _ERROR.match(visible)):
        return Reason.ERROR_PAGE
    if "post-password-form" in text or (short and _PASSWORD.search(visible)):
        return Reason.PASSWORD_PROTECTED
    return None


def after_reading(title: str, body: str, root: Any) -> Reason | None:
    """Return the reason that shows once the text is found: an error message or a sign-in form in its place, or the
    heading of a category's list."""
    if _LIST_TITLE.match(title):
        return Reason.NO_ARTICLE
    if len(body) < 400:
        if _ERROR.match(title) or _ERROR_TEXT.search(body) or _ERROR.match(body):
            return Reason.ERROR_PAGE
        if _LOGIN.match(title) and root.xpath("boolean(//input[@type='password'])"):
            return Reason.LOGIN
    return None


def without_body(root: Any, declared: Declared, visible: str) -> Reason:
    """Return the reason for a page in which no article was found."""
    if root.xpath("boolean(//input[@type='password'])") and (_LOGIN.match(declared.title) or len(visible) < 1500):
        return Reason.LOGIN
    if _ERROR_TEXT.search(visible):
        return Reason.ERROR_PAGE
    if len(visible) < 20 and not root.xpath("boolean(//img|//iframe|//embed|//object)"):
        return Reason.EMPTY_PAGE
    return Reason.NO_ARTICLE
