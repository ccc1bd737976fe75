"""Handing articles on: one file a format, each given the same reader of the chosen articles."""

from crawler.errors import MissingGroup
from storage.exports.destination import DestinationExists, DestinationUnwritable
from storage.exports.job import FORMATS, Exported, Format, Job, LastRunIncomplete, export
from storage.exports.selection import BadChoice, Choice, Unsound

__all__ = [
    "FORMATS", "BadChoice", "Choice", "DestinationExists", "DestinationUnwritable", "Exported", "Format", "Job",
    "LastRunIncomplete", "MissingGroup", "Unsound", "export",
]  # fmt: skip
