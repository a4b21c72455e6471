"""What trends draw: columns of each pixel, and gaps. Worker threads of the station.

Cells stand for packed hours where they fit into a pixel, samples for the rest. All tags of a question are read at once
where they share frames and minutes.
"""

from collections.abc import Iterable, Mapping

from history.aggregates.pixels import draw_spans
from history.aggregates.spans import Spans, Stretch, spans_of_cells, spans_of_samples
from history.chunks.cells import HOUR_US
from history.columns import Columns
from history.pixels import draw
from history.plan import level_of, samples_of, stretches
from history.queries.source import Source
from history.series import HistoryQuery, HistorySeries


def read_trends(source: Source, query: HistoryQuery) -> tuple[HistorySeries, ...]:
    """Return a series for each tag of a query, in its order.

    Raises:
        KeyError: there is no such tag.
        DatabaseError: what is on disk can't be read.
    """
    rows = source.rows(query.tags)
    if not rows:
        return ()
    tags = dict(zip(rows, query.tags, strict=True))
    level_us = level_of(query)
    drawn = _from_cells(source, tags, level_us, query) if level_us else _from_samples(source, tags, query)
    return tuple(drawn[row] for row in rows)


def _from_samples(source: Source, tags: Mapping[int, str], query: HistoryQuery) -> dict[int, HistorySeries]:
    start_us = query.start_us - int(source.holds_us(list(tags)).max())
    found = _of_each(source.recorded(list(tags), start_us, query.end_us), tags)
    now_us = source.now_us()
    return {row: draw(tag, found[row], query, now_us, source.hold_us(row)) for row, tag in tags.items()}


def _from_cells(
    source: Source, tags: Mapping[int, str], level_us: int, query: HistoryQuery
) -> dict[int, HistorySeries]:
    """Return series from cells where hours are packed, from samples elsewhere."""
    span = Stretch(query.start_us // HOUR_US * HOUR_US, -(-query.end_us // HOUR_US) * HOUR_US)
    unpacked = source.unpacked(list(tags), span.start_us, span.end_us)  # first: what is packed meanwhile isn't lost
    cells = {row: source.cells(row, level_us, span.start_us, span.end_us) for row in tags}
    now_us = source.now_us()
    parts: dict[int, list[Spans]] = {row: [] for row in tags}
    for stretch, is_packed in stretches(span, unpacked.time_us):
        if is_packed:
            for row in tags:
                parts[row].append(spans_of_cells(cells[row], level_us, stretch))
            continue
        start_us = stretch.start_us - int(source.holds_us(list(tags)).max())
        found = _of_each(source.recorded(list(tags), start_us, stretch.end_us), tags)
        for row in tags:
            known = samples_of(found[row], stretch.end_us, now_us)
            parts[row].append(spans_of_samples(known, source.hold_us(row), stretch))
    newest = _of_each(unpacked, tags)
    return {row: draw_spans(tag, parts[row], query, _end(newest[row], query, now_us)) for row, tag in tags.items()}


def _of_each(recorded: Columns, tags: Iterable[int]) -> dict[int, Columns]:
    rows = list(tags)
    if len(rows) == 1:
        return {rows[0]: recorded}
    return {row: recorded.take(recorded.ids == row) for row in rows}


def _end(newest: Columns, query: HistoryQuery, now_us: int) -> int:
    """Return until when something is known: a device's clock may be ahead of ours."""
    seen = newest.time_us[newest.time_us < query.end_us]
    return int(seen.max(initial=now_us - 1)) + 1
