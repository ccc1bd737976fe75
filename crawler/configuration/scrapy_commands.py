"""The settings of `scrapy list` and `scrapy crawl`: those of `crawler.settings`, as the configuration changes them."""

from crawler.configuration import Configuration
from crawler.settings import *  # noqa: F403 — a settings module is the names in it

_configuration = Configuration.load()
globals().update(_configuration.of_scrapy())
TINPHUONG_DB = str(_configuration["db"])
TINPHUONG_SITES_PACKAGE = _configuration["sites.package"]
TINPHUONG_SITE_FACTS = _configuration.sites
TINPHUONG_SITES = [str(place) for place in _configuration.site_places]
