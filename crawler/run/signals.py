"""Signals by which spiders and pipelines report what happened to the ledger of a run."""

page_skipped = object()
"""A page was not read or not stored. Sent with spider, url, reason, detail, kind, key.

`kind` says what the page was expected to be: listing, section (a link that may lead to a list), article, or recheck (an
article that is stored already; `key` is its identity).
"""

listing_read = object()
"""A page was read for its links. Sent with spider, url, articles, items (entries of list shape), section (its key),
was_list (its first page, which linked to articles before), remembered (crawler.run.site_memory.Remembered:
what to keep of the section), page (crawler.run.site_memory.PageMemory or None), empty_because (why a start page
shows no article: a reason, and a sentence or ""; None where nothing tells), rights (its lines that speak of reuse),
capture (the id of its capture, and the moment of the one that a replay read; each None where there is none).
"""

article_met = object()
"""An article that will be fetched was met for the first time. Sent with spider, key, url, listed."""

article_saved = object()
"""An article was saved. Sent with spider, item, outcome (storage.Outcome)."""
