"""Pages made by chance: one kind of article in the markup of many portals. `make(seed)` gives a page and what it holds.

Chance picks the frame (layout tables, columns, bare boxes), the names of the boxes (telling, meaningless or none), how
paragraphs are marked (p, br runs, bare text, spans, Word, unclosed tags), where date, lead and side lists are and
what `<title>` says. Wards, people and events are invented. It finds what hand-written pages cannot: rules that fit
only them.
"""

import random
import re
from html import escape

from scoring import Gold

_TITLES = (
    "Phường Trà Linh ra quân dọn vệ sinh dọc bờ kênh số 3",
    "Hội Người cao tuổi khu phố 5 mừng thọ các cụ tròn 80",
    "Thông báo lịch tiêm nhắc vắc-xin cho trẻ mầm non đợt 2",
    "Khai mạc lớp bơi hè miễn phí cho học sinh tiểu học",
    "Công khai kết quả bình xét hộ nghèo, hộ cận nghèo cuối năm",
    "UBND phường làm việc với các hộ kinh doanh quanh chợ Gốc Đa",
    "Đoàn thanh niên trồng hai trăm cây bàng lá nhỏ ở công viên mới",
    "Kết luận kiểm tra việc thu chi quỹ khuyến học năm học vừa qua",
    "Phường Mỹ Khê đưa vào sử dụng nhà văn hóa tổ dân phố số 9",
    "Tập huấn chữa cháy cho chủ nhà trọ và tổ liên gia",
    "Báo cáo tình hình thực hiện đề án thu gom rác tại nguồn",
    "Hướng dẫn nộp hồ sơ trực tuyến mức độ toàn trình",
    "Chi hội phụ nữ tổ 12 giúp nhau vốn làm kinh tế",
    "Sửa chữa cống thoát nước ngõ 48: tạm cấm xe từ ngày mai",
    "Giải cờ tướng đầu xuân thu hút hơn sáu mươi kỳ thủ",
    "Mời dự buổi đối thoại về quy hoạch hai bên đường sắt",
)
_SUBJECTS = (
    "Ban chỉ huy quân sự phường", "Các hộ dân trong ngõ", "Đại diện tổ dân phố số 7", "Trạm y tế", "Công an phường",
    "Hội Cựu chiến binh", "Ông Nguyễn Phúc Lâm, tổ trưởng", "Bà Vũ Minh Hiền, chủ nhà trọ", "Ban giám sát cộng đồng",
    "Nhóm sinh viên tình nguyện", "Bộ phận một cửa", "Đội quản lý trật tự",
)  # fmt: skip
_VERBS = (
    "cho biết việc chuẩn bị đã xong từ tuần trước và không phát sinh thêm kinh phí",
    "đề nghị mọi người giữ thói quen phân loại rác, để đúng giờ đúng chỗ",
    "đã vận động được 46 triệu đồng cùng nhiều ngày công của bà con",
    "tiếp nhận 128 lượt ý kiến, phần lớn hỏi về giấy tờ nhà đất và chế độ chính sách",
    "nhắc các gia đình có con nhỏ mang theo sổ theo dõi khi đến điểm tiêm",
    "sẽ trả lời bằng văn bản trong vòng mười ngày làm việc, dán công khai ở bảng tin",
    "bố trí người trực từ 7 giờ 30 đến 17 giờ, kể cả sáng thứ Bảy",
    "ghi nhận ba điểm còn vướng và giao từng người chịu trách nhiệm cụ thể",
    "khen ngợi các cháu thiếu nhi đã hăng hái tham gia từ đầu đến cuối",
    "mong lãnh đạo sớm lắp thêm đèn chiếu sáng ở đoạn đường sát bờ sông",
    "cùng nhau cắt tỉa 85 gốc cây, thu gom gần bốn xe cành lá khô",
    "thống nhất lấy ngày chủ nhật tuần đầu mỗi tháng làm ngày ra quân",
)
_OPENINGS = ("", "Theo kế hoạch, ", "Trước đó, ", "Ngay trong buổi sáng, ", "Cũng tại buổi này, ", "Sau khi bàn bạc, ")
_SITES = (
    "Phường Hoa Lư", "UBND phường Trà Linh", "Cổng thông tin điện tử phường Mỹ Khê", "Trang thông tin phường Bến Nghé",
)  # fmt: skip


def _sentence(chance: random.Random) -> str:
    subject, verb = chance.choice(_SUBJECTS), chance.choice(_VERBS)
    opening = chance.choice(_OPENINGS)
    text = f"{opening}{subject[0].lower() + subject[1:] if opening and not subject[:2].istitle() else subject} {verb}."
    return text[0].upper() + text[1:]


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.choice([1, 1, 2, 3, 5])))


