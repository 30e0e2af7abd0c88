"""Where to build, asked of the toy town and of random ones: what is promised, and refused."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import geo
from geo import site_problem, site_ways
from geo.demand import demand
from geo.prepared import prepared_network
from layers.errors import SitingError
from layers.question import SiteQuestion, Use
from maps.sheets_sites import site_sheets
from maps.site_record import site_record
from tests.random_town import milliseconds, town_of
from tests.town import CORNER, EAST, ISLET, NEW_TOWN, NORTH, OLD_TOWN, at, town_area, town_project


def ask(category="library", area=None, project=None, **values):
    question = SiteQuestion("q", category, **values)
    return geo.choose_sites(area or town_area(), project or town_project(), question)


def refused(area=None, **values):
    with pytest.raises(SitingError) as caught:
        ask(area=area, **values)
    (problem,) = caught.value.problems
    return problem.code, dict(problem.values)


def candidates(*places, **columns):
    rows = [{"candidate_id": f"k{n}", "name": f"k{n}", "layer": "lots"} for n in range(len(places))]
    frame = gpd.GeoDataFrame(rows, geometry=list(places), crs="EPSG:4548")
    empty = {"cost": np.nan, "capacity": np.nan, "area_m2": np.nan, "allowed": True}
    return frame.assign(**(empty | columns))


def with_lots(*places, **columns):
    return replace(town_area(), candidates=candidates(*places, **columns))


# --- what an answer says ------------------------------------------------------------------------


def test_a_site_is_where_most_people_are_within_the_limit_and_every_figure_follows():
    plan = ask(count=1)
    site = plan.sites.iloc[0]
    assert plan.optimal
    assert site["people"] == site["alone"] == site["lost"] == plan.served["people"].sum()
    people = plan.figures.set_index("over")
    assert people.loc["people", "before"] == 0.0
    assert people.loc["people", "after"] == pytest.approx(site["people"] / plan.people)
    assert plan.answers[0][1].objective == site["people"]


def test_priority_people_newly_covered_are_told_apart_and_unknown_ones_are_not_nobody():
    # one in five is old and one in ten disabled in every home; nobody has counted the young
    area = town_area()
    homes, units = (
        each.assign(disabled=each["people"] / 10) for each in (area.residences, area.units)
    )
    plan = ask(area=replace(area, residences=homes, units=units), count=1)
    site = plan.sites.iloc[0]
    assert site["people"] > 0
    assert site["age_60_plus"] == pytest.approx(site["people"] / 5)
    assert site["disabled"] == pytest.approx(site["people"] / 10)
    assert np.isnan(site["age_0_14"])
    sheet = site_sheets(plan, town_project(), "zh")[0]
    told = dict(zip((column.heading for column in sheet.columns), sheet.rows[0], strict=True))
    assert told["新增覆盖残疾人（人）"] == pytest.approx(site["disabled"])
    assert told["新增覆盖0—14岁（人）"] is None
    (row,) = site_record(plan, town_project())["sites"]
    assert row["disabled"] == pytest.approx(site["disabled"])


def counted_area(unknown=()):
    """One in five is old and one in ten disabled, but in some units; nobody counted the young."""
    area = town_area()

    def told(frame):
        tenth = (frame["people"] / 10).mask(frame["unit_id"].isin(unknown))
        return frame.assign(disabled=tenth)

    return replace(area, residences=told(area.residences), units=told(area.units))


def test_wherever_siting_counts_people_the_priority_people_stand_beside_them():
    plan = ask("clinic", area=counted_area(), count=2)
    for frame in (plan.sites, plan.served, plan.curve, plan.frontier):
        assert frame["people"].sum() > 0
        assert frame["disabled"].tolist() == pytest.approx((frame["people"] / 10).tolist())
        assert frame["age_60_plus"].tolist() == pytest.approx((frame["people"] / 5).tolist())
        assert frame["age_0_14"].isna().all()
    people, units = plan.figures.iloc[0], plan.figures.iloc[1]
    for when in ("before", "after"):
        assert people[f"disabled_{when}"] == pytest.approx(people[when])
        assert np.isnan(people[f"age_0_14_{when}"])
        assert np.isnan(units[f"disabled_{when}"])
    policy = plan.figures.set_index("indicator").loc["clinic-people"]
    assert policy["age_60_plus_after"] == pytest.approx(policy["after"])
    for sheet in site_sheets(plan, town_project(), "zh"):
        heads = [column.heading for column in sheet.columns]
        # before and after are two; newly, alone and without it are three
        assert sum("残疾人" in head for head in heads) == {"选址建议表": 3, "建成前后": 2}.get(
            sheet.title, 1
        )
    record = site_record(plan, town_project())
    assert record["curve"][-1]["disabled"] == pytest.approx(plan.curve["disabled"].iloc[-1])
    assert record["served"][0]["age_0_14"] is None


@pytest.mark.parametrize("of", ["alone", "lost"])
def test_whom_a_site_alone_covers_and_who_is_lost_without_it_are_told_by_cohort(of):
    plan = ask("clinic", area=counted_area(), count=2)
    assert (plan.sites[of] > 0).all()
    assert plan.sites[f"disabled_{of}"].tolist() == pytest.approx((plan.sites[of] / 10).tolist())
    assert plan.sites[f"age_60_plus_{of}"].tolist() == pytest.approx((plan.sites[of] / 5).tolist())
    assert plan.sites[f"age_0_14_{of}"].isna().all()
    record = site_record(plan, town_project())
    assert record["sites"][0][f"disabled_{of}"] == pytest.approx(plan.sites[f"disabled_{of}"][0])


def test_whom_a_site_serves_of_a_cohort_nobody_counted_in_a_unit_is_unknown_there_and_not_nobody():
    whole = ask(area=counted_area(), count=1)
    unit = whole.served["unit_id"].iloc[0]
    plan = ask(area=counted_area([unit]), count=1)
    served = plan.served.set_index("unit_id")["disabled"]
    assert np.isnan(served[unit])
    rest = whole.served[whole.served["unit_id"] != unit]["disabled"].sum()
    assert served.sum() == pytest.approx(rest)
    assert plan.sites["disabled"].sum() == pytest.approx(rest)
    shares = plan.figures.iloc[0]
    people = town_area().units.set_index("unit_id")["people"]
    known = (plan.people - people[unit]) / 10
    assert shares["disabled_after"] == pytest.approx(rest / known)


def test_what_is_served_already_draws_no_second_site():
    covered = ask("clinic", count=1)
    assert covered.figures["before"][0] > 0.0
    assert covered.answers[0][1].objective == pytest.approx(
        covered.people * (covered.figures["after"][0] - covered.figures["before"][0])
    )


def test_a_policy_figure_comes_with_its_target_before_and_after():
    figures = ask("clinic", count=2).figures.set_index("indicator")
    row = figures.loc["clinic-people"]
    assert row["target"] == 0.7
    assert row["after"] >= row["before"]


def test_the_curve_rises_ever_less_and_marks_one_bend_at_most():
    curve = ask(count=2).curve
    steps = np.diff(curve["people"])
    assert (steps >= 0).all()
    assert (np.diff(steps) <= 0).all()
    assert curve["knee"].sum() <= 1
    assert curve["share"].iloc[-1] <= 1.0


def test_the_runner_up_keeps_the_plan_within_a_hundredth():
    for seed in range(5):
        plan = ask("c", area=town_of(seed), project=one(), count=1)
        shares = plan.sites["runner_up_share"].dropna()
        assert ((shares >= 0.99) & (shares <= 1.0 + 1e-9)).all()


def one():
    """Give the town's settings with one category called c."""
    project = town_project()
    category = replace(project.categories["library"], id="c")
    return replace(project, categories={"c": category}, indicators=())


