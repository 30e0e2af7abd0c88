"""What the page knows of a study: a header of names and settings, and packed columns."""

from __future__ import annotations

from dataclasses import replace
from statistics import multimode
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from pyproj import CRS

from geo.coverage import is_urban
from geo.demand import demand
from geo.placement import has_point
from geo.unlocated import listed
from layers.vocabulary import LANGUAGES, PLAN_STATUS, texts_of
from maps.basemaps import basemaps
from maps.cells import unit_cells
from maps.columns import REASONS, add_times, cohort_of, cohorts_of, positions, used_modes
from maps.fair_figures import add_supply
from maps.packed import NEVER, Columns
from maps.packed_network import add_networks
from maps.places import add_places
from maps.policy_figures import add_scorecard
from maps.relief import add_relief
from maps.sensitivity_figures import add_sensitivity
from maps.shapes import Grid, bounds_of
from maps.style import palette
from maps.warp import warps

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.demand import Demand
    from geo.study import Study
    from layers.project import Mode
    from layers.vocabulary import Language

Json = dict[str, Any]
_MARK = 12  # of the 64 digits of a hash


class _Named(Protocol):
    @property
    def name_zh(self) -> str: ...

    @property
    def name_en(self) -> str: ...


def page_content(study: Study, lang: Language) -> tuple[Json, Columns]:
    """Give everything the page shows and counts with: its header, and its columns.

    Facilities of categories that are only listed are not on the map.
    """
    study = _timed(study)
    drawn = unit_cells(study.area.units, study.area.townships)
    known_share = study.project.rules.known_share
    people = demand(study.area.units, study.area.residences, known_share=known_share)
    grid = Grid.over(drawn.geometry)
    columns = Columns()
    _add_units(columns, study, drawn)
    _add_facilities(columns, study)
    add_places(columns, study, grid, drawn=drawn)
    add_times(columns, study, people)
    scorecard = add_scorecard(columns, study)
    network = add_networks(columns, study)
    supply = add_supply(columns, study, township_names(study).index)
    project = study.project
    header = {
        "lang": lang,
        "texts": {
            each: {name: texts_of(name, each) for name in ("page", "words")} for each in LANGUAGES
        },
        "palette": palette(),
        "name": project.name,
        "simulated": project.simulated,
        "public": project.profile == "public",
        "attribution": list(project.attribution),
        "dataDate": project.data_date,
        "plan": _plan(study),
        "crs": {"code": study.area.crs, "name": CRS.from_user_input(study.area.crs).name},
        "basis": study.basis,
        "unitShare": project.rules.unit_share,
        "searchMinutes": project.rules.search_minutes,
        "statuses": sorted(project.rules.statuses),
        "bits": grid.bits,
        "bounds": bounds_of(drawn.geometry),
        "relief": add_relief(columns, study, grid),
        "basemaps": list(basemaps()),
        "modes": _modes(study),
        "categories": _categories(study, people),
        "cohorts": cohorts_of(people),
        "reasons": list(REASONS),
        "circle": _circle(study),
        "scorecard": scorecard,
        "assumptions": add_sensitivity(columns, study),
        "supply": supply,
        "network": network,
        "warps": warps(_everywhere(study, drawn, people), grid),
    }
    return header, columns


def _everywhere(study: Study, drawn: gpd.GeoDataFrame, people: Demand) -> gpd.GeoSeries:
    """Give all that has a place on the map."""
    return pd.concat([drawn.geometry, people.frame.geometry, study.area.facilities.geometry])


def _timed(study: Study) -> Study:
    """Give the study with the facilities of timed categories alone."""
    facilities = study.area.facilities
    shown = facilities["category"].isin(list(study.project.categories))
    area = replace(study.area, facilities=facilities[shown].reset_index(drop=True))
    return replace(study, area=area)


def _plan(study: Study) -> Json | None:
    """Name the what-if that the figures are of, and mark it by the start of its hash."""
    plan = study.area.plan
    return None if plan is None else {"name": plan.name, "mark": plan.sha256[:_MARK]}


