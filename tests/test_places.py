"""Real places from their files to their figures."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import geo
import layers
from bench.places import found, write_porto_alegre

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def porto_alegre(real_data, tmp_path_factory):
    project = layers.read_project(
        write_porto_alegre(real_data, tmp_path_factory.mktemp("real") / "poa")
    )
    # Coarse polygons: the figures do not come from them.
    project = replace(project, rules=replace(project.rules, cell_metres=100.0))
    return geo.assess(layers.read_study_area(project), project)


def test_porto_alegre_keeps_its_hexagons_people_and_facilities(porto_alegre):
    area = porto_alegre.area
    assert len(area.units) == 1227
    assert area.units["people"].sum() == 812_935
    assert area.facilities["category"].value_counts().to_dict() == {
        "primary-school": 177,
        "health-center": 117,
    }
    assert {problem.code for problem in area.problems} <= {"no_height"}
    assert area.has_elevation
    assert porto_alegre.basis == "people"


def test_every_hexagon_of_porto_alegre_is_covered_or_told_why_not(porto_alegre):
    rows = porto_alegre.coverage
    assert len(rows) == 1227 * len(porto_alegre.project.categories)
    covered = rows["covered"].fillna(value=False)
    assert (rows["reason"].isna() == covered).all()
    assert len(porto_alegre.gaps) == (~covered).sum()
    unlisted = ~rows["category"].isin(["primary-school", "health-center"])
    assert rows.loc[unlisted, "reason"].eq("no_data").all()


def test_a_hexagon_with_a_school_is_there_in_no_time(porto_alegre):
    schools = porto_alegre.area.facilities
    own = schools.loc[schools["category"] == "primary-school", "facility_id"].str[8:]
    rows = porto_alegre.coverage.query("category == 'primary-school'").set_index("unit_id")
    assert (rows.loc[own, "minutes"] == 0).all()
    assert rows.loc[own, "covered"].all()
    assert (rows.loc[~rows.index.isin(own), "minutes"].dropna() > 0).all()


def test_what_the_people_of_porto_alegre_reach_is_what_there_is(porto_alegre):
    areas = porto_alegre.supply_areas.query("level == 'county'").set_index("category")
    assert areas["places"].to_dict() == {"primary-school": 194, "health-center": 141}
    shared = areas["reached_per_1000"] * areas["people"] / 1000
    pd.testing.assert_series_equal(shared, areas["places"], check_names=False)
    figures = dict(found(porto_alegre))
    assert figures["places per 1000: primary-school"].startswith("0.239; none in reach for 29.4%")
    within = float(figures["within the limit: primary-school"].rstrip("%"))
    assert within == pytest.approx(100 - 29.4)


def test_the_figures_of_a_place_add_up(porto_alegre):
    figures = dict(found(porto_alegre))
    covered, of = figures["units x categories covered"].replace(",", "").split(" of ")
    gaps = sum(
        int(figure.partition(", way")[0].replace(",", ""))
        for label, figure in figures.items()
        if label.startswith("gaps: ")
    )
    assert int(covered) + gaps == int(of)
    assert figures["units"] == "1,227, 1,227 of them with 812,935 people"
