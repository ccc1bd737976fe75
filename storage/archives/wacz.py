"""Reads WACZ packages: their WARC files as seekable streams, and the package's statements about its content.

Nothing is unpacked to a path that the package could choose. The WARC files are read from start to end and not by the
package's index: a record missing from the index would be lost unnoticed. The index, the list of pages and
`datapackage.json` are compared with what was found, and each contradiction is counted.
"""

import gzip
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

from crawler.errors import InternalError
from crawler.text.counted import counted

_LOCAL = struct.Struct("<4s22xHH")  # of a member's own header: signature, lengths of name and extra field
_MOST_UNPACKED = 4 * 1024**3  # bytes of one member that is itself compressed
_MOST_READ = 64 * 1024**2  # bytes of a list in the package
_CHUNK = 1 << 20
_OFFSET = re.compile(r"[0-9]{1,18}")
_WARC = (".warc", ".warc.gz", ".arc", ".arc.gz")
_INDEX = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")


class BadPackage(InternalError):
    """The package cannot be read; the message says why, without the package's name."""


class Wacz:
    """A package, open for reading. `members`: its WARC files. Close it at the end."""

    def __init__(self, path: Path):
        """Open the package. Raises BadPackage and OSError."""
        self.path = path
        self._unpacked: dict[str, IO[bytes]] = {}
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
            raise BadPackage(f"it is a damaged or cut-off package: {error}") from None
        names = self._zip.namelist()
        self.members = list(dict.fromkeys(name for name in names if name.lower().endswith(_WARC)))
        if not self.members:
            inner = [name for name in names if name.endswith(".wacz")]
            self._zip.close()
            if inner:
                inside = counted(len(inner), "package")
                raise BadPackage(f"it is a package of {inside}: unpack it and name the .wacz files in it")
            raise BadPackage("it holds no WARC file")

    def close(self) -> None:
        """Close the package and delete what was unpacked."""
        self._zip.close()
        for stream in self._unpacked.values():
            stream.close()

    @contextmanager
    def opened(self, member: str) -> Iterator[IO[bytes]]:
        """Yield a member as a seekable stream: a window into the package, or a temporary file if the member is itself
        compressed. Raises BadPackage and OSError."""
        info = self._zip.getinfo(member)
        if info.flag_bits & 1:
            raise BadPackage(f"{member} is encrypted")
        if info.compress_type == zipfile.ZIP_STORED:
            with self.path.open("rb") as whole:
                window = _Window(whole, self._data_of(whole, info), info.file_size)
                yield io.BufferedReader(window)  # type: ignore[type-var]  # for the type of its readinto
            return
        if member not in self._unpacked:
            self._unpacked[member] = self._unpack(info)
        yield self._unpacked[member]

    def start_of(self, member: str) -> int | None:
        """Return at which byte of the package a member begins; None where it is compressed itself, or is not there.

        Raises BadPackage and OSError.
        """
        if member not in self._zip.namelist():
            return None
        info = self._zip.getinfo(member)
        if info.flag_bits & 1 or info.compress_type != zipfile.ZIP_STORED:
            return None
        with self.path.open("rb") as whole:
            return self._data_of(whole, info)

    def _data_of(self, whole: IO[bytes], info: zipfile.ZipInfo) -> int:
        whole.seek(info.header_offset)
        head = whole.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            raise BadPackage(f"{info.filename} is not where the package says")
        _, name, extra = _LOCAL.unpack(head)
        return int(info.header_offset + _LOCAL.size + name + extra)

    def _unpack(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """Unpack a member as far as it can be read; if the rest is missing, the file has a damaged end."""
        if info.file_size > _MOST_UNPACKED:
            raise BadPackage(
                f"{info.filename} is too large to be unpacked on the way: unpack it and name the WARC file"
            )
        out = TemporaryFile()  # noqa: SIM115 — closed with the package
        try:
            with self._zip.open(info) as stream:
                while out.tell() <= _MOST_UNPACKED and (chunk := stream.read(_CHUNK)):
                    out.write(chunk)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
            if not out.tell():
                out.close()
                raise BadPackage(f"{info.filename} cannot be unpacked: {error}") from None
        return out

    def contradictions(self, found: dict[str, set[int]], holds: Callable[[str], bool]) -> Counter[str]:
        """Count the statements of the package about itself that are wrong.

        `found`: member → where its records begin; `holds`: whether a capture of a URL was found.
        """
        wrong: Counter[str] = Counter()
        self._check_files(wrong)
        at = {PurePosixPath(member).name: offsets for member, offsets in found.items()}
        for name in self._zip.namelist():
            if name.startswith("indexes/") and name.endswith(_INDEX):
                for line in self._lines(name, wrong):
                    self._check_line(line, at, wrong)
            elif name.startswith("pages/") and name.endswith(".jsonl"):
                for line in self._lines(name, wrong):
                    url = _object(line).get("url")
                    if isinstance(url, str) and url.startswith("http") and not holds(url):
                        wrong["page of the package's list that no record holds"] += 1
        return wrong

    def _check_files(self, wrong: Counter[str]) -> None:
        """Compare the package's files with the digests in datapackage.json."""
        if "datapackage.json" not in self._zip.namelist():
            wrong["package without datapackage.json"] += 1
            return
        about = _object(b"".join(self._lines("datapackage.json", wrong)))
        resources = about.get("resources")
        for item in resources if isinstance(resources, list) else []:
            name = item.get("path") if isinstance(item, dict) else None
            said = item.get("hash") if isinstance(item, dict) else None
            if not isinstance(name, str):
                continue
            if name not in self._zip.namelist():
                wrong["file that the package names and lacks"] += 1
            elif isinstance(said, str) and said.startswith("sha256:") and said[7:] != self._sha256(name):
                wrong["file of another digest than the package says"] += 1

    def _sha256(self, name: str) -> str:
        digest = sha256()
        try:
            with self.opened(name) as stream:
                stream.seek(0)
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except (BadPackage, OSError):
            return ""
        return digest.hexdigest()

    def _check_line(self, line: bytes, at: dict[str, set[int]], wrong: Counter[str]) -> None:
        """Count a line of the index that does not lead to a record; lines that are not CDXJ are ignored."""
        begin = line.find(b"{")
        facts = _object(line[begin:]) if begin > 0 else {}
        name, offset = facts.get("filename"), str(facts.get("offset", ""))
        if (
            isinstance(name, str)
            and _OFFSET.fullmatch(offset)
            and int(offset) not in at.get(PurePosixPath(name).name, set())
        ):
            wrong["line of the package's index that leads to no record"] += 1

    def _lines(self, name: str, wrong: Counter[str]) -> Iterator[bytes]:
        """Yield the lines of a list in the package; a damaged list ends early and is counted."""
        try:
            with self.opened(name) as stream:
                stream.seek(0)
                plain = gzip.GzipFile(fileobj=stream) if name.endswith(".gz") else stream
                left = _MOST_READ
                while left > 0 and (line := plain.readline(left)):
                    left -= len(line)
                    yield line
        except (BadPackage, OSError, EOFError, zlib.error):
            wrong["damaged list in the package"] += 1


class _Window(io.RawIOBase):
    """A range of bytes of an open file, as a file of its own."""

    def __init__(self, whole: IO[bytes], start: int, size: int):
        self._whole, self._start, self._size, self._at = whole, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # Buffer has a name since 3.12
        self._whole.seek(self._start + self._at)
        data = self._whole.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _object(text: bytes) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
