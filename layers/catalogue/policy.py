"""Policy indicators, read from the document's own file in the catalogue.

``<document>.toml`` holds one table per indicator, named by its id, with the fields of
``layers.indicators.Indicator`` as keys. A document that ``inherits`` another takes all of its
indicators and overrides them key by key, or adds its own; ``false`` takes a key back. A new
indicator is a new table.

Where a document can be read in more than one way, ``[<id>.variants.<name>]`` holds the keys each
reading sets, its English name and its reason in both languages, and ``choice`` names the one taken;
a study may take another.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, Field, fields
from functools import cache
from importlib.resources import files
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from layers.catalogue import load_categories, load_modes, policy_ids
from layers.catalogue.ledger import load_listed, load_register_kinds
from layers.errors import Problem, ProjectError
from layers.indicators import Amount, Condition, Indicator, Target
from layers.readings import READING_KEYS, Reading
from layers.toml_table import TomlTable
from layers.vocabulary import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = (Amount, Condition, Target, Reading)
_HEAD = ("inherits", "title")
_ANY_NUMBER = (-1e12, 1e12)


def load_indicators(
    policy_id: str, choices: Mapping[str, str] | None = None
) -> tuple[Indicator, ...]:
    """Give every indicator of a policy document, in the order of its file.

    ``choices`` name the reading taken of some indicators in place of the document's own.
    Raises ProjectError for a document that is not in the catalogue, and for everything wrong in
    its file: an unknown key, a wrong type, a figure without a source.
    """
    return _indicators(policy_id, tuple(sorted((choices or {}).items())))


@cache
def _indicators(policy_id: str, choices: tuple[tuple[str, str], ...]) -> tuple[Indicator, ...]:
    problems: list[Problem] = []
    asked = TomlTable({"policy": policy_id}, file="project.toml", problems=problems)
    asked.choice("policy", policy_ids())
    if problems:
        raise ProjectError(problems)
    content = dict(document(policy_id))
    for name, choice in choices:
        content[name] = {**content[name], "choice": choice}
    found = read_indicators(TomlTable(content, file=f"{policy_id}.toml", problems=problems))
    if problems:
        raise ProjectError(problems)
    return found


def read_indicators(tables: TomlTable) -> tuple[Indicator, ...]:
    """Give the indicators of a file's tables; what is wrong is told to the tables' problems."""
    known = {
        "categories": (*load_categories(), *load_listed()),
        "kind": tuple(load_register_kinds()),
        "mode": tuple(load_modes()),
    }
    made = [_indicator(tables.table(name), name, known) for name in tables.content]
    return tuple(indicator for indicator in made if indicator is not None)


def inherit(own: Mapping[str, Any], parent: Mapping[str, Any]) -> dict[str, Any]:
    """Put a document's tables over those it inherits, key by key, the inherited ones first."""
    ids = dict.fromkeys((*parent, *own))
    both = {name: {**parent.get(name, {}), **own.get(name, {})} for name in ids}
    return {
        name: {key: value for key, value in table.items() if value is not False}
        for name, table in both.items()
    }


def variants(policy_id: str) -> dict[str, tuple[str, ...]]:
    """Give the readings there are of each indicator that has several."""
    tables = document(policy_id)
    return {name: tuple(table["variants"]) for name, table in tables.items() if "variants" in table}


@cache
def document(policy_id: str) -> dict[str, Any]:
    """Give the tables of a document, those it inherits first."""
    source = files("layers").joinpath("catalogue", f"{policy_id}.toml")
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    own = {name: table for name, table in content.items() if name not in _HEAD}
    return inherit(own, document(content["inherits"])) if "inherits" in content else own


def _indicator(table: TomlTable, name: str, known: Mapping[str, Any]) -> Indicator | None:
    read = table.saying({"id": name, **_taken(table)})
    indicator: Indicator | None = _made(Indicator, read, known)
    if indicator is not None:
        _require_parts(indicator, read)
    return indicator


def _taken(table: TomlTable) -> dict[str, Any]:
    """Give the keys of an indicator with those of the reading taken in their place."""
    content = {key: value for key, value in table.content.items() if key != "variants"}
    if "variants" not in table.content:
        return content
    every = table.table("variants")
    choice = table.choice("choice", every.content)
    if choice is None:
        table.require("choice", 'choice = "…"')
        return content
    reading = every.table(choice).content
    own = {key: value for key, value in reading.items() if key not in READING_KEYS}
    both = {**content, **own, "readings": _readings(every)}
    return {key: value for key, value in both.items() if value is not False}


def _readings(every: TomlTable) -> list[dict[str, Any]]:
    """Give the names and reasons of all readings; tell those that lack one."""
    found = []
    for name in every.content:
        reading = every.table(name)
        for key in READING_KEYS:
            reading.require(key, f'{key} = "…"')
        found.append({"name_zh": name} | {key: reading.text(key) or name for key in READING_KEYS})
    return found


def _require_parts(indicator: Indicator, table: TomlTable) -> None:
    """Tell what the measure needs and the table lacks."""
    asked = {
        Measure.RATIO: ("numerator", "denominator"),
        Measure.COUNT: ("numerator",),
        Measure.ATTRIBUTE: ("conditions",),
    }.get(indicator.measure, ())
    judged = indicator.conditions or indicator.categories or indicator.kind
    if not (asked or judged or indicator.measure == Measure.ACCESS):
        asked = ("categories",)
    if indicator.over == "registers" and judged and not indicator.kind:
        table.require("kind", 'kind = "…"')
    for key in asked:
        table.require(key, f"{key} = …")
    for key in ("note", "not_applicable"):
        if table.content.get(f"{key}_zh") or table.content.get(f"{key}_en"):
            table.require(f"{key}_zh", f'{key}_zh = "…"')
            table.require(f"{key}_en", f'{key}_en = "…"')
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
        part = get_args(kind)[0]
        if part in _PARTS:
            return _parts(table, name, part, known)
        return table.texts(name, known.get(name, ()))
    if get_origin(kind) is Literal or kind is Measure:
        word = table.choice(name, get_args(kind) or [str(measure) for measure in Measure])
        return Measure(word) if word and kind is Measure else word
    return _plain(table, name, kind, known)


def _plain(table: TomlTable, name: str, kind: Any, known: Mapping[str, Any]) -> Any:  # noqa: ANN401  # the same
    """Give one key as a flag, a number or a text."""
    if kind is bool:
        return table.flag(name)
    if kind in (int, float):
        number = table.number(name, _ANY_NUMBER)
        return number if number is None else kind(number)
    return table.choice(name, known[name]) if name in known else table.text(name)


def _parts(table: TomlTable, name: str, kind: type, known: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give a list of tables as values of one type."""
    entries = {f"{name}[{at}]": entry for at, entry in enumerate(table.content[name], 1)}
    listed = table.saying(entries)
    made = (_made(kind, listed.table(key), known) for key in entries)
    return tuple(each for each in made if each is not None)
