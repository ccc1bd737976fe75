"""Taking collections back: JSONL, bags and databases, merged into a collection without a second copy of anything."""

from storage.imports.job import Imported, take_in
from storage.imports.sources import BadImport

__all__ = ["BadImport", "Imported", "take_in"]
