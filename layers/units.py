"""Units: communities and villages, with township, urban or rural, and their people checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.columns import filled
from layers.location import lying_in
from layers.reading import table_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from layers.check import Findings

DEFAULT_URBAN = "communities"
_UNIT_CODE = r"\d{12}"
_TOWNSHIP_DIGITS = 9
_PARTS = (
    ("age_0_14", "people"),
    ("age_60_plus", "people"),
    ("age_65_plus", "age_60_plus"),
    ("disabled", "people"),
)


def finish_units(
    units: gpd.GeoDataFrame,
    townships: gpd.GeoDataFrame | None,
    findings: Findings,
    *,
    urban: str = DEFAULT_URBAN,
) -> gpd.GeoDataFrame:
    """Fill in townships and urban or rural, and tell cohorts that exceed what they are part of.

    The township is the file's, else the first nine of a twelve-digit code, else the one the unit
    lies in. Urban is the file's, else by one reading of the class (``urban``); what another
    reading says stands in ``urban_other``.
    """
    check_cohorts(units, findings)
    codes = units["unit_id"].astype("str")
    by_code = codes.str[:_TOWNSHIP_DIGITS].where(
        codes.str.fullmatch(_UNIT_CODE).fillna(value=False).astype(bool)
    )
    ids = filled(units["township_id"].where(units["township_id"].notna(), by_code))
    said = units["urban"]
    (other,) = (name for name in urban_readings() if name != urban)
    units = units.assign(
        township_id=ids,
        urban=said.where(said.notna(), urban_by_class(units, urban)),
        urban_other=urban_by_class(units, other),
    )
    return units if townships is None else _in_townships(units, townships, findings)


def urban_by_class(units: pd.DataFrame, reading: str = DEFAULT_URBAN) -> pd.Series[Any]:
    """Give urban for units of the reading's classes and kinds, else rural; missing of no class."""
    rule = table_of("urban")[reading]
    known = units["urban_class"].notna()
    urban = units["urban_class"].isin(rule["classes"]) & units["kind"].isin(rule["kinds"])
    return urban.astype("boolean").where(known)


def urban_readings() -> tuple[str, ...]:
    """Give the readings there are of which units are urban."""
    return tuple(table_of("urban"))


def check_cohorts(frame: pd.DataFrame, findings: Findings) -> None:
    """Tell every cohort that is larger than the one it is part of; sources may differ."""
    for part, whole in _PARTS:
        rows = frame.loc[frame[part] > frame[whole], part]
        findings.tell_rows("cohort_too_large", rows, column=part, fatal=False, whole=whole)


def _in_townships(
    units: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, findings: Findings
) -> gpd.GeoDataFrame:
    """Take names from the townships layer, and townships from the place where no code tells."""
    ids = units["township_id"]
    if ids.isna().any():
        inside = units.geometry.representative_point()
        ids = ids.where(ids.notna(), lying_in(inside, townships, "township_id"))
    names = dict(zip(townships["township_id"], townships["name"], strict=True))
    unknown = ids[ids.notna() & ~ids.isin(list(names))]
    findings.tell_rows("unknown_township", unknown, column="township_id", fatal=False)
    township = units["township"].where(units["township"].notna(), ids.map(names))
    return units.assign(township_id=filled(ids), township=filled(township))