# --- limits are kept ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_everybody_counted_as_covered_is_within_the_limit_by_an_independent_search(seed):
    area, project = town_of(seed), one()
    plan = ask("c", area=area, project=project, count=2, minutes=4.0, mode="walk")
    where = demand(area.units, area.residences)
    before, after = (
        _inside(area, project, where.frame.geometry, points)
        for points in (area.facilities.geometry, plan.sites.geometry)
    )
    newly = np.nan_to_num(where.weight())[after & ~before].sum()
    assert plan.answers[0][1].objective == newly
    assert len(plan.sites) <= 2


def _inside(area, project, places, points):
    if points.empty:
        return np.zeros(len(places), dtype=bool)
    times = milliseconds(area.streets, project.modes["walk"], project.rules, places, points)
    return (times <= 4 * 60_000).any(axis=1)


def test_a_budget_is_never_overdrawn_and_may_buy_more_cheap_sites():
    area = with_lots(at(100, 0), at(500, -400), at(1000, 800), cost=[5.0, 2.0, 2.0])
    plan = ask(area=area, candidates=("lots",), budget=4.0)
    assert plan.sites["cost"].sum() <= 4.0
    assert set(plan.sites["candidate_id"]) == {"k1", "k2"}


def test_every_township_gets_one_unless_it_has_one():
    plan = ask(count=2, per_township=1)
    assert set(plan.sites["township_id"]) == {OLD_TOWN, NEW_TOWN}
    assert set(ask(count=2, most_per_township=1).sites["township_id"]) == {OLD_TOWN, NEW_TOWN}


