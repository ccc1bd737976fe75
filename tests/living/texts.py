"""Invented ward news, the same for the same seed: a title, a lead, paragraphs. No sentence names a date."""

import random

_DEEDS = (
    "ra quân dọn vệ sinh môi trường", "khám sức khỏe cho người cao tuổi", "trao quà cho hộ khó khăn",
    "tập huấn phòng cháy chữa cháy", "tổng kết phong trào khuyến học", "gặp mặt gia đình có công",
    "trồng cây ở khuôn viên nhà văn hóa", "tuyên truyền an toàn giao thông", "sửa đường ngõ bị xuống cấp",
    "lấy ý kiến về quy ước tổ dân phố", "diễn tập phòng chống lụt bão", "hội thi nấu ăn của chi hội phụ nữ",
)  # fmt: skip
_WHO = (
    "Hội Phụ nữ phường", "Đoàn Thanh niên phường", "Hội Cựu chiến binh phường", "Trạm Y tế phường",
    "Mặt trận Tổ quốc phường", "Ban công tác khu dân cư", "Công an phường", "Hội Chữ thập đỏ phường",
)  # fmt: skip
_WHERE = ("Bến Sương", "Gò Mít", "Xóm Đò", "Vườn Cau", "Cầu Đá", "Lũy Tre", "Giếng Cổ", "Đồi Thông")
_SENTENCES = (
    "{who} đã phối hợp với tổ dân phố {n} để {deed} tại khu {where}.",
    "Có {n} hộ dân ở khu {where} tham gia và đóng góp hơn {m} triệu đồng.",
    "Bà con khu {where} cho biết việc {deed} được mong đợi từ lâu.",
    "{who} cảm ơn {n} tình nguyện viên đã có mặt từ sáng sớm.",
    "Kinh phí do {m} nhà hảo tâm và ngân sách phường cùng chi trả.",
    "Tại khu {where}, {n} phần quà được trao tận tay người nhận.",
    "Các tổ dân phố sẽ tiếp tục {deed} trong thời gian tới.",
    "Lãnh đạo phường đề nghị {who} báo cáo kết quả cho {n} tổ dân phố còn lại.",
)  # fmt: skip


def _words(chance: random.Random) -> dict[str, object]:
    return {
        "who": chance.choice(_WHO), "deed": chance.choice(_DEEDS), "where": chance.choice(_WHERE),
        "n": chance.randint(11, 989), "m": chance.randint(11, 989),
    }  # fmt: skip


def title(seed: str) -> str:
    """A headline; its number makes it the only one."""
    chance = random.Random(seed)
    words = _words(chance)
    return f"{words['who']} {words['deed']} tại khu {words['where']}, đợt {chance.randint(100, 9999)}"


def paragraph(seed: str) -> str:
    """Three sentences, about 200 characters."""
    chance = random.Random(seed)
    return " ".join(chance.choice(_SENTENCES).format(**_words(chance)) for _ in range(3))
