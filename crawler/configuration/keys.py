"""Every key of the configuration: what it is, what it takes, and which setting of a crawl it becomes.

This is the one list: the file, the environment, `tinphuong config`, `tinphuong init` and docs/operating/configure.md
follow it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

MIB = 1024 * 1024

_Seconds = Annotated[float, Meta(ge=0, le=1e9)]
_Patience = Annotated[float, Meta(ge=0.1, le=1e9)]
_Share = Annotated[float, Meta(ge=0, le=1)]
_Count = Annotated[int, Meta(ge=1, le=10**12)]
_Number = Annotated[int, Meta(ge=0, le=10**12)]  # 0 for no bound

_Days = Annotated[int, Meta(ge=1, le=36_500)] | Literal["never"]

_SECONDS = "a number of 0 or more, in seconds"
_PATIENCE = "a number of 0.1 or more, in seconds"
_COUNT = "a whole number, 1 or more"
_NUMBER = "a whole number, 0 or more"
_BOOLEAN = "true or false"
_DAYS = 'a whole number from 1 to 36500, in days, or "never"'
_TEXT = "text"
_LIST = "a list of texts"
_PAGE_ADDRESS = "the address of a page, like https://rightsstatements.org/vocab/CNE/1.0/"
_NAAN = "five digits, like 12345 (or small letters without vowels and l), as the ARK Alliance gave them to you"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `name`: `section.key`, or `key` for those above all sections.

    `type`: what msgspec checks a value against, `Path` and `list[Path]` besides; `takes`: the same in words;
    `variable`: the environment variable; `setting`: the setting of `crawler.settings` that it becomes, "" for none;
    its default is that of the setting, or else `default`; `scale`: what a value is multiplied by for the setting;
    `secret`: it may hold a password and is never printed.
    """

    name: str
    type: Any
    takes: str
    variable: str
    about: str
    setting: str = ""
    default: Any = None
    scale: int = 1
    secret: bool = False

    @property
    def section(self) -> str:
        """The section that it stands in, "" for none."""
        return self.name.rpartition(".")[0]

    @property
    def flat(self) -> str:
        """The name under which it may stand outside its section: that of its variable, in small letters."""
        return self.variable.removeprefix("TINPHUONG_").lower()

    @property
    def is_list(self) -> bool:
        """Whether it takes several values: in a variable they are parted by commas."""
        return getattr(self.type, "__origin__", None) is list


SECTIONS = {
    "": "The collection",
    "sites": "Which sites",
    "politeness": "Manners: how fast, how patient, who we say we are",
    "bounds": "Where a run over a site, a page or a file ends by itself",
    "discover": "How `tinphuong discover` asks the name service",
    "browser": "The browser for sites whose pages a script fills",
    "captures": "What is kept of what comes",
    "recheck": "How many stored articles each run looks at again",
    "alarms": "Who hears of a site that breaks, goes quiet or recovers",
    "backup": "Where `tinphuong backup` goes",
    "archive": "Who hands on: in bags and other exports, word for word",
    "rights": "What you state on the reuse of the articles of all sites; where nothing is stated, exports say so",
    "prune": "What `tinphuong prune` removes; never the last capture of an article or version",
    "log": "Where log lines go",
}