def township_names(study: Study) -> pd.Series[str]:
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


def _named(thing: _Named) -> Json:
    return {"zh": thing.name_zh, "en": thing.name_en}


def _modes(study: Study) -> list[Json]:
    methods = study.times.drop_duplicates(["mode", "method"]).groupby("mode")["method"].agg(sorted)
    return [
        {
            "id": mode.id,
            "name": _named(mode),
            **_speeds(mode),
            "slope": mode.slope is not None and study.area.has_elevation,
            "methods": list(methods.get(mode.id, [])),
        }
        for mode in (study.project.modes[name] for name in used_modes(study))
    ]


def _speeds(mode: Mode) -> Json:
    """Give the usual speed where one holds on most street classes, else the range."""
    speeds = [rule.kmh for rule in mode.classes.values()]
    usual = multimode(speeds)
    if not speeds or speeds.count(usual[0]) * 2 > len(speeds):
        only = usual[0] if usual else mode.off_road_kmh
        return {"slowest": only, "fastest": only}
    return {"slowest": min(speeds), "fastest": max(speeds)}


def _categories(study: Study, people: Demand) -> list[Json]:
    known = listed(study.area, study.project)
    return [
        {
            "id": category.id,
            "name": _named(category),
            "cohort": cohort_of(category, people),
            "queues": category.capacity_per_1000 is not None and _queues(study),
            "sensitive": category.sensitive,
            "listed": category.id in known,
            "urban": {"minutes": category.urban.minutes, "mode": category.urban.mode},
            "rural": {"minutes": category.rural.minutes, "mode": category.rural.mode},
        }
        for category in study.project.categories.values()
    ]


def _queues(study: Study) -> bool:
    """Say whether people queue for room: where they are counted home by home."""
    return study.basis == "people" and study.project.profile == "internal"


def _circle(study: Study) -> Json:
    circle = study.project.circle
    order = list(study.project.categories)
    return {
        "name": _named(circle),
        "categories": [order.index(name) for name in circle.categories],
        "minutes": list(circle.minutes),
        "mode": circle.mode,
    }


def _add_units(columns: Columns, study: Study, drawn: gpd.GeoDataFrame) -> None:
    townships = township_names(study)
    columns.words("townships/id", townships.index)
    columns.words("townships/name", townships)
    columns.words("units/id", drawn["unit_id"])
    columns.words("units/name", drawn["name"])
    columns.whole("units/township", positions(drawn["township_id"].fillna(""), townships.index))
    columns.whole("units/urban", is_urban(drawn))
    columns.whole("units/derived", drawn["derived"])


def _add_facilities(columns: Columns, study: Study) -> None:
    """Add the facilities; ``room`` is how many people one serves, NaN where without bounds."""
    facilities, categories = study.area.facilities, study.project.categories
    per_1000 = {name: each.capacity_per_1000 for name, each in categories.items()}
    category = positions(facilities["category"], pd.Index([*categories]))
    # Names lie category by category: those of one kind are alike, and so take less room.
    names = facilities["name"].fillna(facilities["facility_id"])
    columns.words("facilities/id", facilities["facility_id"])
    columns.words("facilities/name", names.iloc[category.argsort(kind="stable")])
    columns.words("facilities/status", facilities["status"])
    columns.whole("facilities/category", category)
    # Of those without a point their unit is all that is known.
    lost = positions(facilities["unit_id"], pd.Index(study.area.units["unit_id"]))
    columns.whole("facilities/lost", np.where(has_point(facilities), NEVER, lost))
    counted = facilities["status"].isin([*study.project.rules.statuses, PLAN_STATUS])
    columns.whole("facilities/counted", counted)
    columns.real("facilities/capacity", facilities["capacity"].astype("float64"))
    places = facilities["category"].map(per_1000).astype("float64")
    # Where people are unknown nobody can say how many a place is for.
    room = facilities["capacity"].astype("float64") * 1000.0 / places
    columns.real("facilities/room", room if study.basis == "people" else room * np.nan)
