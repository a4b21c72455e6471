"""History on disk: the only part of this package that knows SQL."""
