"""The kinds of items on a display, one file each."""
