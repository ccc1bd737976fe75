"""Downloader middlewares: robots.txt, retries, cookies, captures of responses, replay from an archive."""
