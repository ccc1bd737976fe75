"""Joomla 3 to 5: `/<menu>/<number>-<slug>` or `index.php?option=com_content&view=article&id=<number>`.

The number is the identity; the path may begin with `/index.php`. A category's path has the same form: the stock one,
`2-uncategorised`, is left out. Lists page by `?start=`, feeds are the list with `format=feed&type=rss`.
`tmpl=component`, `print=1` and the mail form show the same article again.
"""

import re

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

    def canonical(self, url: str) -> str:
        """Return the address without language and `/index.php`; a raw address keeps what names the article."""
        bare = re.sub(r"(?<=[^/])/index\.php/", "/", url, count=1)
        return super().canonical(bare)


PLATFORM = Joomla(
    name="joomla",
    layout=LAYOUT,
    articles=(
        re.compile(r"^https?://(?!.*/category/)[^?]*/(?P<id>\d+)-(?!uncategori[sz]ed(?:[/?.]|$))[^/?]+?(?:\.html)?(?:\?|$)"),
        re.compile(r"[?&]view=article&(?:[^#]*&)?id=(?P<id>\d+)"),
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
