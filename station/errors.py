"""What keeps a station from starting. Pure, any thread."""


class StationError(Exception):
    """One clear line for the person who started it: what is wrong, where, and what to do."""
