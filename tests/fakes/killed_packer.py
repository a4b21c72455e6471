"""Packs what a server has in a process of its own and kills itself at a transaction: `FOLDER ADDRESS NOW_US N WHEN`.

WHEN is "before" or "after" the commit of the Nth transaction. Ends by itself if there are fewer.
"""

import sys
from pathlib import Path

from history.packer import Packer
from history.places import Far, Places
from history.store.frames import FrameStore
from history.store.segments import Segments
from tests.fakes.clock import ManualClock
from tests.fakes.forwarding import OnlyWriter
from tests.fakes.killed_at import kill_at
from tests.fakes.packing_bench import HOLD_US, NAMES, RULE

folder, address, now_us, last, when = sys.argv[1:]
kill_at(int(last), when)
clock = ManualClock(int(now_us))
frames = FrameStore(Path(folder), NAMES)
places = Places(Path(folder), frames, clock, Far(address, OnlyWriter()))
home = places.home


def keeping_of(tag: int) -> str:
    return "short" if home.row_of(tag) == 2 else ""


packer = Packer(Segments(home), places.parts, lambda _: RULE, HOLD_US, clock, keeping_of)
while packer.step():
    pass
