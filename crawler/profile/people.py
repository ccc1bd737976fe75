"""Names that all articles of a site share: a poster's login, a box's heading, or the one person who writes there."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from crawler.profile.observation import Observation, masked
from crawler.text import fold

_SHARE = 0.9
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:ai|ao|au|ay|a|eo|eu|e|ieu|ia|ie|iu|i|oai|oay|oao|oa|oe|oi|o|uyeu|uye|uya|uyu|uy|uay|uai|ua|ue|ui|uoi|uou|uo"
    r"|uu|u|yeu|ye|y)"
    r"(?:ch?|m|ngh?|nh?|p|t)?"
)
_NEXT = re.compile(r"\s*[,;&/(]\s*|\s+[-–—]\s*|\s+và\s+")


def authors(pages: Sequence[Observation], furniture: Collection[str]) -> tuple[str, dict[str, int]]:
    """Return (the one name that the articles have, names that are no author's with their counts).

    A name on nearly all articles that is not written like a person's ("Tag Cloud", "bbt_phuong") and that
    no text is signed with belongs to the portal. A person's name, or one that texts are signed with, may be right.
    """
    names = Counter(page.author for page in pages if page.author)
    if not names:
        return "", {}
    name, count = names.most_common(1)[0]
    if count < _SHARE * len(pages):
        return "", {}
    signed = sum(1 for page in pages if page.author == name and page.signed)
    if signed and masked(name) not in furniture:
        return "", {}
    return (name, {}) if is_person(name) else ("", {name: count})


def is_person(name: str) -> bool:
    """Tell whether a name is written like that of Vietnamese people: two to six syllables, each with a capital.

    Of several names, or of a name with an office, the first counts: "Thu Cúc, Minh Sơn", "Minh Thu - Văn phòng".
    """
    words = _NEXT.split(name.strip(), maxsplit=1)[0].split()
    return 2 <= len(words) <= 6 and all(
        word[0].isupper() and _SYLLABLE.fullmatch(fold(word)) is not None for word in words
    )