def test_sites_keep_their_distance_from_one_another():
    plan = ask(count=3, apart_metres=700.0)
    points = plan.sites.geometry.to_list()
    assert len(points) > 1
    assert min(a.distance(b) for a in points for b in points if a is not b) >= 700.0


def test_nothing_is_built_in_an_excluded_area():
    free = ask(count=1).sites.geometry.iloc[0]
    zone = gpd.GeoDataFrame(
        {"excluded_id": ["z"], "name": ["z"], "layer": ["reserve"]},
        geometry=[free.buffer(300)],
        crs="EPSG:4548",
    )
    plan = ask(area=replace(town_area(), excluded=zone), count=1, exclude=("reserve",))
    assert not plan.sites.intersects(zone.geometry.iloc[0]).any()


def test_candidates_on_streets_stand_on_streets_that_are_no_bridges():
    plan = ask(count=2, candidates=("streets",), spacing_metres=200.0)
    streets = town_area().streets
    ground = streets[~streets["bridge"] & ~streets["tunnel"]]
    assert all(ground.distance(site).min() < 0.02 for site in plan.sites.geometry)


def test_rooms_of_other_categories_may_be_used():
    plan = ask(count=1, candidates=("buildings",))
    assert plan.sites["candidate_id"].str.startswith("at:").all()


def test_capacity_bounds_whom_a_site_serves_and_the_lists_say_who():
    plan = ask("nursery", count=2, aim="served", capacity=0.5)
    served = plan.served.groupby("candidate_id")["people"].sum()
    ours = served[served.index.isin(plan.sites["candidate_id"])]
    assert (ours <= 50.0 + 1e-6).all()
    assert plan.answers[0][1].objective == pytest.approx(served.sum())


def test_existing_facilities_stay_unless_they_may_move():
    assert ask("clinic", count=1).closed == ()
    moved = ask("clinic", count=1, may_move=True)
    kept = ask("clinic", count=1)
    assert moved.figures["after"][0] >= kept.figures["after"][0]
    assert moved.figures["before"][0] == kept.figures["before"][0]


def test_the_fewest_for_a_target_reach_it_and_one_less_would_not():
    plan = ask(target=0.6)
    assert plan.figures["after"][0] >= 0.6
    fewer = ask(count=len(plan.sites) - 1) if len(plan.sites) > 1 else None
    assert fewer is None or fewer.figures["after"][0] < 0.6


