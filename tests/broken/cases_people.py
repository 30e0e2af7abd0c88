"""Ways in which a population grid, or the people of townships, can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.project import LayerSource
from tests.broken.breaks import both, garbage
from tests.broken.case import Case
from tests.broken.good_study import EAST, NORTH
from tests.population_raster import FILE, write_people

if TYPE_CHECKING:
    from tests.broken.breaks import Damage
    from tests.broken.good_study import GoodStudy


def _from_grid(study: GoodStudy) -> None:
    study.units = study.units.drop(columns=["people", "age_60_plus", "age_65_plus"])
    study.sources["grid"] = LayerSource("grid", "population", Path(FILE))


def _grid(value: float = 10.0, *, columns: int = 8, **options: Any) -> Damage:
    people = np.full((8, columns), 10.0)
    people[0, 0] = value

    def damage(folder: Path) -> None:
        write_people(folder / FILE, people, **options)

    return damage


def _second(study: GoodStudy) -> None:
    study.sources["grid2"] = LayerSource("grid2", "population", Path(FILE))


def _points(study: GoodStudy) -> None:
    study.units = study.units.set_geometry(study.units.centroid)
    del study.sources["townships"]


def _small_township(study: GoodStudy) -> None:
    study.units.loc[0, "people"] = np.nan
    study.townships = study.townships.assign(people=200.0)


FAR = (EAST + 9e5, NORTH)

PEOPLE_CASES = (
    Case("人口栅格不在文件夹里", "grid", "missing_file", _from_grid),
    Case("人口栅格已损坏", "grid", "unreadable_file", _from_grid, garbage(FILE)),
    Case("人口栅格在别处", "grid", "population_elsewhere", _from_grid, _grid(corner=FAR)),
    Case("人口栅格没有坐标系", "grid", "missing_crs", _from_grid, _grid(crs=None)),
    Case("两个人口栅格", "grid2", "one_layer_only", both(_from_grid, _second), _grid()),
    Case(
        "单元是点，没有乡镇也没有边界",
        "grid",
        "population_no_ground",
        both(_from_grid, _points),
        _grid(),
    ),
    Case("人口栅格有负数", "grid", "population_negative", _from_grid, _grid(-1.0), fatal=False),
    Case(
        "单元已有人口，又给了人口栅格",
        "grid",
        "population_unused",
        lambda s: s.sources.update(grid=LayerSource("grid", "population", Path(FILE))),
        _grid(),
        fatal=False,
    ),
    Case(
        "人口栅格只盖住一半",
        "grid",
        "population_uncovered",
        _from_grid,
        _grid(columns=4),
        fatal=False,
    ),
    Case("乡镇人口少于各单元之和", "townships", "township_short", _small_township, fatal=False),
)
