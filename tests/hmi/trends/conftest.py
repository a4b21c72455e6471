"""The trend that most tests of this folder look at."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes.trends import Trend, open_trend_desk


@pytest.fixture
def trend(qtbot: QtBot) -> Iterator[Trend]:
    del qtbot
    with open_trend_desk() as made:
        yield made