KEYS = (
    Key("db", Path, "a path", "TINPHUONG_DB", "the database; captures and files lie in folders beside it",
        default=Path("data/tinphuong.db")),
    Key("contact", str, _TEXT, "TINPHUONG_CONTACT",
        "a mail or web address at which webmasters reach you; it goes into the user agent", "TINPHUONG_CONTACT"),

    Key("sites.package", bool, _BOOLEAN, "TINPHUONG_SITES_PACKAGE",
        "whether the sites that come with the package are registered", default=True),
    Key("sites.folder", Path, "a path", "TINPHUONG_SITES_FOLDER",
        "a folder of site files of your own; `new-site` writes into it"),
    Key("sites.tables", list[Path], "a list of paths", "TINPHUONG_SITES_TABLES",
        "tables of sites of your own; `new-site --table` appends to the first", default=()),
    Key("sites.frozen", Path, "a path", "TINPHUONG_SITES_FROZEN",
        "the folder of the frozen pages of your sites, which `check` reads; without it `frozen` beside the file"),

    Key("politeness.delay", _Seconds, _SECONDS, "TINPHUONG_DELAY",
        "seconds between two requests to one host, on average; with 0 there is still one request at a time",
        "DOWNLOAD_DELAY"),
    Key("politeness.delay_jitter", _Share, "a number from 0 to 1, in shares of the pause", "TINPHUONG_DELAY_JITTER",
        "the share by which a pause may be shorter or longer", "DOWNLOAD_DELAY_JITTER"),
    Key("politeness.timeout", _Patience, _PATIENCE, "TINPHUONG_TIMEOUT",
        "seconds that one transfer may take, from the connection to the last byte",
        "DOWNLOAD_TIMEOUT"),
    Key("politeness.retry_times", _Number, _NUMBER, "TINPHUONG_RETRY_TIMES",
        "how often a request is tried again", "RETRY_TIMES"),
    Key("politeness.retry_backoff", _Seconds, _SECONDS, "TINPHUONG_RETRY_BACKOFF",
        "seconds before a request is tried again; they double each time", "RETRY_BACKOFF"),
    Key("politeness.retry_after", _Seconds, _SECONDS, "TINPHUONG_RETRY_AFTER",
        "the longest Retry-After, in seconds, that is waited for", "RETRY_AFTER_MAX"),
    Key("politeness.retry_after_sum", _Seconds, _SECONDS, "TINPHUONG_RETRY_AFTER_SUM",
        "seconds of Retry-After in sum, after which a host is given up until the next run; 0: no bound",
        "TINPHUONG_RETRY_AFTER_SUM"),
    Key("politeness.timeouts_in_a_row", _Number, _NUMBER, "TINPHUONG_TIMEOUTS_IN_A_ROW",
        "timeouts in a row after which a host is given up until the next run; 0: no bound",
        "TINPHUONG_TIMEOUTS_IN_A_ROW"),
    Key("politeness.timeout_sum", _Seconds, _SECONDS, "TINPHUONG_TIMEOUT_SUM",
        "seconds lost to timeouts in sum, after which a host is given up until the next run; 0: no bound",
        "TINPHUONG_TIMEOUT_SUM"),
    Key("politeness.crawl_delay", Annotated[float, Meta(ge=10, le=1e6)], "a number of 10 or more, in seconds",
        "TINPHUONG_CRAWL_DELAY",
        "the longest Crawl-delay of a robots.txt, in seconds, that is obeyed", "ROBOTS_MAX_CRAWL_DELAY"),
    Key("politeness.sites_at_once", _Count, _COUNT, "TINPHUONG_SITES_AT_ONCE",
        "how many sites are crawled side by side, each with one request at a time", "TINPHUONG_SITES_AT_ONCE"),
    Key("politeness.user_agent", str, _TEXT, "TINPHUONG_USER_AGENT",
        "who we say we are, in place of `tinphuong/VERSION (+CONTACT; archive of ward news)`", "USER_AGENT"),
    Key("politeness.proxy", str, "the address of a proxy, like http://proxy.example.org:3128", "TINPHUONG_PROXY",
        "the proxy through which all sites are asked; without one, that of `http_proxy` and `https_proxy`",
        "TINPHUONG_PROXY", secret=True),
    Key("politeness.allow_private", list[str], "addresses or networks", "TINPHUONG_ALLOW_PRIVATE",
        "addresses (`10.0.0.5`) or networks (`10.0.0.0/24`) that requests may reach although they are loopback, "
        "private or reserved: exactly these, and all public ones", "TINPHUONG_ALLOW_PRIVATE"),

    Key("bounds.max_time", _Seconds, _SECONDS, "TINPHUONG_MAX_TIME",
        "seconds after which a run ends; the next run goes on; 0: no bound", default=0.0),
    Key("bounds.requests", _Number, _NUMBER, "TINPHUONG_REQUESTS",
        "requests to a site in one run, retries and redirects among them; then the reason is `run_bound`; 0: no bound",
        "TINPHUONG_REQUESTS"),
    Key("bounds.sections", _Number, _NUMBER, "TINPHUONG_SECTIONS",
        "pages of a site that may be lists, in one run; 0: no bound", "TINPHUONG_SECTIONS"),
    Key("bounds.list_pages", _Number, _NUMBER, "TINPHUONG_LIST_PAGES",
        "pages of one list, in one run; 0: no bound", "TINPHUONG_LIST_PAGES"),
    Key("bounds.list_articles", _Number, _NUMBER, "TINPHUONG_LIST_ARTICLES",
        "articles of one list, in one run; 0: no bound", "TINPHUONG_LIST_ARTICLES"),
    Key("bounds.page_size", _Count, _COUNT + ", in MiB", "TINPHUONG_PAGE_SIZE",
        "MiB of the largest page, list or feed that is read", "DOWNLOAD_MAXSIZE", scale=MIB),
    Key("bounds.page_seconds", _Patience, _PATIENCE, "TINPHUONG_PAGE_SECONDS",
        "seconds of CPU time that reading one page may take; after that, or three times as "
        "long by the clock, the reason is `too_slow`", "TINPHUONG_PAGE_SECONDS"),
    Key("bounds.page_memory", _Count, _COUNT + ", in MiB", "TINPHUONG_PAGE_MEMORY",
        "MiB of memory that reading one page may take", "TINPHUONG_PAGE_MEMORY"),
    Key("bounds.readers", Annotated[int, Meta(ge=0, le=64)], "a whole number from 0 to 64", "TINPHUONG_READERS",
        "the most processes that read pages; 0 reads them in the crawl itself, where nothing can end them",
        "TINPHUONG_READERS"),
    Key("bounds.jobs", Annotated[int, Meta(ge=0, le=64)], "a whole number from 0 to 64", "TINPHUONG_JOBS",
        "the processes that read pages, texts and files where nothing has to be waited for: in replays, `reprocess`, "
        "`import`, `verify`, `export`, `similar --link`; 0: the cores, fewer where memory is small", default=0),
    Key("bounds.attachment_size", _Count, _COUNT + ", in MiB", "TINPHUONG_ATTACHMENT_SIZE",
        "MiB of the largest attachment or picture that is kept", "TINPHUONG_ATTACHMENT_MAXSIZE", scale=MIB),
    Key("bounds.attachment_seconds", _Patience, _PATIENCE, "TINPHUONG_ATTACHMENT_SECONDS",
        "seconds that one attachment or picture may take", "TINPHUONG_ATTACHMENT_TIMEOUT"),
    Key("bounds.requisites", _Count, _COUNT, "TINPHUONG_REQUISITES_PER_PAGE",
        "style sheets, fonts, scripts and pictures of one page that are kept; of more, the reason is `too_many`",
        "TINPHUONG_REQUISITES_PER_PAGE"),
    Key("bounds.requisite_size", _Count, _COUNT + ", in MiB", "TINPHUONG_REQUISITE_SIZE",
        "MiB of the largest of them", "TINPHUONG_REQUISITE_MAXSIZE", scale=MIB),
    Key("bounds.requisites_size", _Number, _NUMBER + ", in MiB", "TINPHUONG_REQUISITES_SIZE",
        "MiB of them that one run fetches of a site; then the reason is `run_bound`; 0: no bound",
        "TINPHUONG_REQUISITES_MAXSIZE", scale=MIB),

    Key("discover.dns", str, "the address of a name server, like 9.9.9.9 or 127.0.0.1:5353", "TINPHUONG_DNS",
        "the name server that `discover` asks; without one, those of the system (/etc/resolv.conf)"),
    Key("discover.dns_rate", Annotated[float, Meta(ge=0.1, le=10_000)], "a number from 0.1 to 10000",
        "TINPHUONG_DNS_RATE",
        "names asked for in a second, at most; only a name server of your own should be asked for more than 20",
        default=20.0),
    Key("discover.dns_timeout", _Patience, _PATIENCE, "TINPHUONG_DNS_TIMEOUT",
        "seconds to wait for the answer of a name server", default=5.0),

    Key("browser.program", str, "a program or its path", "TINPHUONG_BROWSER_PROGRAM",
        "the Chromium that finishes pages of sites with `render`; without one, `chromium`, `chromium-browser` or "
        "`google-chrome` on the PATH", "TINPHUONG_BROWSER_PROGRAM"),

    Key("captures.keep", bool | Literal["always"], 'true, false or "always"', "TINPHUONG_CAPTURES_KEEP",
        'whether the raw pages are kept in WARC files, those that a replay reads too; "always" is the same as true',
        "TINPHUONG_CAPTURE"),
    Key("captures.attachments", bool, _BOOLEAN, "TINPHUONG_ATTACHMENTS",
        "whether the files that articles link to are fetched (`crawl --attachments`)", default=False),
    Key("captures.pictures", bool, _BOOLEAN, "TINPHUONG_PICTURES",
        "whether the pictures of articles are kept (`crawl --pictures`)", default=False),
    Key("captures.requisites", bool | Literal["browser"], 'true, false or "browser"', "TINPHUONG_REQUISITES",
        "whether what pages need to look as they did is kept: style sheets, fonts, scripts and pictures "
        '(`crawl --requisites`); "browser": pages with scripts are loaded to find it, also where `--requisites` asks '
        "for it", default=False),
    Key("captures.requisites_again", _Count, _COUNT + ", in days", "TINPHUONG_REQUISITES_AGAIN",
        "days after which one of them is asked for again, where a page of the run needs it",
        "TINPHUONG_REQUISITES_AGAIN"),

    Key("recheck.share", _Share, "a number from 0 to 1", "TINPHUONG_RECHECK_SHARE",
        "the share of the known articles that each run looks at again", "TINPHUONG_RECHECK"),
    Key("recheck.least", _Number, _NUMBER, "TINPHUONG_RECHECK_LEAST",
        "the least number of them", "TINPHUONG_RECHECK_LEAST"),

    Key("alarms.to", list[str], _LIST, "TINPHUONG_ALARMS_TO",
        "where alarms go: addresses as Apprise takes them, like mailtos://… or tgram://…; needs the group `alerts`",
        default=(), secret=True),
    Key("alarms.every_run", bool, _BOOLEAN, "TINPHUONG_ALARMS_EVERY_RUN",
        "whether each run in which a site still fails says so by its exit code, not only the first", default=False),
    Key("alarms.ping", str, "the address of a monitoring service", "TINPHUONG_PING_URL",
        "told of start, success and failure of each run (`crawl --ping`)", secret=True),

    Key("backup.to", Path, "a path", "TINPHUONG_BACKUP_TO", "where `backup` goes, best on another disk"),
    Key("backup.keep", _Count, _COUNT, "TINPHUONG_BACKUP_KEEP", "how many generations of a backup stay", default=3),

    Key("archive.organization", str, _TEXT, "TINPHUONG_ORGANIZATION",
        "the institution that hands on; Source-Organization of a bag", default=""),
    Key("archive.address", str, _TEXT, "TINPHUONG_ADDRESS", "its postal address; Organization-Address of a bag",
        default=""),
    Key("archive.contact_name", str, _TEXT, "TINPHUONG_CONTACT_NAME", "who answers questions; Contact-Name of a bag",
        default=""),
    Key("archive.email", str, "a mail address", "TINPHUONG_EMAIL",
        "where questions go; Contact-Email of a bag, and adminEmail of OAI-PMH; without it a mail address in `contact`",
        default=""),
    Key("archive.phone", str, _TEXT, "TINPHUONG_PHONE", "Contact-Phone of a bag", default=""),
    Key("archive.naan", str, _NAAN, "TINPHUONG_NAAN",
        "your name assigning authority number: with it every article has an ARK; may also stand alone as `naan`",
        default=""),

    Key("rights.statement", str, _TEXT, "TINPHUONG_RIGHTS_STATEMENT",
        "the statement that goes along with the articles of every site that has none of its own", default=""),
    Key("rights.url", str, _PAGE_ADDRESS, "TINPHUONG_RIGHTS_URL",
        "the licence, or a statement of rightsstatements.org, that goes along with it", default=""),

    *(
        Key(f"prune.{rule}", _Days, _DAYS, f"TINPHUONG_PRUNE_{rule.upper()}", f"days from which `prune` removes {what}",
            default=365)
        for rule, what in (
            ("listings", "lists and start pages"), ("robots", "robots.txt"),
            ("revisits", "captures of articles that only say: the same as before"),
        )
    ),

    Key("log.file", Path, "a path", "TINPHUONG_LOG_FILE", "a log that rotates (`crawl --log`)"),
    Key("log.format", Literal["text", "json"], '"text" or "json"', "TINPHUONG_LOG_FORMAT",
        "how log lines are written (`crawl --log-format`)", default="text"),
)  # fmt: skip
"""All keys but those of single sites, in the order of the file."""

