"""Extracting stored captures again with today's rules."""
