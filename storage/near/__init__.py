"""Near duplicates in a collection: finds them as articles come in, and keeps them in groups by earliest source."""

from storage.near.groups import Group, Member, group_of, groups, marks
from storage.near.pairs import Linked, link_waiting, waiting

__all__ = ["Group", "Linked", "Member", "group_of", "groups", "link_waiting", "marks", "waiting"]
