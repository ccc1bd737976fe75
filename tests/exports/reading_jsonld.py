"""Run by the interpreter of the validators: reads JSON-LD by pyld and by rdflib, without a network.

python reading_jsonld.py FILE: a document; or an HTML page, whose embedded data extruct finds. Prints JSON.
"""

import json
import socket
import sys
from pathlib import Path


def _refuse(*_, **__):
    raise AssertionError("reading asks the network")


socket.socket.connect = _refuse
path = Path(sys.argv[1])
text = path.read_text(encoding="utf-8")
found = {}
if path.suffix == ".html":
    import extruct

    data = extruct.extract(text, base_url="http://localhost/", syntaxes=["json-ld", "dublincore", "opengraph"])
    found["extruct"] = data
    (document,) = data["json-ld"]
else:
    document = json.loads(text)

from pyld import jsonld  # noqa: E402
from rdflib import Graph  # noqa: E402

expanded = jsonld.expand(document)
graph = Graph().parse(data=json.dumps(document), format="json-ld")
quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
again = Graph().parse(data=quads, format="nquads")
found |= {
    "expanded": expanded,
    "triples": len(graph),
    "by_pyld": len(again),
    "turtle": len(Graph().parse(data=graph.serialize(format="turtle"), format="turtle")),
}
print(json.dumps(found, ensure_ascii=False))
