"""The collection: schema, articles, search. Nothing here knows of Scrapy."""

from storage.collection import Collection
from storage.errors import CollectionError, NewerSchema, Unreadable
from storage.records import Outcome

__all__ = ["Collection", "CollectionError", "NewerSchema", "Outcome", "Unreadable"]
