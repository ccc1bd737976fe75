"""What is wrong with what somebody wrote down for us, as a sentence that says where."""


class ConfigurationError(Exception):
    """A file of the user's has a fault; the message names the place and what is wrong."""
