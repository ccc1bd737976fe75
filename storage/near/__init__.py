"""Near duplicates in a collection: found as articles come in, kept in groups with their earliest source."""

from storage.near.groups import Group, Member, group_of, groups, marks
from storage.near.links import Linked, link_waiting, waiting

__all__ = ["Group", "Linked", "Member", "group_of", "groups", "link_waiting", "marks", "waiting"]
