"""Citations in the formats of reference managers and in the styles of bibliographies."""

from storage.exports.citing.formats import FORMATS, CitationFormat, is_format, written

__all__ = ["FORMATS", "CitationFormat", "is_format", "written"]
