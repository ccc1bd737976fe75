"""What can go wrong, as one tree. Each error says in its message what is wrong and, where there is one, what to do.

The number is the exit code of a command that ends with the error, see `Exit`; an error without one is handled by the
part that asked; if it gets out, that is a mistake of ours and ends with its traceback. An error is defined in the
module named after it, or else here.

    TinphuongError                  2
      ConfigurationError            2
        BadConfiguration            2  crawler.configuration.file
        BadFrozenPages              2  crawler.new_site.frozen_pages
        BadSiteFile                 2  spiders.site_files
        WrongFacts                  2  spiders.registry
        BadTable                    2  spiders.site_table
      MissingGroup                  2
      NotServed                     2  crawler.browse.server
      SurveyFailed                  2  crawler.new_site.survey_failures
        NoList                      2  crawler.new_site.survey_failures
        SiteFailed                  1  crawler.new_site.survey_failures
      UnitError                     2  crawler.units.meanings
        AmbiguousUnit               2  crawler.units.meanings
        UnknownProvince             2  crawler.units.provinces
        UnknownUnit                 2  crawler.units.meanings
      UnknownSite                   2  spiders.registry
      UsageError                    2
        Registered                  2  crawler.new_site.many_sites
      CollectionError               2  storage.errors
        Unreadable                  2  storage.errors
        NewerSchema                 2  storage.errors
        Locked                     75  storage.errors
        Unwritable                  1  storage.errors
        CapturesUnwritable          1  storage.errors
        PartOfCollection            2  storage.errors
        UpgradeFailed               1  storage.errors
        BadBackup                   2  storage.errors
        BackupDamaged               1  storage.errors
        BackupUnwritable            1  storage.errors
        BadArchive                  2  storage.archives.archive
        BadUnit                     2  storage.search.units
        BadCorrection               2  storage.doubts.confirm
        UnknownArticle              2  storage.exports.citations
        BadChoice                   2  storage.exports.selection
        NotADelivery                2  storage.exports.delivery
        BrokenChain                 2  storage.exports.delivery
        LastRunIncomplete           2  storage.exports.job
        DestinationExists           2  storage.exports.destination
        DestinationUnwritable       2  storage.exports.destination
        WaczFailed                  2  storage.exports.wacz
        BadImport                   2  storage.errors
      InternalError                 –
        CaptureNotFetched           –  crawler.web_archives.exchanges
        IndexUnreadable             –  crawler.web_archives.cdx
        NoAnswer                    –  crawler.web_archives.client
        NoNameService               –  crawler.discovery.discover
        TimeUp                      –  crawler.web_archives.client
        PageNotFetched              –  crawler.new_site.probe
        PageTooLarge                –  crawler.extraction.page_bounds
          TooManyElements           –  crawler.extraction.page_bounds
        PageEnded                   –  crawler.run.reading.readers
        ReadingStopped              –  crawler.run.reading.readers
        RefusedAddress              –  crawler.network.requests_guard
        BadSetting                  –  crawler.configuration.values
        BadValue                    –  storage.imports.validation
        Unfit                       –  storage.imports.characters
        LongHead                    –  crawler.scrapy_internals
        HostsStillHeld              –  crawler.extensions.file_requests
        BadPackage                  –  storage.archives.wacz
        DamagedRecord               –  storage.archives.warc
        PackedAsWhole               –  storage.archives.warcio_records
        UnreadableCapture           –  storage.archives.payloads
        Vanished                    –  storage.backups.files

Exceptions for Scrapy are apart, as they must be subclasses of its own: `crawler.run.items.NotStored` (DropItem) and
`crawler.run.failures.NotUsed` (IgnoreRequest) with its `Refused` (`ProxyFailed`), `RobotsUnreadable` and
`CaptureNotWhole`, each with a word of `crawler.reasons`.
"""

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """What the exit code says."""

    OK = 0
    UNHEALTHY = 1  # finished, but at least one site failed; or what was to be kept could not be written
    USAGE = 2  # bad usage or configuration
    LOCKED = 75  # another run holds the lock
    INTERRUPTED = 130  # what was fetched is kept


class TinphuongError(Exception):
    """The root of all errors that tinphuong raises itself, as a sentence for the user."""

    exit_code: ClassVar[Exit | None] = Exit.USAGE


class UsageError(TinphuongError):
    """The user's mistake, as one sentence that says what to do."""


class ConfigurationError(TinphuongError):
    """A file of the user's has a fault; the message names the place and what is wrong."""


class MissingGroup(TinphuongError):
    """Packages of an optional group are needed; the message says what to install: `how_to_install`."""


def how_to_install(group: str) -> str:
    """The command that installs an optional group of pyproject.toml, to end a sentence with."""
    return f"pip install 'tinphuong[{group}]'"


class InternalError(TinphuongError):
    """What one part says to another, which handles it."""

    exit_code = None
