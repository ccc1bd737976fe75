"""Cookies, without downloading a list of public suffixes first."""

from scrapy.downloadermiddlewares.cookies import CookiesMiddleware

from crawler.scrapy_internals import use_bundled_public_suffixes

use_bundled_public_suffixes()


class QuietCookiesMiddleware(CookiesMiddleware):
    """Scrapy's cookies, with the list of public suffixes that comes with tldextract."""
