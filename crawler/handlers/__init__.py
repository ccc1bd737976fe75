"""Other ways to reach a server than the network's own."""
