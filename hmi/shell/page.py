"""The names of pages: a display is called by its own name, the others by these. Any thread."""

from typing import Final

ALARMS: Final = "@alarms"
CONFIGURED: Final = "@configured"
AREA_PANEL: Final = "@area-panel"
JOURNAL: Final = "@journal"
ALARM_KPIS: Final = "@alarm-performance"
TRENDS: Final = "@trends"
DEVICES: Final = "@devices"
HISTORY: Final = "@history"
PREFERENCES: Final = "@preferences"
"""Names of displays are file names and never begin with "@"."""
