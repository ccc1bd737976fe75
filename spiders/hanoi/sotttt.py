"""Sở Thông tin và Truyền thông Hà Nội: a department on the same install as the districts, no ward."""

from spiders.platforms.hanoi_liferay62 import HanoiLiferaySpider


class SoThongTinTruyenThong(HanoiLiferaySpider):
    name = "hanoi_sotttt"
    ward = "Sở Thông tin và Truyền thông Hà Nội"
    host, scheme = "sotttt.hanoi.gov.vn", "http"
    start_pages = ("/", "/vi/cong-nghe-thong-tin", "/vi/thanh-tra", "/vi/ke-hoach-tai-chinh", "/en/cai-cach-hanh-chinh")
