"""What is learned of a site from many of its pages: a pure function from pages to facts, and their use."""

from crawler.profile.learn import LEAST, learn
from crawler.profile.model import EMPTY, SiteProfile
from crawler.profile.observation import Observation, ShownDate

__all__ = ["EMPTY", "LEAST", "Observation", "ShownDate", "SiteProfile", "learn"]
