"""Which addresses are articles, which are one article, and which are never asked for: those seen on real sites."""

import pytest

from crawler import urls
from spiders.fingerprint import platforms


@pytest.mark.parametrize(
    ("platform", "url", "identity"),
    [
        ("hanoi_afcbc", "https://hadong.hanoi.gov.vn/van-hoa/hoi-phu-2809250830154947022.htm", "2809250830154947022"),
        ("vnpt_uiarticle", "https://vandau.kienan.haiphong.gov.vn/trang-chu/ngay-hoi-dai-doan-ket-597086", "597086"),
        ("tandan_sharepoint", "https://thanhhoa.gov.vn/portal/Pages/2023-11-11/Thu-tuong-vi5x3u4r.aspx",
         "2023-11-11/Thu-tuong-vi5x3u4r"),
        ("sharepoint", "https://sub.dost-dongnai.gov.vn/taman/Pages/noi-dung-tin.aspx?NewsID=1354",
         "/taman/pages/noi-dung-tin.aspx?1354"),
        ("sharepoint", "http://quan12.hochiminhcity.gov.vn/tintuc/Lists/Posts/Post.aspx?ItemID=2460&Mode=1",
         "/tintuc/lists/posts/post.aspx?2460"),
        ("liferay", "https://danang.gov.vn/vi/web/dng/-/hoi-nghi-tong-ket", "hoi-nghi-tong-ket"),
        ("liferay", "https://danang.gov.vn/web/guest/chinh-quyen/chi-tiet?id=25030&_c=77", "25030"),
        ("liferay", "https://thapmuoi.dongthap.gov.vn/web/htm/chi-tiet-bai-viet/-/asset_publisher/1mOzUrGkrdAE/content/id/1653170",
         "1653170"),
        ("hatinh_2025", "https://ductho.hatinh.gov.vn/tin-tuc/hoi-lien-hiep-phu-nu-xa-duc-tho",
         "hoi-lien-hiep-phu-nu-xa-duc-tho"),
        ("nukeviet", "https://x.gov.vn/vi/news/tin-hoat-dong/hop-to-dan-pho-812.html", "hop-to-dan-pho-812"),
        ("nukeviet", "https://x.gov.vn/index.php?language=vi&nv=news&op=TIN-TUC-54/Doan-thanh-nien-1203",
         "Doan-thanh-nien-1203"),
        ("nukeviet", "https://x.gov.vn/vi/news/TIN-TUC-54/", None),
        ("nukeviet", "https://x.gov.vn/vi/news/tin-hoat-dong/page-8/", None),
        ("wordpress", "https://backancity.gov.vn/ngay-hoi-dai-doan-ket-to-5-phuong-duc-xuan/",
         "ngay-hoi-dai-doan-ket-to-5-phuong-duc-xuan"),
        ("wordpress", "https://x.vn/category/tin-tuc/", None),
        ("wordpress", "https://x.vn/page/3/", None),
        ("wordpress", "https://x.vn/2021/05/", None),
        ("drupal", "https://longxuyen.angiang.gov.vn/index.php/my-long-dai-hoi-chi-bo", "my-long-dai-hoi-chi-bo"),
        ("drupal", "https://biengiang.hadong.hanoi.gov.vn/node/43273", "node/43273"),
        ("joomla", "http://hoinongdan.hoabinh.gov.vn/ca-ng-ta-c/ha-i-na-ng/780-hnd-xa-trung-ba",
         "780-hnd-xa-trung-ba"),
        ("dotnetnuke", "http://dienban.gov.vn/Default.aspx?tabid=107&NewsViews=16887&language=vi-VN&mid=1087", "16887"),
        ("webcenter", "https://tamky.quangnam.gov.vn/webcenter/portal/tamky/pages_tin-tuc/chi-tiet?dDocName=PORTAL314259",
         "PORTAL314259"),
    ],
)  # fmt: skip
def test_articles_have_their_identity(platform, url, identity):
    assert platforms()[platform].identity(urls.absolute(url, url)) == identity


@pytest.mark.parametrize(
    ("platform", "one", "other"),
    [
        ("drupal", "https://x.vn/index.php/mot-viec", "https://x.vn/vi/mot-viec"),
        ("joomla", "https://x.vn/index.php/tin/7-viec", "https://x.vn/tin/7-viec?start=2"),
        ("dotnetnuke", "http://x.vn/Default.aspx?tabid=107&NewsViews=6&language=vi-VN", "http://x.vn:443/Default.aspx?tabid=107&NewsViews=6"),
        ("webcenter", "https://x.vn/webcenter/portal/a/chi-tiet?dDocName=P1&_afrLoop=9", "https://x.vn/webcenter/portal/a/chi-tiet?dDocName=P1"),
        ("liferay", "https://x.vn/vi/web/dng/-/mot-viec?redirect=%2F&inheritRedirect=true", "https://x.vn:443/en/web/dng/-/mot-viec"),
        ("hanoi_afcbc", "https://x.hanoi.gov.vn/tin/viec-4240517083007237.htm?utm_source=a", "https://x.hanoi.gov.vn/tin/viec-4240517083007237.htm"),
    ],
)  # fmt: skip
def test_views_of_one_article_have_one_canonical_address(platform, one, other):
    found = platforms()[platform]
    assert found.canonical(urls.absolute(one, one)) == found.canonical(urls.absolute(other, other))
    assert found.identity(urls.absolute(one, one)) == found.identity(urls.absolute(other, other))


@pytest.mark.parametrize(
    ("platform", "url"),
    [
        ("nukeviet", "https://x.vn/vi/news/savefile/a/b-1.html"),
        ("nukeviet", "https://x.vn/index.php?nv=news&op=savefile/TIN-TUC-54/a-1"),
        ("nukeviet", "https://x.vn/vi/users/login/"),
        ("tandan_sharepoint", "https://ninhhai.ninhthuan.gov.vn/portal/pages/print.aspx?p=37936"),
        ("joomla", "https://x.vn/tin/7-viec?tmpl=component&print=1"),
        ("dotnetnuke", "http://x.vn/Default.aspx?tabid=107&NewsViews=6&SkinSrc=%5BG%5DSkins%2f_default%2fNo+Skin"),
        ("wordpress", "https://x.vn/viec/?replytocom=4"),
        ("wordpress", "https://x.vn/wp-admin/"),
        ("vhv", "https://x.vn/?page=Article.Print.detail&id=5b6bb9"),
        ("generic", "https://x.vn/in-bai/12.html"),
        ("liferay", "https://x.vn/tin/vi/en/vi"),
    ],
)
def test_traps_are_not_followed(platform, url):
    assert not platforms()[platform].is_followed(urls.absolute(url, url))
