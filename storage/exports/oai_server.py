"""Serves a static OAI-PMH repository: `python serve.py 8000` in its folder. It needs nothing but Python.

A request finds its file by the same rule as in the folder's .htaccess and nginx.conf. Unlike these, the server also
answers requests with `from` and `until`, from records.tsv (datestamp, set, identifier, a line a record), and reports
requests that are wrong. The resumption token of such an answer holds all that is needed to go on, so it outlives the
server; it is valid until the repository is made anew.
"""

import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

PAGE = 100  # records
FORMATS = ("oai_dc", "mods")
_LIST = frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"})
_VERBS = {  # verb: the arguments it knows
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
}
_IDENTIFIER = re.compile(r"oai:[\w.-]+:(\w{2})(\w+)")
_NAME = re.compile(r"[\w.-]+")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?")
_TOKEN = re.compile(r"(List\w+)~(\w+)~([\dTZ:-]*)~([\dTZ:-]*)~([\w.-]*)~(\d+)~(\w+)")
_MOST_POSTED = 64 * 1024  # bytes


def in_format(name: str, prefix: str) -> str:
    """Return the name of a file without its ending in a format: the first format has no mark of its own."""
    return name if prefix == FORMATS[0] else f"{name}.{prefix}"


def place_of(identifier: str, prefix: str = FORMATS[0]) -> str:
    """Return where the record of an OAI identifier lies in the folder. Raises ValueError for any other name."""
    match = _IDENTIFIER.fullmatch(identifier)
    if not match:
        raise ValueError(f"{identifier!r} is not an identifier of this repository")
    return f"records/{match[1]}/{in_format(match[2], prefix)}.xml"


def answer(folder: Path, query: str) -> bytes:
    """Return the answer to a request's query string; for a request that is wrong, the one that says so."""
    try:
        found = _find(folder, query)
    except _Wrong as wrong:
        found = folder / f"{wrong}.xml"
    return found.read_bytes() if isinstance(found, Path) else found.encode()


class _Wrong(Exception):
    """A request that is answered with an error of OAI-PMH; the message is its code."""


def _find(folder: Path, query: str) -> Path | str:
    pairs = parse_qsl(query, keep_blank_values=True)
    asked = dict(pairs)
    verb = asked.pop("verb", "")
    if verb not in _VERBS or [name for name, _ in pairs].count("verb") > 1:
        raise _Wrong("badVerb")
    if len(pairs) != len(asked) + 1 or not asked.keys() <= _VERBS[verb]:
        raise _Wrong("badArgument")
    token = asked.get("resumptionToken")
    if token is not None:
        if len(asked) > 1:
            raise _Wrong("badArgument")
        return _go_on(folder, verb, token)
    if verb in ("ListIdentifiers", "ListRecords", "GetRecord"):
        if "metadataPrefix" not in asked or (verb == "GetRecord" and "identifier" not in asked):
            raise _Wrong("badArgument")
        if asked["metadataPrefix"] not in FORMATS:
            raise _Wrong("cannotDisseminateFormat")
    prefix = asked.get("metadataPrefix", FORMATS[0])
    if "identifier" in asked:
        record = _record(folder, asked["identifier"], prefix)
        return record if verb == "GetRecord" else folder / "ListMetadataFormats.xml"
    if "from" in asked or "until" in asked:
        since, until = asked.get("from", ""), asked.get("until", "")
        _check(asked, since, until)
        return _selected(folder, verb, prefix, since, until, asked.get("set", ""), 0)
    name = in_format(verb, prefix) + (f".set-{asked['set']}" if "set" in asked else "")
    if not _NAME.fullmatch(name) or not (folder / f"{name}.xml").is_file():
        raise _Wrong("noRecordsMatch")
    return folder / f"{name}.xml"


def _record(folder: Path, identifier: str, prefix: str) -> Path:
    """The answer that holds one record."""
    if not _IDENTIFIER.fullmatch(identifier) or not (folder / place_of(identifier, prefix)).is_file():
        raise _Wrong("idDoesNotExist")
    return folder / place_of(identifier, prefix)


