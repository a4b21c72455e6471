"""What each kind of alarm needs, and what would be nonsense."""

import pytest

from tests.fakes.plant_folder import PlantFolder

FULL = {"text": "T", "consequence": "C", "action": "A", "respond_min": "60"}


def put(plant: PlantFolder, **cells: str) -> list[str]:
    """Add an alarm on A, beside which B (bar), C (a text) and D (m³/h, slow) exist; return the mistakes."""
    plant.register("A", "hr:0", low="0", high="100", unit="mg/l")
    plant.register("B", "hr:1", low="0", high="100", unit="bar")
    plant.register("SP", "hr:2", low="0", high="100", unit="g/m³")
    plant.register("N", "hr:3", low="0", high="100")
    plant.tag("C", type="text", device="UA", address="ns=2;s=X")
    plant.add("alarms.csv", **({"tag": "A"} | FULL | cells))
    return [text.partition(": ")[2] for text in plant.check()]


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "HH", "limit": "90", "consequence_at": "99"},
        {"kind": "LL", "limit": "10", "consequence_at": "0"},
        {"kind": "H", "limit_tag": "SP", "deadband": "1"},
        {"kind": "H", "limit_tag": "N"},
        {"kind": "rate", "limit": "-5", "window_s": "60", "consequence_at": "0"},
        {"kind": "dev", "limit": "5", "reference": "SP", "deadband": "1"},
        {"kind": "dev", "limit_tag": "SP", "reference": "N"},
        {"kind": "disc", "reference": "N", "on_delay_s": "10"},
        {"kind": "state", "limit": "0"},
        {"kind": "stuck", "limit": "0.5", "window_s": "300", "deadband": "0.1"},
        {"kind": "stuck", "window_s": "300"},
        {"kind": "rate", "limit_tag": "N", "window_s": "60"},
        {"kind": "silent", "window_s": "60"},
        {"kind": "silent", "window_s": "60", "tag": "C"},
        {"kind": "comm"},
        {"kind": "calc", "expression": "{A} > {B} and {N} == 1", "tag": "C"},
        {
            "kind": "H",
            "limit": "90",
            "suppress_when": "{ N } == 0",
            "count": "3",
            "count_s": "600",
            "realarm_min": "15",
        },
        {"kind": "H", "limit": "90", "approved_on": "2026-11-29", "review_due": "2027-11-29", "area": "A1"},
        {"kind": "H", "limit": "90", "priority": "diagnostic", "class": "diagnostic", "latching": "yes"},
    ],
    ids=lambda cells: " ".join(cells.values()),
)
def test_what_makes_sense_is_accepted(plant: PlantFolder, cells: dict[str, str]) -> None:
    assert put(plant, **cells) == []
    assert [text for text in plant.advice() if not text.startswith("equipment/")] == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"kind": "comm", "limit": "0"}, "a comm alarm has no limit; leave it empty"),
        ({"kind": "silent", "window_s": "60", "deadband": "1"}, "a silent alarm has no deadband; leave it empty"),
        ({"kind": "state", "limit": "1", "consequence_at": "5"}, "a state alarm has no consequence_at; leave it empty"),
        ({"kind": "H", "limit": "1", "window_s": "5"}, "a H alarm has no window_s; leave it empty"),
        ({"kind": "H", "limit": "1", "reference": "SP"}, "a H alarm has no reference; leave it empty"),
        ({"kind": "H", "limit": "1", "expression": "{B}"}, "a H alarm has no expression; leave it empty"),
        ({"kind": "silent", "limit_tag": "SP", "window_s": "60"}, "a silent alarm has no limit_tag; leave it empty"),
        ({"kind": "rate", "limit": "1"}, "a rate alarm without window_s; say over how many seconds"),
        ({"kind": "rate", "limit": "0", "window_s": "60"}, "a rate of 0; use a rate above 0 for rising, below 0 for"),
        ({"kind": "dev", "limit": "1"}, "a dev alarm without reference; name the tag that it is compared with"),
        ({"kind": "dev", "limit": "-1", "reference": "SP"}, "a dev limit of -1; use one above 0"),
        ({"kind": "stuck", "limit": "-1", "window_s": "60"}, "a stuck limit of -1; use 0 or more; 0 for one that"),
        ({"kind": "rate", "window_s": "60"}, "a rate alarm without a limit; give it a limit"),
        ({"kind": "calc"}, "a calc alarm without expression; write the formula"),
        ({"kind": "H", "limit": "1", "limit_tag": "SP"}, "both a limit and a limit_tag; keep one of them"),
        ({"kind": "H"}, "a H alarm without a limit; give it a limit"),
        ({"kind": "H", "limit": "9", "consequence_at": "9"}, "consequence_at 9 is not above the limit 9; correct it"),
        ({"kind": "L", "limit": "9", "consequence_at": "10"}, "consequence_at 10 is not below the limit 9; correct it"),
        ({"kind": "H", "limit": "9", "count": "3"}, "a count without count_s; say within how many seconds"),
        ({"kind": "H", "limit": "9", "count_s": "3"}, "count_s without a count; say how often, 2 or more"),
        ({"kind": "H", "limit": "9", "count": "1", "count_s": "3"}, "a count of 1; use 2 or more, or 0 for none"),
        ({"kind": "H", "limit_tag": "XX"}, "limit_tag names the unknown tag 'XX'; use A or B or C or N or SP"),
        ({"kind": "H", "limit_tag": "A"}, "limit_tag names the tag itself; name another tag"),
        ({"kind": "disc", "reference": "C"}, "reference names C, which is a text; use a tag with numbers"),
        (
            {"kind": "dev", "limit": "1", "reference": "B"},
            "reference names B in bar, but A is in mg/l; use a tag in mg/l",
        ),
        (
            {"kind": "calc", "expression": "{A} >"},
            "expression '{A} >': the formula can't be read near '_0 >'; correct it",
        ),
        ({"kind": "calc", "expression": "{} > 1"}, "expression '{} > 1': empty braces at character 1; write the name"),
        (
            {"kind": "H", "limit": "9", "suppress_when": "{ON} == 1"},
            "suppress_when names the unknown tag 'ON'; did you",
        ),
        ({"kind": "H", "limit": "9", "suppress_when": "{C} == 1"}, "suppress_when names C, which is a text; use a tag"),
        ({"kind": "H", "limit": "9", "area": "A2"}, "unknown area 'A2'; use A1"),
        ({"kind": "H", "limit": "9", "display": "home"}, "unknown display 'home'; none is declared yet"),
        (
            {"kind": "H", "limit": "9", "approved_on": "2026-11-29", "review_due": "2026-11-29"},
            "the review is due before the approval; correct one of the dates",
        ),
    ],
    ids=lambda given: " ".join(given.values()) if isinstance(given, dict) else "",
)
def test_nonsense_is_refused_at_its_cell(plant: PlantFolder, cells: dict[str, str], told: str) -> None:
    (text,) = put(plant, **cells)
    assert text.startswith(f"A: {told}")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"approved_on": "29.11.2026"}, "approved_on: '29.11.2026' is no date; write it as 2026-11-29"),
        ({"approved_on": "20261129"}, "approved_on: '20261129' is no date; write it as 2026-11-29"),
        ({"class": "safty"}, "class: unknown class 'safty'; did you mean 'safety'?"),
        ({"severity": "bad"}, "severity: unknown severity 'bad'; use minor, major or severe"),
        ({"priority": "urgent"}, "priority: 'urgent' is no priority; use a whole number from 1 to 4, or diagnostic"),
        ({"id": "a.b"}, "id: 'a.b' can't end a name; use letters, digits, _ and -"),
        ({"count": "2.5"}, "count: 2.5 is not a whole number from 0 to 1000; use one"),
        ({"realarm_min": "0"}, "realarm_min: 0 is not above 0; use a positive number or leave the cell empty"),
        ({"enabled": "perhaps"}, "enabled: 'perhaps' is neither yes nor no; write true or false"),
    ],
    ids=lambda given: " ".join(given.values()) if isinstance(given, dict) else "",
)
def test_a_cell_that_can_not_be_read_is_told(plant: PlantFolder, cells: dict[str, str], told: str) -> None:
    assert put(plant, kind="H", limit="9", **cells) == [told]


