"""One module a platform: how one CMS names its articles, lists and pages them, and lays a page out."""
