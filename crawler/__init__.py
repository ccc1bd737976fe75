"""tinphuong: a crawler and archive of the news that Việt Nam's wards and communes publish."""

__version__ = "0.1.0"
