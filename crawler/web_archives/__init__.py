"""Reading public web archives: what they hold of a site is listed, fetched into our captures, then replayed."""
