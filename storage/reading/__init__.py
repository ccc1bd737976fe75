"""Reading a collection in several processes at once."""
