"""What can be wrong with a database file, each as one clear sentence."""

import sqlite3


class CollectionError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Unreadable(CollectionError):
    """The file is missing, is no SQLite database, or cannot be read or written."""


class NewerSchema(CollectionError):
    """The database was written by a newer tinphuong."""


class Locked(CollectionError):
    """Another run is writing to the same database."""


class Unwritable(CollectionError, sqlite3.OperationalError):
    """The database could not be written: the disk is full, or another program holds it. What was stored is intact."""


class CapturesUnwritable(CollectionError):
    """A capture could not be written: the disk is full, or the folder cannot be used. What was stored is intact."""
