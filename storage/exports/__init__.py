"""Handing articles on: one file a format, each given the same reader of the chosen articles."""

from storage.exports.choosing import BadChoice, Choice, Unsound
from storage.exports.job import FORMATS, Exported, Format, Job, MissingGroup, Unfinished, export
from storage.exports.placing import Occupied, Unplaceable

__all__ = [
    "FORMATS", "BadChoice", "Choice", "Exported", "Format", "Job", "MissingGroup", "Occupied", "Unfinished",
    "Unplaceable", "Unsound", "export",
]  # fmt: skip
