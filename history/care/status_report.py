"""What there is of history, as a table for people and as JSON for programs. Pure, any thread."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from history.care.status import FileStatus, FolderStatus

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def as_text(status: FolderStatus) -> str:
    """Return all of it as one line of JSON."""
    span = status.span_us
    more = {"size_bytes": status.size_bytes, "oldest_us": span and span[0], "newest_us": span and span[1]}
    return orjson.dumps(asdict(status) | more).decode()


def as_table(status: FolderStatus) -> str:
    """Return lines for a terminal: a row for each file, then what else there is to know."""
    rows: list[tuple[str, ...]] = [("file", "size", "samples", "tags", "from", "to", "")]
    rows += [_row(each) for each in (*status.parts, status.newest)]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = ["  ".join([*map(str.ljust, row, widths), row[6]]).rstrip() for row in rows]
    return "\n".join([status.folder, *lines, "", *_remarks(status)])


def _row(file: FileStatus) -> tuple[str, ...]:
    what = f"{file.hours:,} hours of a tag" if file.month else f"{file.frames} frames, {file.minutes} minutes to pack"
    span = time_words(file.oldest_us), time_words(file.newest_us)
    return file.file, size(file.size_bytes), f"{file.samples:,}", str(file.tags), *span, file.error or what


def time_words(at_us: int | None) -> str:
    """Return a time, "2026-11-29 06:15:00Z"; "-" for none. Beyond the calendar its number stands for it."""
    if at_us is None:
        return "-"
    try:
        return f"{_EPOCH + timedelta(microseconds=at_us):%Y-%m-%d %H:%M:%SZ}"
    except OverflowError:
        return f"{at_us} µs"


def size(count: int) -> str:
    """Return a number of bytes in words, "1.2 MB"."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _remarks(status: FolderStatus) -> list[str]:
    backup, span = status.backup, status.span_us
    lines = [f"In all {size(status.size_bytes)}" + (f", newest sample {time_words(span[1])}" if span else "")]
    if status.server:
        lines.append(f"Server: {status.server}; {status.newest.file} holds what waits for it")
    if status.newest.quarantined:
        lines.append(f"In quarantine: {status.newest.quarantined} blobs that couldn't be read")
    lines += [f"Damaged and put aside: {name}" for name in status.put_aside]
    if backup is None:
        lines.append("No backup yet: main.py history backup FOLDER")
    else:
        lines.append(f"Last backup: {time_words(backup.at_us)}, {size(backup.size_bytes)}, {backup.folder}")
    return lines
