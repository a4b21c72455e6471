"""A journal written by hand, in the order in which it was recorded, that follows the state table."""

from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from alarms.entry import JournalEntry
from alarms.kpi.make import make_report
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.kpi.rows import KpiRow
from alarms.kpi.window import Window, within
from alarms.states import NORMAL, AlarmEvent, Bits, change, state_of
from plant_models.alarm_philosophy import KpiTargets

MONDAY_US = round(datetime(2026, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000
"""Midnight in UTC; two in the morning in Berlin."""
DAY_S = 86_400.0
MINUTE_S = 60.0
HOUR_S = 3600.0


class KpiJournal:
    """Rows of alarms; times are seconds after `start_us`. `epoch` counts the starts of the station."""

    def __init__(self, start_us: int = MONDAY_US) -> None:
        self.start_us = start_us
        self.rows: list[KpiRow] = []
        self.epoch = 1
        self.step_s = 0.0
        """How far the wall clock was set since the start; the monotonic one goes on."""
        self._bits: dict[str, Bits] = {}
        self._occurrence: dict[str, int] = {}
        self._active_us: dict[str, int] = {}

    def put(self, event: str, at_s: float, alarm: str = "T1.H", **more: Any) -> KpiRow:
        """Let an event of the state table happen; it must not be one that is refused or ignored."""
        before = self._bits.get(alarm, NORMAL)
        step = change(before, AlarmEvent(event))
        assert not step.refusal
        assert not step.is_ignored, f"{event} says nothing new of {alarm}"
        self._bits[alarm] = step.bits
        if step.is_new:
            self._occurrence[alarm] = self._occurrence.get(alarm, 0) + 1
            self._active_us[alarm] = self._wall_us(at_s)
        states = {"from_state": state_of(before).value, "to_state": state_of(step.bits).value}
        return self.add(event, at_s, alarm, **states, **more)

    def add(self, event: str, at_s: float, alarm: str = "T1.H", **more: Any) -> KpiRow:
        """Add a row as it stands, whatever was before."""
        fields: dict[str, Any] = {
            "seq": len(self.rows) + 1, "epoch": self.epoch, "at_us": self._wall_us(at_s),
            "recorded_us": self._wall_us(at_s), "mono_ns": round(at_s * 1e9), "event": event, "alarm": alarm,
            "tag": alarm.split(".")[0], "kind": "H", "priority": 3, "area": "", "from_state": "", "to_state": "",
            "occurrence": self._occurrence.get(alarm, 0), "active_us": self._active_us.get(alarm, 0), "user": "",
            "text": f"{alarm} is high",
        }  # fmt: skip
        row = KpiRow(**(fields | more))
        self.rows.append(row)
        return row

    def blip(self, at_s: float, alarm: str = "T1.H", life_s: float = 120.0, **more: Any) -> None:
        """Raise an alarm, acknowledge it after half its life, and let it return."""
        self.put("ALM", at_s, alarm, **more)
        self.put("ACK", at_s + life_s / 2, alarm, user="ada", **more)
        self.put("RTN", at_s + life_s, alarm, **more)

    def calls(self, at_s: float, count: int, **more: Any) -> None:
        """Let so many different alarms come, a second after each other, each for once in this journal."""
        for number in range(count):
            self.put("ALM", at_s + number, f"F{len(self.rows)}.H", **more)

    def _wall_us(self, at_s: float) -> int:
        return self.start_us + round((at_s + self.step_s) * 1e6)


def window_of(
    journal: KpiJournal, end_s: float = DAY_S, start_s: float = 0.0, zone: tzinfo = UTC, known: Any = None
) -> Window:
    """Return a window by seconds after the start of the journal; all of it is known unless `known` says otherwise."""
    start_us, end_us = (journal.start_us + round(at_s * 1e6) for at_s in (start_s, end_s))
    spans = [(start_s, end_s)] if known is None else known
    in_us = [tuple(journal.start_us + round(at_s * 1e6) for at_s in span) for span in spans]
    return Window(start_us, end_us, zone, within(in_us, start_us, end_us))  # type: ignore[arg-type]


def report_of(
    journal: KpiJournal,
    end_s: float = DAY_S,
    start_s: float = 0.0,
    zone: str = "UTC",
    known: Any = None,
    targets: KpiTargets | None = None,
    refused: int | None = 0,
) -> AlarmReport:
    """Return the report of a window by seconds after the start of the journal."""
    window = window_of(journal, end_s, start_s, ZoneInfo(zone), known)
    query = AlarmReportQuery(window.start_us, window.end_us)
    return make_report(query, journal.rows, window, targets or KpiTargets(), refused)


def kpi_row(entry: JournalEntry, seq: int, recorded_us: int, epoch: int = 1) -> KpiRow:
    """Return what figures need of an entry as it would be read from the disk."""
    fields = {name: value for name, value in asdict(entry).items() if name in KpiRow._fields}
    return KpiRow(**fields, seq=seq, epoch=epoch, recorded_us=recorded_us)
