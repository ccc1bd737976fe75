"""Phường Trúc Bạch, quận Ba Đình: part of phường Ba Đình since July 2025, which took over its code."""

from spiders.platforms.liferay_asset_publisher import LiferayAssetPublisherSpider


class TrucBach(LiferayAssetPublisherSpider):
    name = "hanoi_trucbach"
    ward = "Phường Trúc Bạch, quận Ba Đình"
    host = "trucbach.badinh.hanoi.gov.vn"
    start_pages = ("/", "/tin-tuc-hoat-dong", "/tin-noi-bat", "/khoi-phuong")
    unit_old, unit_new = "00004", "00004"
