"""Discovery: names, front pages and what is concluded of them, on loopback."""
