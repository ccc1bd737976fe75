"""`tinphuong new-site` with sites that are odd, slow, many, or list their articles in feeds only."""
