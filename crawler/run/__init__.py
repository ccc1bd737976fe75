"""One run over some sites: which are due, what each run found, what is remembered, how healthy a site is."""
