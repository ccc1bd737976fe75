"""The index of a WACZ, in which a page that a browser finished comes after what its server sent in the same second.

Replay tools know moments to the second, and of two lines for one address and second ReplayWeb.page takes the last. The
index is sorted as text, so that the name behind the address decides: "status" comes after "mime".
"""

import importlib
from functools import cache
from typing import Any

from storage.archives.address_records import is_address_record


@cache
def teach_order() -> None:
    """Have the package `wacz` write its index in that order."""
    main: Any = importlib.import_module("wacz.main")

    class Indexer(main.WACZIndexer):  # type: ignore[misc]  # wacz has no types
        def _write_line(self, out: Any, index: dict[str, str], record: Any, filename: str) -> None:
            headers = {name.lower(): value for name, value in record.rec_headers.headers}
            if record.rec_type == "resource" and is_address_record(headers):
                index = {"url": record.rec_headers["WARC-Target-URI"], "status": "200"} | index
            super()._write_line(out, index, record, filename)

    main.WACZIndexer = Indexer
