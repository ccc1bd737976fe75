"""Drupal 7 to 10: entries in `.views-row` or teasers, pager `?page=N` from 0, feed `/rss.xml`.

Articles' addresses look like any other (`/<slug>`, `/node/<number>`, both with and without `/index.php`), so only links
in entries and feeds count as articles; a copy under `/node/` has the same text and becomes one more address of its row.
"""

import re

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

_NODE = f"{has_class('node')} or {class_like('node--')} or {class_like('node-')}"

_SUBMITTED = f"{has_class('submitted')} or {class_like('node__submitted', 'node__meta')}"
_OTHERS = f"ancestor-or-self::*[{has_class('comment')} or @id='comments' or {class_like('field-name-body')}]"
# "Submitted by NAME on DATE" as Drupal's translations write it, where the theme does not mark up the name.
_BESIDE_THE_DATE = (
    ("Submitted by ", " on "), ("Được gửi bởi ", " vào "), ("Gửi bởi ", " vào "), ("Đăng bởi ", " vào "),
    ("Được đăng bởi ", " vào "), ("By ", " on "), ("Bởi ", " vào "),
)  # fmt: skip


def _name_between(before: str, after: str) -> str:
    text = f"normalize-space((//*[{_NODE}]//*[{_SUBMITTED}][not({_OTHERS})])[1])"
    return f"substring-before(substring-after({text}, '{before}'), '{after}')"


LAYOUT = Layout(
    name="drupal",
    container=(
        f"//*[self::article or self::div][{_NODE}][not({class_like('teaser')})]"
        f"[.//*[{class_like('field-name-body', 'field--name-body')}]]",
    ),
    body=(f".//*[{class_like('field-name-body', 'field--name-body')}]",),
    title=(
        "//h1[@id='page-title']",
        f"//h1[{class_like('page-title', 'title')}]",
        "//main//h1",
    ),
    summary=(f".//*[{class_like('field-name-field-sapo', 'field--name-field-sapo', 'field-name-field-tom-tat')}]",),
    date=(
        f".//*[{_SUBMITTED}]//time[@datetime]/@datetime | .//time[@datetime][not({_OTHERS})]/@datetime",
        f".//*[{_SUBMITTED}][not({_OTHERS})]",
        f".//*[{class_like('field-name-post-date', 'field--name-created')}]",
        f".//*[contains(@property, 'dc:created') or contains(@property, 'dc:date')][not({_OTHERS})]/@content",
    ),
    author=(
        f".//*[{_SUBMITTED}][not({_OTHERS})]//*[{has_class('username')} or contains(@property, 'foaf:name')"
        " or contains(@property, 'schema:name')]",
        *(_name_between(before, after) for before, after in _BESIDE_THE_DATE),
        f".//*[{class_like('field-name-author', 'field--name-uid')}]",
    ),
    attachments=(f"//*[{has_class('file')}]//a",),
)  # fmt: skip


class Drupal(Platform):
    """A path with `/index.php` leads to the same page as the path without."""

    def identity(self, url: str) -> str | None:
        """Return the path, without `/index.php`."""
        return super().identity(url.replace("/index.php/", "/", 1))

    def canonical(self, url: str) -> str:
        """Return the address without query, language and `/index.php`."""
        return urls.without_query(urls.without_locale(url.replace("/index.php/", "/", 1)))


PLATFORM = Drupal(
    name="drupal",
    layout=LAYOUT,
    articles=(
        re.compile(
            r"^https?://[^/]+/(?!(?:taxonomy|user|users|search|comment|admin|contact|filter|print\w*|rss\.xml|sites)(?:/|$))"
            r"(?P<id>[^?]{3,}?)/?$"
        ),
    ),
    items=(
        f"//*[{has_class('views-row')}] | //*[{class_like('node-teaser', 'node--view-mode-teaser')}]"
        f"[not(ancestor::*[{has_class('views-row')}])]"
    ),
    item_title=(
        f".//*[{class_like('views-field-title', 'field--name-title', 'node__title', 'node-title')}]//a"
        " | .//h2//a | .//h3//a"
    ),
    item_date=f".//time | .//*[{class_like('views-field-created', 'submitted', 'date')}]",
    item_summary=f".//*[{class_like('views-field-body', 'field-name-body', 'field--name-body')}]",
    page_parameter=re.compile(r"page"),
    first_page=0,
    items_only=True,
    discovery=("/rss.xml", "/sitemap.xml"),
    never=re.compile(r"/(?:print\w*|user|users|comment|node/add|forward|admin)(?:/|$)", re.IGNORECASE),
)

FINGERPRINT = (
    seen("generator", r"^\s*Drupal\b", 5, "the generator Drupal"),
    seen("header", r"^x-(?:generator: drupal|drupal-)", 5, "the headers X-Generator, X-Drupal-Cache"),
    seen("markup", r"Drupal\.settings|drupal-settings-json|/misc/drupal\.js|/core/misc/", 5, "Drupal's scripts"),
    seen("markup", r"\bdata-drupal-(?:selector|link-system-path|messages)|\bdata-history-node-id=", 3,
         "attributes data-drupal-…"),
    seen("markup", r"/sites/(?:default|all|[\w.-]+)/(?:files|modules|themes)/", 3, "files under /sites/default/"),
    seen("markup", r"\bviews-row\b|field-name-body|field--name-body", 1, "classes views-row, field-name-body"),
    seen("link", r"/node/\d+$", 1, "addresses /node/<number>"),
)  # fmt: skip


class DrupalSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM
