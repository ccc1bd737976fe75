"""What the replicas of the platforms publish: seven invented notices of an invented ward, and a copy of one."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Story:
    """One notice. `file` is the name of an attachment, "" for none."""

    number: int
    slug: str
    title: str
    sapo: str
    paragraphs: tuple[str, ...]
    moment: datetime
    file: str = ""
    copy: bool = False

    @property
    def body(self):
        return "\n\n".join(self.paragraphs)

    def at(self, form):
        return self.moment.strftime(form)


def _story(number, slug, title, sapo, paragraphs, moment, file=""):
    return Story(number, slug, title, sapo, tuple(paragraphs), datetime.fromisoformat(moment), file)


_FIRST = (
    _story(
        410237, "vuon-uom-cong-dong-mo-cua-sau-mua-mua", "Vườn ươm cộng đồng mở cửa sau mùa mưa",
        "Gần hai trăm cây giống được trao cho các hộ ở ba tổ dân phố ven kênh.",
        (
            "Vườn ươm nằm sau nhà sinh hoạt tổ 4, do chính bà con thay nhau tưới và nhổ cỏ từ đầu năm.",
            "Bà Tạ Thị Nhài, người giữ chìa khóa vườn, kể rằng đợt ngập vừa rồi làm hỏng một phần ba số bầu đất, nhưng"
            " rễ cây còn khỏe nên chỉ sau mười ngày đã ra lá mới.",
            "Ai muốn nhận cây giống xin ghi tên tại nhà sinh hoạt, mỗi hộ được hai gốc.",
        ),
        "2024-05-17 08:30",
    ),
    _story(
        410198, "lich-sua-duong-ong-nuoc-ngo-12", "Lịch sửa đường ống nước ngõ 12",
        "Nước sẽ yếu trong hai buổi sáng, các hộ nên trữ đủ dùng.",
        (
            "Đội sửa chữa thay đoạn ống rò dài bốn mươi mét dưới lòng ngõ, làm từ 7 giờ đến 11 giờ.",
            "Xe máy đi vòng lối ngõ 14, người đi bộ vẫn qua lại được trên vỉa hè phía số lẻ.",
        ),
        "2024-05-10 16:05", "lich-thi-cong.pdf",
    ),
    _story(
        409871, "lop-day-boi-mien-phi-cho-tre-em-he-nay", "Lớp dạy bơi miễn phí cho trẻ em hè này",
        "Sáu mươi em từ bảy đến mười hai tuổi học tại bể của trường, chia làm ba ca.",
        (
            "Thầy Lưu Quang Đạt cùng bốn sinh viên thể dục đứng lớp, mỗi ca có một nhân viên y tế trực.",
            "Phụ huynh ký giấy cam kết và chuẩn bị mũ, kính cho con; ai khó khăn sẽ được cho mượn.",
            "Lớp khai giảng vào sáng thứ Hai tuần tới, học liền mười tám buổi.",
        ),
        "2024-04-29 09:15",
    ),
    _story(
        409350, "cau-lac-bo-don-ca-tim-nguoi-ke-nghiep", "Câu lạc bộ đờn ca tìm người kế nghiệp",
        "Bảy nghệ nhân đều đã ngoài sáu mươi mở cửa mỗi tối thứ Năm để truyền ngón đờn.",
        (
            "Cây đờn kìm của ông Ba Hớn được cha để lại, mặt gỗ đã mòn thành hai vệt lõm bên dưới phím thứ tư.",
            "Em nhỏ tuổi nhất lớp mới học lớp 5, tuần đầu chỉ tập lên dây và nghe bản vắn.",
        ),
        "2024-04-02 19:40",
    ),
    _story(
        408777, "ket-qua-rut-tham-sap-cho-tam", "Kết quả rút thăm sạp chợ tạm",
        "Chín mươi mốt tiểu thương đã có chỗ mới trong thời gian chợ cũ được sửa lại mái.",
        (
            "Buổi rút thăm diễn ra công khai giữa sân chợ, phiếu do hai em học sinh bốc và đọc to trước mọi người.",
            "Hàng tươi sống ở dãy ngoài, gần vòi nước; hàng khô và vải ở dãy trong.",
            "Ban quản lý miễn tiền chỗ tháng đầu tiên.",
        ),
        "2024-03-21 10:00", "so-do-sap.pdf",
    ),
    _story(
        408020, "to-dan-pho-so-9-tu-lam-bang-ten-ngo", "Tổ dân phố số 9 tự làm bảng tên ngõ",
        "Bảng bằng gỗ xoan, khắc tay, treo ở đầu mười một con ngõ nhỏ.",
        (
            "Người khắc là bác Kiều Văn Mộc, thợ chạm đã nghỉ nghề, chỉ nhận tiền gỗ và sơn.",
            "Nhờ có bảng, người giao hàng thôi gọi điện hỏi đường lúc giữa trưa.",
        ),
        "2024-02-27 14:20",
    ),
    _story(
        407415, "thu-vien-nho-trong-quan-ca-phe-goc-pho", "Thư viện nhỏ trong quán cà phê góc phố",
        "Chủ quán dành hẳn một gian làm chỗ đọc, ai cũng được mượn sách về nhà.",
        (
            "Sáu trăm đầu sách do khách quen góp dần trong hai năm, nhiều nhất là truyện thiếu nhi và sách nấu ăn.",
            "Người mượn tự ghi vào sổ, đến nay mới thất lạc bốn cuốn.",
            "Quán dự định mở thêm buổi kể chuyện vào chiều Chủ nhật.",
        ),
        "2024-01-15 07:55",
    ),
)  # fmt: skip

STORIES = (*_FIRST, replace(_FIRST[4], number=408779, slug="ket-qua-rut-tham-sap-cho-tam-dang-lai", copy=True))


def published_on(host):
    """The stories as one host publishes them: no two hosts share a text."""
    return [replace(s, paragraphs=(f"{s.paragraphs[0]} Tin của {host}.", *s.paragraphs[1:])) for s in STORIES]


def paged(stories, size=5):
    """Stories in pages of `size`."""
    return [stories[i : i + size] for i in range(0, len(stories), size)]
