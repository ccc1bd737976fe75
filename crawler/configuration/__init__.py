"""The configuration: one file, variables of the environment, options; see docs/operating/configure.md."""

from crawler.configuration.configuration import Configuration

__all__ = ["Configuration"]
