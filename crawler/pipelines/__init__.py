"""The path of a page: extraction → dates → dedupe → store. One stage a file; none knows its neighbours."""
