"""Joomla 3 to 5: `/<menu>/<number>-<slug>` or `index.php?option=com_content&view=article&id=<number>`.

The number with the slug is the identity, whatever menu or category stands before it; the path may begin with
`/index.php`. Categories count from 1 as articles do, and their paths have the same form: `/gioi-thieu/2-uncategorised`
is another page than `/thong-bao/2-nghi-le`. The number alone says which article it is, once it shows that it is one.
Lists page by `?start=`, feeds are the list with `format=feed&type=rss`.
`tmpl=component`, `print=1` and the mail form show the same article again.
"""

import re

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="joomla",
    container=(
        f"//*[{has_class('item-page')}]",
        f"//*[{has_class('itemView')} or {has_class('com-content-article')}]",
    ),
    body=(
        ".//*[@itemprop='articleBody']",
        f".//*[{has_class('com-content-article__body')} or {has_class('itemFullText')}]",
    ),
    title=(
        f"//*[{has_class('item-page')}]//*[self::h1 or self::h2][@itemprop='headline' or @itemprop='name']",
        f"//*[{has_class('item-page')}]//*[{class_like('page-header')}]",
        f"//*[{has_class('itemTitle')}]",
    ),
    summary=(f".//*[{has_class('itemIntroText')}]",),
    date=(
        ".//time[@itemprop='datePublished']/@datetime",
        f".//*[{has_class('published')}]",
        f".//*[{has_class('create')}]",
    ),
    author=(f".//*[{has_class('createdby')}]//*[@itemprop='name']",),
    drop=(
        f".//*[{class_like('article-info', 'pagenav', 'icons', 'pager', 'content_rating')}]",
    ),
)  # fmt: skip


class Joomla(Platform):
    """A path with `/index.php` leads to the same page as the path without."""

    def identity(self, url: str) -> str | None:
        """Return the article's number and slug, `2-nghi-le`; the number alone where an address names no slug."""
        url = urls.without_locale(url)
        for pattern in self.articles:
            if match := pattern.search(url):
                slug = match.group("slug")
                return f"{match.group('id')}-{slug}" if slug else match.group("id")
        return None

    def number(self, identity: str) -> str | None:
        """Return the number: two articles never share it, an article and a category may."""
        return identity.partition("-")[0]

    def canonical(self, url: str) -> str:
        """Return the address without language and `/index.php`; a raw address keeps what names the article."""
        bare = re.sub(r"(?<=[^/])/index\.php/", "/", url, count=1)
        return super().canonical(bare)


PLATFORM = Joomla(
    name="joomla",
    layout=LAYOUT,
    articles=(
        re.compile(r"^https?://(?!.*/category/)[^?]*/(?P<id>\d+)-(?!uncategori[sz]ed(?:[/?.]|$))(?P<slug>[^/?]+?)(?:\.html)?/?(?:\?|$)"),
        re.compile(r"[?&]view=article&(?:[^#]*&)?id=(?P<id>\d+)(?:(?::|%3A)(?P<slug>[^&#]+))?", re.IGNORECASE),
    ),
    items=(
        f"//*[{class_like('items-row', 'blog-item', 'items-leading')}]"
        "//*[self::div or self::article][.//h2//a or .//h3//a]"
        f"[not(.//*[self::div or self::article][.//h2//a or .//h3//a])]"
        f" | //table[{class_like('category')}]//tr[.//td[{class_like('list-title')}]]"
        f" | //ul[{class_like('latestnews', 'category-module', 'mod-articlesnews')}]/li"
    ),
    item_title=".//h2//a | .//h3//a | .//td//a | self::li//a",
    item_date=f".//time | .//*[{class_like('list-date', 'published', 'create')}]",
    list_mark=re.compile(
        rb"<body\b[^>]*\bview-(?:categor(?:y|ies)|featured|archive|tags?)\b"
        rb"|itemtype=[\"']https?://schema\.org/Blog[\"']|class=[\"'](?:blog|blog-featured|category-list)\b",
        re.IGNORECASE,
    ),
    page_parameter=re.compile(r"start|limitstart"),
    first_page=0,
    identity_parameters=re.compile(r"option|view|id"),
    list_parameters=re.compile(r"option|view|id|Itemid|layout"),
    never=re.compile(
        r"[?&](?:tmpl=component|print=1|format=(?:pdf|feed)|task=)|option=com_(?:mailto|users|search|finder)|/component/(?:mailto|users|search)",
        re.IGNORECASE,
    ),
)  # fmt: skip

FINGERPRINT = (
    seen("generator", r"^\s*Joomla\b", 5, "the generator Joomla"),
    seen("markup", r"joomla-script-options|\bJoomla\.(?:getOptions|JText|submit)", 5, "Joomla's script options"),
    seen("markup", r"/media/(?:jui|system|vendor/[\w-]+|mod_\w+|com_\w+)/(?:js|css)/|/components/com_", 3,
         "Joomla's scripts"),
    seen("markup", r"option=com_\w+", 3, "addresses with option=com_…"),
    seen("markup", r"\bcom_content\b|\bcom-content-(?:article|category)", 1, "classes com_content, com-content-…"),
    seen("markup", r"\bitem-page\b|\bitems-row\b|\bmoduletable", 1, "classes item-page, items-row, moduletable"),
    seen("link", r"/index\.php/[^?]*/\d+-[^/?]+$", 1, "addresses /index.php/…/<number>-<slug>"),
)  # fmt: skip


class JoomlaSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM
