"""Pages that only a script fills: finished in a browser that has no network of its own."""
