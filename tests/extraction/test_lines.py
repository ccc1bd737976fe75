"""The line rules, one by one."""

import time

import pytest

from crawler.extraction.rules.lines import Line, classify, is_date_line

LABELS = ["content:", "Content :", "Tệp đính kèm", "File đính kèm:", "Page Content", "null", "|", "…", "......"]
ENDS = [
    "Tin liên quan",
    "Các tin khác",
    "CÁC BÀI VIẾT CÙNG CHUYÊN MỤC",
    "Tin mới hơn",
    "Other News",
    "Đánh giá:",
    "lượt đánh giá: , trung bình: Bình luận",
    "Mã xác thực không đúng.",
    "Bản đồ thị xã Bình Minh",
    "Thống kê truy cập",
    "Thống kê: 2.762.064",
    "Online: 130",
    "Đang trực tuyến: 460",
    "Số lượt truy cập: 46435",
    "Thư viện hình ảnh",
    "Bản quyền © 2020 Ủy ban nhân dân phường Thanh Khê. Bảo lưu toàn quyền",
    "Chịu trách nhiệm nội dung:",
]
TOOLS = ["In bài viết", "Gửi email", "Chia sẻ", "A-", "A+", "Đọc tiếp »", "Truy cập nội dung luôn", "Xem thêm"]
DATES = [
    "2020-12-31 13:44:00.0",
    "Ngày đăng 03/01/2018 | 05:01",
    "Ngày đăng 08/02/2020 | 10:37  | View count: 226",
    "Đăng lúc: 08:47:59 16/08/2021 (GMT+7)",
    "Đăng ngày 11 - 11 - 2023",
    "Cập nhật: 05/10/2022 17:48",
    "Thứ sáu - 19/04/2024 06:37",
    "8:26, Thứ Hai, 18-9-2023",
    "14:58 29/08/2025",
    "(07/09/2022 10:49:09)",
    "07/05/2024 08:22 42 lượt xem",
    "30/03/2021 | 12:00 AM",
    "09/12/2022",
    "21 09 2025",
    "2024-03-05T07:30:00+07:00",
]
TEXTS = [
    "Sáng ngày 22/12/2023, UBND phường tổ chức hội nghị.",
    "Đánh giá kết quả năm 2023, đồng chí Bí thư nhấn mạnh ba việc.",
    "Trao quà cho các gia đình",
    "Ban Biên tập",
    "Tin: Lan Phương",
    "Nơi nhận:",
    "8/8 tổ dân phố đạt danh hiệu văn hóa",
    "Thống kê cho thấy 120 hộ đã đăng ký.",
    "1. Công tác tuyên truyền",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*((t, Line.LABEL) for t in LABELS), *((t, Line.END) for t in ENDS), *((t, Line.TOOL) for t in TOOLS),
     *((t, Line.META) for t in DATES), *((t, None) for t in TEXTS)],
)  # fmt: skip
def test_a_line_is_of_its_kind(text: str, expected: Line | None) -> None:
    assert classify(text) is expected


@pytest.mark.parametrize("text", DATES)
def test_a_line_that_only_dates_the_article_is_seen(text: str) -> None:
    assert is_date_line(text)


@pytest.mark.parametrize("text", TEXTS)
def test_prose_is_no_date_line(text: str) -> None:
    assert not is_date_line(text)


def test_a_long_line_is_never_the_portals() -> None:
    assert classify("Tin liên quan " * 20) is None


def test_lines_of_many_repetitions_are_read_in_seconds_of_cpu() -> None:
    start = time.process_time()
    for text in ("1" * 160, "-" * 160, "ngày " * 32, "1/1/" * 40, "luot xem " * 17, "tin bai " * 20):
        classify(text)
    assert time.process_time() - start < 1, "a line takes exponential time"
