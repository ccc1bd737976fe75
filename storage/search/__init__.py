"""Search: parses what was typed, asks the full-text index, ranks the matches, and chooses what is shown."""
