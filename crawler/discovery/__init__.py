"""Finds portals that nobody listed: names are made or read, asked for, and judged by what their front pages say."""
