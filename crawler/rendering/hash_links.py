"""Sites whose scripts name their pages by what follows `#`, which no server gets to see. Pure."""

import re

_BY_HASH = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*["']?#!?/[^"'\s>]+""", re.IGNORECASE)
_FEW = 3  # such links from which on they are how a site names its pages

CANNOT_BE_READ = (
    "its script names pages by what follows # (#/tin/1), which is no address that a server knows: such sites cannot be "
    "read"
)
"""A sentence about such a site, without its first word's capital."""


def names_pages_by_hash(html: str) -> bool:
    """Tell whether a finished page of HTML links to several pages by `#/…` or `#!/…`."""
    return len(_BY_HASH.findall(html)) >= _FEW
