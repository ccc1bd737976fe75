"""Figures for those who watch an installation: metrics for Prometheus, and when the disk will be full."""
