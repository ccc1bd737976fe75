"""What can be wrong with a database file, each as one clear sentence."""


class CollectionError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Unreadable(CollectionError):
    """The file is missing, is no SQLite database, or cannot be read or written."""


class NewerSchema(CollectionError):
    """The database was written by a newer tinphuong."""
