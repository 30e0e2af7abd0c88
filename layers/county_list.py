"""The counties of Fujian with their townships, communities and villages, as the package ships them.

Source: National Bureau of Statistics, division codes and urban-rural classes, 2023 edition.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import pandas as pd

from layers.check import nearest
from layers.errors import Problem, ProjectError

COUNTY_LIST = Path(__file__).parent / "codes" / "fujian-2023.csv.xz"

_COUNTY, _TOWNSHIP, _UNIT = 6, 9, 12  # digits of a code
_KINDS = {"c": "community", "v": "village", "o": "village"}  # what is like either is a village


@dataclass(frozen=True)
class ListedCounty:
    """One county: its units (unit_id, name, kind, township_id, township, urban_class), sorted.

    ``meridian`` is the central meridian of its 3-degree zone, degrees east.
    """

    code: str
    name: str
    meridian: int
    units: pd.DataFrame

    @property
    def crs(self) -> str:
        """The CGCS2000 CRS of its 3-degree zone, metres without a zone number."""
        return f"EPSG:{4534 + (self.meridian - 75) // 3}"


def county_of(code: str) -> ListedCounty:
    """Give the county of a 6-digit code. Raises ProjectError with the nearest codes known."""
    table = _table()
    size = table["code"].str.len()
    counties = table[size == _COUNTY].set_index("code")
    if code not in counties.index:
        alike = _nearest(code, {f"{each} {name}" for each, name in counties["name"].items()})
        values = (("nearest", alike),)
        raise ProjectError(Problem("new", "unknown_county", value=code, values=values))
    own = table[table["code"].str.startswith(code)]
    towns = own[own["code"].str.len() == _TOWNSHIP].set_index("code")["name"]
    listed = own[own["code"].str.len() == _UNIT]
    township = listed["code"].str[:_TOWNSHIP]
    units = pd.DataFrame(
        {
            "unit_id": listed["code"],
            "name": listed["name"],
            "kind": listed["kind"].map(_KINDS),
            "township_id": township,
            "township": township.map(towns),
            "urban_class": listed["class"],
        }
    )
    county = counties.loc[code]
    return ListedCounty(
        code, str(county["name"]), int(str(county["class"])), units.reset_index(drop=True)
    )


def county_codes() -> tuple[str, ...]:
    """Give the codes of all counties listed."""
    codes = _table()["code"]
    return tuple(codes[codes.str.len() == _COUNTY])


def _nearest(said: str, known: set[str]) -> str:
    """Give the county that begins with most of a code, or is called most like a name."""
    if said.isdecimal():
        return max(sorted(known), key=lambda shown: _begins_alike(said, shown))
    names = {shown.partition(" ")[2]: shown for shown in sorted(known)}
    return names[nearest(said, names)]


def _begins_alike(one: str, other: str) -> int:
    return next((at for at in range(len(one)) if one[: at + 1] != other[: at + 1]), len(one))


@cache
def _table() -> pd.DataFrame:
    text = lzma.decompress(COUNTY_LIST.read_bytes()).decode()
    return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
