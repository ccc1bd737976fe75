"""Looking at paths that a user names."""

from pathlib import Path


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder at `path`; False also where we may not look, which reading it as a file says."""
    try:
        return path.is_dir()
    except OSError:
        return False
