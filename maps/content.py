"""What the page knows of a study, as JSON: names once, positions instead of ids."""

from __future__ import annotations

from dataclasses import replace
from statistics import multimode
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.coverage import is_urban
from geo.demand import demand
from layers.vocabulary import texts_of
from maps.cells import unit_cells
from maps.columns import cohort_of, positions, time_columns, used_modes
from maps.shapes import (
    bounds_of,
    lines_of,
    paths_of,
    points_of,
    simplify_together,
    tolerance_of,
)
from maps.style import MAIN_STREETS, palette

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.demand import Demand
    from geo.study import Study
    from layers.project import Mode
    from layers.vocabulary import Language

Json = dict[str, Any]


def page_data(study: Study, lang: Language) -> Json:
    """Give everything the page shows and counts with; what is only listed is not on the map."""
    study = _timed(study)
    drawn = unit_cells(study.area.units, study.area.townships)
    known_share = study.project.rules.known_share
    people = demand(study.area.units, study.area.residences, known_share=known_share)
    tolerance = tolerance_of(drawn.geometry)
    return {
        "lang": lang,
        "texts": {name: texts_of(name, lang) for name in ("page", "words")},
        "palette": palette(),
        "name": study.project.name,
        "simulated": study.project.simulated,
        "attribution": list(study.project.attribution),
        "dataDate": study.project.data_date,
        "basis": study.basis,
        "unitShare": study.project.rules.unit_share,
        "searchMinutes": study.project.rules.search_minutes,
        "bounds": bounds_of(drawn.geometry),
        "modes": _modes(study, lang),
        "categories": _categories(study, people, lang),
        "circle": _circle(study, lang),
        "units": _units(study, drawn, tolerance),
        "townships": _townships(study, tolerance),
        **time_columns(study, people),
        "facilities": _facilities(study),
        "streets": _streets(study, tolerance),
        "reach": _reach(study, tolerance),
    }


def _timed(study: Study) -> Study:
    """Give the study with the facilities of timed categories alone."""
    facilities = study.area.facilities
    shown = facilities["category"].isin(list(study.project.categories))
    area = replace(study.area, facilities=facilities[shown].reset_index(drop=True))
    return replace(study, area=area)


def _modes(study: Study, lang: Language) -> list[Json]:
    used = used_modes(study)
    methods = study.times.drop_duplicates(["mode", "method"]).groupby("mode")["method"].agg(sorted)
    return [
        {
            "id": mode.id,
            "name": mode.name(lang),
            **_speeds(mode),
            "slope": mode.slope is not None and study.area.has_elevation,
            "methods": list(methods.get(mode.id, [])),
        }
        for mode in (study.project.modes[name] for name in used)
    ]


def _speeds(mode: Mode) -> Json:
    """Give the usual speed where one holds on most street classes, else the range."""
    speeds = [rule.kmh for rule in mode.classes.values()]
    usual = multimode(speeds)
    if not speeds or speeds.count(usual[0]) * 2 > len(speeds):
        only = usual[0] if usual else mode.off_road_kmh
        return {"slowest": only, "fastest": only}
    return {"slowest": min(speeds), "fastest": max(speeds)}


def _categories(study: Study, people: Demand, lang: Language) -> list[Json]:
    return [
        {
            "id": category.id,
            "name": category.name(lang),
            "cohort": cohort_of(category, people),
            "urban": {"minutes": category.urban.minutes, "mode": category.urban.mode},
            "rural": {"minutes": category.rural.minutes, "mode": category.rural.mode},
        }
        for category in study.project.categories.values()
    ]


def _circle(study: Study, lang: Language) -> Json:
    circle = study.project.circle
    order = list(study.project.categories)
    return {
        "name": circle.name_zh if lang == "zh" else circle.name_en,
        "categories": [order.index(name) for name in circle.categories],
        "minutes": circle.minutes[-1],
        "mode": circle.mode,
    }


def _units(study: Study, drawn: gpd.GeoDataFrame, tolerance: float) -> Json:
    townships = _township_names(study)
    return {
        "id": drawn["unit_id"].tolist(),
        "name": drawn["name"].tolist(),
        "township": positions(drawn["township_id"].fillna(""), townships.index).tolist(),
        "urban": is_urban(drawn).tolist(),
        "derived": drawn["derived"].tolist(),
        "shape": paths_of(simplify_together(drawn.geometry, tolerance)),
    }


def _township_names(study: Study) -> pd.Series[str]:
    """Give the name of each township by its code, sorted by code; "" is for units without one."""
    units = study.area.units
    named = pd.concat(
        [
            study.area.townships[["township_id", "name"]],
            units[["township_id", "township"]].set_axis(["township_id", "name"], axis=1),
        ]
    ).fillna({"township_id": ""})
    used = named[named["township_id"].isin(units["township_id"].fillna(""))]
    names: pd.Series[str] = used.groupby("township_id")["name"].first()
    return names.fillna("").sort_index()


def _townships(study: Study, tolerance: float) -> Json:
    names = _township_names(study)
    areas = study.area.townships
    outlines = simplify_together(areas.geometry, tolerance) if len(areas) else areas.geometry
    x, y = points_of(areas.geometry.representative_point())
    return {
        "id": names.index.tolist(),
        "name": names.tolist(),
        "outlines": paths_of(outlines),
        "labels": {"name": areas["name"].tolist(), "x": x, "y": y},
    }


def _facilities(study: Study) -> Json:
    facilities = study.area.facilities
    x, y = points_of(facilities.geometry)
    return {
        "name": facilities["name"].fillna(facilities["facility_id"]).tolist(),
        "category": positions(
            facilities["category"], pd.Index(list(study.project.categories))
        ).tolist(),
        "counted": facilities["status"].isin(study.project.rules.statuses).tolist(),
        "status": facilities["status"].tolist(),
        "x": x,
        "y": y,
    }


def _streets(study: Study, tolerance: float) -> list[list[int]]:
    streets = study.area.streets
    if streets is None:
        return []
    main = streets[streets["class"].isin(MAIN_STREETS)]
    return lines_of(main.geometry, tolerance) if len(main) else []


def _reach(study: Study, tolerance: float) -> Json:
    """Give living circles by unit and service areas by facility: minutes, mode and shape."""
    owners = {
        "living-circle": pd.Index(study.area.units["unit_id"]),
        "service-area": pd.Index(study.area.facilities["facility_id"]),
    }
    found: Json = {kind: {} for kind in owners}
    areas = study.areas.sort_values("limit_minutes", ascending=False, kind="stable")
    shapes = paths_of(areas.geometry.simplify(tolerance))
    columns = (areas["kind"], areas["from_id"], areas["limit_minutes"], areas["mode"])
    for kind, from_id, minutes, mode, shape in zip(*columns, shapes, strict=True):
        at = int(owners[kind].get_loc(from_id))
        found[kind].setdefault(at, []).append({"minutes": minutes, "mode": mode, "shape": shape})
    return found
