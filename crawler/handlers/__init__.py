"""Download handlers for Scrapy: a local server that plays the sites."""
