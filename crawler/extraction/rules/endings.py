"""Does a text stop before its end?"""

import re

from crawler.text import fold

_CLOSED = re.compile(r"[.!?…:;。]['\"”’»)\]*/\s]*$|/\.\W*$|[”\"»)\]]\s*$")
_LIST = re.compile(r"^\s*(?:[-–—+*•●▪✓]|\d{1,3}[.)]|[a-zđ]\)|[IVX]{1,5}\.)\s")
_SOURCE = re.compile(
    r"(?:nguon|theo|tin|bai|anh|tac gia|nguoi|bien tap|thuc hien"
    r"|xem (?:them|chi tiet|tai)|chi tiet|link|tai (?:ve|file)"
    r"|dinh kem|dia chi|dien thoai|email|hotline|noi nhan|kinh gui|tu khoa|tags?|http|www|chu tich|tm|kt)\b"
)
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:pdf|docx?|xlsx?|zip|rar|vn|com|org|net)\b", re.IGNORECASE)


def ends_mid_sentence(body: str, least: int = 60) -> bool:
    """Return True where the last paragraph of a text is prose that no sign closes.

    Not a sentence: a signature, a caption or heading, an item of a list, a table, a source line, a link. `body` is
    plain text, its paragraphs parted by an empty line; `least`, the characters of a paragraph that can be cut.
    """
    paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
    if not paragraphs:
        return False
    last = paragraphs[-1]
    if "\n" in last or " | " in last or len(last) < least or len(last.split()) < least // 5:
        return False
    if _CLOSED.search(last) or _LIST.match(last) or _SOURCE.match(fold(last)) or _ADDRESS.search(last[-80:]):
        return False
    words = last.split()
    letters = [word for word in words if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in letters)
    return bool(letters) and last[0].isalnum() and capitals < 0.5 * len(letters)
