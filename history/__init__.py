"""Remembering values: the recorder, frames on disk, memory of the last minutes, and the query over both."""
