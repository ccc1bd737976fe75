"""tinphuong: a crawler and archive of the news that Việt Nam's wards and communes publish."""

__version__ = "0.2.0"
SCHEMA_VERSION = 22  # of the database: as many migrations as storage/schema.py has, which takes long to import
