"""Phường Hoàng Văn Thụ, thành phố Thái Nguyên: part of phường Phan Đình Phùng since July 2025."""

from spiders.platforms.liferay_asset_publisher import LiferayAssetPublisherSpider


class HoangVanThu(LiferayAssetPublisherSpider):
    name = "thainguyen_hoangvanthu"
    ward = "Phường Hoàng Văn Thụ, thành phố Thái Nguyên"
    host = "hoangvanthu.thainguyencity.gov.vn"
    start_pages = ("/", "/tin-tuc-su-kien")
    unit_old, unit_new = "05440", "05443"
