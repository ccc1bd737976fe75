"""Signals by which spiders and pipelines tell what happened, for whoever keeps the run's account."""

page_fetched = object()
"""An article's page came in. Sent with spider, url."""

page_skipped = object()
"""A page was not read or not stored. Sent with spider, url, reason, detail, kind (listing, section or article)."""

listing_read = object()
"""A page was read for its links. Sent with spider, url, articles, items (entries of list shape), is_list."""

article_saved = object()
"""An article went through the store. Sent with spider, item, outcome (storage.Outcome)."""
