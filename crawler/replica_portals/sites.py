"""The six portals: their hosts, what they list, and the articles read from `content/`."""

import re
from dataclasses import replace
from functools import cache

from crawler.replica_portals.content import articles_of
from crawler.replica_portals.model import Article, Section, Site, slugify, unmarked
from crawler.replica_portals.text import old_tones

_SITES = (
    Site(
        "thainguyen_huongson", "huongson.thainguyencity.gov.vn", "http", "asset_publisher",
        "Phường Hương Sơn", "Phường Hương Sơn, thành phố Thái Nguyên, tỉnh Thái Nguyên",
        (
            Section("tin-tuc-su-kien", "Tin tức - Sự kiện", instance="Qm4TzLw8RkPx"),
            Section("gioi-thieu", "Giới thiệu", instance="bV2NsYc7HdJf"),
            Section("thong-bao", "Thông báo", hidden=True, instance="Xe9GuAr3WnKt"),
        ),
        group=27164,
    ),
    Site(
        "thainguyen_hoangvanthu", "hoangvanthu.thainguyencity.gov.vn", "https", "asset_publisher",
        "Phường Hoàng Văn Thụ", "Phường Hoàng Văn Thụ, thành phố Thái Nguyên, tỉnh Thái Nguyên",
        (
            Section("tin-tuc-su-kien", "Tin tức - Sự kiện", instance="Zc5DhMv1QpBy"),
            Section("van-ban", "Văn bản", hidden=True, instance="Jt8KwEs6LgUa"),
        ),
        robots="bom",
        group=31870,
    ),
    Site(
        "hatinh_honglinh", "honglinh.hatinh.gov.vn", "https", "hatinh",
        "Thị xã Hồng Lĩnh", "Thị xã Hồng Lĩnh, tỉnh Hà Tĩnh",
        (
            Section("portal/pages/tin-tuc.aspx", "Tin tức - Sự kiện", dated=False),
            Section("daulieu/pages/tin-tuc.aspx", "Phường Đậu Liêu", dated=False),
            Section("portal/pages/thong-bao.aspx", "Thông báo", hidden=True, dated=False),
        ),
    ),
    Site(
        "hanoi_trucbach", "trucbach.badinh.hanoi.gov.vn", "https", "badinh",
        "Phường Trúc Bạch", "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội",
        (
            Section("tin-tuc-hoat-dong", "Tin tức hoạt động", dated=False, instance="Yk3RnVt9SbMe"),
            Section("tin-noi-bat", "Tin nổi bật", dated=False, instance="Pw7HcXa2LqZd"),
            Section("khoi-phuong", "Khối phường", instance="Gf6JuDy4WmTo"),
            Section("cai-cach-hanh-chinh", "Cải cách hành chính", hidden=True, dated=False, instance="Nr8BsKe5VhCi"),
        ),
        robots="delay",
        group=58213,
    ),
    Site(
        "hanoi_haibatrung", "haibatrung.hanoi.gov.vn", "http", "hanoi",
        "Quận Hai Bà Trưng", "Quận Hai Bà Trưng, thành phố Hà Nội",
        (
            Section("hoat-dong-cac-phuong", "Hoạt động các phường"),
            Section("hoat-dong-cac-phuong1", "Hoạt động các phường"),
            Section("khoi-phuong", "Khối phường"),
            Section("thong-bao1", "Thông báo"),
            Section("guong-nguoi-tot", "Gương người tốt, việc tốt", hidden=True),
        ),
        group=40125,
    ),
    Site(
        "hanoi_sotttt", "sotttt.hanoi.gov.vn", "http", "hanoi",
        "Sở Thông Tin Và Truyền Thông", "Thành phố Hà Nội",
        (
            Section("vi/cong-nghe-thong-tin", "Công nghệ thông tin"),
            Section("vi/thanh-tra", "Thanh tra"),
            Section("vi/ke-hoach-tai-chinh", "Kế hoạch tài chính"),
            Section("en/cai-cach-hanh-chinh", "Cải cách hành chính", page_size=4),
            Section("vi/buu-chinh-vien-thong", "Bưu chính viễn thông", hidden=True),
        ),
        robots="missing",
        group=66307,
    ),
)  # fmt: skip


def _slug(site: Site, article: Article) -> str:
    """The article's name in its address, as the site's platform cuts it from the title."""
    if article.slug:
        return article.slug
    if site.platform == "hanoi":
        return slugify(article.title)[:96]
    if site.platform == "hatinh":
        return re.sub("[^A-Za-z0-9]+", "-", unmarked(article.title))[:50]
    return slugify(article.title, keep_d=False)[:150]


def _source(article: Article, all_articles: dict[str, Article]) -> Article:
    """The article with title, sapo and body of the one it copies, if it copies one."""
    if not article.same:
        return article
    name = article.same if ":" in article.same else f"{article.site}:{article.same}"
    original = all_articles[name]
    return replace(
        article,
        title=article.title or original.title,
        sapo=original.sapo,
        blocks=original.blocks,
        same=name,
    )


@cache
def sites() -> dict[str, Site]:
    """The six sites by slug, articles filled in."""
    raw = {f"{a.site}:{a.key}": a for site in _SITES for a in articles_of(site.slug)}
    for site in _SITES:
        site.articles = [_source(a, raw) for a in articles_of(site.slug)]
        for article in site.articles:
            article.slug = _slug(site, article)
            if "oldtones" in article.styles:
                article.title, article.sapo = old_tones(article.title), old_tones(article.sapo)
                article.blocks = tuple(replace(b, text=old_tones(b.text)) for b in article.blocks)
    return {site.slug: site for site in _SITES}


def start_urls(site: Site) -> list[str]:
    """The home page and every section that is not left to be discovered."""
    paths = [s.path for s in site.sections if not s.hidden]
    return [f"{site.origin}/", *(f"{site.origin}/{path}" for path in paths)]
