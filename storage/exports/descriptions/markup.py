"""Elements of XML as strings, so that a long document can be written piece by piece."""

from storage.exports.xml import text


class Markup(str):
    """Text that is XML already."""

    __slots__ = ()


def tag(name: str, /, *content: str | None, **attributes: str | int | None) -> Markup:
    """Return an element. Strings among its `content` are escaped, Markup is taken as it is; None is left out.

    Elements within it stand on lines of their own where it holds nothing else.
    """
    inner = [item for item in content if item is not None]
    start = f"<{name}{attributes_of(**attributes)}"
    if not inner:
        return Markup(f"{start}/>")
    if all(isinstance(item, Markup) for item in inner):
        body = "\n".join(inner)
        return Markup(f"{start}>\n{body}\n</{name}>")
    return Markup(f"{start}>{''.join(map(escaped, inner))}</{name}>")


def attributes_of(**attributes: str | int | None) -> str:
    """Return attributes as they stand in a start tag, each after a space; those that are None are left out."""
    return "".join(f' {name}="{text(str(value))}"' for name, value in attributes.items() if value is not None)


def escaped(content: str) -> Markup:
    """Return a string as XML."""
    return content if isinstance(content, Markup) else Markup(text(content))
