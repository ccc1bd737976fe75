"""What can be wrong with a collection, each as one clear sentence (the whole tree: crawler.errors)."""

import sqlite3

from crawler.errors import Exit, TinphuongError


class CollectionError(TinphuongError):
    """What was asked of a collection, or of a file beside it, cannot be done; the message says why and what to do."""


class Unreadable(CollectionError):
    """The file is missing, is not an SQLite database, or cannot be read or written."""


class BadImport(CollectionError):
    """What was to be imported is not what tinphuong exports, or is damaged; nothing of it was taken in."""


class NewerSchema(CollectionError):
    """The database was written by a newer tinphuong."""


class Locked(CollectionError):
    """Another run is writing to the same database."""

    exit_code = Exit.LOCKED


class Unwritable(CollectionError, sqlite3.OperationalError):
    """The database could not be written: the disk is full, or another program holds it. What was stored is intact."""

    exit_code = Exit.UNHEALTHY


class PartOfCollection(CollectionError):
    """What was to be written would take the place of the database, or of a file or folder that belongs to it."""


class CapturesUnwritable(CollectionError):
    """A capture could not be written: the disk is full, or the folder cannot be used. What was stored is intact."""

    exit_code = Exit.UNHEALTHY


class UpgradeFailed(CollectionError):
    """The database could not be brought to today's schema; it is as it was."""

    exit_code = Exit.UNHEALTHY


class BadBackup(CollectionError):
    """A folder holds no backup, one of another collection, or one that this tinphuong does not know."""


class BackupDamaged(CollectionError):
    """A backup is not what its manifest says; nothing was restored from it."""

    exit_code = Exit.UNHEALTHY


class BackupUnwritable(CollectionError):
    """A backup, or what comes from one, could not be written; what was there before is intact."""

    exit_code = Exit.UNHEALTHY
