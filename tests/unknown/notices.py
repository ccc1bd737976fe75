"""What the portals on unknown platforms publish: twelve invented notices of an invented commune, in three sections."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.text import fold

SECTIONS = (
    ("tin-hoat-dong", 33, "Tin hoạt động"),
    ("thong-bao", 41, "Thông báo"),
    ("van-hoa-xa-hoi", 57, "Văn hóa - xã hội"),
)
WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")


@dataclass(frozen=True)
class Notice:
    """One notice. `section` counts from 0; `file` is the name of an attachment, "" for none."""

    number: int
    section: int
    moment: datetime
    title: str
    sapo: str
    paragraphs: tuple[str, ...]
    file: str = ""

    @property
    def slug(self):
        return re.sub(r"[^a-z0-9]+", "-", fold(self.title)).strip("-")

    def at(self, form):
        """The moment by a strftime form; `%A` is the Vietnamese weekday, "Thứ sáu"."""
        day = self.moment.weekday()
        return self.moment.strftime(form.replace("%A", f"Thứ {WEEKDAYS[day]}" if day < 6 else "Chủ nhật"))


def _told(number, section, moment, title, sapo, *paragraphs, file=""):
    return Notice(number, section, datetime.fromisoformat(moment), title, sapo, paragraphs, file)


_NOTICES = (
    _told(
        52931, 0, "2024-06-21 09:40", "Đội dân phòng tập chữa cháy bằng bình bọt tại chợ Mía",
        "Ba mươi hai tiểu thương được cầm bình thật và dập một đám cháy nhỏ giữa bãi xe.",
        "Buổi tập mở ra lúc chợ đã vãn khách để không ai phải nghỉ bán. Mỗi dãy sạp cử hai người, phần lớn là phụ nữ.",
        "Anh Phùng Bá Toại, đội trưởng, nhắc bà con xem kim đồng hồ trên bình vào ngày đầu mỗi tháng.",
    ),
    _told(
        52877, 0, "2024-06-14 15:10", "Khơi lại con mương cũ ở xóm Trũng trước mùa lũ",
        "Gần một cây số mương được vét tay trong hai ngày cuối tuần.",
        "Con mương bị lấp dần từ khi đường bê tông làm xong, nước mưa đọng trước sân nhà văn hóa suốt cả tuần.",
        "Bùn vét lên được chở ra bãi trồng chuối, không đổ xuống ruộng như mọi năm.",
    ),
    _told(
        52790, 0, "2024-06-03 08:05", "Trao mười hai xe đạp cho học trò nhà xa",
        "Xe do những người quê xã đang làm ăn ở thành phố góp tiền mua.",
        "Em Lò Thị Xuyến, lớp 8, mỗi ngày đi bộ hơn năm cây số tới trường, nay chỉ còn mất hai mươi phút.",
        "Nhà trường lập sổ theo dõi, em nào ra trường thì để xe lại cho em khác.",
    ),
    _told(
        52654, 0, "2024-05-24 16:30", "Hội người cao tuổi thi đánh cờ tướng bên đình",
        "Hai mươi bốn kỳ thủ từ năm mươi chín đến tám mươi sáu tuổi vào sân.",
        "Ván chung kết kéo dài gần hai tiếng giữa cụ Khúc Văn Đằng và cụ Mạc Đình Sử, khán giả đứng kín gốc đa.",
        "Giải nhất là một bộ ấm trà, được cụ Đằng tặng lại cho đình.",
    ),
    _told(
        52541, 0, "2024-05-13 10:20", "Bàn giao căn nhà mới cho gia đình bà Vi Thị Mão",
        "Căn nhà ba gian rộng bốn mươi tám mét vuông được dựng trong chín tuần.",
        "Thợ trong bản làm không lấy công, chủ xưởng gỗ đầu xã cho mượn giàn giáo và máy trộn.",
        "Bà Mão nói đêm mưa đầu tiên bà vẫn giật mình tỉnh giấc đi tìm chậu hứng nước theo thói quen cũ.",
    ),
    _told(
        52150, 0, "2024-03-29 09:00", "Lớp xóa mù máy tính cho phụ nữ ba mươi lăm tuổi trở lên",
        "Học viên tự gõ được đơn xin cấp lại giấy khai sinh sau sáu buổi tối.",
        "Phòng máy của trường trung học mượn được mười lăm chiếc, hai người dùng chung một máy.",
        "Cô giáo Giàng Thị Súa soạn bài theo đúng những tờ đơn mà bà con hay phải đi nhờ người viết hộ.",
    ),
    _told(
        52011, 0, "2024-03-12 11:15", "Trồng bốn trăm cây sao đen dọc đường liên xã",
        "Mỗi hộ ven đường nhận chăm ba cây trong hai năm đầu.",
        "Hố được đào từ tháng trước và bón lót phân chuồng hoai, cọc chống làm bằng tre già ngâm nước.",
        "Cây chết vì thiếu nước thì hộ đó trồng bù bằng tiền của mình.",
    ),
    _told(
        52902, 1, "2024-06-18 13:30", "Lịch cúp nước tuần này",
        "Nước ngừng chảy từ 8 giờ đến 16 giờ thứ Năm tại các xóm Đông, xóm Giếng và khu tập thể cũ.",
        "Nhà máy thay van tổng ở đầu cầu nên phải xả hết nước trong ống, bà con nên trữ sẵn từ tối hôm trước.",
        "Xe bồn đậu tại sân bóng cho những hộ có người ốm và trẻ nhỏ.",
    ),
    _told(
        52766, 1, "2024-05-30 08:50", "Thông báo tuyển hai cộng tác viên dân số",
        "Hồ sơ nhận tại bộ phận một cửa đến hết giờ làm việc thứ Sáu tuần sau.",
        "Người dự tuyển phải ở tại xã ít nhất ba năm, biết đi xe máy và tiếng Tày.",
        "Mỗi tháng cộng tác viên đi thăm ít nhất bốn mươi hộ, phụ cấp tính theo số ngày đi thật.", file="mau-don.docx",
    ),
    _told(
        52199, 1, "2024-04-04 09:25", "Kết quả bình xét gia đình văn hóa năm qua",
        "Sáu trăm bốn mươi ba hộ đạt danh hiệu, nhiều hơn năm trước hai mươi tám hộ.",
        "Danh sách dán ở cổng nhà văn hóa từng xóm trong mười ngày, ai thấy chưa đúng thì gửi thư vào hòm góp ý.",
        "Sau ngày ấy xã mới ra quyết định chính thức.", file="danh-sach-ho.pdf",
    ),
    _told(
        52835, 2, "2024-06-10 19:20", "Đêm hát then bên bếp lửa nhà sàn cổ",
        "Bốn thế hệ cùng ngồi hát trong căn nhà hơn một trăm tuổi ở bản Nà Pục.",
        "Nghệ nhân Nông Văn Khiêm so dây cây tính tẩu làm từ quả bầu trồng sau vườn, rồi bắt nhịp bài mời nước.",
        "Đám trẻ ghi âm bằng điện thoại để tập lại trong tuần, hẹn kỳ trăng sau sẽ hát thay ông bà.",
    ),
    _told(
        52333, 2, "2024-04-20 20:05", "Khai mạc hội vật xóm Bãi.",
        "Mười tám đô vật trẻ tranh giải con lợn đất và tấm áo thêu.",
        "Trống nổi từ chập tối, người các làng bên chèo thuyền sang xem đứng chật cả triền đê.",
        "Đô vật Thân Quang Lịch mười bảy tuổi thắng liền năm keo, được các cụ bế lên kiệu rước quanh đình.",
    ),
)  # fmt: skip


def published_on(host):
    """The notices as one host publishes them, newest first: no two hosts share a text."""
    own = [replace(n, paragraphs=(f"{n.paragraphs[0]} Tin của {host}.", *n.paragraphs[1:])) for n in _NOTICES]
    return sorted(own, key=lambda notice: notice.moment, reverse=True)
