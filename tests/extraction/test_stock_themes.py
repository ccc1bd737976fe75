"""Facts of stock CMSs' themes: which of the dates on a page is the publication, and where the author stands."""

from crawler.extraction import extract_article
from spiders.platforms import layout_named

NUKEVIET = """<!DOCTYPE html><html><head><title>Phường Hòa Bắc mở lớp tin học - Phường Hòa Bắc</title>
<meta property="article:published_time" content="2026-10-05EDT08:00:00"></head><body>
<div class="news_column" itemscope itemtype="http://schema.org/NewsArticle">
<h1 class="title" itemprop="headline">Phường Hòa Bắc mở lớp tin học</h1>
<span class="hidden" itemprop="datePublished">2026-11-20T10:11:12+07:00</span>
<span class="hidden" itemprop="dateModified">2026-11-20T10:11:12+07:00</span>{shown}
<div class="hometext" itemprop="description">Lớp học buổi tối dành cho người trên 50 tuổi khai giảng đầu tháng.</div>
<div id="news-bodyhtml" class="bodytext"><p>Tối 4/10, nhà văn hóa tổ 3 sáng đèn đón ba mươi học viên đầu tiên.</p>
<p>Các học viên được hướng dẫn dùng điện thoại để nộp hồ sơ và gọi cấp cứu.</p></div></div></body></html>"""

DRUPAL7 = """<!DOCTYPE html><html><head><meta name="Generator" content="Drupal 7">
<title>Lịch tiếp dân tháng mười | Phường Đông</title></head>
<body><div id="content"><h1 class="title" id="page-title">Lịch tiếp dân tháng mười</h1>
<div id="node-12" class="node node-article" about="/node/12"><div class="submitted"><span {said}>Submitted by
<a href="/user/3" class="username">Ngọc Lan</a> on {shown}</span></div><div class="field-name-body"><p>Phường tổ chức
tiếp dân vào sáng thứ Ba hằng tuần tại tầng một trụ sở.</p><p>Hồ sơ nộp trước 10 giờ được trả lời trong ngày.</p></div>
</div></div></body></html>"""

WORDPRESS = """<!DOCTYPE html><html><head><title>Mở lại chợ phiên - Phường Tây</title></head><body class="post single">
<main><article class="post type-post"><h1 class="entry-title">Mở lại chợ phiên</h1>
<div class="entry-content"><p>Chợ phiên của phường mở lại từ sáng thứ Bảy, sau sáu tháng sửa mái và nền.</p>
<p>Ban quản lý chợ miễn tiền thuê sạp trong tháng đầu tiên.</p></div>
<footer class="entry-footer"><div class="posted-by"><span class="posted-on">Published <time class="entry-date published"
datetime="2026-10-04T07:30:00+07:00">October 4, 2026</time></span><span class="byline">By <a href="/author/mai/"
rel="author">Trịnh Minh Mai</a></span></div></footer></article><section class="comments-area"><a rel="author"
href="/author/x/">Người Khác</a></section></main></body></html>"""


def read(html, platform):
    layout = layout_named(platform) if platform else None
    return extract_article(html.encode(), "https://x.test/node/12", platform=layout)


def test_nukeviets_itemprop_is_the_last_edit():
    shown = '<div class="row"><span class="h5">Thứ hai - 05/10/2026 08:00</span></div>'
    for platform in ("nukeviet", None):
        assert read(NUKEVIET.format(shown=shown), platform).published_at == "2026-10-05T08:00+07:00"
    hidden = read(NUKEVIET.format(shown=""), "nukeviet")
    assert hidden.published_at == "2026-10-05" and hidden.published_from == "meta"


def test_drupal_7_writes_the_month_first():
    said = 'property="dc:date dc:created" content="2026-10-11T23:48:00+07:00" datatype="xsd:dateTime"'
    for platform in ("drupal", None):
        for attributes in (said, ""):  # the weekday says it as well
            html = DRUPAL7.format(said=attributes, shown="Sun, 10/11/2026 - 23:48")
            article = read(html, platform)
            assert article.published_at == "2026-10-11T23:48+07:00" and article.author == "Ngọc Lan"
        html = DRUPAL7.format(said=said, shown="10/11/2026 - 23:48")
        assert read(html, platform).published_at == "2026-10-11T23:48+07:00"


def test_wordpress_classic_themes_name_the_author_below_the_text():
    article = read(WORDPRESS, "wordpress")
    assert article.author == "Trịnh Minh Mai" and article.published_at == "2026-10-04T07:30+07:00"
    assert article.body.endswith("trong tháng đầu tiên.")
