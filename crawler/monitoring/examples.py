"""An example dashboard for Grafana and example alert rules for Prometheus, which come with the package."""

from importlib.resources import files
from pathlib import Path

from crawler.errors import UsageError

DASHBOARD, RULES = "grafana-dashboard.json", "alert-rules.yml"


def read(name: str) -> str:
    """Return the text of one of the two files."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def write(folder: Path) -> list[Path]:
    """Write both files into `folder`, which is made where there is none, and return them.

    Raises UsageError where one of them is there already with another text, OSError where it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name one")
    texts = {folder / name: read(name) for name in (DASHBOARD, RULES)}
    for path, text in texts.items():
        if path.exists() and not _holds(path, text):
            raise UsageError(f"{path} exists already with another text: move it away, or name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()
