"""Turns the address of a site into a tested spider: probe fetches, survey finds out, names names, scaffold writes."""
