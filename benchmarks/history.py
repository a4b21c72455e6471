"""History as a whole: recording, packing, size, looking back, many clients and a server, each beside what else one has.

The parts can be run alone: `history_clients`, `history_codec`, `history_forward`, `history_ingest`, `history_year`.
"""

from benchmarks import history_clients, history_codec, history_forward, history_ingest, history_year
from benchmarks.figure import Figure


def run() -> list[Figure]:
    """Return the figures of all parts."""
    parts = (history_ingest, history_codec, history_year, history_clients, history_forward)
    return [figure for part in parts for figure in part.run()]
