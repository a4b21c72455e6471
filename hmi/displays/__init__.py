"""Displays of a plant, drawn: one widget per display."""
