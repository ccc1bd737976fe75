"""Reads a folder of saved pages as HTTrack and wget leave it: the URL of each file, and when it was saved.

The URL is taken from the folder's own list (`urls.tsv`: path, tab, URL), else from HTTrack's comment “Mirrored from”,
else from a path that begins with a host name, as wget writes them. Pages without any of these are counted.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

from storage.archives.address_key import is_web_address

LIST = "urls.tsv"
_PAGES = (".html", ".htm", ".xhtml", ".aspx", ".php", ".jsp")
_HEAD = 16 * 1024  # bytes that are searched for the comment
_COMMENT = re.compile(
    rb"<!--\s*Mirrored from\s+(\S+)\s+by HTTrack Website Copier/\S+"
    rb"(?:[^>]*?,\s*(\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} GMT))?"
)
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_LINK = re.compile(rb"""(\bhref\s*=\s*)(["'])([^"'#>]+)""", re.IGNORECASE)


class Mirror:
    """The pages of a folder. `urls`: file → URL; `unknown`: number of pages without a known URL."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.urls: dict[Path, str] = {}
        self.unknown = 0
        listed = dict(_listed(folder))
        for path in _files(folder):
            url = listed.get(path) or _from_comment(path)[0] or self._from_place(path)
            if url:
                self.urls[path] = url
            else:
                self.unknown += 1

    def time(self, path: Path) -> datetime:
        """Return when a page was saved: from HTTrack's comment, else when its file was last written."""
        return _from_comment(path)[1] or datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def body(self, path: Path) -> bytes:
        """Return a page, with its links to other saved pages turned back into URLs."""

        def restored(match: re.Match[bytes]) -> bytes:
            link = match[3].decode("utf-8", "replace").replace("&amp;", "&")
            if _SCHEME.match(link):
                return match[0]
            target = Path(os.path.normpath(path.parent / unquote(link.partition("?")[0])))
            url = self.urls.get(target)
            return match[1] + match[2] + url.replace("&", "&amp;").encode() if url else match[0]

        return _LINK.sub(restored, path.read_bytes())

    def _from_place(self, path: Path) -> str | None:
        """Return the URL of a file by its path as wget writes it: host/path, with the query after a ? or an @."""
        relative = path.relative_to(self.folder).as_posix()
        host, _, rest = relative.partition("/")
        if not rest and _HOST.fullmatch(self.folder.name):
            host, rest = self.folder.name, relative
        if not _HOST.fullmatch(host):
            return None
        place, mark, query = rest.partition("?") if "?" in rest else rest.partition("@")
        if place.endswith("index.html"):
            place = place[: -len("index.html")]
        return urljoin(f"http://{host}/", quote(unquote(place), safe="/:,;=+!$~*'()-._")) + (
            f"?{query}" if mark else ""
        )


def _files(folder: Path) -> Iterator[Path]:
    """Yield the pages of a folder; symbolic links out of it are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and _is_page(path):
            yield path


def _is_page(path: Path) -> bool:
    if path.suffix.lower() in _PAGES:
        return True
    with path.open("rb") as stream:
        head = stream.read(512).lstrip().lower()
    return head.startswith((b"<!doctype html", b"<html"))


def _listed(folder: Path) -> Iterator[tuple[Path, str]]:
    try:
        lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        place, tab, url = line.partition("\t")
        if tab and is_web_address(url.strip()):
            yield Path(os.path.normpath(folder / place)), url.strip()


def _from_comment(path: Path) -> tuple[str | None, datetime | None]:
    with path.open("rb") as stream:
        match = _COMMENT.search(stream.read(_HEAD))
    if not match:
        return None, None
    place = match[1].decode("utf-8", "replace").replace("&amp;", "&")
    try:
        time = parsedate_to_datetime(match[2].decode("ascii")).astimezone(UTC) if match[2] else None
    except ValueError:
        time = None
    url = place if "://" in place else f"http://{place}"
    return (url if is_web_address(url) else None), time
