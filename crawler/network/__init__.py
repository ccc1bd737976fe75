"""Where requests may go: which addresses, names and ports, and by which certificates a server is believed."""
