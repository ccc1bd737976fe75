"""Phường Hương Sơn, thành phố Thái Nguyên: part of phường Gia Sàng since July 2025."""

from spiders.platforms.liferay_asset_publisher import LiferayAssetPublisherSpider


class HuongSon(LiferayAssetPublisherSpider):
    name = "thainguyen_huongson"
    ward = "Phường Hương Sơn, thành phố Thái Nguyên"
    host, scheme = "huongson.thainguyencity.gov.vn", "http"
    start_pages = ("/", "/tin-tuc-su-kien", "/gioi-thieu")
    unit_old, unit_new = "05473", "05467"
