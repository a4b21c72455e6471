"""Alarms that can be heard: until somebody acknowledges or silences them."""
