"""Pages of a made-up portal on an unknown make, with what such portals put around their articles."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

HOST = "songmay.phuong.test"
FETCHED = datetime(2025, 11, 21, 7, 2, 33, tzinfo=UTC)  # 14:02:33 in Việt Nam
_WORDS = (
    "bờ kè", "sân chơi", "lớp học", "chợ sáng", "tủ sách", "vườn rau", "cổng làng", "đèn đường", "ao sen", "nhà chờ",
    "giếng cổ", "đê bao",
)  # fmt: skip


def story(number):
    """(title, paragraphs) of an article."""
    word = _WORDS[number % len(_WORDS)]
    return (
        f"Tổ {number + 3} phường Sông Mây chung tay sửa {word}",
        (
            f"Sáng chủ nhật, {number + 21} hộ dân của tổ {number + 3} đã cùng nhau sửa {word} trước mùa mưa.",
            f"Bà con góp {number + 40} ngày công; tổ trưởng cho biết {word} sẽ xong trước cuối tháng sau.",
            f"Ủy ban nhân dân phường ghi nhận sáng kiến của tổ {number + 3} và sẽ nhân ra các tổ khác.",
        ),
    )


def day(number):
    """The day on which an article was published: day and month both under 13."""
    return datetime(2025, 1 + number % 10, 2 + number % 9, tzinfo=UTC)


def page(number, *, stamp="{:%d/%m/%Y}", head="", before="", after="", foot="", inside=""):
    """The HTML of an article's page: `head` above the article, `foot` below it, `before` and `after` in its text."""
    title, texts = story(number)
    shown = stamp.format(day(number))
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title} - Phường Sông Mây</title></head>"
        f"<body><div class='dau-trang'>{head}</div><table><tr><td class='muc'><a href='/'>Trang đầu</a></td>"
        f"<td class='bai'><h1>{title}</h1><p class='luc'>{shown}</p>{inside}"
        f"<div class='chu'>{before}{body}{after}</div></td></tr></table>"
        f"<div class='chan-trang'>{foot}</div></body></html>"
    )


def pages(count, **parts):
    """`count` pages with the same parts; a part may be a function of the number."""
    return [
        page(number, **{name: part(number) if callable(part) else part for name, part in parts.items()})
        for number in range(count)
    ]


def clock(number):
    """What the portal's clock shows when article `number` is fetched."""
    return f"<span class='gio'>{fetched(number) + timedelta(hours=7):%d/%m/%Y %H:%M:%S}</span>"


def fetched(number):
    """When article `number` is fetched."""
    return FETCHED + timedelta(seconds=2 * number)


def address(number):
    """The address of an article."""
    return f"http://{HOST}/tin/bai-viet-ve-to-dan-pho-so-{500 + number}.html"


def archive(path, made):
    """Write a WARC with a start page that lists the articles of `made`, and their pages."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    items = "".join(
        f"<div class='tin'><h3><a href='{address(n)}'>{story(n)[0]}</a></h3></div>" for n in range(len(made))
    )
    home = (
        f"<!DOCTYPE html><html><head><title>Phường Sông Mây</title></head><body><h2>Tin tức</h2>{items}</body></html>"
    )
    answers = [(f"http://{HOST}/", home, FETCHED - timedelta(minutes=1))]
    answers += [(address(n), html, fetched(n)) for n, html in enumerate(made)]
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, html, at in answers:
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(html.encode()), http_headers=http,
                warc_headers_dict={"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
            )  # fmt: skip
            writer.write_record(record)
    return path
