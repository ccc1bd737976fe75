"""The invented articles of an invented ward, and how they change between two crawls.

All is made from a day: the same day gives the same articles. Nothing here is of a real place or person.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from html import escape
from random import Random

ICT = timezone(timedelta(hours=7))
WARD = "Phường Bến Lụa"
COUNT = 38
CATEGORIES = {"tin-tuc": "Tin tức", "thong-bao": "Thông báo", "doi-song": "Đời sống"}
AUTHORS = {
    "haian": "Vũ Hải An", "minhchau": "Trịnh Minh Châu", "ngocdiep": "Lâm Ngọc Diệp", "quangvinh": "Hà Quang Vinh",
}  # fmt: skip
SHORT_TITLE = "Thông báo"


@dataclass(frozen=True)
class Picture:
    """A picture in the text: its file's name and the caption under it."""

    name: str
    caption: str


@dataclass(frozen=True)
class Article:
    """An article as it was put into the CMS. `published` is in Việt Nam's time; `parts`: on how many pages it is."""

    number: int
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published: datetime
    category: str
    author: str  # a key of AUTHORS
    table: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[str, ...] = ()
    parts: int = 1
    pinned: bool = False
    draft: bool = False

    @property
    def slug(self) -> str:
        """The title as it stands in an address, with the number where the title is too short to be alone."""
        words = slugged(self.title)
        return words if len(words) > 20 else f"{words}-{self.number}"

    @property
    def byline(self) -> str:
        return AUTHORS[self.author]


