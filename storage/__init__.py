"""The collection: schema, articles, search. Nothing here knows of Scrapy."""

from storage.collection import Collection, Outcome
from storage.errors import CollectionError, NewerSchema, Unreadable

__all__ = ["Collection", "CollectionError", "NewerSchema", "Outcome", "Unreadable"]
