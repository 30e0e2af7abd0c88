"""Changes to a study area that must change its results in a known way, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.study import Study
    from layers.study_area import StudyArea

    Floats = NDArray[np.float64]

FRAMES = ("units", "residences", "facilities", "streets", "townships", "registers")
PAIR = ["residence_id", "category", "mode"]
SEED = 20261126
FAR_METRES = 30_000.0


def moved(area: StudyArea, metres: float = 1000.0) -> StudyArea:
    """Move everything east and north."""
    return _placed(area, lambda points: points + metres)


def turned(area: StudyArea) -> StudyArea:
    """Turn everything by a right angle: north becomes east's name, and west north's."""
    middle = np.round(np.array(area.streets.total_bounds).reshape(2, 2).mean(axis=0))

    def turn(points: Floats) -> Floats:
        x, y = (points - middle).T
        return np.round(np.column_stack([-y, x]) + middle, 2)

    return _placed(area, turn)


def split(area: StudyArea) -> StudyArea:
    """Cut every street that has a vertex within at one of them, into two that meet there."""
    random, rows = np.random.default_rng(SEED), []
    for row in area.streets.to_dict("records"):
        points = shapely.get_coordinates(row["geometry"], include_z=row["geometry"].has_z)
        if len(points) < 3:
            rows.append(row)
            continue
        at = int(random.integers(1, len(points) - 1))
        for name, part in (("a", points[: at + 1]), ("b", points[at:])):
            line = shapely.LineString(part)
            rows.append(row | {"street_id": f"{row['street_id']}-{name}", "geometry": line})
    parts = gpd.GeoDataFrame(rows, geometry="geometry", crs=area.streets.crs)
    kept = parts.astype(area.streets.drop(columns="geometry").dtypes.to_dict())
    return replace(area, streets=kept.sort_values("street_id", ignore_index=True))


def with_far_street(area: StudyArea) -> StudyArea:
    """Add a street of 100 m far from everything, that nobody can use."""
    street = area.streets.iloc[[0]].copy()
    east, north = area.streets.total_bounds[2:] + FAR_METRES
    has_z = bool(area.streets.has_z.any())
    ends = [(east, north, 0.0), (east + 100.0, north, 0.0)]
    street["geometry"] = [shapely.LineString(ends if has_z else [end[:2] for end in ends])]
    street["street_id"] = "~far"
    return replace(area, streets=pd.concat([area.streets, street], ignore_index=True))


def with_double(area: StudyArea, facility_id: str) -> StudyArea:
    """Register a facility a second time, under an id that comes after its own."""
    one = area.facilities[area.facilities["facility_id"] == facility_id]
    both = pd.concat([area.facilities, one.assign(facility_id=f"{facility_id}~")])
    return replace(area, facilities=both.sort_values("facility_id", ignore_index=True))


def merged(area: StudyArea, one: str, other: str) -> StudyArea:
    """Make two units one, under the id and at the place of the first."""
    units = area.units.set_index("unit_id", drop=False)
    added = [name for name in ("people", "households", "age_0_14", "age_60_plus", "age_65_plus",
                               "disabled") if name in units]  # fmt: skip
    sums = units.loc[[one, other], added].sum(min_count=1)
    units.loc[one, added] = sums
    homes = area.residences
    return replace(
        area,
        units=units.drop(index=other).reset_index(drop=True),
        residences=homes.assign(unit_id=homes["unit_id"].where(homes["unit_id"] != other, one)),
    )


def neighbours(area: StudyArea) -> tuple[str, str]:
    """Give two units of one township and class, both with residences, nearest to each other."""
    housed = area.units[area.units["unit_id"].isin(area.residences["unit_id"])]
    points = shapely.get_coordinates(housed.representative_point())
    apart = np.hypot(*(points[:, None] - points[None, :]).T)
    for name in ("township_id", "urban"):
        same = housed[name].astype("str").to_numpy()
        apart = np.where(same[:, None] == same[None, :], apart, np.inf)
    np.fill_diagonal(apart, np.inf)
    first, second = np.unravel_index(apart.argmin(), apart.shape)
    one, other = sorted(housed["unit_id"].iloc[[first, second]])
    return one, other


def most_used(study: Study) -> str:
    """Give the facility that is the nearest of most residences."""
    return str(study.times["facility_id"].value_counts().index[0])


def within(area: StudyArea, township: str, metres: float = 300.0) -> StudyArea:
    """Cut out one township: its units and residences, the facilities and streets around them."""
    units = area.units[area.units["township_id"] == township]
    homes = area.residences[area.residences["unit_id"].isin(units["unit_id"])]
    ground = shapely.box(*homes.total_bounds).buffer(metres)
    near = {
        name: getattr(area, name)[getattr(area, name).intersects(ground)].reset_index(drop=True)
        for name in ("facilities", "streets")
    }
    return replace(
        area, units=units.reset_index(drop=True), residences=homes.reset_index(drop=True),
        registers=None, dead_ends=None, names=None, **near,
    )  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """What two studies of the same residences differ in.

    ``pairs`` (residence, category, mode) that can be travelled in both, the most ``milliseconds``
    one of them differs by, pairs travelled in one study only, and units x categories that are
    covered in one only.
    """

    pairs: int
    milliseconds: int
    one_only: int
    flipped: int


def difference(before: Study, after: Study) -> Difference:
    """Compare the times of residences and the coverage of units that both studies have."""
    times = before.times.merge(after.times, on=PAIR, how="outer", indicator=True)
    both = times[times["_merge"] == "both"]
    apart = (both["milliseconds_x"] - both["milliseconds_y"]).abs()
    keys = ["unit_id", "indicator"]
    covered = before.coverage.merge(after.coverage, on=keys)
    same = covered["covered_x"].astype("boolean").eq(covered["covered_y"].astype("boolean"))
    known = covered["covered_x"].notna() | covered["covered_y"].notna()
    return Difference(
        pairs=len(both),
        milliseconds=int(apart.max()),
        one_only=len(times) - len(both),
        flipped=int((known & ~same.fillna(value=False)).sum()),
    )


def people_covered(study: Study) -> pd.Series[Any]:
    """Give the people covered in the whole study, by indicator."""
    return study.coverage.groupby("indicator")["people_covered"].sum()


CHANGES: dict[str, tuple[Callable[[StudyArea, Study], StudyArea], int]] = {
    "everything 1 km north-east": (lambda area, _: moved(area), 2),
    "axes turned by a right angle": (lambda area, _: turned(area), 2),
    "every street cut at a vertex": (lambda area, _: split(area), 0),
    "an unused street far away": (lambda area, _: with_far_street(area), 0),
    "a facility registered twice": (lambda area, study: with_double(area, most_used(study)), 0),
    "two units made one": (lambda area, _: merged(area, *neighbours(area)), 0),
}
"""Every change, and by how many milliseconds a residence's time may differ after it.

Turned or moved, the same street has other coordinates, so that the last bit of its length may
differ and with it the rounding of a leg or an arc; none of the others touches a length.
"""


def _placed(area: StudyArea, place: Callable[[Floats], Floats]) -> StudyArea:
    """Give the area with every place elsewhere; heights stay."""

    def point(points: Floats) -> Floats:
        return np.column_stack([place(points[:, :2]), points[:, 2:]])

    frames = {}
    for name in FRAMES:
        frame = getattr(area, name)
        if frame is None:
            continue
        shapes = frame.geometry.to_numpy()
        has_z = bool(shapely.has_z(shapes).any())
        frames[name] = frame.set_geometry(
            gpd.GeoSeries(
                shapely.transform(shapes, point, include_z=has_z), frame.index, crs=frame.crs
            )
        )
    return replace(area, dead_ends=None, **frames)
