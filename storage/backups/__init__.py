"""Backups: a consistent, verified copy of a collection while runs go on, and back."""

from storage.backups.backup import BackedUp, back_up
from storage.backups.check import Checked, check
from storage.backups.restore import Restored, restore

__all__ = ["BackedUp", "Checked", "Restored", "back_up", "check", "restore"]
