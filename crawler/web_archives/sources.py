"""Which web archive is meant, and the addresses of its index and its raw captures."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crawler.errors import ConfigurationError, MissingGroup, how_to_install

GROUP = "archive"
_NAMES = {"ia": "ia", "internetarchive": "ia", "cc": "cc", "commoncrawl": "cc"}
_ARCHIVE_ORG = "web.archive.org"


@dataclass(frozen=True, slots=True)
class Source:
    """A web archive. `index`: as cdx-toolkit names it (ia, cc, or an endpoint's URL); `wayback`: base address of
    raw captures (`<wayback>/<time>id_/<url>`), None where they are ranges of WARC files, as at Common Crawl."""

    name: str
    index: str
    wayback: str | None


def source(text: str, wayback: str | None = None) -> Source:
    """Return what `--from-archive` and `--wayback` name. Raises ConfigurationError with a sentence for the user.

    A CDX endpoint is next to its captures, as in pywb: /wards/cdx lists what /wards/ shows.
    """
    known = _NAMES.get(text.lower().replace(" ", "").replace("-", ""))
    if wayback is not None and (known == "cc" or not _is_url(wayback)):
        raise ConfigurationError("--wayback takes the URL before a capture's time, and goes with an index of its own")
    if known == "cc":
        return Source("Common Crawl", "cc", None)
    if known == "ia" or (_is_url(text) and urlsplit(text).hostname == _ARCHIVE_ORG):
        return Source("Internet Archive", "ia", wayback or f"https://{_ARCHIVE_ORG}/web")
    if not _is_url(text):
        raise ConfigurationError(
            f"--from-archive {text!r} is not a web archive: give ia (Internet Archive), cc (Common Crawl), or the URL "
            "of a CDX server, like https://archive.example/wards/cdx"
        )
    parts = urlsplit(text)
    if parts.path.rstrip("/").rpartition("/")[2] not in ("cdx", "index", "cdxj", "search"):
        raise ConfigurationError(
            f"--from-archive {text} does not look like a CDX server: its path ends with /cdx (of a pywb collection: "
            f"{text.rstrip('/')}/cdx)"
        )
    beside = urlunsplit(parts._replace(path=parts.path.rstrip("/").rpartition("/")[0], query="", fragment=""))
    return Source(parts.netloc, text, (wayback or beside).rstrip("/"))


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def toolkit() -> Any:
    """Import cdx-toolkit. Raises MissingGroup with what to install."""
    try:
        import cdx_toolkit
    except ImportError as error:
        raise MissingGroup(
            f"--from-archive needs the optional group {GROUP}: {how_to_install(GROUP)} ({error})"
        ) from None
    return cdx_toolkit
