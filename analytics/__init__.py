"""Judging and predicting: alarms against history, settings that would be better, when a consequence comes. No Qt."""
