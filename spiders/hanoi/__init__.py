"""Sites of Hà Nội."""
