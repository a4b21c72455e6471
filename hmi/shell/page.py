"""The names of pages: a display is called by its own name, the others by these. Any thread."""

from typing import Final

ALARMS: Final = "@alarms"
CONFIGURED: Final = "@configured"
JOURNAL: Final = "@journal"
TRENDS: Final = "@trends"
DEVICES: Final = "@devices"
HISTORY: Final = "@history"
PREFERENCES: Final = "@preferences"
"""Names of displays are file names and never begin with "@"."""