def test_a_finding_stands_at_the_cell_that_is_wrong(plant: PlantFolder) -> None:
    plant.register("A", "hr:0")
    plant.write("alarms.csv", "tag,kind,class,limit,suppress_when\nA,H,safety,9,{B} == 1\n")
    assert plant.check() == ["alarms.csv:2:14: A: suppress_when names the unknown tag 'B'; use A"]


def test_alarms_of_one_kind_on_one_tag_are_told_apart_by_their_ids(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="0", high="100")
    for name, limit in (("", "80"), ("summer", "70"), ("winter", "90")):
        plant.add("alarms.csv", tag="A", kind="H", id=name, limit=limit)
    plant.add("alarms.csv", tag="A", kind="HH", id="winter", limit="85")
    assert plant.check() == ["alarms.csv:5:6: A: limit HH 85 is not above H 90; keep them in the order LL < L < H < HH"]
    plant.replace("alarms.csv", "A,HH,85", "A,HH,95")
    assert [alarm.name for alarm in plant.load().alarms] == ["A.H", "A.H.summer", "A.H.winter", "A.HH.winter"]
    plant.add("alarms.csv", tag="A", kind="H", id="summer", limit="75")
    assert plant.check() == [
        "alarms.csv:6:3: duplicate alarm A H summer (first in line 3); keep one of them, or give it an id"
    ]


