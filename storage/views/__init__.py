"""What pages, reports and commands ask of a collection: typed rows, read through any connection to its database."""
