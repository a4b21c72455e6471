"""One virtual plant for all fault tests, since it takes seconds to start. Each test gets it healthy."""

from collections.abc import Iterator

import pytest

from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.whole_line import heal, start_twin


@pytest.fixture(scope="session")
def shared_twin() -> Iterator[VirtualPlant]:
    twin = start_twin()
    yield twin
    twin.stop()


@pytest.fixture
def twin(shared_twin: VirtualPlant) -> Iterator[VirtualPlant]:
    yield shared_twin
    heal(shared_twin)
