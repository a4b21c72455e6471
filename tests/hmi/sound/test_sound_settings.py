"""What is chosen of the sound is kept, and whatever makes no sense is the default."""

import json

import pytest

from hmi.preferences.chosen import Chosen, sensible
from hmi.sound.settings import SoundSettings, sensible_sound


def test_what_was_kept_is_read_again() -> None:
    chosen = SoundSettings().at_volume("loud").repeated(3, 60.0)
    kept = json.loads(json.dumps({"volume": chosen.volume, "repeat_s": chosen.repeat_s}))
    assert sensible_sound(kept) == chosen
    assert sensible({"sound": kept}) == Chosen(sound=chosen)
    assert chosen.by_priority == {1: 3.0, 2: 5.0, 3: 60.0, 4: 20.0}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"volume": "off", "repeat_s": None},
        {"repeat_s": [3.0]},
        {"repeat_s": [0, -1, float("nan"), "10"]},
        {"repeat_s": [float("inf"), 1e9, True, None]},
    ],
)
def test_nonsense_is_the_default(data: object) -> None:
    assert sensible_sound(data) == SoundSettings()
