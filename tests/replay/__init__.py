"""Exports are replayed by tools of others: every article by the address that the export names."""
