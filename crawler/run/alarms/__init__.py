"""Alarms: what changed about the sites of a run, who is told, and in which words."""
