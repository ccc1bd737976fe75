"""How rows are written: their statements, and what waits for the end of a transaction."""
