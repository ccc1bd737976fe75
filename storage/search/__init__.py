"""Finding articles: what was typed, what it means to the full-text index, what comes first, what is shown."""
