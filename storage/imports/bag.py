"""A bag as a stranger hands it in: nothing is taken before every file of it is there, and is what the manifest says."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from storage.errors import BadImport

_MANIFEST, _TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)")
_LONGEST_LINE = 10_000  # bytes
_ESCAPES = (("%0A", "\n"), ("%0a", "\n"), ("%0D", "\r"), ("%0d", "\r"), ("%25", "%"))


def check(bag: Path) -> None:
    """Compare a bag with its manifests: no file less, none more, none that differs, nothing that lies elsewhere.

    Raises BadImport with a sentence that names the file.
    """
    if (bag / "fetch.txt").exists():
        raise BadImport(f"{bag} has a fetch.txt: part of it lies elsewhere; complete the bag, then import it")
    if not (bag / _MANIFEST).is_file():
        raise BadImport(f"{bag} has no {_MANIFEST}: so it cannot be checked")
    listed = dict(_listed(bag, _MANIFEST))
    there = set(_payload(bag))
    for place in sorted(listed.keys() - there):
        raise BadImport(f"the bag is not whole: {place} is missing")
    for place in sorted(there - listed.keys()):
        raise BadImport(f"the bag is not whole: {place} is not in its {_MANIFEST}")
    if (bag / _TAGS).is_file():
        listed |= dict(_listed(bag, _TAGS))
    for place, said in listed.items():
        file = bag / place
        if not _is_own_file(file):
            raise BadImport(f"the bag is not whole: {place} is missing, or is not a file")
        if _sha256(file) != said:
            raise BadImport(f"the bag is not whole: {place} is not what its manifest says")


def _listed(bag: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield place and digest of each file that a manifest lists."""
    seen: set[str] = set()
    if not _is_own_file(bag / name):
        raise BadImport(f"{bag / name} is not a file")
    with (bag / name).open("rb") as stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            place = f"line {number} of {bag / name}"
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                raise BadImport(f"{place} is not UTF-8") from None
            if not text.strip():
                continue
            found = _LINE.fullmatch(text)
            if not found:
                raise BadImport(f"{place} is not a digest and a file")
            said, file = found[1].lower(), found[2].removeprefix("./")
            for escape, char in _ESCAPES:
                file = file.replace(escape, char)
            parts = file.split("/")
            if file.startswith(("/", "~")) or "\\" in file or "\x00" in file or {"", ".", ".."} & set(parts):
                raise BadImport(f"{place} names a file outside the bag: {file[:200]!r}")
            if (name == _MANIFEST) != (parts[0] == "data"):
                raise BadImport(f"{place} names a file that does not belong there: {file[:200]!r}")
            if file in seen:
                raise BadImport(f"{place} names {file[:200]!r} a second time")
            seen.add(file)
            yield file, said


def _payload(bag: Path) -> Iterator[str]:
    """Yield the files of the folder data. Raises BadImport at a link, and at anything else that is not a file."""

    def failed(error: OSError) -> None:
        raise BadImport(f"{error.filename} cannot be read: {error.strerror}")

    if (bag / "data").is_symlink():
        raise BadImport("the bag is not whole: data is a link, not a folder")
    for folder, folders, files in os.walk(bag / "data", onerror=failed):
        for name in (*folders, *files):
            path = Path(folder, name)
            place = path.relative_to(bag).as_posix()
            if path.is_symlink():
                raise BadImport(f"the bag is not whole: {place} is a link, not a file")
            if name in files:
                if not _is_own_file(path):
                    raise BadImport(f"the bag is not whole: {place} is not a file")
                yield place


def _is_own_file(path: Path) -> bool:
    """Whether a path is a regular file itself, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadImport(f"{path} cannot be read: {error.strerror}") from None