def test_units_are_counted_where_half_of_their_people_are_covered():
    plan = ask(count=1, aim="units")
    units = plan.figures.set_index("over").loc["units"]
    assert plan.answers[0][1].objective == pytest.approx(units["after"] * 7)
    assert ask(target=0.5, aim="units").figures["after"][1] >= 0.5


@pytest.mark.parametrize("aim", ["travel", "longest", "backup", "fair"])
def test_every_aim_is_proved_in_the_town(aim):
    plan = ask(count=4, aim=aim)
    assert plan.optimal
    assert 0 < len(plan.sites) <= 4


def test_the_longest_trip_is_of_those_who_come_to_a_site_and_the_others_are_counted():
    plan = ask(count=1, aim="longest")
    (left, unreached), (trip, longest) = plan.answers
    assert (left, trip, len(plan.sites)) == ("unreached", "milliseconds", 1)
    area, project = town_area(), town_project()
    where = demand(area.units, area.residences)
    mode = project.modes["walk"]
    times = milliseconds(
        area.streets, mode, project.rules, where.frame.geometry, plan.sites.geometry
    )[:, 0]
    people = np.nan_to_num(where.weight())
    assert unreached.objective == people[np.isinf(times)].sum() > 0
    assert longest.objective == times[(people > 0) & np.isfinite(times)].max()
    assert plan.optimal


def test_what_is_covered_already_needs_no_ways_and_changes_no_answer(monkeypatch):
    for aim in ("people", "units", "fair"):
        thin = ask("clinic", count=1, aim=aim)
        with monkeypatch.context() as patch:
            patch.setattr(site_ways, "_NEWLY", ())
            whole = ask("clinic", count=1, aim=aim)
        assert thin.sites["candidate_id"].tolist() == whole.sites["candidate_id"].tolist()
        assert thin.figures.equals(whole.figures)
        assert thin.curve.equals(whole.curve)
        assert thin.answers[0][1].objective == whole.answers[0][1].objective


def test_where_candidates_reach_too_many_one_in_every_unit_is_tried_and_told(monkeypatch):
    usual = ask(count=1)
    assert usual.sources == ("units", "residences")
    monkeypatch.setattr(site_problem, "_MOST_PAIRS", 3)
    few = ask(count=1)
    assert (few.sources, few.candidates) == (("units",), 7)
    assert ask(count=1, candidates=("residences",)).sources == ("residences",)


@pytest.mark.parametrize("category", ["library", "clinic"])
def test_of_sites_that_cover_as_many_the_nearest_to_them_is_chosen(category):
    question = SiteQuestion("q", category, count=1)
    problem = site_problem.site_problem(town_area(), town_project(), question)
    frame = pd.DataFrame(
        {
            "point": problem.ways.point,
            "people": np.where(problem.there > 0, 0, problem.people)[problem.ways.place],
            "ms": problem.ways.milliseconds,
        }
    )[problem.ways.within & (problem.ways.point < problem.size)]
    frame["trips"] = frame["people"] * frame["ms"]
    sums = frame.groupby("point")[["people", "trips"]].sum()
    best = sums[sums["people"] == sums["people"].max()]["trips"].idxmin()
    assert len(sums[sums["people"] == sums["people"].max()]) > 1
    chosen = ask(category, count=1).sites["candidate_id"].item()
    assert chosen == problem.candidates["candidate_id"][best]


def test_a_network_is_built_once_though_pairs_are_counted_first(monkeypatch):
    built = []

    def build(streets, mode, *, shelf):
        built.append(mode.name)
        return prepared_network(streets, mode, shelf=shelf)

    monkeypatch.setattr(site_problem, "_MOST_PAIRS", 3)
    monkeypatch.setattr(site_ways, "prepared_network", build)
    area, project = town_area(), town_project()
    site_problem.site_problem(area, project, SiteQuestion("q", "library", count=1))
    assert built
    assert len(built) == len(set(built))


