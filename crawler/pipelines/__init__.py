"""The path of a page: extraction → dates → units → dedupe → store. One stage a file; none knows its neighbours."""
