"""What stands above a piece of equipment."""

from alarms.family import ancestors, parts
from plant_models.equipment import Equipment


def equipment(**above: tuple[str, str]) -> dict[str, Equipment]:
    """Return equipment by name; each has a parent and what powers it."""
    return {
        name: Equipment(name=name, type="thing", parent=parent, powered_by=power)
        for name, (parent, power) in above.items()
    }


def test_parents_and_power_are_found_nearest_first_and_once() -> None:
    found = ancestors(
        equipment(
            SITE=("", ""),
            GRID=("SITE", ""),
            STATION=("SITE", ""),
            MCC=("STATION", "GRID"),
            PUMP=("STATION", "MCC"),
        )
    )
    assert found["PUMP"] == ("STATION", "MCC", "SITE", "GRID")
    assert found["MCC"] == ("STATION", "GRID", "SITE")
    assert found["SITE"] == ()


def test_what_is_not_in_the_plant_is_left_out() -> None:
    assert ancestors(equipment(PUMP=("GONE", "AWAY"))) == {"PUMP": ()}


def test_parts_go_up_by_parents_only() -> None:
    plant = equipment(STATION=("", ""), MCC=("STATION", ""), PUMP=("STATION", "MCC"))
    assert parts("PUMP", plant) == ("PUMP", "STATION")
    assert parts("", plant) == ()
