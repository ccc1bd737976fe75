"""WordPress: posts by the REST API, the sitemap and the feed; the HTML lists as fallback and check.

Addresses of posts, pages and categories look alike (`/<slug>/`), so only links in a list's entry, a feed, the posts'
sitemap or the API's answer count as articles. Checked against a real WordPress 6.1 (`docs/platforms/wordpress.md`).
"""

import re
from html import unescape

from scrapy.http import TextResponse

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.feeds import Feed, member, objects, read_json, text_of, whole_number
from spiders.platform import Platform

_POSTS = "/wp-json/wp/v2/posts?per_page=100"

LAYOUT = Layout(
    name="wordpress",
    container=(
        f"//body[{has_class('single')}]//article[{has_class('type-post')}]",
        f"//body[{has_class('single')}]//main"
        f"[.//*[{has_class('wp-block-post-content')} or {has_class('entry-content')}]]",
        f"//body[{has_class('single')}]//*[{class_like('entry-content', 'post-content', 'td-post-content')}]/..",
    ),
    body=(
        f"(.//*[{has_class('wp-block-post-content')} or {has_class('entry-content')}])[1]",
        f"(.//*[{has_class('post-content')} or {has_class('td-post-content')}])[1]",
    ),
    title=(
        f".//h1[{class_like('wp-block-post-title', 'entry-title', 'post-title')}]",
        f"//h1[{class_like('wp-block-post-title', 'entry-title', 'post-title')}]",
    ),
    date=(
        ".//time[@datetime]/@datetime",
        f"//*[{has_class('entry-date')} or {has_class('posted-on')}]",
    ),
    author=(
        f".//*[{class_like('wp-block-post-author__name', 'wp-block-post-author-name')}]",
        f".//*[{has_class('author')}]//a",
        # Classic themes name the author in the article's footer, below the text.
        f".//*[{class_like('byline', 'posted-by', 'entry-author', 'post-author')}]//a[@rel='author']",
    ),
    drop=(
        f".//*[{class_like('sharedaddy', 'jp-relatedposts', 'post-navigation', 'comments-area', 'wp-block-comments')}]",
        f".//*[{class_like('post-nav-links', 'page-links', 'addtoany', 'yarpp')}]",
    ),
)  # fmt: skip

# First segments of the path that are not a post's.
_NO_POST = r"(?:category|tag|author|page|feed|comments|search|wp-[\w-]+|chuyen-muc|the|xmlrpc\.php|index\.php/category)"


class WordPress(Platform):
    """Its API lists posts, newest first, a hundred a page."""

    def read_data(self, response: TextResponse) -> Feed | None:
        """Read the API's posts, or a feed or sitemap. Posts behind a password are left out."""
        if "/wp-json/" not in response.url:
            return super().read_data(response)
        posts = read_json(response)
        if not isinstance(posts, list):  # an error is an object
            return None
        feed = Feed()
        for post in objects(posts):
            if post.get("status", "publish") == "publish" and not member(member(post, "content"), "protected"):
                title = re.sub(r"<[^>]+>", "", unescape(text_of(member(post, "title"), "rendered")))
                excerpt = text_of(member(post, "excerpt"), "rendered")
                date, text = text_of(post, "date").replace("T", " "), text_of(member(post, "content"), "rendered")
                feed.add(response.url, text_of(post, "link"), title, date, excerpt, text)
        last = whole_number((response.headers.get("X-WP-TotalPages") or b"").decode("latin-1"), 1)
        page = whole_number(urls.query_value(response.url, re.compile("page")), 1)
        if page < last:
            feed.pages["page", page + 1] = urls.with_query_value(response.url, "page", str(page + 1))
        return feed


PLATFORM = WordPress(
    name="wordpress",
    layout=LAYOUT,
    articles=(
        re.compile(r"^https?://[^/]+/\?p=(?P<id>\d+)$"),
        re.compile(rf"^https?://[^/]+/(?!{_NO_POST}(?:/|\?|$))(?!\d{{4}}(?:/\d\d){{0,2}}/?$)(?P<id>[^?]*?[^?/]{{3,}})/?$"),
    ),
    items=(
        f"//article[{has_class('post')} or {has_class('type-post')}]"
        f" | //li[{has_class('type-post')} or {has_class('wp-block-post')}]"
        f" | //ul[{has_class('wp-block-latest-posts__list')} or {has_class('wp-block-latest-posts')}]/li"
        f" | //*[{class_like('widget_recent_entries')}]//li | //*[{class_like('td_module_')}]"
    ),
    item_title=(
        f".//*[{class_like('entry-title', 'post-title', 'td-module-title')}]//a"
        f" | .//a[@rel='bookmark'] | .//a[{class_like('latest-posts__post-title')}]"
        " | self::li[not(.//h2 or .//h3)]/a"
    ),
    item_date=".//time",
    page_parameter=re.compile(r"paged?|query-\d+-page", re.IGNORECASE),
    page_path=re.compile(r"(?P<page>/page/(?P<number>\d+))/?$"),
    items_only=True,
    discovery=(_POSTS, "/wp-sitemap.xml", "/feed/"),
    sitemaps=re.compile(r"(?:sitemap-posts-post-\d+|post-sitemap\d*)\.xml"),
    parts=f"//*[{class_like('post-nav-links', 'page-links', 'post-page-numbers')}]/descendant-or-self::a",
    part_urls=(
        re.compile(r"^[^?]*(?P<page>/(?P<number>[2-9]|[1-9]\d))/?$"),
        re.compile(r"[?&]p=\d+(?P<page>&page=(?P<number>\d+))$"),
    ),
    never=re.compile(
        r"/(?:wp-admin|wp-login|wp-json|xmlrpc|feed|embed|trackback|amp|attachment|author|tag)(?:[/.]|$)"
        r"|[?&](?:replytocom|share|s|attachment_id)=|/comment-page-\d+|/\d{4}(?:/\d\d){0,2}/?$",
        re.IGNORECASE,
    ),
)  # fmt: skip

FINGERPRINT = (
    seen("generator", r"^\s*WordPress\b", 5, "the generator WordPress"),
    seen("markup", r"rel=[\"']https://api\.w\.org/|/wp-json/", 3, "links to the REST API"),
    seen("header", r"api\.w\.org|^x-pingback:", 3, "the headers Link: api.w.org, X-Pingback"),
    seen("markup", r"/wp-content/(?:themes|plugins|uploads|cache|mu-plugins)/", 3, "files under /wp-content/"),
    seen("markup", r"/wp-includes/(?:js|css|blocks|images|fonts)/", 3, "files under /wp-includes/"),
    seen("markup", r"\bwp-block-|class=[\"'][^\"']*\btype-post\b", 1, "classes wp-block-…, type-post"),
)


class WordPressSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM
