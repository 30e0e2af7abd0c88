"""Facilities: their category known, their unit known or found by place, whom they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.columns import clean_ids, filled
from layers.location import lying_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from layers.check import Findings
    from layers.project import Category, ListedCategory

_SEPARATORS = r"[;；,，、\s]+"


def finish_facilities(
    facilities: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame | None,
    categories: Mapping[str, Category | ListedCategory],
    findings: Findings,
) -> gpd.GeoDataFrame:
    """Check categories and units, find units by place, and tell points that are there twice.

    ``units`` is None where they could not be read: then only categories are checked. A ledger
    row has no point and stays.
    """
    facilities = facilities.assign(
        category=_categories(facilities["category"], categories, findings)
    )
    facilities = facilities.assign(serves=unit_lists(facilities["serves"]))
    _tell_doubles(facilities, findings)
    return facilities if units is None else _in_units(facilities, units, findings)


def known_units(ids: pd.Series[Any], units: pd.DataFrame, findings: Findings) -> None:
    """Tell ids that no unit has, with the nearest that one has."""
    known = {unit: unit for unit in units["unit_id"].dropna()}
    if known:
        unknown = ids[ids.notna() & ~ids.isin(list(known))]
        findings.tell_rows("unknown_unit", unknown, column=str(ids.name), among=known)


def unit_lists(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Give the units served as "id;id", whatever separates them in the file."""
    listed = clean_ids(cells.astype("str").str.split(_SEPARATORS, regex=True).explode()).dropna()
    joined = listed.groupby(level=0).agg(";".join).reindex(cells.index)
    return filled(joined)


def _categories(
    said: pd.Series[Any],
    categories: Mapping[str, Category | ListedCategory],
    findings: Findings,
) -> pd.Series[Any]:
    """Give category ids; the catalogue's names are understood too."""
    words = {name: one.id for one in categories.values() for name in (one.name_zh, one.name_en)}
    words |= {category: category for category in categories}
    found = said.map(words, na_action="ignore")
    findings.tell_rows(
        "unknown_category",
        said[said.notna() & found.isna()],
        column="category",
        among=words,
        known="、".join(categories),
    )
    return filled(found)


def _in_units(
    facilities: gpd.GeoDataFrame, units: gpd.GeoDataFrame, findings: Findings
) -> gpd.GeoDataFrame:
    known_units(facilities["unit_id"], units, findings)
    served = facilities["serves"].astype("str").str.split(";").explode()
    known_units(served.rename("serves"), units, findings)
    lone = facilities["unit_id"].isna() & facilities.geometry.notna()
    found = lying_in(facilities.geometry[lone], units, "unit_id")
    ids = facilities["unit_id"].where(~lone, found.reindex(lone.index))
    return facilities.assign(unit_id=filled(ids))


def _tell_doubles(facilities: gpd.GeoDataFrame, findings: Findings) -> None:
    placed = facilities[facilities.geometry.notna()]
    point = placed.geometry.to_wkb()
    double = pd.DataFrame({"category": placed["category"], "point": point}).duplicated()
    names = placed["name"].where(placed["name"].notna(), placed["facility_id"])
    findings.tell_rows("double_facility", names[double], column="geometry", fatal=False)
