"""Laws of whole studies, on small random towns."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from shapely import to_wkb

import geo
from layers.project import Limit
from tests.random_town import (
    ALL_RULES,
    PLACES,
    WALK,
    milliseconds,
    random_area,
    town_of,
    towns,
    ways,
)
from tests.town import CRS, town_project

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.study import Study
    from layers.project import Mode
    from layers.study_area import StudyArea

FOUND = (
    "places",
    "times",
    "unit_times",
    "circles",
    "coverage",
    "gaps",
    "scorecard",
    "areas",
    "facility_load",
    "equity",
    "lorenz",
)
KEYS = (
    "level",
    "kind",
    "area_id",
    "unit_id",
    "place_id",
    "from_id",
    "residence_id",
    "facility_id",
    "category",
    "indicator",
    "mode",
    "measure",
    "share_of_people",
    "limit_minutes",
)

# each example assesses a town once or twice; a smaller seed is no simpler a town to shrink to
whole_studies = settings(max_examples=4, phases=[Phase.explicit, Phase.generate])


def assessed(area: StudyArea, *, mode: Mode = WALK, **minutes: float) -> Study:
    """Assess a town by one mode, with these categories and limits, and no policy."""
    base = town_project()
    limits = {name: Limit(limit, mode.id, "law") for name, limit in minutes.items()}
    clinic = base.categories["clinic"]
    project = replace(
        base,
        modes={mode.id: mode},
        categories={
            name: replace(clinic, id=name, urban=limit, rural=limit)
            for name, limit in limits.items()
        },
        circle=replace(base.circle, categories=tuple(limits), minutes=(2.0, 5.0), mode=mode.id),
        indicators=(),
        rules=ALL_RULES,
    )
    return geo.assess(area, project)


@whole_studies
@given(towns, ways)
def test_a_study_s_times_are_those_of_its_network(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)
    sides = area.residences.geometry, area.facilities.geometry
    expected = milliseconds(area.streets, mode, ALL_RULES, *sides).min(axis=1)
    found = assessed(area, mode=mode, c=5.0).times.set_index("residence_id")["milliseconds"]
    wide = found.reindex(area.residences["residence_id"]).astype("float64").fillna(np.inf)
    np.testing.assert_array_equal(wide, expected)


@whole_studies
@given(towns)
def test_coverage_grows_with_the_limit(seed: int) -> None:
    area = town_of(seed)
    one = area.facilities.geometry.iloc[0]
    alike = area.facilities.assign(category=["c1", "c2", "c4"]).set_geometry([one] * 3, crs=CRS)
    coverage = assessed(replace(area, facilities=alike), c1=1.0, c2=2.0, c4=4.0).coverage
    people = coverage.pivot_table(index="unit_id", columns="category", values="people_covered")
    assert (people["c1"] <= people["c2"]).all()
    assert (people["c2"] <= people["c4"]).all()


@whole_studies
@given(towns)
def test_what_the_shorter_limit_reaches_the_longer_reaches(seed: int) -> None:
    area = random_area(np.random.default_rng(seed), ["c0", "c1", "c2"])
    study = assessed(area, c0=5.0, c1=5.0, c2=5.0)
    keyed = study.circles.set_index(["level", "place_id"])
    small, large = (keyed[keyed["limit_minutes"] == minutes] for minutes in (2.0, 5.0))
    assert len(small) == len(large) == PLACES + len(area.units)
    assert (small["reached"] <= large["reached"]).all()
    both = large.assign(missing_before=small["missing"])
    for row in both.to_dict("records"):
        lacking = set(row["missing"].split(";")) - {""}
        assert lacking <= set(row["missing_before"].split(";"))
        assert len(lacking) == row["of"] - row["reached"]


@whole_studies
@given(towns)
def test_the_smaller_living_circle_lies_in_the_larger(seed: int) -> None:
    drawn = assessed(town_of(seed), c=5.0).areas
    drawn = drawn[drawn["kind"] == "living-circle"].set_index("from_id")
    small, large = (drawn[drawn["limit_minutes"] == minutes].geometry for minutes in (2.0, 5.0))
    assert set(small.index) <= set(large.index)
    assert (small.difference(large.reindex(small.index)).area < 1.0).all()


@whole_studies
@given(towns)
def test_covered_and_uncovered_are_all(seed: int) -> None:
    area = random_area(np.random.default_rng(seed), ["c0", "c1"])
    study = assessed(area, c0=1.5, c1=3.0)
    rows = study.coverage.set_index(["indicator", "unit_id"])
    assert rows.index.is_unique
    assert len(rows) == 2 * len(area.units)
    assert (rows["people_covered"] <= rows["people"]).all()
    assert (rows.groupby("indicator")["people"].sum() == area.units["people"].sum()).all()
    assert len(study.gaps) + rows["covered"].sum() == len(rows)
    assert (rows["reason"].isna() == rows["covered"].astype(bool)).all()


@whole_studies
@given(towns, ways)
def test_the_order_of_rows_changes_nothing(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)
    shuffled = {
        name: getattr(area, name).sample(frac=1, random_state=seed)
        for name in ("units", "residences", "facilities", "streets")
    }
    before = assessed(area, mode=mode, c=2.0)
    after = assessed(replace(area, **shuffled), mode=mode, c=2.0)
    for name in FOUND:
        first, second = (keyed(getattr(study, name)) for study in (before, after))
        pd.testing.assert_frame_equal(first, second, obj=name)


@whole_studies
@given(towns, ways)
def test_other_names_change_no_minutes(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)

    def renamed(layer: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
        backwards = [f"{99 - row}" for row in range(len(layer))]
        return layer.assign(**{key: backwards}).sort_values(key, ignore_index=True)

    other = replace(
        area,
        streets=renamed(area.streets, "street_id"),
        facilities=renamed(area.facilities, "facility_id"),
        residences=renamed(area.residences, "residence_id"),
    )
    before, after = (assessed(each, mode=mode, c=2.0).times for each in (area, other))
    new_name = dict(
        zip(area.residences["residence_id"], [f"{99 - n}" for n in range(PLACES)], strict=True)
    )
    known = before.set_index(before["residence_id"].map(new_name))["milliseconds"]
    assert known.to_dict() == after.set_index("residence_id")["milliseconds"].to_dict()


@whole_studies
@given(towns)
def test_the_same_input_gives_the_same_bytes(seed: int) -> None:
    area = town_of(seed, sloped=True)
    assert written(assessed(area, c=2.0)) == written(assessed(area, c=2.0))


def keyed(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort by every key there is; stand a digest for each geometry, which is compared exactly."""
    found = pd.DataFrame(frame)
    if "geometry" in found:
        digests = [sha256(shape).hexdigest() for shape in to_wkb(frame["geometry"])]
        found = found.assign(geometry=digests)
    return found.sort_values([key for key in KEYS if key in found], ignore_index=True)


def written(study: Study) -> dict[str, bytes]:
    """Write every frame of a study to bytes."""
    found = {}
    for name, frame in study.frames().items():
        file = BytesIO()
        frame.to_parquet(file)
        found[name] = file.getvalue()
    return found
