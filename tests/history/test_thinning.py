"""Which samples of an hour are left out, how far off the rest may lie, and what comes back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.signals import START_US, group_times, group_values, stepped
from history.chunks.cells import HOUR_US, Rule, make_cells
from history.chunks.chunk import Chunk, read_chunk, write_chunk
from history.chunks.samples import MEASURED, Samples
from history.history import rule_for
from history.thinning import LONGEST_US, thin
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag

HOLD_US = 90_000_000
SECOND = 1_000_000


def samples(values: list[float], step_us: int = SECOND, qualities: list[int] | None = None) -> Samples:
    n = len(values)
    codes = np.array(qualities or [0] * n, np.uint16)
    return Samples(START_US + np.arange(n) * step_us, np.array(values, np.float64), codes)


def thinned(hour: Samples, deviation: float = 0.0, deadband: float = 0.0, hold_us: int = HOLD_US) -> Samples:
    return thin({7: hour}, lambda _: Rule(True, hold_us, deadband, deviation))[7]


def kept(hour: Samples) -> Samples:
    return hour if hour.filled is None else hour.take(hour.filled == MEASURED)


@np.errstate(all="ignore")
def worst(raw: Samples, hour: Samples, *, is_sloped: bool = True) -> float:
    """Return how far what was left out lies from the line, or the value held, at most."""
    stays = kept(hour)
    base = raw.times_us[0]
    if is_sloped:
        line = np.interp(raw.times_us - base, stays.times_us - base, stays.values)
    else:
        line = stays.values[np.searchsorted(stays.times_us, raw.times_us, "right") - 1]
    usable = np.isfinite(raw.values) & (raw.qualities < 0x8000)
    return float(np.abs(line - raw.values)[usable & np.isfinite(line)].max(initial=0.0))


@pytest.mark.parametrize("share", [0.0008, 0.005, 0.02])
def test_no_signal_of_a_plant_comes_back_further_off_than_its_deviation(share: float) -> None:
    values, times = group_values(3, 3_600), group_times(3, 3_600)
    none = np.zeros(3_600, np.uint16)
    hours = {tag: Samples(times[tag], values[tag], none) for tag in range(100)}
    spans = {tag: max(float(np.ptp(values[tag])), 1e-6) * share for tag in hours}

    def rule(tag: int) -> Rule:
        bounds = {"deadband": spans[tag]} if stepped(tag) else {"deviation": spans[tag]}
        return Rule(True, HOLD_US, **bounds)

    result = thin(hours, rule)
    for tag, hour in result.items():
        assert worst(hours[tag], hour, is_sloped=not stepped(tag)) <= spans[tag] * 1.000001
        assert len(hour) == 3_600
        assert np.diff(kept(hour).times_us).max() <= LONGEST_US
    left = sum(len(kept(hour)) for hour in result.values())
    assert left < 3_600 * 100 * (0.9 if share < 0.001 else 0.6)


NUMBERS = st.one_of(
    st.floats(-100, 100), st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([1e308, -1e308, 5e-324, -0.0])
)
ROWS = st.tuples(
    NUMBERS,
    st.integers(1, 200 * SECOND),
    st.sampled_from([0, 0, 0, 0x4000, 0x8000, int(Quality.UNCERTAIN_LAST_USABLE)]),
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=17), bound=st.floats(1e-3, 1e3), is_sloped=st.booleans())
def test_whatever_comes_is_within_the_bound_and_what_matters_stays(
    rows: list[tuple[float, int, int]], bound: float, is_sloped: bool
) -> None:
    times = START_US + np.cumsum([step for _, step, _ in rows]) - rows[0][1]
    raw = Samples(times, np.array([row[0] for row in rows]), np.array([row[2] for row in rows], np.uint16))
    hour = thinned(raw, **{"deviation" if is_sloped else "deadband": bound})
    stays = kept(hour)
    assert worst(raw, hour, is_sloped=is_sloped) <= bound * 1.000001
    assert len(hour) == len(raw)
    must = set(raw.times_us[[0, -1]].tolist())
    for row in range(len(raw)):
        is_usable = np.isfinite(raw.values[row]) and raw.qualities[row] in (0, 0x4000)
        if not is_usable:
            must.add(int(raw.times_us[row]))
        if row and (
            raw.qualities[row] != raw.qualities[row - 1] or raw.times_us[row] - raw.times_us[row - 1] > HOLD_US
        ):
            must |= set(raw.times_us[[row - 1, row]].tolist())
    assert must <= set(stays.times_us.tolist())
    rows_of = np.searchsorted(raw.times_us, stays.times_us)
    assert raw.values[rows_of].view(np.uint64).tolist() == stays.values.view(np.uint64).tolist()
    assert (np.diff(hour.times_us) <= max(int(np.diff(raw.times_us).max(initial=0)), 1)).all()
    header = make_cells(raw, Rule(True, HOLD_US), HOUR_US, START_US, START_US + HOUR_US)
    back = read_chunk(write_chunk(Chunk(7, header, hour)), 7).samples
    assert back.times_us.tolist() == hour.times_us.tolist()
    assert back.values.view(np.uint64).tolist() == hour.values.view(np.uint64).tolist()


def test_the_sample_before_a_jump_stays() -> None:
    for bounds in ({"deviation": 0.5}, {"deadband": 0.5}):
        stays = kept(thinned(samples([1.0] * 50 + [9.0] * 50), **bounds))
        assert stays.values.tolist() == [1.0, 1.0, 9.0, 9.0]
        assert (stays.times_us - START_US).tolist() == [0, 49 * SECOND, 50 * SECOND, 99 * SECOND]


def test_a_straight_line_is_its_two_ends() -> None:
    raw = samples([row * 0.25 for row in range(500)])
    hour = thinned(raw, deviation=0.01)
    assert len(kept(hour)) == 2
    assert np.abs(hour.values - raw.values).max() < 1e-9
    assert hour.times_us.tolist() == raw.times_us.tolist()


def test_a_value_that_never_moves_is_kept_every_ten_minutes() -> None:
    for bounds in ({"deviation": 0.5}, {"deadband": 0.5}):
        stays = kept(thinned(samples([1.0] * 3_600), **bounds))
        assert 6 <= len(stays) <= 14
        assert np.diff(stays.times_us).max() <= LONGEST_US


def test_a_silence_stays_a_silence() -> None:
    raw = samples([1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 60 * SECOND)
    late = Samples(raw.times_us + np.array([0, 0, 0, 1, 1, 1]) * 100 * SECOND, raw.values, raw.qualities)
    hour = thinned(late, deviation=1.0)
    assert np.diff(hour.times_us).tolist() == [60 * SECOND, 60 * SECOND, 160 * SECOND, 60 * SECOND, 60 * SECOND]
    assert len(kept(hour)) == 4


def test_a_line_that_numbers_of_64_bits_cannot_follow_is_left_alone() -> None:
    raw = samples([1e16, 1e16 + 2, 1e16 + 4, 1e16 + 10, 1e16 + 8, 1e16 + 10])
    assert worst(raw, thinned(raw, deviation=1e-3)) <= 1e-3


def test_tags_of_all_lengths_go_through_together() -> None:
    random = np.random.default_rng(1)
    hours = {tag: samples(random.normal(0, 1, 1 + tag * 13).tolist()) for tag in range(64)}
    rule = Rule(True, HOLD_US, deviation=2.0)
    together = thin(hours, lambda _: rule)
    for tag, hour in hours.items():
        alone = thin({tag: hour}, lambda _: rule)[tag]
        assert alone.times_us.tolist() == together[tag].times_us.tolist()
        assert alone.values.tolist() == together[tag].values.tolist()


def test_more_samples_than_fit_go_through_in_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("history.thinning._TOGETHER", 250)
    test_tags_of_all_lengths_go_through_together()


def test_a_slope_is_thinned_by_its_deviation_and_what_goes_in_steps_by_its_deadband() -> None:
    asked = {"deadband": 2.0, "deviation": 0.5}
    fan, band, nothing = Rule(True, 9, 2.0, 0.5), Rule(True, 9, 2.0, 0.0), Rule(True, 9, 0.0, 0.0)
    scaled = {"low": 0.0, "high": 10.0, "raw_low": 0.0, "raw_high": 4095.0}
    assert rule_for(Tag(name="A", **asked), 9) == fan
    assert rule_for(Tag(name="A", type=DataType.U16, **scaled, **asked), 9) == fan
    assert rule_for(Tag(name="A", type=DataType.U16, **asked), 9) == band
    assert rule_for(Tag(name="A", modulus=1e6, **asked), 9) == band
    assert rule_for(Tag(name="A", states=("Off", "On"), **asked), 9) == band
    assert rule_for(Tag(name="A", type=DataType.TEXT, **asked), 9) == nothing
    assert rule_for(Tag(name="A"), 9) == nothing
    assert rule_for(Tag(name="A", deadband=2.0), 9) == band


def test_nothing_is_left_out_unless_it_was_asked_for() -> None:
    raw = samples([1.0] * 100)
    assert thinned(raw) is raw
