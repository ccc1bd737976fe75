"""`python -m tests.portals` writes what is expected of the replica portals anew, after a change in their content."""

from tests.portals import expectations

expectations.write()
