"""Numbers of things in sentences."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return “1 article” or “3 articles”; `many` is given where it is not `one` with an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"
