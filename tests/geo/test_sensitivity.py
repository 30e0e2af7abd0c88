"""What depends on an assumption: each scenario beside a second run with the assumption changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import geo
from geo.coverage import Coverage
from geo.demand import demand
from geo.scenarios import lost_streets
from geo.times import measure_times
from layers.project import Margins
from tests.town import town_area, town_project

NEAR_MS = 60  # rounding of a whole way: a millisecond for each arc of it
KEYS = ["unit_id", "indicator"]


def slower(mode, factor):
    """Give a mode with every speed it has changed by a factor."""
    return replace(
        mode,
        off_road_kmh=mode.off_road_kmh * factor,
        max_kmh=mode.max_kmh * factor,
        granted_kmh=mode.granted_kmh * factor,
        classes={name: replace(rule, kmh=rule.kmh * factor) for name, rule in mode.classes.items()},
        push=None if mode.push is None else slower(mode.push, factor),
    )


def with_speeds(area, project, factor):
    modes = {name: slower(mode, factor) for name, mode in project.modes.items()}
    streets = area.streets.assign(speed_kmh=area.streets["speed_kmh"] * factor)
    return replace(area, streets=streets), replace(project, modes=modes)


def with_limits(project, minutes):
    def moved(limit):
        return replace(limit, minutes=max(0.0, limit.minutes + minutes))

    categories = {
        name: replace(each, urban=moved(each.urban), rural=moved(each.rural))
        for name, each in project.categories.items()
    }
    indicators = tuple(
        each if each.minutes is None else replace(each, minutes=max(0.0, each.minutes + minutes))
        for each in project.indicators
    )
    circle = project.circle
    longest = (*circle.minutes[:-1], circle.minutes[-1] + minutes)
    circle = replace(circle, minutes=longest)
    return replace(project, categories=categories, indicators=indicators, circle=circle)


def with_access(project, factor):
    metres = project.rules.max_access_metres * factor
    return replace(project, rules=replace(project.rules, max_access_metres=metres))


def expected(study, again):
    """Give the rows of coverage that a second run changed."""
    both = study.coverage.merge(again.coverage, on=KEYS, suffixes=("", "_then"))
    both = both[both["covered"].notna()]
    people = ~np.isclose(
        both["people_covered"].astype(float),
        both["people_covered_then"].astype(float),
        equal_nan=True,
    )
    return both[(both["covered"] != both["covered_then"]) | people].set_index(KEYS)


def found(study, scenario):
    rows = study.sensitivity[study.sensitivity["scenario"] == scenario]
    return rows.set_index(KEYS)


RUNS = {
    "limit_less": lambda area, project: (area, with_limits(project, -1)),
    "limit_more": lambda area, project: (area, with_limits(project, 1)),
    "access_less": lambda area, project: (area, with_access(project, 0.8)),
    "access_more": lambda area, project: (area, with_access(project, 1.2)),
    "speed_less": lambda area, project: with_speeds(area, project, 0.9),
    "speed_more": lambda area, project: with_speeds(area, project, 1.1),
}


def in_two_modes(project):
    """Let a category with capacity be asked for on foot in towns and by car in the country."""
    nursery = project.categories["nursery"]
    by_car = replace(nursery, rural=replace(nursery.rural, mode="drive"))
    return replace(project, categories={**project.categories, "nursery": by_car})


@pytest.fixture(scope="module", params=["one mode", "two modes"])
def town(request):
    """Give the assessed town, each category asked for by one mode or one of them by two."""
    project = town_project()
    return geo.assess(
        town_area(), in_two_modes(project) if request.param == "two modes" else project
    )


@pytest.mark.parametrize("scenario", RUNS)
def test_in_the_town_a_scenario_is_what_a_second_run_finds(town, scenario):
    area, project = RUNS[scenario](town.area, town.project)
    again = geo.assess(area, replace(project, margins=Margins(0, 0, 0, 0)))
    rows, asked = found(town, scenario), expected(town, again)
    assert set(rows.index) == set(asked.index)
    rows = rows.loc[asked.index]
    assert rows["covered_then"].tolist() == asked["covered_then"].tolist()
    assert rows["people_covered_then"].to_numpy(float) == pytest.approx(
        asked["people_covered_then"].to_numpy(float), nan_ok=True
    )


def test_the_swing_of_a_share_is_the_least_and_greatest_of_the_second_runs(town):
    margins = Margins(street_share=0)
    study = geo.assess(town.area, replace(town.project, margins=margins))
    values = [study.scorecard["value"]]
    for run in RUNS.values():
        area, project = run(town.area, town.project)
        values.append(geo.assess(area, project).scorecard["value"])
    every = pd.concat(values, axis=1)
    timed = study.scorecard["swing_low"].notna()
    assert timed.sum() > 20
    low, high = study.scorecard["swing_low"], study.scorecard["swing_high"]
    assert low[timed].tolist() == pytest.approx(every.min(axis=1)[timed].tolist())
    assert high[timed].tolist() == pytest.approx(every.max(axis=1)[timed].tolist())
    assert (low[timed] < high[timed]).any()
    by_time = study.scorecard["measure"].isin(["access", "radiation"])
    assert not (timed & ~by_time).any()


@pytest.mark.parametrize(("scenario", "factor"), [("speed_less", 0.9), ("speed_more", 1.1)])
def test_in_the_county_changed_speeds_are_changed_limits_but_for_rounding(
    demo_study, scenario, factor
):
    study = demo_study
    area, project = with_speeds(study.area, study.project, factor)
    where = demand(area.units, area.residences, known_share=project.rules.known_share)
    used = {
        limit.mode for each in project.categories.values() for limit in (each.urban, each.rural)
    }
    times = {name: measure_times(area, where, project.modes[name], project) for name in used}
    judge = Coverage(area, where, times, project)
    rows = judge.rows(*project.categories.values())
    then = rows.set_index(KEYS)
    now = study.coverage.set_index(KEYS).loc[then.index]
    flips = found(study, scenario)
    told = now["covered"].astype("boolean").copy()
    told.loc[[key for key in flips.index if key in told.index]] = flips["covered_then"].loc[
        [key for key in flips.index if key in told.index]
    ]
    differs = (told != then["covered"].astype("boolean")).fillna(value=False)
    late = (then["minutes"] - then["limit_minutes"]).abs() * 60_000
    assert (late[differs] <= NEAR_MS).all()
    assert differs.sum() <= 2
    assert (now["covered"] != then["covered"]).sum() > 20


def test_a_gap_names_the_scenarios_that_would_close_it(town):
    flips = town.sensitivity[~town.sensitivity["covered"] & town.sensitivity["covered_then"]]
    asked = flips.groupby(KEYS)["scenario"].agg(set).to_dict()
    told = town.gaps[town.gaps["flips"].notna()]
    assert len(told) > 0
    for row in told.to_dict("records"):
        names = set(filter(None, row["flips"].split(";")))
        assert names == asked.get((row["unit_id"], row["indicator"]), set())
    untimed = town.gaps[town.gaps["flips"].isna()]
    assert (untimed["measure"].ne("access") | untimed["covered"].isna()).all()


def test_lost_streets_are_drawn_by_their_ids_alone():
    names = pd.Series([f"way/{number}" for number in range(20_000)])
    lost = lost_streets(names, 0.05)
    assert lost.mean() == pytest.approx(0.05, abs=0.01)
    assert lost[::-1].tolist() == lost_streets(names[::-1], 0.05).tolist()
    assert not (lost & ~lost_streets(names, 0.1)).any()


def test_a_lost_street_uncovers_whom_it_served(demo_study):
    rows = demo_study.sensitivity[demo_study.sensitivity["scenario"] == "streets_less"]
    assert (rows["covered"] & ~rows["covered_then"].astype(bool)).any()
    assert rows["people_covered_then"].sum() < rows["people_covered"].sum()


def test_a_margin_of_nothing_is_not_asked():
    project = replace(town_project(), margins=Margins(0, 0, 0, 0))
    study = geo.assess(town_area(), project)
    assert study.sensitivity.empty
    timed = study.scorecard["swing_low"].notna()
    value = study.scorecard["value"][timed]
    assert study.scorecard["swing_low"][timed].tolist() == value.tolist()


def test_without_streets_speeds_and_limits_are_asked_and_nothing_else():
    study = geo.assess(replace(town_area(), streets=None), town_project())
    assert {name.partition("_")[0] for name in study.sensitivity["scenario"]} <= {"speed", "limit"}
