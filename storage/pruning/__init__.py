"""Pruning: removing captures that are no longer needed, by rules that keep the evidence of every article."""

from storage.pruning.prune import Pruned, prune
from storage.pruning.rules import Rules

__all__ = ["Pruned", "Rules", "prune"]
