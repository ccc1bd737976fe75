"""Where a script sends the readers of a page, as far as that is written down in plain words. Pure.

No script is run. What is understood: `location` in its spellings, set to text, to text that is put together of pieces,
of variables and of what `location` itself says (`location.origin + "/vi/"`).
"""

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

_MOST = 6  # targets of one script
_DEEPEST = 4  # calls and brackets inside each other
_MOST_VARIABLES = 40
_MOST_PIECES = 12  # that one address is put together of
_LONGEST = 1000  # characters of a piece and of the whole
_GLOBAL = r"(?:window|document|self|top|parent|this|globalThis|frames)"
_LOCATION = rf"(?<![\w$.])(?:{_GLOBAL}\s*\.\s*)*(?:location\b|{_GLOBAL}\s*\[\s*\\?[\"']location\\?[\"']\s*\])"
_SENT = re.compile(
    rf"(?:{_LOCATION}(?:\s*\.\s*(?:href|pathname)\b|\s*\[\s*\\?[\"']href\\?[\"']\s*\])?\s*=(?!=)"
    rf"|{_LOCATION}\s*\.\s*(?:replace|assign)\s*\("
    r"|window\s*\.\s*(?:open|navigate)\s*\("
    r"|\$\(\s*(?:(?:window\s*\.\s*)?location|window|document)\s*\)\s*\.\s*(?:attr|prop)\(\s*[\"'](?:href|location)[\"']\s*,)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\s*")
_QUOTE = re.compile(r"(\\?)([\"'`])")
_HERE = re.compile(
    rf"(?:{_LOCATION}(?:\s*\.\s*(origin|protocol|host|hostname|port|pathname|href)\b)?|document\s*\.\s*(URL|domain)\b)",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?:window\s*\.\s*)?(?:decodeURIComponent|decodeURI|encodeURI|unescape|String)\s*\(|\(")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_END = re.compile(r"\s*(?:$|[;,)}\]\"'`<\\]|//|\.\s*(?:toString|trim)\(\))|[ \t]*[\r\n]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^ux]))")
_SET_COOKIE = re.compile(
    r"(?:\bdocument\s*(?:\.\s*cookie|\[\s*[\"']cookie[\"']\s*\])\s*=(?!=)|\b(?:set_?cookie|cookies?\s*\.\s*set"
    r"|\$\.cookie)\s*\()\s*(?:[\"'`]\s*(?P<name>[\w.-]*))?",
    re.IGNORECASE,
)
_OF_LANGUAGE = re.compile(r"[\w.-]*(?:lang|locale|culture|ngon-?_?ngu)[\w.-]*", re.IGNORECASE)
_OF_PHONES = re.compile(r"mobile|iphone|android|screen\s*\.\s*width|innerWidth", re.IGNORECASE)
_FOR_PHONES = re.compile(
    r"^(?:https?://(?:m|mobile|wap)\.|(?:https?://[^/]+)?/(?:m|mobile|wap)(?:[/?]|$))", re.IGNORECASE
)


def targets(source: str, url: str) -> list[str]:
    """Return the addresses, as written, to which a script sends the readers of the page at `url`, at most six.

    [] for a script that sets a cookie first, as anti-bot pages do, unless the cookie keeps a language. Where it sends
    phones elsewhere, that address is left out.
    """
    source = without_remarks(source)
    if sets_cookie(source):
        return []
    found, expressions = [], _Expressions(source, url)
    for sent in islice(_SENT.finditer(source), 4 * _MOST):
        value = expressions.value(sent.end())
        if value is not None and (target := value[0].strip()):
            found.append(target.replace("&amp;", "&"))
    found = list(dict.fromkeys(found))[:_MOST]
    if len(found) > 1 and _OF_PHONES.search(source):
        found = [target for target in found if not _FOR_PHONES.match(target)] or found
    return found


def written(source: str, url: str) -> list[str]:
    """Return the pieces of HTML that a script writes into its page by `document.write`."""
    pieces, expressions = [], _Expressions(source, url)
    for call in islice(re.finditer(r"document\s*\.\s*write(?:ln)?\s*\(", source), _MOST):
        value = expressions.value(call.end())
        if value is not None and "<" in value[0]:
            pieces.append(value[0])
    return pieces


