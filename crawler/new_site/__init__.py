"""From an address to a tested site: what it is called, what it is made with, and the files that say so.

probing fetches, surveying finds out, naming names, scaffolding writes.
"""