def make(seed: int) -> tuple[str, Gold]:
    """Return (HTML, what it holds). The same seed gives the same page."""
    chance = random.Random(seed)
    pick = chance.choice
    title, *others = chance.sample(_TITLES, 9)
    lead = _sentence(chance) if chance.random() < 0.5 else None
    lines = [_paragraph(chance) for _ in range(pick([1, 2, 4, 8, 20]))]
    if chance.random() < 0.2:
        lines = ["Chi tiết xem tại bảng tin trụ sở."]
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2012, 2024)
    hour, minute = chance.randint(7, 21), chance.randint(1, 59)
    date, time = f"{day:02}/{month:02}/{year}", f"{hour:02}:{minute:02}"
    shown = pick([
        f"{date} {time}", f"Ngày đăng: {date} {time}", f"{time} {date}", f"Cập nhật: {date} {time}", f"({date} {time})",
        f"{date} | {time} | Lượt xem: 33", f"Đăng ngày {date.replace('/', '-')} {time}",
    ])  # fmt: skip
    site = pick(_SITES)
    declared = pick([f"{title} - {site}", f"{title} | {site}", title, f"{site} - {title}", site, f"Chi tiết - {site}"])
    body, gold = _body(chance, lines)
    main = _article(chance, title, shown, lead, body) + _tail(chance, others[:4])
    html = _frame(chance, main, others[4:], site)
    page = f'<html><head><meta charset="utf-8"><title>{escape(declared)}</title></head><body>{html}</body></html>'
    iso = f"{year}-{month:02}-{day:02}T{time}"
    forbidden = ("Đang truy cập", "Bản quyền", "Tin nổi bật")
    url = f"https://phuong.vidu.example/tin/{seed}-bai-viet-chi-tiet.html"
    return page, Gold(url, title, "\n".join(gold), lead, iso, None, "Lê Thu Trang", frozenset(), forbidden)


def _named(chance: random.Random, *names: str) -> str:
    name = chance.choice(names)
    return chance.choice(
        [f' class="{name}"', f' id="{name}"', f' class="x{chance.randint(1, 999)}"', "", f' class="{name}-2"']
    )


def _body(chance: random.Random, lines: list[str]) -> tuple[str, list[str]]:
    style = chance.choice(["p", "br", "div", "bare", "span", "word", "mixed", "break", "font"])
    gold = list(lines)
    html = ""
    for number, line in enumerate(lines):
        how = chance.choice(["p", "div", "bare", "span", "font"]) if style == "mixed" else style
        html += {
            "p": f"<p>{line}</p>\n",
            "br": f"{line}<br><br>\n",
            "break": f"{line}<br>\n",
            "div": f"<div>{line}</div>",
            "bare": f"{line}<p></p>" if number % 2 else f"<p>{line}</p>",
            "span": f'<div><span style="font-size:14pt"><span>{line}</span></span></div><div>&nbsp;</div>',
            "font": f'<p><font face="Arial">{line}</font>',
            "word": f'<p class="MsoNormal"><span lang="VI">{line}<o:p></o:p></span></p><p><o:p>&nbsp;</o:p></p>',
        }[how]
    if chance.random() < 0.25:
        html += '<p style="text-align:right"><b>Lê Thu Trang</b></p>'
        gold.append("Lê Thu Trang")
    if chance.random() < 0.25:
        picture = '<p align="center"><img src="/a/b.jpg" width="500"><br><i>Quang cảnh buổi làm việc</i></p>'
        html = html + picture if chance.random() < 0.5 else picture + html
        gold.append("Quang cảnh buổi làm việc")
    if chance.random() < 0.2:
        rows = (("STT", "Tên", "Số"), ("1", "Tổ một", "20"), ("2", "Tổ hai", "31"))
        cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        html += f'<table border="1">{cells}</table>'
        gold += [" | ".join(row) for row in rows]
    return html, gold


