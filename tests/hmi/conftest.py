"""What the tests of the screens share."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes.desk import Desk, open_desk


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """A control room of 1920×1080 over a fake station with good values."""
    del qtbot
    with open_desk() as desk:
        yield desk
