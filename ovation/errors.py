"""What a command cannot do."""


class OvationError(Exception):
    """What is wrong and what to do about it, in a sentence that a person reads on the terminal."""
