"""A project folder for a county of the list: its units, empty ledgers, and project.toml."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from layers.blank_ledger import LedgerSheet, write_ledger
from layers.catalogue import load_categories
from layers.catalogue.ledger import load_attributes, load_listed, load_register_kinds
from layers.county_list import COUNTY_LIST, county_of
from layers.errors import Problem, ProjectError
from layers.frame_schema import Column
from layers.project_file import PROJECT_FILE
from layers.registers import LEDGERS
from layers.schema import FACILITIES, REGISTERS, UNITS
from layers.store import results_folder
from layers.vocabulary import text

if TYPE_CHECKING:
    from pathlib import Path

    from layers.county_list import ListedCounty
    from layers.frame_schema import FrameSchema

_KIND_WORDS = {"community": "kind.community", "village": "kind.village"}


def write_scaffold(code: str, folder: Path) -> Path:
    """Write the project folder of a county by its 6-digit code, and give its project.toml.

    Raises ProjectError for a code that is not listed, or where the folder has a project already.
    """
    county = county_of(code)
    if (folder / PROJECT_FILE).exists():
        raise ProjectError(Problem(PROJECT_FILE, "project_exists", value=str(folder)))
    with results_folder(folder) as new:
        _write_units(county, new)
        _write_ledgers(county, new)
        content = text(
            "scaffold.project",
            name=county.name,
            code=code,
            crs=county.crs,
            meridian=str(county.meridian),
            policy=_policy(code),
            registers=_register_tables(),
            units=_file("units"),
            unit_ledger=_file("unit_ledger"),
            township_ledger=_file("township_ledger"),
            facilities=_file("facilities"),
        )
        (new / PROJECT_FILE).write_text(content, encoding="utf-8", newline="\n")
    return folder / PROJECT_FILE


def _write_units(county: ListedCounty, folder: Path) -> None:
    rows = [row | {"kind": _word(row["kind"])} for row in _rows(county)]
    plain = tuple(column for column in UNITS.columns if column.type != "number")
    sheet = LedgerSheet(text("scaffold.title.units"), plain, rows)
    write_ledger([sheet], folder / _file("units"), title=_title(county, "units"))


def _write_ledgers(county: ListedCounty, folder: Path) -> None:
    """Write the ledgers that bureaus fill in: by unit, by township, of facilities, of the rest."""
    rows = _rows(county)
    codes = {row["township_id"]: row["township"] for row in rows}
    towns = [{"township_id": code, "name": name} for code, name in codes.items()]
    places = {"township": list(codes.values()), "unit": [row["name"] for row in rows]}
    kinds = load_register_kinds()
    by_name = (_of(REGISTERS, "unit_id"), _of(REGISTERS, "name"))
    for name, columns, filled in (
        ("unit_ledger", (*by_name, *kinds["unit"].columns), rows),
        (
            "township_ledger",
            (_of(REGISTERS, "township_id"), _of(REGISTERS, "name"), *kinds["township"].columns),
            towns,
        ),
    ):
        sheet = LedgerSheet(text(f"scaffold.title.{name}"), columns, filled)
        write_ledger([sheet], folder / _file(name), title=_title(county, name))
    categories = [each.name_zh for each in load_categories().values()]
    categories += [each.name_zh for each in load_listed().values()]
    columns = (*_placed(FACILITIES), *load_attributes("facilities"))
    sheet = LedgerSheet(
        text("scaffold.title.facilities"), columns, (), places | {"category": categories}
    )
    write_ledger([sheet], folder / _file("facilities"), title=_title(county, "facilities"))
    sheets = [
        LedgerSheet(kind.name_zh, (*_placed(REGISTERS), *kind.columns), (), places)
        for kind in kinds.values()
        if kind.id not in LEDGERS
    ]
    write_ledger(sheets, folder / _file("registers"), title=_title(county, "registers"))


def _placed(schema: FrameSchema) -> tuple[Column, ...]:
    """Give the columns of a ledger: units by township and name, places by degrees."""
    named = {
        "unit_id": (
            Column("township", "text", text("scaffold.column.township"), "township"),
            Column("unit", "text", text("scaffold.column.unit"), "unit"),
        ),
        "kind": (),
        "township_id": (),
    }
    columns = [column for each in schema.columns for column in named.get(each.name, (each,))]
    place = [Column(axis, "number", text(f"scaffold.column.{axis}"), axis) for axis in ("x", "y")]
    return (*columns, *place)


def _of(schema: FrameSchema, name: str) -> Column:
    return replace(schema.column(name), required=True)


def _rows(county: ListedCounty) -> list[dict[str, Any]]:
    return [
        {str(name): value for name, value in row.items()} for row in county.units.to_dict("records")
    ]


def _word(kind: str) -> str:
    return text(f"scaffold.{_KIND_WORDS[kind]}")


def _register_tables() -> str:
    """Give project.toml's tables of the registers, one sheet of the workbook each."""
    return "\n".join(
        text("scaffold.register", id=kind.id, title=kind.name_zh, file=_file("registers"))
        for kind in load_register_kinds().values()
        if kind.id not in LEDGERS
    )


def _policy(code: str) -> str:
    """Give the policy document of a county: its own, else that of what it is part of."""
    source = COUNTY_LIST.with_name("policies.toml").read_text(encoding="utf-8")
    documents: dict[str, str] = tomllib.loads(source)["policies"]
    return documents[max((each for each in documents if code.startswith(each)), key=len)]


def _file(name: str) -> str:
    return f"{text(f'scaffold.title.{name}')}.xlsx"


def _title(county: ListedCounty, name: str) -> str:
    return f"{county.name}{text(f'scaffold.title.{name}')}"
