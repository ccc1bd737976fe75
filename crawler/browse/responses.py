"""Answers for programs and spreadsheets: JSON and CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.utils.asgi import Response

from crawler.dates.local_time import with_local_times
from storage.exports.csv import cell


def as_json(data: Any) -> Response:
    """Return an answer with `data` as JSON; moments also in Việt Nam's time."""
    body = json.dumps(with_local_times(data), ensure_ascii=False, indent=2, default=lambda piece: piece.text)
    return Response(body, content_type="application/json; charset=utf-8")


def as_csv(rows: Sequence[Mapping[str, object]], columns: tuple[str, ...], name: str) -> Response:
    """Return a table for Excel: UTF-8 with a byte order mark, and no cell that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[column]) for column in columns])
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=disposition)
