"""A province whose wards and communes all have a portal of their own, behind one server and a name service of ours."""
