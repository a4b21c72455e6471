"""Which conditions became true or false, as vectors over a changed batch and as time passes. Station thread.

A condition is raised after its on-delay and cleared after its off-delay, both on the monotonic clock; the deadband lies
on the clearing side. A bad or stale input freezes its conditions and stops their delays. `alarms/watchers/` judges, a
module for each kind of condition; `alarms/delays.py` turns what holds into what stands, for all kinds alike.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.delays import Delays
from alarms.entry import Moment
from alarms.verdicts import Flags, Indices, Placed, Turns, Verdicts, in_order, told, usable
from alarms.watchers.chances import FirstChances
from alarms.watchers.discrepancies import Discrepancies
from alarms.watchers.formulas import Formulas
from alarms.watchers.limits import FixedLimits
from alarms.watchers.moving import MovingLimits
from alarms.watchers.rates import Rates
from alarms.watchers.samples import Latest, Samples
from alarms.watchers.silence import Silence
from alarms.watchers.stuck import Stuck
from alarms.watchers.watching import HeardNs, Shared, Watcher, Watching
from plant_models.alarm_definition import DISTANCE_KINDS, AlarmKind
from plant_models.batch import Batch, Times, Values

_WATCHERS = (MovingLimits, Discrepancies, Formulas, Rates, Stuck)


class Conditions:
    """All conditions of a plant of `n_tags` tags; those of communication are driven from outside (`drive`).

    `heard_ns` tells when the sources of tags were last heard of; without it, only batches do. What isn't enabled is
    never judged. `active` is the present answer of each, shape (n,), all False to begin with.
    """

    def __init__(self, alarms: Sequence[Alarm], n_tags: int, heard_ns: HeardNs | None = None) -> None:
        definitions = [alarm.definition for alarm in alarms]
        numbers = [
            number
            for number, each in enumerate(definitions)
            if each.enabled and each.kind is not AlarmKind.COMMUNICATION and alarms[number].row >= 0
        ]
        self._rows = np.array([alarm.row for alarm in alarms], np.intp)
        self._latest = Latest(n_tags)
        self._heard_ns = heard_ns or self._received_ns
        self._delays = Delays(definitions)
        limits = np.array([np.nan if each.limit is None or each.limit_tag else each.limit for each in definitions])
        unknown = np.full(len(alarms), np.nan)
        self._shared = Shared(self._delays, np.zeros(len(alarms), np.bool_), limits.astype(np.float64), unknown)
        self._is_distance = np.array([each.kind in DISTANCE_KINDS for each in definitions], np.bool_)
        self._shared.is_frozen[numbers] = True
        self._limits = FixedLimits(alarms, numbers, n_tags, self._delays)
        watchers: list[Watcher] = [make(alarms, numbers) for make in _WATCHERS]
        self._watching = [Watching(each, self._shared, n_tags) for each in watchers if each.numbers]
        self._silence = Silence(alarms, numbers, self._shared)
        enabled = [alarm for alarm in alarms if alarm.is_enabled]
        self._chances = FirstChances([each for each in enabled if each.definition.kind is AlarmKind.COMMUNICATION])
        self._is_watched = np.zeros(n_tags, np.bool_)
        links = [alarm.row for alarm in alarms if alarm.definition.kind is AlarmKind.COMMUNICATION and alarm.row >= 0]
        self._is_watched[links] = True
        for tags in (self._limits.tags, self._silence.rows, *(each.inputs.tags for each in self._watching)):
            self._is_watched[tags] = True
        self._is_calculated = np.zeros(n_tags, np.bool_)
        self._is_calculated[[row for alarm in alarms for row in alarm.calculated]] = True

    @property
    def active(self) -> Flags:
        return self._delays.active

    def values_of(self, alarms: Indices) -> Values:
        """Return what each alarm compares with its limit: the newest value of its tag, or how fast or far it moves.

        NaN if there was no value, or it isn't known how fast or far.
        """
        values = self._latest.values[self._rows[alarms]]
        return np.where(self._is_distance[alarms], self._shared.measured[alarms], values)

    def limits_of(self, alarms: Indices) -> Values:
        """Return the limit of each alarm that is in force, the newest good one where a tag holds it; NaN for none."""
        return self._shared.limits[alarms]

    def is_unknown(self, rows: Indices) -> Flags:
        """Return which tags nobody can judge by; False without a tag."""
        return (rows >= 0) & ~self._latest.is_usable[rows]

    def is_frozen(self, number: int) -> bool:
        """Tell whether nobody can say how a condition is: an input is bad or stale. Driven ones are never frozen."""
        return bool(self._shared.is_frozen[number])

    def note_devices(
        self, silent: frozenset[str], switched_off: frozenset[str], connecting: frozenset[str] = frozenset()
    ) -> None:
        """Tell which devices don't answer, which needn't, and which haven't had the time to."""
        self._silence.note_devices(silent, switched_off, connecting)
        self._chances.note_devices(silent | switched_off | connecting, self._latest)

    def are_waited_for(self, now_ns: int) -> Flags:
        """Return which alarms of communication, by number, wait for the first sample of their tag."""
        return self._chances.are_waited_for(self._latest, now_ns)

    def evaluate(self, batch: Batch) -> tuple[Turns, Indices]:
        """Judge changed samples, every one of them; return the turns, and the alarms that froze or thawed or whose
        limit moved.

        Raises:
            ValueError: the batch brings no values or qualities; the table gives none such.
        """
        if batch.values is None or batch.qualities is None:
            raise ValueError("only samples can be judged")
        seen = np.flatnonzero(self._is_watched[batch.tags])
        samples = Samples(
            batch.tags[seen],
            batch.values[seen],
            usable(batch.values[seen], batch.qualities[seen]),
            batch.source_us[seen],
            self._received(batch)[seen],
            told(batch.qualities[seen]),
        )
        turns = self._limits.evaluate(samples)
        changed = []
        for watching in self._watching:
            turn, others = watching.evaluate(samples, self._latest)
            turns += turn
            changed += others
        thawed = self._limits.alarms_of(self._latest.take(samples))
        self._shared.is_frozen[thawed] = self.is_unknown(self._rows[thawed])
        return in_order(turns), np.unique(np.concatenate([*changed, thawed]))

    def drive(self, alarms: Indices, raises: Flags, clears: Flags, at: Moment) -> Turns:
        """Tell conditions from outside whether they hold or are clear; where neither, they stay as they are."""
        verdicts = Verdicts(
            alarms=alarms,
            places=alarms,
            raises=raises,
            clears=clears,
            values=self.values_of(alarms),
            at_us=np.full(len(alarms), at.wall_us),
            at_ns=np.full(len(alarms), at.mono_ns),
        )
        return in_order(self._delays.settle(verdicts))

    def pass_time(self, at: Moment) -> Turns:
        """Judge by what was read, though it changed nothing, and by silence; then turn what waited long enough."""
        turns = self._silence.pass_time(self._heard_ns, self._latest, at)
        for watching in self._watching:
            turns += watching.pass_time(self._heard_ns, self._latest, at)
        ripe = self._delays.pass_time(at.mono_ns)
        after = 2 * len(self._rows) + np.arange(len(ripe.alarms))
        return in_order([*turns, Placed(after, ripe)])

    def _received(self, batch: Batch) -> Times:
        """Return when samples were received; what is calculated, with what it is calculated from.

        The table gives it the time of its oldest input, by which a delay could be over before it began.
        """
        is_calculated = self._is_calculated[batch.tags]
        if not is_calculated.any():
            return batch.received_ns
        newest = np.maximum.accumulate(batch.received_ns)
        return np.where(is_calculated, newest, batch.received_ns)

    def _received_ns(self, rows: Indices) -> Times:
        return self._latest.received_ns[rows]
