"""Registers: what is counted and is neither unit nor facility, and the ledgers of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from layers.belonging import catalogue_ids, in_units, unit_lists
from layers.catalogue.ledger import load_register_kinds
from layers.columns import filled
from layers.schema import REGISTERS

if TYPE_CHECKING:
    from layers.check import Findings

UNIT, TOWNSHIP = "unit", "township"
LEDGERS = (UNIT, TOWNSHIP)
"""Kinds of which each bureau may hand in one of its own: rows of one place are one row."""


def finish_registers(
    registers: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None, findings: Findings
) -> gpd.GeoDataFrame:
    """Check kinds and units, find units and townships where they are not said, number the rows.

    ``units`` is None where they could not be read: then only kinds are checked.
    """
    registers = registers.assign(
        kind=catalogue_ids(
            registers["kind"], load_register_kinds(), findings, code="unknown_register"
        ),
        serves=unit_lists(registers["serves"]),
    )
    if units is not None:
        registers = _in_townships(registers, units, findings)
    own = registers["unit_id"].where(registers["kind"].eq(UNIT))
    own = own.where(own.notna(), registers["township_id"].where(registers["kind"].eq(TOWNSHIP)))
    rows = pd.Series(registers.index.astype(str), registers.index, dtype=object)
    said = registers["register_id"]
    said = said.mask(registers["kind"].isin(LEDGERS) & own.notna(), own)
    findings.tell_rows(
        "ledger_without_place", said[registers["kind"].isin(LEDGERS) & own.isna()], column="unit_id"
    )
    return registers.assign(register_id=filled(said.where(said.notna(), rows)))


def with_ledger(units: gpd.GeoDataFrame, registers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the columns of unit ledgers on the units.

    What a unit says itself is kept; of several ledgers the first that says something counts.
    """
    ledger = registers[registers["kind"] == UNIT].groupby("unit_id").first()
    shape = units.geometry.name
    for column in load_register_kinds()[UNIT].columns:
        if column.name in ledger and ledger[column.name].notna().any():
            told = units["unit_id"].map(ledger[column.name])
            own = units.get(column.name, told)
            units = units.assign(**{column.name: own.where(own.notna(), told)})
    return units[[*(name for name in units if name != shape), shape]]


def without_ledgers(registers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the registers less the ledgers of units, and one row for each township with a ledger."""
    rest = registers[registers["kind"] != UNIT]
    several = rest["kind"].eq(TOWNSHIP) & rest["township_id"].notna()
    first = rest[several].groupby("township_id", as_index=False).first()
    parts = [part for part in (pd.DataFrame(rest[~several]), pd.DataFrame(first)) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(rest)
    rows = rows[list(registers.columns)].sort_values(list(REGISTERS.sorted_by), ignore_index=True)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=registers.crs)


def _in_townships(
    registers: gpd.GeoDataFrame, units: gpd.GeoDataFrame, findings: Findings
) -> gpd.GeoDataFrame:
    placed = in_units(registers, units, findings)
    of_unit = dict(zip(units["unit_id"], units["township_id"], strict=True))
    township = placed["township_id"]
    by_unit = placed["unit_id"].map(of_unit)
    return placed.assign(township_id=filled(township.where(township.notna(), by_unit)))
