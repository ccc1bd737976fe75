"""Writing captures, and reading WARC files, WACZ packages and folders of saved pages."""
