"""Back-tests on real files: packed hours, minutes, frames and memory, with outages, read in pages."""

from collections.abc import Iterator

import numpy as np
import pytest

from analytics import pages
from analytics.backtest import BackTest, BackTestRequest, back_test
from analytics.ground import Ground
from history.far import Reader
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.alarm_philosophy import AlarmPhilosophy
from plant_models.tag import Tag
from tests.analytics.past import Past
from tests.fakes.gappy_year import BEGIN_US, END_US, TAGS, GappyYear, gappy_year, utc
from tests.fakes.packing_bench import HOLD_US

WHERE = Ground({name: Tag(name=name) for name in TAGS}, dict.fromkeys(TAGS, HOLD_US), {}, AlarmPhilosophy())
SPANS = (
    (BEGIN_US, utc(2023, 2, 2)),
    (utc(2023, 3, 25, 22), utc(2023, 4, 3)),
    (utc(2023, 3, 26, 4, 30), utc(2023, 3, 26, 5, 30)),
    (utc(2023, 12, 31, 20), END_US),
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GappyYear]:
    with gappy_year(tmp_path_factory.mktemp("year")) as made:
        yield made


def ask(reader: Reader | Past, span: tuple[int, int], quantile: float, values: np.ndarray) -> BackTest:
    """Test a setting whose limit lies at a quantile of the values, beside one without delays and deadband."""
    limit = float(np.nanquantile(values, quantile))
    present = AlarmDefinition(tag="A", kind=AlarmKind.HIGH, limit=limit)
    proposed = AlarmDefinition(
        tag="A", kind=AlarmKind.HIGH, limit=limit, deadband=abs(limit) / 20, on_delay_s=30.0, off_delay_s=60.0
    )
    return back_test(BackTestRequest(proposed, *span, present), WHERE, reader)  # type: ignore[arg-type]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("quantile", [0.5, 0.9])
def test_every_place_of_history_counts(
    year: GappyYear, span: tuple[int, int], quantile: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = year.samples("A")
    plain = Past().write("A", samples.times_us, samples.values, samples.qualities)
    wanted = ask(plain, span, quantile, samples.values)
    assert wanted.present is not None
    assert wanted.present.count > 0
    assert wanted.coverage.share < 1.0
    for at_once in (700, 1_000_000):
        monkeypatch.setattr(pages, "AT_ONCE", at_once)
        found = ask(year.reader(), span, quantile, samples.values)
        assert found.present is not None
        assert list(found.present.activations) == list(wanted.present.activations)
        assert list(found.proposed.activations) == list(wanted.proposed.activations)
        assert (found.coverage, found.words(), found.events) == (wanted.coverage, wanted.words(), wanted.events)
