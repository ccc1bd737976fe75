"""Scrapy extensions: the ledger of a run, and the fetching of attached files and pictures."""
