"""Whose the news of a site is and what others may do with it: what the archive states, and what the site says."""
