"""Cookies, without a side trip to the network."""

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# Scrapy's own instance would download the list of public suffixes at the first cookie, in a replay too.
cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


class QuietCookiesMiddleware(cookies.CookiesMiddleware):
    """Scrapy's cookies, with the list of public suffixes that tldextract carries."""
