"""When each stored thing was last found whole, and how a damaged one is replaced from a second copy."""
