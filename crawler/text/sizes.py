"""Sizes in bytes, for people."""


def shown_size(size: float) -> str:
    """Return bytes as people read them, in powers of 1000 as disks are sold: "512 B", "3.4 MB", "120 GB"."""
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(size) < 999.5 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" or abs(size) >= 99.95 else f"{size:.1f} {unit}"
