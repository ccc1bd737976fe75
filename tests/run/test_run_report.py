"""The summary of a run as a file: whole, or straight into what is no file."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.run.run_report import RunReport, check_summary
from crawler.run.site_report import SiteReport

NOW = datetime(2026, 11, 30, 13, 15, tzinfo=UTC)
REPORT = RunReport("live", Path("a.db"), NOW, NOW, [SiteReport("hanoi_thu", finished=True)], {})


def test_a_summary_is_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "new folder" / "summary.json"
    check_summary(path)
    assert not path.exists()
    REPORT.write(path)
    assert json.loads(path.read_text())["started_at"] == "2026-11-30T20:15:00+07:00"
    assert [*path.parent.iterdir()] == [path]


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    check_summary(path)
    read = []
    reader = threading.Thread(target=lambda: read.append(path.read_text()), daemon=True)
    reader.start()
    REPORT.write(path)
    reader.join()
    assert json.loads(read[0])["sites"][0]["site"] == "hanoi_thu" and path.is_fifo()


def test_a_folder_is_no_place_for_a_summary(tmp_path):
    with pytest.raises(IsADirectoryError):
        check_summary(tmp_path)
