"""Trends: curves of values over time, live joined with history; pens, cursors, export."""