def test_the_sites_of_earlier_years_are_the_first_of_later_ones():
    plan = ask(years={2026: 1, 2027: 1})
    assert sorted(plan.sites["year"]) == [2026, 2027]
    first = plan.sites[plan.sites["year"] == 2026].iloc[0]
    assert first["alone"] == ask(count=1).sites["alone"].iloc[0]


def test_two_services_share_premises_as_far_as_the_floor_allows():
    area = with_lots(at(500, -200), area_m2=[40.0])
    both = {"candidates": ("lots",), "count": 1, "uses": {"post": Use(area_m2=40.0)}}
    assert ask(area=area, **both).sites["uses"].tolist() == ["library;post"]
    tight = with_lots(at(500, -200), area_m2=[30.0])
    assert ask(area=tight, **both).sites["uses"].tolist() == ["library"]


def test_people_of_a_priority_group_weigh_more():
    plan = ask(count=1, priority={"age_60_plus": 3.0})
    assert plan.answers[0][0] == "weighted"
    assert plan.answers[0][1].objective > plan.sites["people"].sum()


# --- what is refused ----------------------------------------------------------------------------


def test_no_candidate_at_all():
    assert refused(count=1, candidates=("lots",))[0] == "sites_no_candidates"


def test_all_candidates_excluded():
    zone = gpd.GeoDataFrame(
        {"excluded_id": ["z"], "name": ["z"], "layer": ["all"]},
        geometry=[box(EAST - 9999, NORTH - 9999, EAST + 9999, NORTH + 9999)],
        crs="EPSG:4548",
    )
    code, told = refused(replace(town_area(), excluded=zone), count=1, exclude=("all",))
    assert (code, told["layers"]) == ("sites_all_excluded", "all")


def test_a_budget_below_the_cheapest():
    area = with_lots(at(0, 0), at(500, 0), cost=[30.0, 20.0])
    code, told = refused(area, budget=10.0, candidates=("lots",))
    assert (code, told) == ("sites_budget_too_small", {"budget": "10", "cheapest": "20"})


@pytest.mark.parametrize("aim", ["people", "units"])
def test_a_target_above_what_any_choice_reaches_says_the_most_there_is(aim):
    area = with_lots(at(500, 0))
    code, told = refused(area, target=0.99, aim=aim, candidates=("lots",))
    assert code == "sites_target_out_of_reach"
    most = ask(area=area, count=1, candidates=("lots",)).figures.set_index("over").loc[aim, "after"]
    assert float(told["most"]) == pytest.approx(100 * most, abs=0.01)


def test_zero_people():
    area = town_area()
    nobody = {"people": 0.0, "age_60_plus": 0.0}
    empty = replace(
        area, units=area.units.assign(**nobody), residences=area.residences.assign(**nobody)
    )
    assert refused(empty, count=1)[0] == "sites_nobody"


def test_missing_capacity():
    assert refused(count=1, aim="served")[0] == "sites_capacity_missing"


def test_a_township_without_candidates_is_named():
    area = with_lots(at(500, 0))
    code, told = refused(area, count=1, per_township=1, candidates=("lots",))
    assert code == "sites_township_without"
    assert told["townships"] == "新城镇"


def test_a_rule_that_needs_more_sites_than_there_are_says_how_many():
    code, told = refused(count=1, per_township=1)
    assert (code, told["needed"], told["amount"]) == ("sites_rule_needs_more", "2", "1")


def test_rules_go_with_aims_that_can_keep_them():
    assert refused(count=1, per_township=1, aim="travel")[0] == "sites_rules_of_aim"


def test_candidates_nobody_is_near():
    assert refused(with_lots(at(-80, -150)), count=1, minutes=0.1, candidates=("lots",))[0] == (
        "sites_nobody_near"
    )


def test_units_that_are_points_and_islands_are_no_obstacle():
    plan = ask(count=5, candidates=("units",))
    assert {CORNER, ISLET} <= set(plan.sites["unit_id"]) | set(plan.served["unit_id"])
