"""A province at once: which sites it has, how they share servers, and what is said of many."""
