"""Run by the interpreter of the validators: reads citations with a parser of others, and prints what it found as JSON.

python reading_back.py bibtex|ris|csl|styles FILE
"""

import json
import sys
from pathlib import Path


def bibtex(path):
    import bibtexparser
    from bibtexparser.middlewares import RemoveEnclosingMiddleware
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    library = bibtexparser.parse_file(path, encoding="utf-8", parse_stack=[RemoveEnclosingMiddleware()])
    assert not library.failed_blocks, library.failed_blocks
    context = get_default_latex_context_db()
    # The first two it does not know; the third it takes for a letter above the line.
    missing = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    macros = [MacroTextSpec(name, char) for name, char in missing.items()]
    context.add_context_category("missing", prepend=True, macros=macros)
    decoder = LatexNodes2Text(latex_context=context, keep_braced_groups=False)
    return [
        {"key": entry.key, "type": entry.entry_type}
        | {
            name: field.value if name == "url" else decoder.latex_to_text(field.value)
            for name, field in entry.fields_dict.items()
        }
        for entry in library.entries
    ]


def ris(path):
    import rispy

    with Path(path).open(encoding="utf-8", newline="") as stream:
        return rispy.load(stream)


def csl(path):
    """Read as CSL-JSON by citeproc, and set in the style that comes with it."""
    import warnings

    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    warnings.simplefilter("error")  # an unknown field or type
    with Path(path).open(encoding="utf-8") as stream:
        items = json.load(stream)
    source = CiteProcJSON(items)
    warnings.simplefilter("ignore")
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for key in source:
        bibliography.register(Citation([CitationItem(key)]))
    return {"read": len(source), "texts": [str(line) for line in bibliography.bibliography()]}


print(json.dumps(globals()[sys.argv[1]](sys.argv[2]), ensure_ascii=False))
