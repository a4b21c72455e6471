"""Partitions of a server's tables for a month, where a test needs them without a station."""

from sqlalchemy import Connection, text

from history.care.files import Part


def add_month(connection: Connection, month: str) -> None:
    """Make the partitions of a month, "2023-11"."""
    start_us, end_us = Part(month).span_us
    for table in ("hist_chunk", "hist_rollup"):
        name = f"{table}_{month.replace('-', '_')}"
        bounds = f"FOR VALUES FROM ({start_us}) TO ({end_us})"
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} {bounds}"))