def test_an_id_never_gives_two_alarms_one_name(plant: PlantFolder) -> None:
    plant.register("A", "hr:0")
    plant.register("A.H", "hr:1")
    plant.add("alarms.csv", tag="A", kind="H", id="H", limit="8")
    plant.add("alarms.csv", tag="A.H", kind="H", limit="8")
    (text,) = plant.check()
    assert text.endswith("A: another alarm has the name A.H.H too; use another id")


def test_delays_must_leave_time_to_respond(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", scan="slow")
    plant.add("alarms.csv", tag="A", kind="H", limit="8", respond_min="10", on_delay_s="55")
    assert plant.check() == []
    plant.add("alarms.csv", tag="A", kind="L", limit="1", respond_min="10", on_delay_s="56")
    plant.add("alarms.csv", tag="A", kind="silent", window_s="58", respond_min="10")
    plant.add("alarms.csv", tag="A", kind="stuck", limit="1", window_s="5")
    assert plant.check() == [
        "alarms.csv:3:8: A: on_delay_s 56 and a scan of 5 s are more than 10% of the 10 min to respond (60 s); "
        "shorten it, or correct the time to respond",
        "alarms.csv:4:27: A: on_delay_s 0, window_s 58 and a scan of 5 s are more than 10% of the 10 min to respond "
        "(60 s); shorten it, or correct the time to respond",
        "alarms.csv:5:25: A: window_s 5 is not longer than the scan of 5 s; use several scans",
    ]
    plant.replace("alarms.csv", "stuck,1,,,,,,,,,,,,,,,5", "stuck,1,,,,,,,,,,,,,,,15")
    plant.append("plant.toml", "\n[alarms]\ndelay_share = 0.2\n")
    assert plant.check() == []


def test_delays_are_not_judged_while_the_scans_are_unknown(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", scan="slow")
    plant.add("alarms.csv", tag="A", kind="H", limit="8", respond_min="10", on_delay_s="100")
    plant.replace("plant.toml", "slow = 5.0", 'slow = "often"')
    (text,) = plant.check()
    assert text.startswith("plant.toml:")
