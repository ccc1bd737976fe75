"""Thị xã Hồng Lĩnh with its wards, Đậu Liêu among them: part of phường Nam Hồng Lĩnh since July 2025."""

from spiders.platforms.hatinh_aspx import HaTinhSpider


class HongLinh(HaTinhSpider):
    name = "hatinh_honglinh"
    ward = "Phường Đậu Liêu, thị xã Hồng Lĩnh"
    host = "honglinh.hatinh.gov.vn"
    start_pages = ("/",)
    unit_old, unit_new = "18127", "18118"
