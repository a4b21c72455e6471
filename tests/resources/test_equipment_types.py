"""The built-in equipment types: whatever a type names exists in it, and operators get reasons they can act on."""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from plant_models.alarm_definition import DIAGNOSTIC, LIMIT_KINDS, AlarmKind
from plant_models.equipment import LOOKS, EquipmentCommand, EquipmentType, Member
from plant_models.expression import parse_expression
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.tag import REGISTERS, DataType

TYPES = load_plant(RESOURCES / "plants" / "netherby").types
FILES = sorted(path.stem for path in (RESOURCES / "equipment").glob("*.toml"))
EXPECTED = {
    "analyser", "chlorinator", "clearwell", "control_valve", "dosing_pump", "filter", "flow_meter", "intake", "plc",
    "pressure_point", "prv", "pump", "pump_station", "tank", "treatment_plant", "water_source", "zone",
}  # fmt: skip

READY_PUMP = {"FLT": 0, "AVAIL": 1, "INHIBIT": 0, "MODE": 1, "RUN": 0, "SPEED": 0, "DUTY": 1}
READY_DOSING = {"FLT": 0, "AVAIL": 1, "NO_FLOW": 0, "MODE": 1, "RUN": 0, "RATE": 0}
READY_FILTER = {"STATE": 0, "WAITING": 0, "MODE": 2}

each_type = pytest.mark.parametrize("name", FILES)


def holds(expression: str, values: Mapping[str, float]) -> bool:
    formula = parse_expression(expression)
    return bool(formula.evaluate([values[member] for member in formula.inputs]))


def refusals(kind: EquipmentType, command: str, values: Mapping[str, float]) -> list[str]:
    """Return why a command would be refused while the members have these values."""
    found = kind.command(command)
    assert found is not None
    return [need.reason for need in found.requires if not holds(need.expression, values)]


def state_word(kind: EquipmentType, values: Mapping[str, float]) -> str:
    return next(rule.word for rule in kind.states if holds(rule.expression, values))


def member(kind: EquipmentType, name: str) -> Member:
    found = kind.member(name)
    assert found is not None, f"{kind.name} has no member {name}"
    return found


def test_every_kind_of_a_waterworks_has_a_type() -> None:
    assert set(FILES) >= EXPECTED
    assert set(TYPES) >= set(FILES)


@each_type
def test_symbol_and_level_exist(name: str) -> None:
    kind = TYPES[name]
    assert (RESOURCES / "symbols" / f"{kind.symbol}.svg").is_file()
    if kind.level:
        level = member(kind, kind.level)
        assert (level.unit, level.low, level.high) == ("%", 0, 100)


@each_type
def test_members_have_titles_ranges_and_states(name: str) -> None:
    kind = TYPES[name]
    assert kind.members
    for each in kind.members:
        assert each.title[:1].isupper() or each.title == "pH"
        if each.type is DataType.BOOL:
            assert len(each.states) == 2, each.name
        elif each.type is not DataType.TEXT and name != "analyser":
            assert each.low is not None
            assert each.high is not None
            assert each.low < each.high, each.name
        if each.states and each.high is not None:
            assert len(each.states) == each.high + 1, each.name


@each_type
def test_write_limits_lie_within_the_range(name: str) -> None:
    for each in TYPES[name].members:
        if each.write_low is not None and each.write_high is not None:
            assert each.writable
            assert each.low is not None
            assert each.high is not None
            assert each.low <= each.write_low < each.write_high <= each.high, each.name


