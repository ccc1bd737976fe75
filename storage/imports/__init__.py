"""Taking collections back: JSONL, bags and databases, merged into a collection without a second copy of anything."""

from storage.errors import BadImport
from storage.imports.job import Imported, take_in

__all__ = ["BadImport", "Imported", "take_in"]
