"""One module a platform: how one CMS names its articles, lists and pages them, and lays a page out."""

import importlib
import pkgutil

from crawler.extraction.layout import Layout


def layout_named(name: str) -> Layout | None:
    """Return the layout of the platform `name`, as `tinphuong sites` names it; None for `generic`, which has none.

    Raises ValueError for an unknown name; the message lists those that are known.
    """
    known = sorted(module.name for module in pkgutil.iter_modules(__path__))
    if name not in known:
        raise ValueError(f"unknown platform {name!r}; known: {', '.join(known)}")
    layout: Layout | None = importlib.import_module(f"{__name__}.{name}").LAYOUT
    return layout
