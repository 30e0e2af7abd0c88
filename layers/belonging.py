"""What rows belong to: a word of the catalogue, by its id or name, and a unit, by code or place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from layers.columns import clean_ids, filled
from layers.location import lying_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from layers.check import Findings

SEPARATORS = r"[;；,，、\s]+"


class Named(Protocol):
    """Something of the catalogue: an id, and a name in both languages."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def name_zh(self) -> str:
        """The Chinese name."""

    @property
    def name_en(self) -> str:
        """The English name."""


def catalogue_ids(
    said: pd.Series[Any], known: Mapping[str, Named], findings: Findings, *, code: str
) -> pd.Series[Any]:
    """Give the ids of what a column says by id or by name; what is unknown is told as ``code``."""
    words = {name: one.id for one in known.values() for name in (one.name_zh, one.name_en)}
    words |= {name: name for name in known}
    found = said.map(words, na_action="ignore")
    findings.tell_rows(
        code,
        said[said.notna() & found.isna()],
        column=str(said.name),
        among=words,
        known="、".join(known),
    )
    return filled(found)


def in_units(
    rows: gpd.GeoDataFrame, units: gpd.GeoDataFrame, findings: Findings
) -> gpd.GeoDataFrame:
    """Check the units that rows name and serve, and find by place those of rows that name none."""
    known_units(rows["unit_id"], units, findings)
    served = rows["serves"].astype("str").str.split(";").explode()
    known_units(served[served.notna()].rename("serves"), units, findings)
    lone = rows["unit_id"].isna() & rows.geometry.notna()
    found = lying_in(rows.geometry[lone].representative_point(), units, "unit_id")
    return rows.assign(unit_id=filled(rows["unit_id"].where(~lone, found.reindex(lone.index))))


def known_units(ids: pd.Series[Any], units: pd.DataFrame, findings: Findings) -> None:
    """Tell ids that no unit has, with the nearest that one has."""
    known = {unit: unit for unit in units["unit_id"].dropna()}
    if known:
        unknown = ids[ids.notna() & ~ids.isin(list(known))]
        findings.tell_rows("unknown_unit", unknown, column=str(ids.name), among=known)


def unit_lists(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Give the units served as "id;id", whatever separates them in the file."""
    listed = clean_ids(cells.astype("str").str.split(SEPARATORS, regex=True).explode()).dropna()
    joined = listed.groupby(level=0).agg(";".join).reindex(cells.index)
    return filled(joined)
