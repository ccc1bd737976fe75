"""What `tinphuong init` writes: a folder with a configuration, a table of sites, and what starts runs by the clock."""