def sets_cookie(source: str) -> bool:
    """Return whether a script sets a cookie that does not just keep the reader's language."""
    return any(not _OF_LANGUAGE.fullmatch(found["name"] or "") for found in _SET_COOKIE.finditer(source))


def without_remarks(source: str) -> str:
    """Return a script without comments; `//` after a colon or a quotation mark is part of an address."""
    return re.sub(r"/\*[^*]*(?:\*(?!/)[^*]*)*\*/|(?<![:\"'`\\/])//[^\n]*", "", source)


class _Expressions:
    """Reads the expressions of one script, each variable once."""

    def __init__(self, source: str, url: str):
        self.source, self.url = source, url
        self._variables: dict[str, str | None] = {}

    def value(self, place: int, depth: int = 0) -> tuple[str, int] | None:
        """Return (text, where it ends) of the expression at `place`; None where it is more than pieces of text."""
        pieces = []
        for _ in range(_MOST_PIECES):
            piece = self._piece(self._past_blanks(place), depth)
            if piece is None:
                return None
            pieces.append(piece[0])
            place = piece[1]
            following = self._past_blanks(place)
            if self.source[following : following + 1] != "+":
                text = "".join(pieces)
                return (text, place) if len(text) <= _LONGEST and _END.match(self.source, place) else None
            place = following + 1
        return None

    def _piece(self, place: int, depth: int) -> tuple[str, int] | None:
        if depth > _DEEPEST:
            return None
        if quote := _QUOTE.match(self.source, place):
            return self._text(quote)
        if here := _HERE.match(self.source, place):
            return _of_here(here[1] or here[2] or "href", self.url), here.end()
        if call := _CALL.match(self.source, place):
            inner = self.value(call.end(), depth + 1)
            if inner is None:
                return None
            end = self._past_blanks(inner[1])
            text = unquote(inner[0]) if "decode" in call[0] or "unescape" in call[0] else inner[0]
            return (text, end + 1) if self.source[end : end + 1] == ")" else None
        if name := _NAME.match(self.source, place):
            stated = self._variable(name[0])
            return None if stated is None else (stated, name.end())
        return None

    def _variable(self, name: str) -> str | None:
        """Return the text that is first put into a variable; None where it is not text, or comes of the variable."""
        if name not in self._variables:
            self._variables[name] = None
            stated = re.search(rf"(?<![\w$.]){re.escape(name)}\s*=(?!=)", self.source)
            found = self.value(stated.end()) if stated and len(self._variables) <= _MOST_VARIABLES else None
            self._variables[name] = found[0] if found else None
        return self._variables[name]

    def _text(self, quote: re.Match[str]) -> tuple[str, int] | None:
        """Return what stands between quotation marks, which may themselves stand in a text (`\\"`)."""
        mark = quote[0]
        start = place = quote.end()
        while place - start <= _LONGEST and place < len(self.source):
            if self.source.startswith(mark, place):
                text = self._filled(self.source[start:place]) if mark == "`" else _unescaped(self.source[start:place])
                return None if text is None else (text, place + len(mark))
            if self.source[place] == "\n" and mark != "`":
                return None
            place += 2 if self.source[place] == "\\" and not mark.startswith("\\") else 1
        return None

    def _filled(self, template: str) -> str | None:
        pieces = []
        for number, part in enumerate(re.split(r"\$\{([^{}]*)\}", template)):
            if number % 2 == 0:
                pieces.append(_unescaped(part))
            elif here := _HERE.fullmatch(part.strip()):
                pieces.append(_of_here(here[1] or here[2] or "href", self.url))
            elif _NAME.fullmatch(part.strip()) and (text := self._variable(part.strip())) is not None:
                pieces.append(text)
            else:
                return None
        return "".join(pieces)

    def _past_blanks(self, place: int) -> int:
        found = _BLANK.match(self.source, place)
        return found.end() if found else place


def _unescaped(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else str(found[3])

    return _ESCAPE.sub(letter, text)


def _of_here(name: str, url: str) -> str:
    """Return what `location` says of the page at `url`."""
    parts = urlsplit(url)
    said = {
        "origin": f"{parts.scheme}://{parts.netloc}", "protocol": f"{parts.scheme}:", "host": parts.netloc,
        "hostname": parts.hostname or "", "domain": parts.hostname or "", "port": str(parts.port or ""),
        "pathname": parts.path,
    }  # fmt: skip
    return said.get(name.lower(), url)
