"""Small rules, one failure each. Every rule is a pure function over text or blocks and can be tested alone."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set: how the rules write their lists of names."""
    return frozenset(text.split())
