"""One run over some sites: which are due, what each came to, what is remembered, and how healthy a site is."""
