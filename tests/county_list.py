"""The list of units that the package ships, made from the published one.

To make it anew: ``python -m tests.county_list``. One line a county (6 digits, with the central
meridian of its 3-degree zone), township (9) and unit (12, with c for a residents' committee, v
for a villagers', o for what is like either, and its urban-rural class).
"""

from __future__ import annotations

import lzma
from pathlib import Path

import pandas as pd

from layers.county_list import COUNTY_LIST

FUJIAN = Path(__file__).resolve().parents[2] / "shared" / "data" / "fujian"
KINDS = {"居": "c", "村": "v", "类": "o"}


def made(folder: Path = FUJIAN) -> str:
    """Give the list as text, from the published units and the seats of GeoNames."""
    read = {"dtype": str, "encoding": "utf-8-sig"}
    units = pd.read_csv(folder / "fujian_villages_2023.csv", **read)
    places = pd.read_csv(folder / "fujian_places_geonames_cities500.csv", **read)
    meridians = _meridians(units, places)
    lines = []
    for (county, name), of_county in units.groupby(["county_code", "county"]):
        lines.append(f"{county},{name},,{meridians[county]}")
        for (township, town), of_town in of_county.groupby(["town_code", "town"]):
            lines.append(f"{township},{town},,")
            for unit in of_town.itertuples():
                kind = KINDS[unit.kind[0]]
                lines.append(f"{unit.village_code},{unit.name},{kind},{unit.urban_rural_code}")
    return "code,name,kind,class\n" + "\n".join(lines) + "\n"


def _meridians(units: pd.DataFrame, places: pd.DataFrame) -> dict[str, int]:
    """Give the nearest of 117 and 120 E to each county's seats, or to its prefecture's."""
    seats = places.dropna(subset=["town_code"])
    lon = seats["lon"].astype(float)
    of_county = lon.groupby(seats["town_code"].str[:6]).mean()
    of_city = lon.groupby(seats["town_code"].str[:4]).mean()
    return {
        county: 3 * round(of_county.get(county, of_city[county[:4]]) / 3)
        for county in units["county_code"].unique()
    }


if __name__ == "__main__":
    content = made().encode()
    COUNTY_LIST.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
