"""Pure functions on a QPainter, shared by all screens. Each saves and restores the painter it is given."""
