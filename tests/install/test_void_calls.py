"""A guard against builds of PySide6 whose void calls lose references, as 6.12.0 does on Python 3.11."""

import subprocess
import sys

_PROGRAM = """
import sys
from PySide6.QtCore import QObject
before = sys.getrefcount(None)
thing = QObject()
for _ in range(50_000):
    thing.setObjectName("x")
print("alive", sys.getrefcount(None) - before)
"""


def test_fifty_thousand_void_calls_lose_no_reference() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    word, change = done.stdout.split()
    assert word == "alive"
    assert int(change) > -500
