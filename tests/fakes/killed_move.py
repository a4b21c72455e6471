"""Moves history to a server in a process of its own and kills itself at a transaction: `FOLDER ADDRESS N WHEN`.

WHEN is "before" or "after" the commit of the Nth transaction on the server. Ends by itself if there are fewer.
"""

import sys
from pathlib import Path

from history.exchange.ends import both_ends
from history.exchange.move import move
from tests.fakes.clock import ManualClock
from tests.fakes.killed_at import kill_at

folder, address, last, when = sys.argv[1:]
kill_at(int(last), when)
with both_ends(Path(folder), address, ManualClock()) as ends:
    assert not move(ends, lambda done, total: None).troubles
