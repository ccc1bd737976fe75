"""Attached files and pictures of articles, and the text of files."""
