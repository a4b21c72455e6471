"""Holding a parsed TOML or JSON file against a pydantic model, saying in plain words what doesn't fit. Any thread."""

import json
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from plant_models.project.finding import Finding, suggest
from plant_models.project.source import KeyPath, Source, finding_in

M = TypeVar("M", bound="Form")

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


class Form(BaseModel):
    """What a file may hold. Nested dataclasses follow the same rules: no unknown key, no NaN, no guessing."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    format: int


def validate(form: type[M], source: Source, findings: list[Finding]) -> M | None:
    """Return the file as a `form`; None, with a finding for each key that doesn't fit."""
    # Strict validation takes lists for tuples and texts for enumerations only from JSON.
    text = json.dumps(source.data, default=str)
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        findings.extend(_finding(form, source, details) for details in error.errors(include_url=False))
        return None


def _finding(form: type[Form], source: Source, details: ErrorDetails) -> Finding:
    path = details["loc"]
    where = _spell(path)
    kind = details["type"]
    if kind in _UNKNOWN:
        remedy = suggest(str(path[-1]), _known_keys(form, path))
        return finding_in(source, path, f"unknown key {where}", remedy)
    if kind in ("missing", "missing_argument"):
        return finding_in(source, path, f"{where} is missing", "add it")
    given = json.dumps(details["input"], default=str, ensure_ascii=False)[:60]
    remedy = _REMEDIES.get(kind, details["msg"].replace("Input should be", "it must be"))
    return finding_in(source, path, f"{where} can't be {given}", remedy)


def _spell(path: KeyPath) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _known_keys(form: type[Form], path: KeyPath) -> list[str]:
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
