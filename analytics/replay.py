"""History as alarms see it: read once, for several settings of alarms of one tag. Worker threads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from analytics.activations import Activations, activations_of
from analytics.coverage import Coverage, CoverageCollector
from analytics.ground import Ground
from analytics.judges import judge_of
from analytics.judging import Judged
from analytics.pages import Span, read_pages
from analytics.runs import RunCollector, Runs
from analytics.testable import BY_WATCHER, judged_tags
from history.far import Reader
from history.queries.limits import Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.tag import Tag


@dataclass(frozen=True, slots=True)
class Seen:
    """What a setting saw in a span: enough to try other delays without history.

    `told` is what it is known to have done, None if that is to be worked out. `wait_s` is how much longer than the
    on-delay a run must last to raise it.
    """

    definition: AlarmDefinition
    span: Span
    sign: float
    runs: Runs
    told: Activations | None = None
    wait_s: float = 0.0

    def with_delays(self, on_delay_s: float, off_delay_s: float) -> "Seen":
        """Return the same with other delays."""
        definition = replace(self.definition, on_delay_s=on_delay_s, off_delay_s=off_delay_s)
        return replace(self, definition=definition, told=None)

    def activations(self) -> Activations:
        """Return what the setting would have done."""
        if self.told is not None:
            return self.told
        waiting = replace(self.definition, on_delay_s=self.definition.on_delay_s + self.wait_s)
        return activations_of(self.runs, waiting, self.sign, self.span)


def replay(
    definitions: Sequence[AlarmDefinition],
    span: Span,
    ground: Ground,
    reader: Reader,
    patience: Patience,
    on_judged: Callable[[Judged], None] | None = None,
) -> tuple[tuple[Seen, ...], Coverage]:
    """Return what each setting saw, and how much history there is for the first of them. All must be testable.

    `on_judged` is told what the first of them sees, page by page. What began before the span is in it as far as delays
    reach back.

    Raises:
        ValueError: a formula would have to be worked out too often.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    tags = dict.fromkeys(name for each in definitions for name in judged_tags(each))
    judges = [judge_of(each, patience) for each in definitions]
    collectors = [
        RunCollector(0.0 if each.kind in BY_WATCHER else each.deadband, is_state=each.kind is AlarmKind.STATE)
        for each in definitions
    ]
    coverage = CoverageCollector(span)
    wider = Span(max(span.start_us - max(map(lead_us, definitions)), 0), span.end_us)
    for page in read_pages(reader, {name: ground.holds_us[name] for name in tags}, wider, patience):
        judged = [judge.judge(page) for judge in judges]
        coverage.add(judged[0])
        if on_judged is not None:
            on_judged(judged[0])
        for each, collector in zip(judged, collectors, strict=True):
            collector.add(each)
    seen = tuple(
        Seen(definition, span, judge.sign, collector.finish(span.end_us))
        for definition, judge, collector in zip(definitions, judges, collectors, strict=True)
    )
    judged_by = (ground.tags[name] for name in judged_tags(definitions[0]))
    thinned = max(judged_by, key=kept_within)
    return seen, coverage.finish(thinned.name, kept_within(thinned))


def kept_within(tag: Tag) -> float:
    """Return how far history may lie from what was measured of a tag, in its unit."""
    return tag.deviation if tag.is_sloped and tag.deviation else tag.deadband


def lead_us(definition: AlarmDefinition) -> int:
    """Return how long before the span history matters: what waits for its delay then has begun before."""
    spans_s = definition.on_delay_s, definition.off_delay_s, definition.window_s, definition.count_s
    return round(max(spans_s) * 1e6)
