"""The directory of portals that comes with the product, and the commands that use it."""
