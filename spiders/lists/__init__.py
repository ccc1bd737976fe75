"""Reading lists of articles: their entries, their pagers, the sections they link to; HTML, feeds and forms alike."""
