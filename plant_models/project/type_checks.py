"""Whether an equipment type agrees with itself: names, expressions, units, limits. Any thread."""

from collections.abc import Collection, Iterator, Set
from dataclasses import fields

from plant_models.equipment import LOOKS, Equipment, EquipmentType, Member
from plant_models.expression import parse_expression
from plant_models.project.finding import Finding, suggest
from plant_models.project.source import KeyPath, Source, finding_in
from plant_models.project.type_alarms import check_type_alarms
from plant_models.project.units import is_unit, unit_remedy
from plant_models.tag import DataType

_Mistake = tuple[KeyPath, str, str]
_COLUMNS = frozenset(field.name for field in fields(Equipment))


def check_type(made: EquipmentType, source: Source, symbols: Set[str], findings: list[Finding]) -> None:
    """Add a finding for each mistake in `made`, which was read from `source`."""
    if made.symbol and made.symbol not in symbols:
        problem = f"unknown symbol {made.symbol!r}"
        findings.append(finding_in(source, ("symbol",), problem, suggest(made.symbol, symbols)))
    for number, member in enumerate(made.members):
        for key, problem, remedy in _member_mistakes(member):
            findings.append(finding_in(source, ("member", number, key), f"member {member.name}: {problem}", remedy))
    mistakes = [*_repeated(made), *_dangling(made), *_bad_expressions(made), *_bad_words(made)]
    findings.extend(finding_in(source, *mistake) for mistake in mistakes)
    check_type_alarms(made, source, findings)


def _member_mistakes(member: Member) -> Iterator[tuple[str, str, str]]:
    if not is_unit(member.unit):
        yield "unit", f"unknown unit {member.unit!r}", unit_remedy(member.unit)
    if member.low is not None and member.high is not None and member.low >= member.high:
        yield "low", f"low {member.low:g} is not below high {member.high:g}", "exchange or correct them"
    if member.bit is not None and member.type is not DataType.BOOL:
        yield "bit", f"a {member.type} has no bit", "remove bit, or make the type bool"
    if member.bit is not None and not 0 <= member.bit <= 15:
        yield "bit", f"bit {member.bit}", "use 0 to 15"
    if member.offset is not None and member.offset < 0:
        yield "offset", f"offset {member.offset}", "use 0 or more"
    if not 0 <= member.decimals <= 6:
        yield "decimals", f"{member.decimals} decimals", "use 0 to 6"
    if member.writable and member.expression:
        yield "writable", "a calculated member can't be written", "remove writable or expression"


def _repeated(made: EquipmentType) -> Iterator[_Mistake]:
    for key, names in (("member", [m.name for m in made.members]), ("command", [c.name for c in made.commands])):
        for number, name in enumerate(names):
            if name in names[:number]:
                yield (key, number, "name"), f"duplicate {key} {name}", "give it a name of its own"


def _dangling(made: EquipmentType) -> Iterator[_Mistake]:
    members = {member.name for member in made.members}
    commands = {command.name for command in made.commands}
    plate = made.faceplate
    uses: list[tuple[KeyPath, Collection[str], Set[str], str]] = [
        (("level",), [made.level], members, "member"),
        (("faceplate", "mode"), [plate.mode], members, "member"),
        (("faceplate", "commands"), plate.commands, commands, "command"),
        (("faceplate", "setpoints"), plate.setpoints, members, "member"),
        (("faceplate", "indicators"), plate.indicators, members, "member"),
        (("faceplate", "maintenance"), plate.maintenance, members, "member"),
        (("checks", "columns"), made.checks.columns, _COLUMNS, "column of equipment.csv"),
    ]
    uses += [(("command", n, "member"), [c.member], members, "member") for n, c in enumerate(made.commands)]
    uses += [(("alarm", n, "member"), [a.member], members, "member") for n, a in enumerate(made.alarms)]
    for path, names, known, what in uses:
        for name in names:
            if name and name not in known:
                yield path, f"unknown {what} {name!r}", suggest(name, known)


def _bad_expressions(made: EquipmentType) -> Iterator[_Mistake]:
    members = {member.name for member in made.members}
    texts: list[tuple[KeyPath, str]] = [(("state", n, "expression"), s.expression) for n, s in enumerate(made.states)]
    texts += [(("member", n, "expression"), m.expression) for n, m in enumerate(made.members) if m.expression]
    texts += [
        (("command", n, "requires", k), rule.expression)
        for n, command in enumerate(made.commands)
        for k, rule in enumerate(command.requires)
    ]
    for path, text in texts:
        try:
            inputs = parse_expression(text).inputs
        except ValueError as error:
            problem, _, remedy = str(error).partition("; ")
            yield path, f"expression {text!r}: {problem}", remedy or "correct the expression"
            continue
        for name in inputs:
            if name not in members:
                yield path, f"expression names the unknown member {name!r}", suggest(name, members)


def _bad_words(made: EquipmentType) -> Iterator[_Mistake]:
    for number, rule in enumerate(made.states):
        if rule.look not in LOOKS:
            yield ("state", number, "look"), f"unknown look {rule.look!r}", suggest(rule.look, LOOKS)
