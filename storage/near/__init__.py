"""Near duplicates in a collection: found as articles come in, kept in groups with their earliest source."""

from storage.near.linking import Linked, link_waiting, waiting
from storage.near.reading import Group, Member, group_of, groups, marks

__all__ = ["Group", "Linked", "Member", "group_of", "groups", "link_waiting", "marks", "waiting"]
