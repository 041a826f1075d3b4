"""The one way a command fails on purpose."""


class Trouble(Exception):
    """What whoever typed the command must know or do. The text is all that they are shown."""
