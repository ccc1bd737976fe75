"""Calling the exports and imports as the command line does, without it."""

from storage.exports import Choice, export
from storage.imports import take_in

MOMENT = "2027-03-04T05:06:07+00:00"


def hand_on(db, name, dest, *, moment=MOMENT, force=False, allow_incomplete=False, options=None, **choice):
    """Export and return what was done."""
    return export(
        db, name, dest, Choice(**choice), moment=moment, software="tinphuong/0", progress=lambda done, total: None,
        force=force, allow_incomplete=allow_incomplete, options=options,
    )  # fmt: skip


def take(db, path):
    """Import and return what was done."""
    return take_in(db, path, moment=MOMENT, progress=lambda done, total: None)
