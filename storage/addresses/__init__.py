"""The addresses under which an article is: which of them are alive, and which day each shows."""
