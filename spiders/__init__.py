"""Which pages to fetch: one file a site, one module a platform, one base for all."""