@dataclass(frozen=True)
class Page:
    """A page that is no article."""

    title: str
    slug: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What happens between two crawls. Edited and pinned articles are as they are afterwards."""

    new: tuple[Article, ...]
    edited: tuple[Article, ...]
    deleted: tuple[Article, ...]
    pinned: Article

    def after(self, articles: list[Article]) -> list[Article]:
        """All articles as they are after the changes."""
        changed = {article.number: article for article in (*self.edited, self.pinned)}
        gone = {article.number for article in self.deleted}
        kept = [changed.get(article.number, article) for article in articles if article.number not in gone]
        return [*kept, *self.new]


ABOUT = Page(
    "Giới thiệu",
    "gioi-thieu",
    (
        "Phường Bến Lụa nằm bên sông Vân, gồm mười bốn tổ dân phố và một chợ ven đê.",
        "Tên phường lấy từ bến đò xưa, nơi thuyền chở lụa dừng lại trước khi ngược lên phố.",
        "Trụ sở làm việc đặt tại số 12 đường Bờ Bắc, mở cửa các ngày trong tuần.",
    ),
)

_OPENINGS = (
    ("Tổ dân phố số {n} {verb} {thing}", "doi-song"),
    ("Phường Bến Lụa {verb} {thing} trước mùa mưa", "tin-tuc"),
    ("{Thing}: {n} hộ ven sông Vân cùng tham gia", "doi-song"),
    ("Kế hoạch {verb} {thing} quý tới", "thong-bao"),
    ("Về việc {verb} {thing} trên đường Bờ Bắc", "thong-bao"),
    ("Học sinh Trường Tiểu học Bến Lụa {verb} {thing}", "tin-tuc"),
)
_VERBS = ("sửa lại", "chăm sóc", "trao tặng", "khai trương", "góp sức làm")
_THINGS = (
    "vườn rau sân thượng", "tủ sách đầu ngõ", "hàng cây bàng", "lối đi lát gạch", "giếng nước cổ", "sân bóng chuyền",
    "bến đò cũ", "nhà văn hóa", "đèn chiếu sáng ngõ", "mương thoát nước",
)  # fmt: skip
_LEADS = (
    "Công việc bắt đầu từ sáng sớm {day} và kéo dài gần {n} giờ, với sự có mặt của người dân nhiều ngõ liền kề.",
    "Đây là lần thứ {n} phường làm việc này, sau khi các tổ dân phố góp ý trong buổi họp đầu tháng.",
    "Gần {n}0 người đã đăng ký, nhiều hơn mọi năm, dù trời đổ mưa từ chiều hôm trước.",
    "Phường mời các hộ xem kỹ lịch dưới đây, vì có {n} điểm khác với thông tin đã dán ở bảng tin.",
)
_SENTENCES = (
    "Bà Lê Thị Thoa, tổ trưởng, kể rằng mọi người chia việc theo từng nhà, ai quen tay việc nào thì nhận việc ấy.",
    "Vật liệu do một xưởng gỗ trong ngõ {n} ủng hộ, phần còn thiếu lấy từ quỹ chung đã công khai ở nhà văn hóa.",
    "Các em nhỏ được giao tưới nước và ghi sổ, cuối buổi đọc lại cho người lớn nghe.",
    "Đến trưa thì xong phần nặng nhất; buổi chiều chỉ còn quét dọn và sơn lại hàng rào.",
    "Ông Đinh Văn Sáu nhắc các hộ giữ lối cho xe cứu thương, không để xe máy dưới lòng đường sau {n} giờ tối.",
    "Phường sẽ ghi ý kiến của từng hộ trong {n} ngày, rồi trả lời chung tại buổi sinh hoạt tổ.",
    "Nhờ có bản vẽ cũ do một thầy giáo về hưu giữ, chỗ nền bị lún được tìm ra khá nhanh.",
    "Người bán hàng ven đê đồng ý lùi quầy vào trong hai bước chân để lấy chỗ đi bộ.",
    "Mỗi nhà nhận {n} cây giống, trồng xong thì báo lại để đánh dấu lên sơ đồ.",
    "Sau buổi này, danh sách các hộ tham gia được dán ở cổng chợ và nhà văn hóa.",
    "Trạm y tế để sẵn nước uống và hộp thuốc nhỏ, nhưng cả ngày không phải dùng đến.",
    "Đợt tiếp theo dự kiến vào đầu tháng sau, nếu mực nước sông Vân xuống dưới mức báo động.",
    "Một số hộ xin lùi lịch vì nhà có giỗ; tổ đã sắp lại để không ai phải làm hai lần.",
    "Cuối buổi, mọi người ăn bánh khoai nướng ngay bên bờ kè.",
    "Chi phí cho cả đợt là {n} triệu đồng, trong đó một nửa do các cửa hàng trên đường Bờ Bắc góp.",
    "Đoàn thanh niên nhận phần chụp ảnh và vẽ lại bản đồ các ngõ cho dễ tìm.",
    "Thợ mộc già nhất ngõ {n} chỉ cách ghép mộng mà không cần đinh, mấy thanh niên ghi hình lại.",
    "Từ bến nhìn sang, hàng phượng bên kia sông đã rụng gần hết lá.",
    "Ai có xe kéo thì cho mượn, chiều trả lại ở sân đình kèm một phiếu cảm ơn viết tay.",
    "Cán bộ địa chính mang thước dây ra đo lại từng mét, sai số không quá {n} phân.",
    "Lớp tối dạy người lớn tuổi dùng điện thoại vẫn mở như thường, chỉ đổi sang phòng bên cạnh.",
    "Câu lạc bộ đàn tính góp ba tiết mục, có bài mới sáng tác về con đò cuối cùng của bến.",
    "Nước máy sẽ yếu ở các ngõ từ {n} đến 21 vì phải khóa van chính.",
    "Hai cửa hàng sách cũ tặng truyện tranh, phần lớn còn nguyên bìa.",
    "Mẫu đơn phát miễn phí ở quầy số {n}, không nhận đơn viết tay trên giấy rời.",
    "Chó mèo thả rông làm hỏng mấy luống cải, nên tổ nhờ chủ nhà giữ lại trong tuần này.",
    "Giữa buổi có cơn giông, mọi người vào hiên chùa trú gần {n} phút rồi làm tiếp.",
    "Số điện thoại trực được viết bằng sơn trắng lên tường bốt điện để ai cũng thấy.",
    "Kinh nghiệm của phường bạn là làm từng đoạn ngắn, xong đoạn nào mở lối đoạn ấy.",
    "Bếp ăn của hội phụ nữ nấu {n} nồi cháo, phần dư đem biếu các cụ sống một mình.",
)
_CAPTIONS = ("Bờ kè sau buổi làm", "Các em ghi sổ tưới cây", "Hàng rào mới sơn bên chợ", "Bản vẽ cũ được mang ra xem")
EDITED_WORDS = "Bổ sung ngày hôm nay: lịch làm việc lùi một tuần vì nước sông Vân lên cao, các hộ giữ nguyên phần việc."


def slugged(words: str) -> str:
    """Words as an address has them: lower case, no marks, hyphens."""
    plain = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def _one(number: int, published: datetime, random: Random) -> Article:
    opening, category = _OPENINGS[number % len(_OPENINGS)]
    thing = _THINGS[number % len(_THINGS)]
    verb = _VERBS[(number + number // 30) % len(_VERBS)]  # so that no title is another one's
    words = {"n": 2 + number, "verb": verb, "thing": thing, "Thing": thing.capitalize()}
    lead = random.choice(_LEADS).format(n=random.randint(3, 9), day=f"{published.day}/{published.month}")
    sentences = [text.format(n=random.randint(3, 19)) for text in random.sample(_SENTENCES, random.randint(6, 11))]
    half = len(sentences) // 2
    paragraphs = [" ".join(sentences[at : at + 2]) for at in range(0, half * 2, 2)]
    article = Article(
        number, opening.format(**words), lead, tuple(paragraphs), published, category, list(AUTHORS)[number % 4]
    )
    if number % 3 == 0:
        captions = random.sample(_CAPTIONS, 1 + number % 2)
        names = [f"anh-{number}-{at}.png" for at in range(len(captions))]
        article = replace(article, pictures=tuple(map(Picture, names, captions)))
    if number % 5 == 1:
        article = replace(article, files=(f"ke-hoach-{number}.pdf", f"bieu-mau-{number}.docx"))
    if number % 7 == 2:
        rows = tuple((f"Tổ {tt}", f"{random.randint(6, 11)} giờ sáng", f"{3 * tt + number} hộ") for tt in range(1, 5))
        article = replace(article, table=(("Tổ dân phố", "Giờ bắt đầu", "Số hộ"), *rows))
    return article


def invented(today: date) -> list[Article]:
    """The articles before the changes, oldest first; the draft, which nobody is to see, is the last.

    The 38 before it go back some four months: one on two pages, one pinned, one with the shortest of titles.
    """
    random = Random(19)
    start = datetime(today.year, today.month, today.day, tzinfo=ICT) - timedelta(days=1 + 3 * COUNT)
    made = []
    for number in range(1, COUNT + 1):
        at = start + timedelta(days=3 * number - 2, minutes=random.randint(7 * 60, 17 * 60))
        made.append(_one(number, at, random))
    made[29] = replace(made[29], title=SHORT_TITLE, category="thong-bao")
    made[23] = replace(made[23], parts=2)
    made[4] = replace(made[4], pinned=True)
    draft = replace(_one(COUNT + 1, made[-1].published, random), title="Bản nháp chưa duyệt về bến đò", draft=True)
    return [*made, draft]


def changes(articles: list[Article], now: datetime) -> Changes:
    """What happens after the first crawl: three new, two edited, two deleted, one old one pinned."""
    random = Random(20)
    moment = now.astimezone(ICT).replace(second=0, microsecond=0)
    new = tuple(_one(COUNT + 2 + at, moment - timedelta(minutes=40 - 13 * at), random) for at in range(3))
    recent, older = articles[COUNT - 2], articles[COUNT - 17]
    edited = tuple(replace(one, paragraphs=(*one.paragraphs, EDITED_WORDS)) for one in (recent, older))
    return Changes(new, edited, (articles[COUNT - 3], articles[COUNT - 20]), replace(articles[11], pinned=True))


def published_only(articles: list[Article]) -> list[Article]:
    """The articles that everyone may see."""
    return [article for article in articles if not article.draft]


def as_html(article: Article, files_at: str, *, split: str = "") -> str:
    """The text of an article as an editor's HTML, without its lead; `files_at` is where pictures and files are.

    `split` stands between the parts of an article on several pages.
    """
    parts = [f"<p>{escape(text)}</p>" for text in article.paragraphs]
    if article.parts > 1 and split:
        parts.insert(len(parts) // 2, split)
    for at, picture in enumerate(article.pictures, 1):
        caption = escape(picture.caption)
        img = f'<img src="{files_at}{picture.name}" alt="{caption}" width="640" height="400">'
        parts.insert(min(at, len(parts)), f"<figure>{img}<figcaption>{caption}</figcaption></figure>")
    if article.table:
        head, *rows = article.table
        cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
    parts += [f'<p><a href="{files_at}{name}">{name}</a></p>' for name in article.files]
    return "\n".join(parts)


def gold(article: Article, url: str) -> dict[str, object]:
    """What is to be found of an article, as a row of a gold file."""
    return {
        "url": url, "title": article.title, "published": article.published.isoformat(), "lead": article.lead,
        "body_paragraphs": list(article.paragraphs), "author": article.byline, "attachments": list(article.files),
        "captions": [picture.caption for picture in article.pictures],
        "table": [list(row) for row in article.table] or None,
    }  # fmt: skip
