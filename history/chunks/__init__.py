"""Samples packed for keeping: a minute of many tags, an hour of one, and what they come to.

No I/O, no SQL, any thread.
"""
