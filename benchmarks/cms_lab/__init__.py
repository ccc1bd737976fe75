"""A laboratory: real content management systems, filled with invented articles, crawled while they change."""
