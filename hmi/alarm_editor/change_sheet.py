"""Asks before several alarms are changed, taken out or brought in from a file. GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alarms.changing import AlarmChanges
from hmi.alarm_editor.differences import Difference, differences
from hmi.alarm_editor.review import Review
from hmi.alarm_editor.saving import SavingSheet
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import set_text, wrapped
from plant_models.alarm_definition import AlarmDefinition

_WIDTH = 760


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A change as somebody means it: `act` stands on the button, `effect` says what it leads to."""

    title: str
    act: str
    effect: str = ""
    changed: tuple[AlarmDefinition, ...] = ()
    removed: frozenset[str] = frozenset()


def disabling(chosen: Sequence[AlarmDefinition], is_enabled: bool) -> Wanted:
    """Return the change that lets alarms be evaluated, or no longer."""
    changed = tuple(replace(each, enabled=is_enabled) for each in chosen if each.enabled is not is_enabled)
    enable = _counted(tr("Enable"), tr("Enable {count}"), len(changed))
    disable = _counted(tr("Disable"), tr("Disable {count}"), len(changed))
    stopped = tr("They are not evaluated any more: nobody is called by them, however their tags stand.")
    return Wanted(
        title=tr("Enable alarms") if is_enabled else tr("Disable alarms"),
        act=enable if is_enabled else disable,
        effect=tr("They are evaluated at once.") if is_enabled else stopped,
        changed=changed,
    )


def removing(chosen: Sequence[AlarmDefinition]) -> Wanted:
    """Return the change that takes alarms out."""
    removed = frozenset(each.name for each in chosen)
    return Wanted(
        title=tr("Remove alarms"),
        act=_counted(tr("Remove"), tr("Remove {count}"), len(removed)),
        effect=tr(
            "What is active leaves the list, and the journal tells it. A default of an equipment type comes back."
        ),
        removed=removed,
    )


def _counted(one: str, many: str, count: int) -> str:
    """Return what stands on the button: of many it says how many."""
    return one if count == 1 else many.format(count=number_text(count, 0))


class ChangeSheet(SavingSheet):
    """Lists what will change and asks why."""

    def __init__(self, context: Context, wanted: Wanted) -> None:
        count = len(wanted.changed) + len(wanted.removed)
        counted = tr("1 alarm") if count == 1 else tr("{count} alarms").format(count=number_text(count, 0))
        super().__init__(context, wanted.title, counted, _WIDTH)
        self._wanted = wanted
        self._version = context.station.alarms.version
        self.review = Review()
        if wanted.effect:
            self.body.addWidget(wrapped(wanted.effect))
        self.body.addWidget(self.review)
        self.review.show_changes(self._differences(), sorted(wanted.removed))
        self.review.edited.connect(self.refresh)
        set_text(self.save_button, wanted.act)
        self.refresh()

    def make_changes(self) -> AlarmChanges | None:
        reason = self.review.reason.text()
        if not reason or not (self._wanted.changed or self._wanted.removed):
            return None
        return AlarmChanges(
            version=self._version, changed=self._wanted.changed, removed=self._wanted.removed, reason=reason
        )

    def refresh(self) -> None:
        self.save_button.setEnabled(self.make_changes() is not None)

    def _differences(self) -> list[Difference]:
        known = self._context.station.alarms.configured
        found: list[Difference] = []
        for new in self._wanted.changed:
            old = known.get(new.name)
            found += differences(self._context, None if old is None else old.definition, new)
        return found
