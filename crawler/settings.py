"""Scrapy's settings for polite, economical, truthful crawls: the defaults. Each that differs from Scrapy's says why.

Names that start with TINPHUONG_ are this project's own. The command line sets the ones that belong to one run; what a
user may change has a key in `crawler.configuration.keys`.
"""

from collections.abc import Mapping

from crawler import __version__


def user_agent(contact: str) -> str:
    """Return who we say we are: the contact is in it, so that a webmaster can write to somebody."""
    return f"tinphuong/{__version__} (+{contact}; archive of ward news)"


BOT_NAME = "tinphuong"
SPIDER_MODULES = ["spiders"]
SPIDER_LOADER_CLASS = "spiders.registry.RegisteredSites"  # files and table alike: `scrapy list` shows both

# Who we are.
TINPHUONG_CONTACT = "contact not set"
USER_AGENT = user_agent(TINPHUONG_CONTACT)

# Politeness.
ROBOTSTXT_OBEY = True  # by crawler.middlewares.robots
ROBOTS_MAX_CRAWL_DELAY = 60.0  # seconds between requests that a robots.txt can ask for
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.5
DOWNLOAD_DELAY_JITTER = 0.3
# One transfer from the connection to the last byte; a slow portal answers after half a minute. A site's class may state
# another number of seconds as `timeout`.
DOWNLOAD_TIMEOUT = 45.0
DOWNLOAD_FAIL_ON_DATALOSS = False  # what came of a body is captured, and then asked for again: by WholeMiddleware
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0

# Where requests may go, by crawler.network: public addresses, and of all others exactly those that are named here.
TINPHUONG_ALLOW_PRIVATE: list[str] = []
TINPHUONG_PROXY = ""  # the proxy of all sites; "": that of http_proxy and https_proxy
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.connections.GuardedHandler",
    "https": "crawler.network.connections.GuardedHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}

# Patience: pauses of about 2, 4 and 8 seconds; a Retry-After up to five minutes is waited for.
RETRY_TIMES = 3
RETRY_BACKOFF = 2.0
RETRY_AFTER_MAX = 300.0
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 520, 522, 524]
# A host that costs more than this in one run is given up until the next: timeouts in a row (three pages with all their
# tries), seconds of timeouts in sum, and seconds of Retry-After in sum. 0 is no bound.
TINPHUONG_TIMEOUTS_IN_A_ROW = 12
TINPHUONG_TIMEOUT_SUM = 1800.0
TINPHUONG_RETRY_AFTER_SUM = 1800.0
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # what is given up is counted and reported by the ledger
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 30  # seconds; a page that refreshes later than that is meant to be read

# Encodings that every reader of web archives can undo: no zstd, which Scrapy would offer where it is installed.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

# Where one run over a site ends by itself, whatever its pages link to; the next run goes on from there. 0 is no bound.
# The first run of a ward with 20,000 articles needs some 23,000 requests.
TINPHUONG_REQUESTS = 100_000  # redirects and retries among them
TINPHUONG_SECTIONS = 400  # pages that may be lists: a calendar or a filter makes them without end
TINPHUONG_LIST_PAGES = 2000  # pages of one list
TINPHUONG_LIST_ARTICLES = 30_000  # articles of one list

# Economy: four items at once is all that one host at a time can give; no task is started for more.
CONCURRENT_ITEMS = 4
CONCURRENT_REQUESTS = 16
DEPTH_STATS_VERBOSE = False
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the source of every callback, in every run
MEMUSAGE_ENABLED = False
FEEDS: dict[str, object] = {}

