"""A million spoilt replies through the client's reply handling and the decoder; ten minutes, more on a busy machine."""

import threading
from random import Random
from typing import Final

import pytest

from tests.fakes.fuzzed_link import FuzzedLink
from tests.fakes.fuzzing import Fuzz, fuzzed_client

FRAMES: Final = 1_000_000


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_million_fuzzed_frames_never_break_out_and_never_lie() -> None:
    with FuzzedLink(bytes) as link:
        client = fuzzed_client(link)
        fuzz = Fuzz(link, client, Random(20_260_728))
        for _ in range(FRAMES):
            fuzz.once()
        client.close()
    assert fuzz.believed + fuzz.refused == FRAMES
    assert fuzz.believed > FRAMES // 10
    assert threading.active_count() < 10
