"""Quận Hai Bà Trưng with its wards, Bách Khoa among them: part of phường Bạch Mai since July 2025."""

from spiders.platforms.hanoi_liferay62 import HanoiLiferaySpider


class HaiBaTrung(HanoiLiferaySpider):
    name = "hanoi_haibatrung"
    ward = "Phường Bách Khoa, quận Hai Bà Trưng"
    host, scheme = "haibatrung.hanoi.gov.vn", "http"
    start_pages = ("/", "/hoat-dong-cac-phuong", "/hoat-dong-cac-phuong1", "/khoi-phuong", "/thong-bao1")
    unit_old, unit_new = "00277", "00292"