SITE_KEYS = (
    Key("delay", _Seconds, _SECONDS, "DELAY",
        "as `politeness.delay`, also where the platform's own pause is longer; Crawl-delay is obeyed"),
    Key("timeout", _Patience, _PATIENCE, "TIMEOUT", "as `politeness.timeout`"),
    Key("user_agent", str, _TEXT, "USER_AGENT", "as `politeness.user_agent`"),
    Key("proxy", str, "the address of a proxy, like http://proxy.example.org:3128", "PROXY",
        "as `politeness.proxy`; empty: none",
        secret=True),
    Key("tls", Literal["", "old", "any"], '"old", "any" or ""', "TLS",
        "`old` allows old protocols and weak keys, `any` verifies nothing"),
    Key("every", Annotated[int, Meta(ge=1, le=100_000)], "a whole number, 1 or more, in hours", "EVERY",
        "hours between two runs by `crawl --due`"),
    Key("attachments", bool, _BOOLEAN, "ATTACHMENTS", "whether a live run fetches them, whatever it was asked"),
    Key("pictures", bool, _BOOLEAN, "PICTURES", "whether a live run keeps them, whatever it was asked"),
    Key("requisites", bool | Literal["browser"], 'true, false or "browser"', "REQUISITES",
        "whether a live run keeps what pages need to look as they did, whatever it was asked; \"browser\": and loads "
        "pages with scripts to find it"),
    Key("render", Literal["", "lists", "pages"], '"lists", "pages" or ""', "RENDER",
        "what a browser finishes where only a script fills it: `lists`, or `pages` for articles too "
        "([Scripted sites](../scripted-sites.md))"),
    Key("leave_out", list[str], "a list of paths", "LEAVE_OUT",
        "sections that are not visited, as beginnings of paths (`/van-ban`); counted as `left_out`"),
    Key("rights", str, _TEXT, "RIGHTS", "as `rights.statement`, in its place for the articles of this site"),
    Key("rights_url", str, _PAGE_ADDRESS, "RIGHTS_URL", "as `rights.url`, in its place"),
)  # fmt: skip
"""The keys of `[site.SLUG]`; in the environment `TINPHUONG_SITE_SLUG_KEY`."""

BY_NAME = {key.name: key for key in KEYS}
SITE_BY_NAME = {key.name: key for key in SITE_KEYS}


def of_section(section: str) -> Iterator[Key]:
    """Yield the keys of a section, "" for those above all sections."""
    return (key for key in KEYS if key.section == section)
