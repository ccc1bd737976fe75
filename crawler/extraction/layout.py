"""What is known of a platform's article pages, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one CMS puts the parts of an article: XPaths, tried in order until one gives something.

    `container` must hold the article and nothing of its neighbours; where no XPath of it matches, the page goes the
    generic way and says so in its notes. `body` is looked up inside the container (empty: the container itself is the
    body); `title`, `summary`, `date`, `author`, `source` and `section` are looked up in the whole page where they start
    with `//`, in the container where they start with `.`. `drop` names what to take out of the body before
    reading it. `captions` are relative to a picture outside the body. `closed` finds what is shown in
    place of an article that only members may read. `accounts` are author names, in lower case, that name a poster's
    account rather than a person.
    """

    name: str
    container: tuple[str, ...]
    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    title_suffixes: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset({"admin", "admin admin", "administrator", "ad min", "test test", "quantri"})


def has_class(*names: str) -> str:
    """Return the XPath condition for elements with one of the class names: f"//div[{has_class('sapo')}]"."""
    # The plain test comes first: it is what nearly every element fails, at a fifth of the cost.
    return " or ".join(
        f"(contains(@class, '{name}') and contains(concat(' ', normalize-space(@class), ' '), ' {name} '))"
        for name in names
    )


def class_like(*parts: str) -> str:
    """Return the XPath condition for elements whose class attribute holds one of the texts anywhere."""
    return " or ".join(f"contains(@class, '{part}')" for part in parts)
