"""Policy indicators, read from the document's own file in the catalogue.

``<document>.toml`` holds one table per indicator, named by its id, with the fields of
``layers.indicators.Indicator`` as keys. A document that ``inherits`` another takes all of its
indicators and overrides them key by key, or adds its own. A new indicator is a new table.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, Field, fields
from functools import cache
from importlib.resources import files
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from layers.catalogue import load_categories, load_modes, policy_ids
from layers.errors import Problem, ProjectError
from layers.indicators import Amount, Condition, Indicator, Target
from layers.toml_table import TomlTable
from layers.vocabulary import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = (Amount, Condition, Target)
_HEAD = ("inherits", "title")
_ANY_NUMBER = (-1e12, 1e12)


@cache
def load_indicators(policy_id: str) -> tuple[Indicator, ...]:
    """Give every indicator of a policy document, in the order of its file.

    Raises ProjectError for a document that is not in the catalogue, and for everything wrong in
    its file: an unknown key, a wrong type, a figure without a source.
    """
    problems: list[Problem] = []
    asked = TomlTable({"policy": policy_id}, file="project.toml", problems=problems)
    asked.choice("policy", policy_ids())
    if problems:
        raise ProjectError(problems)
    tables = TomlTable(_inherited(policy_id), file=f"{policy_id}.toml", problems=problems)
    found = read_indicators(tables)
    if problems:
        raise ProjectError(problems)
    return found


def read_indicators(tables: TomlTable) -> tuple[Indicator, ...]:
    """Give the indicators of a file's tables; what is wrong is told to the tables' problems."""
    made = [_indicator(tables.table(name), name) for name in tables.content]
    return tuple(indicator for indicator in made if indicator is not None)


def inherit(own: Mapping[str, Any], parent: Mapping[str, Any]) -> dict[str, Any]:
    """Put a document's tables over those it inherits, key by key, the inherited ones first."""
    ids = dict.fromkeys((*parent, *own))
    return {name: {**parent.get(name, {}), **own.get(name, {})} for name in ids}


def _inherited(policy_id: str) -> dict[str, Any]:
    source = files("layers").joinpath("catalogue", f"{policy_id}.toml")
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    own = {name: table for name, table in content.items() if name not in _HEAD}
    return inherit(own, _inherited(content["inherits"])) if "inherits" in content else own


def _indicator(table: TomlTable, name: str) -> Indicator | None:
    read = table.saying({"id": name, **table.content})
    known = {"categories": load_categories(), "mode": load_modes()}
    indicator: Indicator | None = _made(Indicator, read, known)
    if indicator is not None:
        _require_parts(indicator, table)
    return indicator


def _require_parts(indicator: Indicator, table: TomlTable) -> None:
    """Tell what the measure needs and the table lacks."""
    asked = {
        Measure.RATIO: ("numerator", "denominator"),
        Measure.ATTRIBUTE: ("condition", "categories"),
        Measure.POSSESSION: ("categories",),
        Measure.RADIATION: ("categories",),
        Measure.ACCESS: (),
    }[indicator.measure]
    for key in asked:
        table.require(key, f"{key} = …")
    for key in ("target_province", "target_county"):
        if getattr(indicator, key) is not None:
            table.table(key).require("source", 'source = "…"')


def _made(cls: type, table: TomlTable, known: Mapping[str, Any]) -> Any:  # noqa: ANN401  # one of several value types
    """Make a frozen value of a table whose keys are its fields; None where it cannot be."""
    before = len(table.problems)
    types = get_type_hints(cls)
    table.only(types)
    for each in fields(cls):
        if _is_required(each):
            table.require(each.name, f'{each.name} = "…"')
    given = {
        name: _value(table, name, types[name], known) for name in table.content if name in types
    }
    return cls(**given) if len(table.problems) == before else None


def _is_required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _value(table: TomlTable, name: str, kind: Any, known: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a type hint in, a TOML value out
    """Give one key as the type its field asks for."""
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]
    if kind in _PARTS:
        return _made(kind, table.table(name), known)
    if get_origin(kind) is tuple:
        return table.texts(name, known.get(name, ()))
    if get_origin(kind) is Literal or kind is Measure:
        word = table.choice(name, get_args(kind) or [str(measure) for measure in Measure])
        return Measure(word) if word and kind is Measure else word
    if kind is bool:
        return table.flag(name)
    if kind in (int, float):
        number = table.number(name, _ANY_NUMBER)
        return number if number is None else kind(number)
    return table.choice(name, known[name]) if name in known else table.text(name)
