"""History as a whole: recording, packing, size and looking back, each beside what a user would do without it.

The parts can be run alone: `history_codec`, `history_ingest`, `history_year`.
"""

from benchmarks import history_codec, history_ingest, history_year
from benchmarks.figure import Figure


def run() -> list[Figure]:
    """Return the figures of all parts."""
    return [figure for part in (history_ingest, history_codec, history_year) for figure in part.run()]