@each_type
def test_members_of_a_block_do_not_overlap(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for each in TYPES[name].members:
        if each.offset is None:
            continue
        bits = range(16) if each.bit is None else (each.bit,)
        places = {(each.offset + i, bit) for i in range(REGISTERS[each.type]) for bit in bits}
        assert not taken & places, f"{each.name} lies on another member"
        taken |= places


@each_type
def test_calculated_members_use_members_of_their_own_type(name: str) -> None:
    kind = TYPES[name]
    for each in kind.members:
        if each.expression:
            for used in parse_expression(each.expression).inputs:
                assert not member(kind, used).optional


@each_type
def test_faceplate_shows_what_the_type_has(name: str) -> None:
    kind = TYPES[name]
    plate = kind.faceplate
    for shown in (*plate.indicators, *plate.maintenance):
        member(kind, shown)
    for setpoint in plate.setpoints:
        assert member(kind, setpoint).writable, setpoint
    assert set(plate.commands) == {command.name for command in kind.commands}
    if plate.mode:
        mode = member(kind, plate.mode)
        assert mode.writable
        assert mode.states == ("Off", "Manual", "Auto")


def check_command(kind: EquipmentType, command: EquipmentCommand) -> None:
    target = member(kind, command.member)
    assert target.writable
    if target.states:
        assert 0 <= command.value < len(target.states)
    for need in command.requires:
        for used in parse_expression(need.expression).inputs:
            member(kind, used)
        assert need.reason[:1].isupper()
        assert len(need.reason.split()) >= 4, f"{need.reason!r} says too little"


@each_type
def test_commands_write_writable_members_and_give_reasons(name: str) -> None:
    for command in TYPES[name].commands:
        check_command(TYPES[name], command)


@each_type
def test_state_rules_use_members_and_known_looks(name: str) -> None:
    kind = TYPES[name]
    assert kind.states
    for rule in kind.states:
        assert rule.word
        assert rule.look in LOOKS
        inputs = parse_expression(rule.expression).inputs
        assert inputs, f"{rule.word}: a rule without a member could not show bad quality"
        for used in inputs:
            assert not member(kind, used).optional


@each_type
def test_alarms_tell_consequence_action_and_time(name: str) -> None:
    for alarm in TYPES[name].alarms:
        member(TYPES[name], alarm.member)
        assert alarm.text
        assert alarm.consequence
        assert alarm.action
        assert alarm.respond_min is not None
        assert alarm.respond_min > 0
        assert 1 <= alarm.priority <= DIAGNOSTIC
        assert alarm.severity
        assert alarm.causes
        assert alarm.confirmation
        assert alarm.basis
        assert alarm.priority != 1 or alarm.realarm_min


@each_type
def test_alarm_limits_are_ordered_and_within_the_range(name: str) -> None:
    kind = TYPES[name]
    for each in kind.members:
        own = [alarm for alarm in kind.alarms if alarm.member == each.name]
        limits = {alarm.kind: alarm.limit for alarm in own if alarm.limit is not None}
        ordered = [limits[step] for step in LIMIT_KINDS if step in limits]
        assert all(low < high for low, high in pairwise(ordered)), each.name
        for limit in ordered:
            assert each.low is not None
            assert each.high is not None
            assert each.low <= limit <= each.high, each.name
        if AlarmKind.STATE in limits:
            assert limits[AlarmKind.STATE] in range(max(len(each.states), 2))


def test_ready_pump_in_manual_may_start() -> None:
    assert refusals(TYPES["pump"], "start", READY_PUMP) == []


@pytest.mark.parametrize(
    ("situation", "reason"),
    [
        ({"FLT": 1, "AVAIL": 0}, "The pump is tripped: reset it first"),
        ({"AVAIL": 0}, "The pump is not available: check its isolator and local panel"),
        ({"MODE": 2}, "The pump must be in Manual to be started from here"),
        ({"MODE": 0, "AVAIL": 0}, "The pump must be in Manual to be started from here"),
        ({"RUN": 1}, "The pump is already running"),
        ({"INHIBIT": 1}, "Suction is too low: the source must recover first"),
    ],
)
def test_start_is_refused_with_the_one_reason_that_helps(situation: dict[str, float], reason: str) -> None:
    assert refusals(TYPES["pump"], "start", READY_PUMP | situation) == [reason]


def test_stop_is_allowed_in_every_mode_while_the_pump_runs() -> None:
    for mode in (0, 1, 2):
        assert refusals(TYPES["pump"], "stop", READY_PUMP | {"RUN": 1, "MODE": mode}) == []
    assert refusals(TYPES["pump"], "stop", READY_PUMP) == ["The pump is already stopped"]


def test_reset_is_for_tripped_pumps_only() -> None:
    assert refusals(TYPES["pump"], "reset", READY_PUMP | {"FLT": 1}) == []
    assert refusals(TYPES["pump"], "reset", READY_PUMP) == ["The pump is not tripped"]


@pytest.mark.parametrize(
    ("situation", "word"),
    [
        ({}, "Stopped"),
        ({"RUN": 1}, "Running"),
        ({"FLT": 1, "AVAIL": 0, "MODE": 2}, "Tripped"),
        ({"MODE": 2}, "Standby"),
        ({"MODE": 0, "AVAIL": 0}, "Off"),
        ({"AVAIL": 0}, "Not available"),
    ],
)
def test_pump_states_have_their_words(situation: dict[str, float], word: str) -> None:
    assert state_word(TYPES["pump"], READY_PUMP | situation) == word


@pytest.mark.parametrize("name", ["dosing_pump", "chlorinator"])
def test_dosing_is_not_started_without_flow(name: str) -> None:
    assert refusals(TYPES[name], "start", READY_DOSING) == []
    assert refusals(TYPES[name], "start", READY_DOSING | {"NO_FLOW": 1}) == ["There is no flow to dose into"]


def test_backwash_needs_a_filter_that_is_on_and_idle() -> None:
    kind = TYPES["filter"]
    assert refusals(kind, "backwash", READY_FILTER) == []
    assert refusals(kind, "backwash", READY_FILTER | {"MODE": 0}) == ["The filter is off: choose Manual or Auto first"]
    assert refusals(kind, "backwash", READY_FILTER | {"STATE": 1}) == ["The filter is being backwashed already"]
    assert refusals(kind, "end", READY_FILTER) == ["No backwash is going on"]
    assert refusals(kind, "end", READY_FILTER | {"STATE": 1}) == []


def test_specific_energy_of_a_standing_pump_is_nothing() -> None:
    formula = parse_expression(member(TYPES["pump"], "SPECIFIC").expression)
    assert dict(zip(formula.inputs, (0, 0), strict=True)).keys() == {"POWER", "FLOW"}
    assert formula.evaluate([0.0, 0.0]) == 0.0


def test_efficiency_is_hydraulic_power_over_electric_power() -> None:
    formula = parse_expression(member(TYPES["pump_station"], "EFFICIENCY").expression)
    values = {"FLOW": 2880.0, "DISCHARGE": 5.25, "SUCTION": 2.25, "POWER": 320.0}
    # 0.8 m³/s against 3 bar are 240 kW.
    assert formula.evaluate([values[name] for name in formula.inputs]) == pytest.approx(75.0)
