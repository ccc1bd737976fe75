"""Bringing an older database to today's schema without risking it."""
