"""Handing articles on: one file a format, each given the same reader of the chosen articles."""

from storage.exports.destination import Occupied, Unplaceable
from storage.exports.job import FORMATS, Exported, Format, Job, MissingGroup, Unfinished, export
from storage.exports.selection import BadChoice, Choice, Unsound

__all__ = [
    "FORMATS", "BadChoice", "Choice", "Exported", "Format", "Job", "MissingGroup", "Occupied", "Unfinished",
    "Unplaceable", "Unsound", "export",
]  # fmt: skip
