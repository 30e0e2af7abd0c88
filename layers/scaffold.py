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
from layers.served import served_by
from layers.store import results_folder
from layers.vocabulary import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from layers.county_list import ListedCounty
    from layers.frame_schema import FrameSchema
    from layers.served import Served

_KIND_WORDS = {"community": "kind.community", "village": "kind.village"}


def write_scaffold(code: str, folder: Path) -> Path:
    """Write the project folder of a county by its 6-digit code, and give its project.toml.

    Raises ProjectError for a code that is not listed, or where the folder has a project already.
    """
    county = county_of(code)
    if (folder / PROJECT_FILE).exists():
        raise ProjectError(Problem(PROJECT_FILE, "project_exists", value=str(folder)))
    with results_folder(folder) as new:
        served = served_by(_policy(code))
        _write_units(county, new, served)
        _write_ledgers(county, new, served)
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


def _write_units(county: ListedCounty, folder: Path, served: Served) -> None:
    rows = [row | {"kind": _word(row["kind"])} for row in _rows(county)]
    plain = tuple(column for column in UNITS.columns if column.type != "number")
    serves = _serves(served, UNITS.name, plain)
    sheet = LedgerSheet(text("scaffold.title.units"), plain, rows, serves=serves)
    write_ledger([sheet], folder / _file("units"), title=_title(county, "units"))


def _write_ledgers(county: ListedCounty, folder: Path, served: Served) -> None:
    """Write the ledgers that bureaus fill in: by unit, by township, of facilities, of the rest."""
    rows = _rows(county)
    codes = {row["township_id"]: row["township"] for row in rows}
    towns = [{"township_id": code, "name": name} for code, name in codes.items()]
    places = {"township": list(codes.values()), "unit": [row["name"] for row in rows]}
    kinds = load_register_kinds()
    by_name = (_of(REGISTERS, "unit_id"), _of(REGISTERS, "name"))
    for name, layer, columns, filled in (
        ("unit_ledger", UNITS.name, (*by_name, *kinds["unit"].columns), rows),
        (
            "township_ledger",
            "township",
            (_of(REGISTERS, "township_id"), _of(REGISTERS, "name"), *kinds["township"].columns),
            towns,
        ),
    ):
        serves = _serves(served, layer, columns)
        sheet = LedgerSheet(text(f"scaffold.title.{name}"), columns, filled, serves=serves)
        write_ledger([sheet], folder / _file(name), title=_title(county, name))
    sheet = _facilities_sheet(places, served)
    write_ledger([sheet], folder / _file("facilities"), title=_title(county, "facilities"))
    sheets = []
    for kind in (each for each in kinds.values() if each.id not in LEDGERS):
        columns = (*_placed(REGISTERS), *kind.columns)
        serves = _serves(served, kind.id, columns)
        sheets.append(LedgerSheet(kind.name_zh, columns, (), places, serves))
    write_ledger(sheets, folder / _file("registers"), title=_title(county, "registers"))


def _facilities_sheet(places: Mapping[str, Sequence[str]], served: Served) -> LedgerSheet:
    """Give the sheet of facilities, which says of every category what it serves."""
    columns = (*_placed(FACILITIES), *load_attributes("facilities"))
    categories = {name: each.name_zh for name, each in load_categories().items()}
    categories |= {name: each.name_zh for name, each in load_listed().items()}
    joiner, nothing = text("workbook.then"), (text("scaffold.serves.none"),)
    words = {
        name: joiner.join(served.categories.get(category, nothing))
        for category, name in categories.items()
    }
    return LedgerSheet(
        text("scaffold.title.facilities"),
        columns,
        lists={**places, "category": [*words]},
        serves=_serves(served, FACILITIES.name, columns),
        words={"category": words},
    )


def _serves(served: Served, layer: str, columns: Iterable[Column]) -> dict[str, str]:
    return {column.name: served.told(layer, column.name) for column in columns}


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