# Doors that stay shut: the first is a code-running HTTP server, the second a console.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.server_slots.ServerSlotsMiddleware": 30,
    "crawler.middlewares.bounds.BoundsMiddleware": 40,
    "crawler.middlewares.left_out.LeftOutMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "crawler.middlewares.user_agent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "crawler.middlewares.proxy.ProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.cookies.QuietCookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.middlewares.refresh.RefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.render.RenderMiddleware": 530,  # what came whole
    "crawler.middlewares.transfer.WholeMiddleware": 540,  # after the retries
    "crawler.middlewares.retry.PatientRetryMiddleware": 550,
    "crawler.middlewares.known_redirects.KnownRedirectMiddleware": 640,
    "crawler.middlewares.destinations.DestinationsMiddleware": 650,  # before redirects are followed
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.transfer.UnpackingMiddleware": 590,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "crawler.middlewares.replay.ReplayMiddleware": 950,
    "crawler.middlewares.capture.CaptureMiddleware": 990,  # nearest to the wire: sees bodies still compressed
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the spider counts clicks itself
}
# Scrapy's own, without those that are not used: it imports even what is switched off, and aiohttp for one of them costs
# each run a quarter of a second and 11 MB.
EXTENSIONS_BASE = {"scrapy.extensions.corestats.CoreStats": 0, "scrapy.extensions.logcount.LogCount": 0}
EXTENSIONS = {
    "crawler.extensions.ledger.Ledger": 100,
    "crawler.extensions.attachments.Attachments": 110,
    "crawler.extensions.requisites.Requisites": 120,
}
ITEM_PIPELINES = {
    "crawler.pipelines.extraction.ExtractionPipeline": 100,
    "crawler.pipelines.dates.DatesPipeline": 200,
    "crawler.pipelines.units.UnitsPipeline": 250,
    "crawler.pipelines.dedupe.DedupePipeline": 300,
    "crawler.pipelines.store.StorePipeline": 400,
}

LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False  # the command line sets up where log lines go, see crawler.cli.output.logs

# This project's own.
TINPHUONG_SITES: list[str] = []  # tables and folders of sites that `scrapy list` and `scrapy crawl` know besides
TINPHUONG_SITES_PACKAGE = True  # whether they know the sites of the package
TINPHUONG_SITE_FACTS: Mapping[str, object] = {}  # what a configuration says of single ones, for `Registry.with_facts`
TINPHUONG_DB = "data/tinphuong.db"
TINPHUONG_MODE = "live"  # live, replay or demo: noted with the run
TINPHUONG_FULL = False  # fetch also what is known
TINPHUONG_LIMIT = 0  # articles a site, 0 for all
TINPHUONG_PARTIAL = False  # what is replayed is known to be a part: pages that it lacks are not failures
TINPHUONG_SINCE: str | None = None  # ISO date: older articles are not stored
# How many sites are crawled at once, each from one host at a time, and no two on one server.
TINPHUONG_SITES_AT_ONCE = 8
# Reading a page, in a process that is ended where it takes more: seconds of CPU time, MiB of memory; and the processes
# at most, of which the second is started only where one page holds others up. 0: pages are read in the crawl itself.
TINPHUONG_PAGE_SECONDS = 10.0
TINPHUONG_PAGE_MEMORY = 256
TINPHUONG_READERS = 2
# Old articles looked at again in each run, for edits and removals: this share of those known, this many at least.
TINPHUONG_RECHECK = 0.01
TINPHUONG_RECHECK_LEAST = 3
TINPHUONG_BELIEVE_REMOVALS = False  # note removals also where nearly all that was looked at is gone
TINPHUONG_BROWSER_PROGRAM = ""  # the Chromium that finishes pages of sites with `render`; "": one that is on the PATH
# The files that articles link to: whether they are fetched, their largest size in bytes, and the seconds one may take.
TINPHUONG_ATTACHMENTS = False
# The pictures of articles, kept as captures; needs TINPHUONG_CAPTURE. The bounds of attachments are theirs too.
TINPHUONG_PICTURES = False
TINPHUONG_ATTACHMENT_MAXSIZE = 32 * 1024 * 1024
TINPHUONG_DELAY_ELSEWHERE = 0.0  # the pause at hosts of others, where a site's own `delay` is shorter
TINPHUONG_ATTACHMENT_TIMEOUT = 300.0
# What the pages of articles need to look as they did, kept as captures; needs TINPHUONG_CAPTURE. How many files one
# page may need, the bytes of the largest, those of a site in one run, and the days after which one that is kept is
# asked for again where a page of the run needs it: a style sheet of ten years ago is not that of today.
TINPHUONG_REQUISITES = False
TINPHUONG_REQUISITES_PER_PAGE = 200
TINPHUONG_REQUISITE_MAXSIZE = 8 * 1024 * 1024
TINPHUONG_REQUISITES_MAXSIZE = 256 * 1024 * 1024
TINPHUONG_REQUISITES_AGAIN = 90
# Which responses go into WARC files beside the database: True, those that come over the network; "always", also those
# that a replay reads from an archive, under the time of their first capture; False, none.
TINPHUONG_CAPTURE: bool | str = True
