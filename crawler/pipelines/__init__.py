"""The path of a page: extraction → dates → units → dedupe → store, one file for each stage."""
