"""Whose a host is: its labels, read and formed; the unit that it and its pages name; the slug of its site. Pure."""
