"""What stands between the engine and the network: robots.txt, patience, archives."""
