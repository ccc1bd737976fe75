"""Writing beside the destination and appearing there only when whole."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.errors import CollectionError
from storage.files.fsync import fsync


class DestinationExists(CollectionError):
    """Something is at the destination already."""


class DestinationUnwritable(CollectionError):
    """The destination cannot be written."""


@contextmanager
def placed(dest: Path, *, force: bool, folder: bool) -> Iterator[Path]:
    """Yield a path beside `dest` to write to (a new folder where `folder`); at the end it becomes `dest`.

    Where the block raises, or the program is stopped, nothing is left; what a kill or a power cut has left is cleared
    away by the next export to the same place. With `force` an older file is replaced in one step; an older folder is
    moved aside, replaced, and then deleted.

    Raises DestinationExists where something is at `dest` and not `force`, DestinationUnwritable where it cannot be
    written or is of the other kind.
    """
    if os.path.lexists(dest):
        if not force:
            raise DestinationExists(f"{dest} exists already: name another place, or give --force to replace it")
        if dest.is_symlink() or dest.is_dir() != folder:
            kind = "a folder" if dest.is_dir() else "a file"
            raise DestinationUnwritable(f"{dest} is {kind}, which this format is not: remove it, or name another place")
    partial = dest.with_name(f".{dest.name}.{os.getpid()}.part")
    try:
        dest.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)
        for left in _left_behind(dest):
            _remove(left)
        if folder:
            partial.mkdir()
        yield partial
        for path in sorted(partial.rglob("*")) if folder else [partial]:
            if path.is_file():
                fsync(path)
        _swap(partial, dest)
    except OSError as error:
        raise DestinationUnwritable(
            f"{dest} cannot be written: {error.strerror or error}; nothing was left there"
        ) from error
    finally:
        with suppress(OSError):  # what could not be written cannot be removed either
            _remove(partial)


def _swap(partial: Path, dest: Path) -> None:
    if not dest.is_dir():
        partial.replace(dest)
        return
    aside = dest.with_name(f".{dest.name}.{os.getpid()}.old")
    dest.rename(aside)
    try:
        partial.rename(dest)
    except OSError:
        aside.rename(dest)
        raise
    shutil.rmtree(aside)


def _left_behind(dest: Path) -> list[Path]:
    """What killed exports to `dest` have left: files whose process is gone."""
    name = re.compile(rf"\.{re.escape(dest.name)}\.(\d+)\.part.*")
    found = [(path, name.fullmatch(path.name)) for path in dest.parent.iterdir()]
    return [path for path, match in found if match and not _runs(int(match[1]))]


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat")  # on Linux: it shows a process that ended but still has its number
        return not state.is_file() or state.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
