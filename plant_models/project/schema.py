"""Holding a parsed TOML or JSON file against a pydantic model, saying in plain words what doesn't fit. Any thread."""

import json
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from plant_models.project.finding import Finding, suggest
from plant_models.project.source import KeyPath, Source, finding_in
from plant_models.text_limit import MAX_TEXT, too_long

M = TypeVar("M", bound=BaseModel)

_UNKNOWN: Final = ("extra_forbidden", "unexpected_keyword_argument")
_REMEDIES: Final = {
    "string_type": "write a text in quotes",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "finite_number": "write a finite number, or leave the key out",
    "bool_type": "write true or false",
    "tuple_type": "write a list in [ ]",
    "missing_argument": "add it",
    "missing": "add it",
}


class Part(BaseModel):
    """A table of a file. Nested dataclasses follow the same rules: no unknown key, no NaN, no endless text."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True, str_max_length=MAX_TEXT)


class Form(Part):
    """What a whole file may hold."""

    format: int


def validate(form: type[M], source: Source, findings: list[Finding]) -> M | None:
    """Return the file as a `form`; None, with a finding for each key that doesn't fit."""
    return validate_part(form, source, (), source.data, findings)


def validate_part(form: type[M], source: Source, path: KeyPath, data: Any, findings: list[Finding]) -> M | None:
    """Return the `data` at `path` of a file as a `form`; None, with a finding for each key that doesn't fit."""
    # Strict validation takes lists for tuples and texts for enumerations only from JSON.
    text = json.dumps(data, default=str)
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        findings.extend(_finding(form, source, path, details) for details in error.errors(include_url=False))
        return None


def declared_names(tables: object) -> frozenset[str] | None:
    """Return the names in a list of tables that may hold mistakes; None if one of them doesn't tell its name."""
    if not isinstance(tables, list):
        return frozenset() if tables is None else None
    names = [table.get("name") for table in tables if isinstance(table, dict)]
    told = frozenset(name for name in names if isinstance(name, str))
    return told if len(names) == len(tables) and all(isinstance(name, str) for name in names) else None


def _finding(form: type[BaseModel], source: Source, base: KeyPath, details: ErrorDetails) -> Finding:
    path = (*base, *details["loc"])
    where = _spell(path)
    kind = details["type"]
    if kind in _UNKNOWN:
        remedy = suggest(str(path[-1]), _known_keys(form, details["loc"]))
        return finding_in(source, path, f"unknown key {where}", remedy)
    if kind in ("missing", "missing_argument"):
        return finding_in(source, path, f"{where} is missing", "add it")
    if kind == "string_too_long":
        return finding_in(source, path, *too_long(where, details["input"]))
    if kind == "value_error":  # of a validator: "wrong; right", or "start must lie below stop"
        problem, _, advice = details["msg"].removeprefix("Value error, ").partition("; ")
        return finding_in(source, path, f"{where}: {problem}", advice or "correct it")
    given = json.dumps(details["input"], default=str, ensure_ascii=False)[:60]
    remedy = _REMEDIES.get(kind, details["msg"].replace("Input should be", "it must be"))
    return finding_in(source, path, f"{where} can't be {given}", remedy)


def _spell(path: KeyPath) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the file"


def _known_keys(form: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys allowed where `path` ends, from the form's own JSON schema."""
    schema: dict[str, Any] = form.model_json_schema()
    node = schema
    for part in path[:-1]:
        inner = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, {})
        node = _resolve(inner, schema)
    return list(node.get("properties", {}))


def _resolve(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", [node]):
        if "$ref" in option:
            resolved: dict[str, Any] = schema["$defs"][option["$ref"].rsplit("/", 1)[-1]]
            return resolved
    return node
