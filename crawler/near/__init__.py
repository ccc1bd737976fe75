"""Near duplicates: the same story on several sites, told apart from templates. Pure functions."""
