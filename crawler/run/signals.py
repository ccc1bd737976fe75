"""Signals by which spiders and pipelines tell what happened, for whoever keeps the run's report."""

page_skipped = object()
"""A page was not read or not stored. Sent with spider, url, reason, detail, kind, key.

`kind` says what the page was to be: listing, section (a link that may lead to a list), article, or recheck (an article
that is stored already; `key` is its identity).
"""

listing_read = object()
"""A page was read for its links. Sent with spider, url, articles, items (entries of list shape), section (its key),
was_list (its first page, which linked to articles before), remembered (crawler.run.site_memory.Remembered:
what to keep of the section), page (crawler.run.site_memory.PageMemory or None).
"""

article_met = object()
"""An article that is to be fetched was met for the first time. Sent with spider, key, url, listed."""

article_saved = object()
"""An article went through the store. Sent with spider, item, outcome (storage.Outcome)."""
