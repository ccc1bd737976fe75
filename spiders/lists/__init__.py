"""Lists of articles: reading them (HTML, feeds, APIs), and walking them page by page."""
