"""Public web archives: lists what they hold of a site and fetches it into our captures, from where it is replayed."""
