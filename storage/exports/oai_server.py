"""Serves a static OAI-PMH repository: `python serve.py 8000` in its folder. It needs nothing but Python.

The rule by which a request finds its file is the one that the folder's .htaccess and nginx.conf state.
"""

import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_VERBS = ("Identify", "ListMetadataFormats", "ListSets", "ListIdentifiers", "ListRecords", "GetRecord")
_IDENTIFIER = re.compile(r"oai:[\w.-]+:(\w{2})(\w+)")
_NAME = re.compile(r"[\w.-]+")


def place_of(identifier: str) -> str:
    """Return where the record of an OAI identifier lies in the folder. Raises ValueError for another kind of name."""
    match = _IDENTIFIER.fullmatch(identifier)
    if not match:
        raise ValueError(f"{identifier!r} is no identifier of this repository")
    return f"records/{match[1]}/{match[2]}.xml"


def answer(folder: Path, query: str) -> Path:
    """Return the file that answers a request's query string; for a request that is wrong, the file that says so."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    verb, token = asked.get("verb", ""), asked.get("resumptionToken")
    if verb not in _VERBS:
        return folder / "badVerb.xml"
    if token is not None:
        known = _NAME.fullmatch(token) and token.startswith(verb) and (folder / f"{token}.xml").is_file()
        return folder / (f"{token}.xml" if known else "badResumptionToken.xml")
    if verb in ("ListIdentifiers", "ListRecords", "GetRecord"):
        if "metadataPrefix" not in asked:
            return folder / "badArgument.xml"
        if asked["metadataPrefix"] != "oai_dc":
            return folder / "cannotDisseminateFormat.xml"
    if verb == "GetRecord":
        match = _IDENTIFIER.fullmatch(asked.get("identifier", ""))
        place = folder / place_of(match[0]) if match else None
        return place if place and place.is_file() else folder / "idDoesNotExist.xml"
    name = f"{verb}.set-{asked['set']}" if "set" in asked else verb
    known = _NAME.fullmatch(name) and (folder / f"{name}.xml").is_file()
    return folder / (f"{name}.xml" if known else "noRecordsMatch.xml")


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of `folder` on the loopback address, ready for `serve_forever`; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with the file."""
            content = answer(folder, urlsplit(self.path).query).read_bytes()
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
