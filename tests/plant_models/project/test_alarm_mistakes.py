"""Mistakes in alarms.csv."""

from tests.fakes.plant_folder import PlantFolder


def level(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="0", high="100")


def alarm(plant: PlantFolder, kind: str, limit: str, tag: str = "A", **cells: str) -> None:
    plant.add("alarms.csv", tag=tag, kind=kind, limit=limit, **cells)


def test_limits_in_order_are_right(plant: PlantFolder) -> None:
    level(plant)
    for kind, limit in (("HH", "95"), ("LL", "5"), ("H", "90"), ("L", "10")):
        alarm(plant, kind, limit)
    assert plant.check() == []


def test_limits_out_of_order(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "HH", "85")
    alarm(plant, "H", "90")
    assert plant.check() == ["alarms.csv:2:6: A: limit HH 85 is not above H 90; keep them in the order LL < L < H < HH"]


def test_low_limit_above_high_limit(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "L", "50")
    alarm(plant, "H", "50")
    assert plant.check() == ["alarms.csv:3:5: A: limit H 50 is not above L 50; keep them in the order LL < L < H < HH"]


def test_limit_outside_the_range(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "H", "101")
    assert plant.check() == ["alarms.csv:2:5: A: limit H 101 lies outside the range 0 to 100; use one within it"]


def test_alarm_without_a_limit(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "H", "")
    alarm(plant, "comm", "")
    assert plant.check() == ["alarms.csv:2:5: A: a H alarm without a limit; give it a limit"]


def test_alarm_on_an_unknown_tag(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "H", "1", tag="B")
    assert plant.check() == ["alarms.csv:2:1: alarm on the unknown tag 'B'; use A"]


def test_alarm_of_an_unknown_kind(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "HHH", "1")
    assert plant.check() == ["alarms.csv:2:3: kind: unknown kind 'HHH'; did you mean 'HH'?"]


def test_alarm_without_a_kind(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "", "1")
    assert plant.check() == ["alarms.csv:2:3: alarm without a kind; give it a kind"]


def test_duplicate_alarm(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "H", "80")
    alarm(plant, "H", "90")
    assert plant.check() == [
        "alarms.csv:3:3: duplicate alarm A H (first in line 2); keep one of them, or give it an id"
    ]


def test_priority_out_of_range(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "H", "80", priority="5")
    assert plant.check() == [
        "alarms.csv:2:11: priority: '5' is no priority; use a whole number from 1 to 4, or diagnostic"
    ]


def test_negative_delay(plant: PlantFolder) -> None:
    level(plant)
    alarm(plant, "H", "80", on_delay_s="-1")
    assert plant.check() == ["alarms.csv:2:9: on_delay_s: -1 is negative; use 0 or more"]


def test_limit_alarm_on_a_text(plant: PlantFolder) -> None:
    plant.tag("A", type="text", device="UA", address="ns=2;s=X")
    alarm(plant, "state", "1")
    assert plant.check() == [
        "alarms.csv:2:9: A: a state alarm on a text; only comm, silent and calc alarms watch texts"
    ]


def test_row_that_puts_a_default_alarm_out_of_order(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    alarm(plant, "L", "9", tag="G1.LEVEL")
    assert plant.check() == [
        "equipment.csv:2:1: G1.LEVEL: limit H 8 is not above L 9; keep them in the order LL < L < H < HH"
    ]