def _article(chance: random.Random, title: str, shown: str, lead: str | None, body: str) -> str:
    pick = chance.choice
    head = pick([
        f"<h1{_named(chance, 'title', 'tieude', 'news-title')}>{title}</h1>", f"<h2>{title}</h2>",
        f"<div{_named(chance, 'title', 'news_title', 'tieu-de')}>{title}</div>",
        f"<p><b><font size=4>{title}</font></b></p>",
        f"<span{_named(chance, 'title', 'lblTitle')}>{title}</span><br>",
    ])  # fmt: skip
    date = pick([
        f"<div{_named(chance, 'date', 'time', 'ngay', 'post-meta')}>{shown}</div>", f"<p><i>{shown}</i></p>",
        f"<span>{shown}</span><br>", f'<div class="info"><span>{shown}</span> <a href="#">In bài viết</a></div>',
    ])  # fmt: skip
    top = head + date if chance.random() < 0.8 else date + head
    sapo = ""
    if lead:
        sapo = pick([
            f"<div{_named(chance, 'sapo', 'lead', 'summary', 'mota')}>{lead}</div>", f"<p><strong>{lead}</strong></p>",
            f"<div><b>{lead}</b></div>",
        ])  # fmt: skip
    html = top + sapo + (f"<div>{body}</div>" if chance.random() < 0.5 else body)
    if chance.random() < 0.6:
        box = f"<div{_named(chance, 'content', 'noidung', 'detail-body', 'body', 'text')}>{body}</div>"
        html = f"<div{_named(chance, 'head', 'h')}>{top}</div>{sapo}{box}"
    if chance.random() < 0.3:
        html = '<div class="path"><a href="/">Trang chủ</a> &raquo; <a href="/tin">Tin tức</a></div>' + html
    return html if chance.random() < 0.5 else f"<div{_named(chance, 'main', 'detail', 'news-detail')}>{html}</div>"


def _list(chance: random.Random, titles: list[str], style: int) -> str:
    links = [(f'<a href="/bai/{number}-khac.html">{text}</a>', _sentence(chance)) for number, text in enumerate(titles)]
    if style == 0:
        return "<ul>" + "".join(f"<li>{link} <span>(01/03/2022)</span></li>" for link, _ in links) + "</ul>"
    if style == 1:
        return "".join(
            f"<div>{re.sub('>.*</a>', '><img src=/t.jpg></a>', link)}<h4>{link}</h4><p>{text}</p></div>"
            for link, text in links
        )
    if style == 2:
        rows = "".join(f"<tr><td>{link}</td></tr><tr><td>{text}</td></tr>" for link, text in links)
        return f"<table>{rows}</table>"
    return "".join(f"<p>{link}<br>{text}</p>" for link, text in links)


def _tail(chance: random.Random, titles: list[str]) -> str:
    heading = chance.choice(["Tin liên quan", "Các tin khác", "Tin cùng chuyên mục", "Bài viết khác", "TIN MỚI HƠN"])
    tag = chance.choice(["h3", "div", "b", "p"])
    html = ""
    if chance.random() < 0.8:
        items = _list(chance, titles, chance.randint(0, 3))
        html = f"<div{_named(chance, 'rel', 'tinkhac')}><{tag}>{heading}</{tag}>{items}</div>"
    if chance.random() < 0.3:
        html = "<div>Đánh giá: <span>lượt đánh giá: 0, trung bình: 0</span></div>" + html
    if chance.random() < 0.3:
        html = (
            '<div><a href="#">Chia sẻ</a> <a href="#">Facebook</a> <a href="javascript:print()">In bài</a></div>' + html
        )
    return html


def _frame(chance: random.Random, main: str, titles: list[str], site: str) -> str:
    names = ("Trang chủ", "Giới thiệu", "Tin tức", "Văn bản", "Liên hệ", "Thủ tục hành chính")
    menu = "<ul>" + "".join(f'<li><a href="/m{number}">{name}</a></li>' for number, name in enumerate(names)) + "</ul>"
    counter = "<div>Thống kê truy cập</div><div>Đang truy cập: 23</div><div>Tổng truy cập: 1.234.567</div>"
    items = _list(chance, titles, chance.randint(0, 3))
    side = f"<div{_named(chance, 'sb', 'right', 'cot-phai')}><h3>Tin nổi bật</h3>{items}{counter}</div>"
    rights = f"<p>Bản quyền © 2020 {site}</p><p>Địa chỉ: 12 đường Hoa Sữa</p>"
    foot = f"<div{_named(chance, 'ft', 'footer', 'chan-trang')}>{rights}</div>"
    frame = chance.choice(["boxes", "table", "columns"])
    if frame == "table":
        html = (
            f"<table width=1000><tr><td colspan=3><img src=/banner.jpg></td></tr><tr><td width=180>{menu}</td>"
            f"<td>{main}</td><td width=200>{side}</td></tr><tr><td colspan=3>{foot}</td></tr></table>"
        )
    elif frame == "columns":
        columns = [f'<div class="col-md-8">{main}</div>', f'<div class="col-md-4">{side}</div>']
        if chance.random() < 0.4:
            columns.reverse()
        html = f'<div class="container"><div>{menu}</div><div class="row">{"".join(columns)}</div></div>{foot}'
    else:
        html = f"<div>{menu}</div><div>{main}</div>{side}{foot}"
    if chance.random() < 0.2:
        html = f'<form id="form1" action="/x.aspx">{html}</form>'
    if chance.random() < 0.3:
        html = f'<div class="banner"><h1>{site.upper()}</h1></div>{html}'
    return html
