"""Fifty portals of several platforms, some broken, crawled at once from a table."""
