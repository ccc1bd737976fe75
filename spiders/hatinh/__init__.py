"""Sites of Hà Tĩnh."""
