"""JSON Lines as a stranger hands them in, as they are or packed with gzip: one article a line, within bounds."""

import gzip
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from crawler.workers import HERE, Workers
from storage.collection import Collection
from storage.errors import BadImport
from storage.imports.incoming import Incoming, each, found, pieces
from storage.imports.validation import BadValue, Checker, loads
from storage.rows import WholeArticle

GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 64 << 20  # bytes
_MOST_VALUES = 1_500_000  # in one line: each takes some 60 bytes of memory, however short it is
_MOST_EMPTY = 100_000  # lines
_FREE = 64 << 20  # bytes that a packed file may always unpack to
_MOST_UNPACKED = 200  # times its size; texts unpack to 5 to 20 times, the worst that gzip can do is 1,032


class _Read(NamedTuple):
    """What came of some lines: their articles, what is wrong with the next line, and what the checker counted."""

    articles: list[Incoming]
    wrong: str | None
    cleaned: int
    unknown: list[str]


def articles(
    path: Path, checker: Checker, collection: Collection, workers: Workers = HERE
) -> Generator[Incoming, None, None]:
    """Yield the articles of a file that is to go into `collection`, each with its place: "line 4 of a.jsonl".

    A byte order mark, Windows line ends and empty lines are passed over. `workers`: who reads the lines. Raises
    BadImport at the first line that is not right.
    """
    calls = (
        (size, (path, checker.latest, lines))
        for size, lines in pieces((len(line), (number, line)) for number, line in _lines(path))
    )
    for read in each(collection, workers, _read, calls):
        yield from read.articles
        if read.wrong is not None:
            raise BadImport(read.wrong)
        checker.add(read.cleaned, read.unknown)


def _read(collection: Collection, path: Path, latest: str, lines: list[tuple[int, bytes]]) -> _Read:
    """Read lines, as far as they are right. Can be done in any process."""
    checker = Checker(collection.db, latest)
    read: list[Incoming] = []
    wrong = None
    for number, line in lines:
        place = f"line {number} of {path}"
        try:
            article = _parsed(line, place)
            checker.article(article)
        except BadImport as error:
            wrong = str(error)
            break
        except BadValue as error:
            wrong = f"{place}: {error}; nothing was taken in"
            break
        read.append(Incoming(place, article, found(collection, article)))
    return _Read(read, wrong, checker.cleaned, list(checker.unknown))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, with their numbers; only a line feed ends a line."""
    number = read = empty = 0
    try:
        packed = path.stat().st_size
        with path.open("rb") as raw:
            is_packed = raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if is_packed else raw  # type: ignore[assignment]
            while line := stream.readline(_LONGEST_LINE + 1):
                number += 1
                read += len(line)
                if len(line) > _LONGEST_LINE:
                    raise BadImport(
                        f"line {number} of {path} is longer than {_LONGEST_LINE >> 20} MB: no article is; "
                        "nothing was taken in"
                    )
                if is_packed and read > max(_FREE, packed * _MOST_UNPACKED):
                    raise BadImport(
                        f"{path} unpacks to more than {_MOST_UNPACKED} times its size, at line {number}: unpack it "
                        "yourself (gzip -d) if it is to be trusted; nothing was taken in"
                    )
                if number == 1:
                    line = line.removeprefix(_BOM)
                if line.strip():
                    yield number, line
                    continue
                empty += 1
                if empty > _MOST_EMPTY:
                    raise BadImport(f"{path} has more than {_MOST_EMPTY:,} empty lines, at line {number}")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        why = "it ends early" if isinstance(error, EOFError) else str(error)
        raise BadImport(f"{path} cannot be unpacked after line {number}: {why}; nothing was taken in") from None
    except OSError as error:
        raise BadImport(f"{path} cannot be read: {error.strerror or error}; nothing was taken in") from None


def _parsed(line: bytes, place: str) -> WholeArticle:
    if line.count(b"[") + line.count(b"{") + line.count(b",") > _MOST_VALUES:
        raise BadImport(f"{place} holds more than {_MOST_VALUES:,} values: no article does; nothing was taken in")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise BadImport(
            f"{place} is not UTF-8 (byte {error.start + 1}): save the file as UTF-8; nothing was taken in"
        ) from None
    try:
        article: WholeArticle = loads(text)
    except ValueError as error:
        cut = "" if line.endswith(b"\n") else ", and the file ends there: it may be cut off"
        raise BadImport(f"{place} is not JSON ({error}){cut}; nothing was taken in") from None
    return article
