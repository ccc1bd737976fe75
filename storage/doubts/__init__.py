"""What may be wrong with the collection's articles, and what people said of it."""
