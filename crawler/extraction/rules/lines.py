"""Lines that are the portal's and not the editor's.

A rule here looks at one line of visible text, folded (no marks, lower case) and stripped, and says what it is. Rules
are anchored at both ends or at the start of a short line, so that a sentence that mentions a visit counter stays.
"""

import re
from enum import Enum
from functools import lru_cache

from crawler.text import fold


class Line(Enum):
    """What a line is, where it is not the editor's."""

    LABEL = "label"  # "content:", "Tệp đính kèm": dropped wherever it is
    META = "meta"  # a date, view count, "Tác giả: …": dropped at the edges of the body
    TOOL = "tool"  # print, share, font size, sign in: dropped wherever it is
    END = "end"  # "Tin liên quan", "Đánh giá:", "Thống kê truy cập": the article is over


_SPACES = re.compile(r"\s+")
_LONGEST = 160

# Cures: Ba Đình prints the field's name ("content:") before and after each field; SharePoint "Page Content".
_LABEL = re.compile(
    r"(?:content|body|page content|article content|null|undefined|detailcontroller|global text slide"
    r"|(?:cac |danh sach )?(?:tep|file|tap tin|tai lieu|van ban) (?:tin )?(?:dinh )?kem(?: theo)?|dinh kem"
    r"|attachments?"
    r"|anh minh hoa bai viet|tep dinh kem|tai ve|tai file|download|xem truoc)\s*[:;.]?"
    r"|(?:summary|abstract|description|main content|intro ?text|full ?text|sapo|lead)\s*:"
    r"|menu_war_\S+|[|•·\-–—_*.:]+|\d{1,3} ?%"
)
# Cures: field names that an editor may have typed as well: dropped only at the edges of the body.
_EDGE_LABEL = re.compile(
    r"(?:noi dung(?: bai viet| tin| chi tiet)?|tom tat|trich yeu|tieu de|mo ta|chi tiet(?: tin)?)\s*:?"
)
# Cures: view counters, date lines and poster lines inside the container, above or below the text.
_META = re.compile(
    r"(?:so )?(?:luot|lan) (?:xem|doc|truy cap|view)\s*(?:bai|tin)?\s*[:\-]?\s*[\d.,]*(?: luot)?"
    r"|(?:da )?(?:xem|doc)\s*:?\s*[\d.,]+(?: (?:lan|luot))?|[\d.,]+ (?:luot|lan) (?:xem|doc|truy cap)(?: bai viet)?"
    r"|view(?:s| count)?\s*:?\s*[\d.,]+|[\d.,]+ views?"
    r"|co: ?[\d.,]+ luot xem|luot xem"
)
_DATE_LABEL = (
    r"(?:(?:ngay|thoi gian|gio) (?:dang|cap nhat|tao|xuat ban|ban hanh|dang tin|gui)(?: tin| bai)?"
    r"|dang (?:luc|ngay|tai|boi)|cap nhat(?: (?:luc|ngay|cuoi|lan cuoi))?|duoc dang|xuat ban(?: ngay)?"
    r"|publish(?:ed)?(?: date| on| at)?|posted(?: on| at)?|(?:last )?updated(?: on| at)?|ngay|date|thoi gian|gui luc)"
)
_DAY = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}|\d{4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2} \d{1,2} \d{4}"
    r"|\d{1,2} thang (?:\d{1,2}|mot|gieng|hai|ba|tu|nam|sau|bay|tam|chin|muoi(?: mot| hai)?|chap),? (?:nam )?\d{4})"
)
_TIME = r"(?:\d{1,2}\s*[:h]\s*\d{2}(?:\s*:\s*\d{2})?(?:\.\d+)?\s*(?:am|pm|sa|ch|s|c)?|\d{1,2} gio \d{1,2}(?: phut)?)"
_WEEKDAY = (
    r"(?:th ?[2-7]|t ?[2-7]|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_JOINT = r"[\s,|()\-–—:;.]*(?:luc |ngay )?"
_DATE_LINE = re.compile(
    rf"[\s|(\-–•]*(?:{_DATE_LABEL}\s*[:.\-|]?\s*)?{_JOINT}"
    rf"(?:{_TIME}{_JOINT}(?:{_WEEKDAY}{_JOINT})?{_DAY}|(?:{_WEEKDAY}{_JOINT})?{_DAY}(?:(?:{_JOINT}|t){_TIME})?)"
    r"\s*(?:\(?(?:gmt|utc) ?[+-]? ?\d{1,2}(?::?\d{2})?\)?|[+-]\d{2}:?\d{2}|z)?[\s|)\-–•.]*"
    r"(?:[|\-–•.,]?\s*(?:(?:view count|views?|luot xem|da xem|so lan xem|so luot xem"
    r"|luot doc)\s*:?\s*[\d.,]*(?: luot)?|[\d.,]+ (?:luot|lan) (?:xem|doc)))?"
    r"[\s|.]*"
)
# Cures: DotNetNuke's "Tác giả: X .Ngày đăng: 18/01/2022 .Lượt xem: 154 lượt."
_POSTER_LINE = re.compile(
    r"(?:tac gia|nguoi dang|dang boi|nguon|by|theo)\b.{0,80}?[\s.,|\-–]"
    rf"(?:{_DATE_LABEL}\s*:?\s*)(?:{_TIME}{_JOINT})?{_DAY}.{{0,60}}"
)
_TOOL = re.compile(
    r"(?:in (?:bai|trang|tin|an)(?: viet| nay)?|ban in|print|gui (?:email|mail|bai|cho ban be|tin)(?: viet)?"
    r"|send (?:e-?mail|to friend)"
    r"|chia se(?: (?:bai viet|qua|len|voi|tren).{0,30})?|share(?: (?:on|this|to).{0,20})?|tweet|like|thich"
    r"|facebook|zalo|twitter|linkedin|pinterest|google\+?|email|copy link|sao chep lien ket"
    r"|tang (?:co|kich thuoc) chu|giam (?:co|kich thuoc) chu|co chu|kich thuoc chu|a[+-]|[aA] ?[+-]? ?[aA] ?[+-]?"
    r"|doc bai(?: viet)?|nghe bai(?: viet)?|doc bao noi|phat am thanh|dang nhap|dang xuat|quay lai|tro (?:ve"
    r"|lai)|ve trang truoc|len dau trang|dau trang|back to top|back|go top|top|trang chu|home"
    r"|truy cap noi dung luon|skip to (?:main )?content|xem (?:them|chi tiet|tiep|ban in)|doc tiep|read more"
    r"|more|luu bai(?: viet)?|theo doi.{0,20}google news|bao loi|ra khoi danh sach yeu thich"
    r"|(?:(?:the |this )?(?:form|page|content|comments?|map|video) (?:is |are )?|please wait\W*|now )?loading"
    r"|(?:dang|vui long cho\W*dang) tai(?: (?:du lieu|noi dung|trang|binh luan|bieu mau))?"
    r"|mac dinh|font|lon|nho|vua|tuong phan|giong doc|nu mien bac|nam mien bac)\s*[:>»….\[\]]*"
)
# Cures: what follows the article inside the same container, from related news down to the site's footer.
_END = re.compile(
    r"(?:(?:cac |nhung |danh sach )?(?:tin|bai|bai viet|tin tuc|tin bai|noi dung|van ban"
    r"|thong tin) (?:tuc )?(?:lien quan|khac|cung (?:chuyen muc|loai|chu de|danh muc)|cung su kien|moi (?:hon"
    r"|nhat|dang|cap nhat)?|cu hon|da (?:dang|dua)|moi va cu|doc nhieu(?: nhat)?|xem nhieu(?: nhat)?|noi bat"
    r"|truoc do|tiep theo)(?: khac)?"
    r"|cung chuyen muc|tin (?:doc|xem) nhieu(?: nhat)?|co the ban quan tam|ban co the (?:quan tam|thich)"
    r"|xem them tin|bai truoc|bai sau|bai ke tiep|related (?:news|posts?|articles?|stories|content)|other news"
    r"|more news|you may also like|leave a (?:reply|comment)"
    r"|(?:gui |viet |y kien )?(?:binh luan|phan hoi|nhan xet)(?: cua ban| ban doc| bai viet)?(?: \(\d+\))?"
    r"|y kien (?:cua ban|ban doc|phan hoi)|\d+ binh luan|comments?(?: \(\d+\))?"
    r"|(?:moi ban )?danh gia(?: (?:bai viet|noi dung|tin).{0,20})?|(?:danh gia\s*:?\s*)?luot danh gia.{0,60}"
    r"|trung binh\s*:?.{0,20}"
    r"|tong so diem cua bai viet.{0,60}|click de danh gia bai viet|xep hang\s*[:\d].{0,30}|rating.{0,20}"
    r"|so sao.{0,20}"
    r"|ma (?:xac (?:thuc|nhan)|bao (?:ve|mat|vao))(?: khong dung.?)?|thong ke(?: truy cap)?(?: website)?"
    r"|so (?:luot|nguoi) (?:truy cap|online)|luot truy cap|bo dem|dem truy cap"
    r"|thu vien (?:hinh )?anh|thu vien video|lien ket (?:web|website|trang|nhanh|site)|album anh|video clip"
    r"|ban do hanh chinh|(?:tham do|binh chon)(?: y kien)?)\s*[:.>»]*"
)
_END_START = re.compile(
    r"(?:dang (?:truy cap|truc tuyen|online)|dang xem|tong (?:so )?(?:luot )?truy cap|tong cong|hom nay"
    r"|hom qua|tuan nay|thang nay|truc tuyen|online|luot truy cap|so luot truy cap|tat ca|thong ke"
    r"|khach vieng tham|truy cap(?: hom nay| trong (?:ngay|tuan|thang))?)\s*[:|]\s*[\d.,]+(?: (?:nguoi|luot"
    r"|khach))?$"
    r"|ban quyen ?(?:©|\(c\)|thuoc ve|20\d\d)|©|copyright|\(c\) ?20\d\d|® ?ghi ro nguon"
    r"|ghi ro nguon .{0,60}phat hanh lai|chiu trach nhiem (?:noi dung|chinh)\s*:|bao luu toan quyen"
    r"|thiet ke boi|designed by|powered by|phat trien boi"
    r"|giay phep (?:so|thiet lap)|tong bien tap\s*:|truong ban bien tap\s*:|cong thong tin dien tu .{0,80}giay phep"
    r"|ban do thi xa |cac ca khuc hay ve |ban da khong su dung site"
)


@lru_cache(maxsize=4096)
def classify(text: str) -> Line | None:
    """Return what a line of a portal is, or None for a line of the article."""
    if len(text) > _LONGEST:
        return None
    key = fold(text)
    if not key:
        return Line.LABEL
    if _LABEL.fullmatch(key):
        return Line.LABEL
    if _END.fullmatch(key) or _END_START.match(key):
        return Line.END
    if _TOOL.fullmatch(key):
        return Line.TOOL
    if _META.fullmatch(key) or _EDGE_LABEL.fullmatch(key) or _DATE_LINE.fullmatch(key) or _POSTER_LINE.fullmatch(key):
        return Line.META
    return None


@lru_cache(maxsize=4096)
def is_date_line(text: str) -> bool:
    """Return True for a line that shows a publication date and nothing else but its label, time and view count."""
    if len(text) > _LONGEST:
        return False
    key = fold(text)
    return _DATE_LINE.fullmatch(key) is not None or _POSTER_LINE.fullmatch(key) is not None
