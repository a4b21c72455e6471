"""Every field of an alarm: where it stands in the dialog, what it is called, how it is edited. Pure, any thread."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.message import Message, message


class Editor(Enum):
    """How a field is edited."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    """A number that may be absent."""
    AMOUNT = "amount"
    """A number that is 0 where nothing is written."""
    COUNT = "count"
    FLAG = "flag"
    TAG = "tag"
    FORMULA = "formula"
    DATE = "date"
    PRIORITY = "priority"
    CLASS = "class"
    SEVERITY = "severity"
    AREA = "area"
    DISPLAY = "display"
    LIMIT = "limit"
    """A number, or one of the tag's states."""


class Unit(Enum):
    """What stands behind a number."""

    NONE = ""
    TAG = "tag"
    LIMIT = "limit"
    """That of the limit: of the tag; for a rate, per minute."""
    SECONDS = "s"
    MINUTES = "min"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field; `kinds` are those that have it, empty for all. `hint` says what it is for."""

    name: str
    title: Message
    editor: Editor
    unit: Unit = Unit.NONE
    hint: Message | None = None
    kinds: frozenset[AlarmKind] = frozenset()

    def is_for(self, kind: AlarmKind) -> bool:
        """Tell whether alarms of a kind have it."""
        return not self.kinds or kind in self.kinds


_LIMITS: Final = frozenset(LIMIT_KINDS)
_WITH_LIMIT: Final = _LIMITS | {AlarmKind.RATE, AlarmKind.DEVIATION, AlarmKind.STATE, AlarmKind.STUCK}
_WITH_BAND: Final = _LIMITS | {AlarmKind.RATE, AlarmKind.DEVIATION}
_WITH_WINDOW: Final = frozenset({AlarmKind.RATE, AlarmKind.STUCK, AlarmKind.NO_UPDATE})
_COMPARED: Final = frozenset({AlarmKind.DEVIATION, AlarmKind.DISCREPANCY})

SECTIONS: Final[tuple[tuple[Message, tuple[FieldSpec, ...]], ...]] = (
    (
        message("Condition"),
        (
            FieldSpec("enabled", message("Evaluated"), Editor.FLAG),
            FieldSpec("limit", message("Limit"), Editor.LIMIT, Unit.LIMIT, kinds=_WITH_LIMIT),
            FieldSpec(
                "limit_tag",
                message("Limit from a tag"),
                Editor.TAG,
                hint=message("Instead of the limit, in the same unit"),
                kinds=_LIMITS | {AlarmKind.DEVIATION},
            ),
            FieldSpec("reference", message("Compared with"), Editor.TAG, kinds=_COMPARED),
            FieldSpec("expression", message("Formula"), Editor.FORMULA, kinds=frozenset({AlarmKind.CALCULATED})),
            FieldSpec("window_s", message("Over a time of"), Editor.AMOUNT, Unit.SECONDS, kinds=_WITH_WINDOW),
            FieldSpec(
                "deadband",
                message("Deadband"),
                Editor.AMOUNT,
                Unit.LIMIT,
                message("How far back it must come to clear"),
                _WITH_BAND,
            ),
            FieldSpec(
                "on_delay_s",
                message("On delay"),
                Editor.AMOUNT,
                Unit.SECONDS,
                message("How long it must hold before it is raised"),
            ),
            FieldSpec(
                "off_delay_s",
                message("Off delay"),
                Editor.AMOUNT,
                Unit.SECONDS,
                message("How long it must be over before it is cleared"),
            ),
            FieldSpec(
                "count", message("Also raised after"), Editor.COUNT, Unit.TIMES, message("However short each time is")
            ),
            FieldSpec("count_s", message("Counted within"), Editor.AMOUNT, Unit.SECONDS),
        ),
    ),
    (
        message("Behaviour"),
        (
            FieldSpec("priority", message("Priority"), Editor.PRIORITY),
            FieldSpec("alarm_class", message("Class"), Editor.CLASS, hint=message("What is at stake")),
            FieldSpec("area", message("Area"), Editor.AREA, hint=message("The part of the plant where it counts")),
            FieldSpec("latching", message("Stays until it is reset"), Editor.FLAG),
            FieldSpec(
                "realarm_min",
                message("Annunciated again after"),
                Editor.NUMBER,
                Unit.MINUTES,
                message("If it is acknowledged and still active"),
            ),
            FieldSpec(
                "first_out",
                message("First-out group"),
                Editor.LINE,
                hint=message("The first alarm of the group is marked"),
            ),
            FieldSpec(
                "explains",
                message("Explains alarms of equipment below its own"),
                Editor.FLAG,
            ),
            FieldSpec(
                "suppress_when",
                message("Suppressed while"),
                Editor.FORMULA,
                hint=message("A formula; tags stand in braces"),
            ),
        ),
    ),
    (
        message("What it means"),
        (
            FieldSpec("text", message("Text"), Editor.LINE, hint=message("What is wrong")),
            FieldSpec("causes", message("Likely cause"), Editor.LINES),
            FieldSpec("consequence", message("If ignored"), Editor.LINES),
            FieldSpec("severity", message("How bad that is"), Editor.SEVERITY),
            FieldSpec(
                "consequence_at",
                message("Consequence at"),
                Editor.NUMBER,
                Unit.TAG,
                message("The value at which the consequence is there"),
                _LIMITS | {AlarmKind.RATE},
            ),
            FieldSpec("respond_min", message("Respond within"), Editor.NUMBER, Unit.MINUTES),
            FieldSpec("action", message("What to do"), Editor.LINES, hint=message("One step a line")),
            FieldSpec("confirmation", message("How to confirm"), Editor.LINES),
            FieldSpec("guidance", message("More guidance"), Editor.LINES),
            FieldSpec("display", message("Display"), Editor.DISPLAY, hint=message("If not the one that shows the tag")),
            FieldSpec("procedure", message("Procedure"), Editor.LINE),
        ),
    ),
    (
        message("Record"),
        (
            FieldSpec("basis", message("Why the limit is there"), Editor.LINES),
            FieldSpec("owner", message("Answers for it"), Editor.LINE),
            FieldSpec("approved_by", message("Approved by"), Editor.LINE),
            FieldSpec("approved_on", message("Approved on"), Editor.DATE),
            FieldSpec("review_due", message("Review due"), Editor.DATE),
            FieldSpec("moc", message("Number of the change"), Editor.LINE),
        ),
    ),
)
"""All fields but tag, kind and id, which name the alarm."""
SPECS: Final = {spec.name: spec for _, specs in SECTIONS for spec in specs}