def _check(asked: dict[str, str], since: str, until: str) -> None:
    """Whether dates are well-formed, of one granularity, and in order."""
    given = [asked[name] for name in ("from", "until") if name in asked]
    if not all(map(_DATE.fullmatch, given)) or len({len(date) for date in given}) > 1 or (until and since > until):
        raise _Wrong("badArgument")


def _go_on(folder: Path, verb: str, token: str) -> Path | str:
    if match := _TOKEN.fullmatch(token):
        _, prefix, since, until, of_set, cursor, edition = match.groups()
        if match[1] != verb or prefix not in FORMATS or edition != _edition(folder):
            raise _Wrong("badResumptionToken")
        try:
            return _selected(folder, verb, prefix, since, until, of_set, int(cursor))
        except _Wrong:
            raise _Wrong("badResumptionToken") from None
    if verb == "ListSets" or not _NAME.fullmatch(token) or not re.match(rf"{verb}[.-]", token):
        raise _Wrong("badResumptionToken")
    if not (folder / f"{token}.xml").is_file():
        raise _Wrong("badResumptionToken")
    return folder / f"{token}.xml"


def _selected(folder: Path, verb: str, prefix: str, since: str, until: str, of_set: str, cursor: int) -> str:
    """The records of a set with a datestamp from `since` to `until`, both included, PAGE of them from the cursor on."""
    chosen = [
        identifier
        for stamp, name, identifier in _records(folder)
        if stamp[: len(since)] >= since and (not until or stamp[: len(until)] <= until) and of_set in ("", name)
    ]
    if cursor >= len(chosen):
        raise _Wrong("noRecordsMatch")
    parts = [_part(folder, identifier, verb, prefix) for identifier in chosen[cursor : cursor + PAGE]]
    more = cursor + PAGE < len(chosen)
    if cursor or more:
        go_on = f"{verb}~{prefix}~{since}~{until}~{of_set}~{cursor + PAGE}~{_edition(folder)}" if more else ""
        size = f'completeListSize="{len(chosen)}" cursor="{cursor}"'
        parts.append(f"<resumptionToken {size}>{go_on}</resumptionToken>")
    words = {"from": since, "until": until, "set": of_set}
    request = "".join(f' {name}="{escape(value)}"' for name, value in words.items() if value)
    head = _head(folder).replace("<request>", f'<request verb="{verb}" metadataPrefix="{prefix}"{request}>')
    return f"{head}<{verb}>\n" + "\n".join(parts) + f"\n</{verb}>\n</OAI-PMH>\n"


def _records(folder: Path) -> Iterator[list[str]]:
    with (folder / "records.tsv").open(encoding="utf-8") as stream:
        for line in stream:
            yield line.rstrip("\n").split("\t")


def _edition(folder: Path) -> str:
    return sha256((folder / "records.tsv").read_bytes()).hexdigest()[:12]


def _part(folder: Path, identifier: str, verb: str, prefix: str) -> str:
    """A record, or its header, out of the answer to GetRecord."""
    whole = (folder / place_of(identifier, prefix)).read_text(encoding="utf-8")
    begin, end = ("<header", "</header>") if verb == "ListIdentifiers" else ("<record>", "</record>")
    return whole[whole.index(begin) : whole.index(end) + len(end)]


def _head(folder: Path) -> str:
    """The beginning of an answer, with the address of the repository and when it was made."""
    whole = (folder / "badVerb.xml").read_text(encoding="utf-8")
    return whole[: whole.index("</request>") + len("</request>\n")]


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of `folder` on the loopback address, ready for `serve_forever`; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer the query behind the address."""
            self._send(urlsplit(self.path).query)

        def do_POST(self) -> None:
            """Answer the query in the body."""
            length = self.headers.get("Content-Length", "")
            self._send(self.rfile.read(min(int(length), _MOST_POSTED)).decode("utf-8", "replace")
                       if length.isdigit() else "")  # fmt: skip

        def _send(self, query: str) -> None:
            content = answer(folder, query)
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            """Stay silent."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    server(Path(__file__).resolve().parent, int(sys.argv[1]) if len(sys.argv) > 1 else 8000).serve_forever()
