"""How much has flowed, or was counted, in each interval of the site's calendar. Worker threads of the station.

A flow comes from cells where those are usable throughout, else from samples; a counter always from samples.
"""

from dataclasses import dataclass

import numpy as np

from history.aggregates.counter import CounterRule, counter_totals
from history.aggregates.flow import FlowRule, flow_totals
from history.aggregates.samples import Mask, Times
from history.aggregates.totals import Totals
from history.chunks.samples import Samples
from history.queries.intervals import Intervals
from history.queries.limits import Patience, check_size
from history.queries.neighbours import Chooses, any_sample
from history.queries.past import Past, pasts
from history.queries.site import Site
from history.queries.source import Source
from history.queries.tag_samples import counted_samples, held_samples, pieces
from history.queries.whole_cells import whole_cells
from history.usable import usable_mask
from plant_models.quality import Quality, Severity
from plant_models.tag import DataType, Tag
from plant_models.totals import Total, total_of_count, total_of_rate


@dataclass(frozen=True, slots=True)
class TotalQuery:
    """Totals of tags by name over intervals: a tag with a modulus is a counter, one in m³/h or the like a flow.

    Without either, one in m³ or another quantity is a counter that never rolls over.

    Raises:
        ValueError: it asks for more than 1,000 tags or a million results.
    """

    tags: tuple[str, ...]
    intervals: Intervals

    def __post_init__(self) -> None:
        check_size(self.tags, self.intervals.most)


@dataclass(frozen=True, slots=True)
class TotalSeries:
    """The totals of one tag over the n intervals between n + 1 edges (µs UTC), in `unit`; those of neighbours add up.

    `totals.missing_us` is the time of which nothing is known, which no total contains: that which is still to come
    included.
    """

    tag: str
    unit: str
    edges_us: Times
    totals: Totals


def read_totals(source: Source, site: Site, query: TotalQuery, patience: Patience) -> tuple[TotalSeries, ...]:
    """Return the totals of each tag of a query, in its order.

    Raises:
        KeyError: there is no such tag.
        ValueError: a tag is neither a flow nor a counter, or an interval has too many samples.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    rows = source.rows(query.tags)
    kinds = [_kind(site.tags[tag]) for tag in query.tags]
    edges = query.intervals.edges_us(site)
    each = zip(query.tags, kinds, pasts(source, rows, (int(edges[0]), int(edges[-1])), patience), strict=True)
    answers = []
    for tag, (is_counter, total), past in each:
        rule = CounterRule(total.factor, past.hold_us, modulus=site.tags[tag].modulus)
        totals = _counted(past, edges, rule, patience) if is_counter else _flowed(past, edges, total.factor, patience)
        answers.append(TotalSeries(tag, total.unit, edges, totals))
    return tuple(answers)


def _kind(tag: Tag) -> tuple[bool, Total]:
    """Return whether a tag is a counter, and what it adds up to."""
    rate = total_of_rate(tag.unit) if tag.modulus is None else None
    if rate is not None:
        return False, rate
    count = total_of_count(tag.unit)
    if count is None or tag.is_text or tag.states or tag.type is DataType.BOOL:
        raise ValueError(f"{tag.name} in {tag.unit or 'no unit'} is neither a flow nor a counter; it has no total")
    return True, count


def _flowed(past: Past, edges: Times, factor: float, patience: Patience) -> Totals:
    totals = _empty(edges)
    cells = whole_cells(past, edges, Severity.UNCERTAIN)
    if cells.is_whole.any():
        is_doubtful = cells.severities() > Severity.GOOD
        codes = np.where(is_doubtful, np.uint16(Quality.UNCERTAIN_DATA_SUB_NORMAL), np.uint16(Quality.GOOD))
        none = np.zeros(len(codes), np.int64)
        _put(totals, cells.is_whole, Totals(cells.sums("integral") * factor, codes, none, none))
    rule = FlowRule(factor, past.hold_us)
    for piece in pieces(past, edges, ~cells.is_whole):
        patience.check()
        part = edges[piece.start : piece.stop + 1]
        _put(totals, piece, flow_totals(held_samples(past, part, any_sample), part, rule))
    return totals


def _counted(past: Past, edges: Times, rule: CounterRule, patience: Patience) -> Totals:
    totals = _empty(edges)
    chosen = _possible(rule.modulus or np.inf)
    for piece in pieces(past, edges, np.ones(len(edges) - 1, np.bool_)):
        patience.check()
        part = edges[piece.start : piece.stop + 1]
        _put(totals, piece, counter_totals(counted_samples(past, part, chosen), part, rule))
    return totals


def _possible(highest: float) -> Chooses:
    """Return what chooses samples that a counter can show."""

    def is_possible(samples: Samples) -> Mask:
        with np.errstate(invalid="ignore"):
            is_within = (samples.values >= 0) & (samples.values <= highest)
        return usable_mask(samples.values, samples.qualities) & is_within

    return is_possible


def _empty(edges: Times) -> Totals:
    n = len(edges) - 1
    return Totals(np.empty(n), np.empty(n, np.uint16), np.empty(n, np.int64), np.empty(n, np.int64))


def _put(totals: Totals, where: slice | Mask, found: Totals) -> None:
    for column in ("values", "qualities", "missing_us", "resets"):
        getattr(totals, column)[where] = getattr(found, column)
