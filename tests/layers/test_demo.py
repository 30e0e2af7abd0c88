from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

import layers
from layers.catalogue import load_categories
from layers.catalogue.ledger import load_attributes, load_listed, load_register_kinds
from layers.datum import to_wgs84
from layers.demo import planner_folder
from layers.demo.county import simulate
from layers.demo.facts import numbers, read_facts, share_out
from layers.demo.roads import follow_chains
from layers.demo.terrain import lie_of_the_land, raise_land
from layers.demo.territory import lay_out_units
from maps.second_process import SecondProcess
from maps.simulating import simulated_county

if TYPE_CHECKING:
    from pathlib import Path

    from layers.demo.county import County
    from layers.demo.facts import Facts
    from layers.study_area import StudyArea

AGES_OPEN, OLD = "350421201203", ["age_60_plus", "age_65_plus"]
"""The village whose old people nobody has counted yet."""
COHORTS = ["people", "age_0_14", "age_60_plus", "age_65_plus"]
CENSUS = {"people": 98930, "age_0_14": 16902, "age_60_plus": 20829, "age_65_plus": 14870}


@pytest.fixture(scope="module")
def simulated() -> list[County]:
    """The county as it was simulated, once its folder is written."""
    return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, simulated: list[County]) -> Path:
    def remembered(facts: Facts) -> County:
        simulated.append(simulate(facts))
        return simulated[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planner_folder, "simulate", remembered)
        return simulated_county(tmp_path_factory.mktemp("county"), SecondProcess()).parent


@pytest.fixture(scope="module")
def county(folder: Path) -> StudyArea:
    return layers.read_study_area(layers.read_project(folder, lang="zh"))


@pytest.fixture(scope="module")
def existing(county: StudyArea) -> pd.DataFrame:
    return county.facilities[county.facilities["status"] == "existing"]


@pytest.fixture(scope="module")
def pieces(county: StudyArea) -> pd.DataFrame:
    """Every vertex-to-vertex piece of the streets: its ends, metres and component."""
    xy, line = shapely.get_coordinates(county.streets.geometry.array, return_index=True)
    whole = np.flatnonzero(line[:-1] == line[1:])
    points, ends = np.unique(np.round(xy * 100).astype(int), axis=0, return_inverse=True)
    start, end = ends[whole], ends[whole + 1]
    size = len(points)
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    metres = np.hypot(*(xy[whole + 1] - xy[whole]).T)
    return pd.DataFrame({"line": line[whole], "metres": metres, "component": component[start]})


def share_with(existing, units, category, *, urban):
    some = units[units["urban"] == urban]
    has = some["unit_id"].isin(existing.loc[existing["category"] == category, "unit_id"])
    return has.mean(), len(some)


def test_it_reads_through_the_planner_s_own_door_without_a_problem(county):
    assert {(problem.layer, problem.code) for problem in county.problems} == {
        ("units", "encoding_guessed"),
        ("people/雪峰镇", "rows_left_out"),
        ("people", "names_found"),
        ("ledger", "names_found"),
        ("centres/雪峰镇", "rows_left_out"),
        ("centres", "names_found"),
        ("streets", "streets_joined"),
    }
    assert county.has_elevation


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("units", "unit_id"),
        ("residences", "residence_id"),
        ("facilities", "facility_id"),
        ("streets", "street_id"),
    ],
)
def test_what_is_read_is_what_was_simulated_to_the_centimetre(simulated, county, name, key):
    """Through GCJ-02 and back, encodings, ledgers and joined ends: nothing moves."""
    there = getattr(simulated[0], name).set_index(key).sort_index()
    here = getattr(county, name).set_index(key).sort_index()
    assert here.index.equals(there.index)
    drawn = there.geometry.notna()
    assert (here.geometry.notna() == drawn).all()
    flat = shapely.force_2d(here.geometry[drawn].to_numpy())
    assert shapely.equals_exact(flat, there.geometry[drawn].to_numpy()).all()


def test_everybody_is_counted_once_whatever_file_they_come_from(simulated, county):
    there = simulated[0].units.set_index("unit_id")
    here = county.units.set_index("unit_id")
    open_ = there.index == AGES_OPEN
    for column in [*COHORTS, "households"]:
        told = ~open_ if column in OLD else np.ones(len(there), dtype=bool)
        assert (here[column] == there[column])[told].all()
    assert here.loc[open_, OLD].isna().all(axis=None)
    assert open_.sum() == 1
    assert county.residences["people"].sum() == there["people"].sum()


def test_units_are_a_gbk_shapefile_that_says_nothing_of_it(folder):
    assert not (folder / "单元.cpg").exists()
    assert pyogrio.read_info(folder / "单元.shp", encoding="GBK")["crs"] == "EPSG:4548"
    assert "明溪".encode("gbk") not in (folder / "单元.shp").read_bytes()
    assert "雪峰镇".encode("gbk") in (folder / "单元.dbf").read_bytes()


def test_ledgers_have_titles_headings_in_two_rows_totals_and_a_sheet_a_township(folder):
    book = openpyxl.load_workbook(folder / "人口台账.xlsx")
    assert len(book.sheetnames) == 9
    page = book["雪峰镇"]
    assert page["A1"].value == "雪峰镇户数和人口台账（模拟）"
    assert {"A1:G1", "A3:A4", "D3:G3"} <= {str(merged) for merged in page.merged_cells.ranges}
    assert [cell.value for cell in page[4]][3:] == [
        "常住人口",
        "0至14岁",
        "60岁及以上",
        "65岁及以上",
    ]
    last = page[page.max_row]
    assert last[0].value == "合计"
    people = [row[3] for row in page.iter_rows(min_row=5, values_only=True)]
    assert people[-1] == sum(people[:-1])


def test_some_ends_of_streets_stop_short_and_are_joined_again(folder, county):
    raw = gpd.read_file(folder / "道路.shp", encoding="GBK").sort_values("编号", ignore_index=True)
    ends = shapely.get_point(raw.geometry.to_numpy(), -1)
    there = county.streets.sort_values("street_id", ignore_index=True)
    joined = shapely.force_2d(shapely.get_point(there.geometry.to_numpy(), -1))
    moved = shapely.distance(ends, joined)
    assert (moved > 0).sum() == numbers()["roads"]["short_ends"]
    assert 0.59 < moved[moved > 0].min() < moved.max() < 0.61


def test_it_says_that_it_is_simulated_and_whose_facts_it_uses(folder):
    project = layers.read_project(folder, lang="zh")
    assert project.simulated
    assert "模拟" in project.name
    assert "GeoNames（CC BY 4.0）" in "".join(project.attribution)


def test_units_are_those_of_the_shipped_facts(county):
    facts = read_facts().units
    assert len(facts) == 96
    assert county.units[list(facts)].to_numpy().tolist() == facts.to_numpy().tolist()


def test_the_shipped_facts_are_those_published(county, real_data):
    published = pd.read_csv(
        real_data / "fujian" / "mingxi_350421_villages_2023.csv", dtype=str, encoding="utf-8-sig"
    )
    theirs = ["village_code", "name", "town_code", "town", "urban_rural_code"]
    ours = ["unit_id", "name", "township_id", "township", "urban_class"]
    assert county.units[ours].to_numpy().tolist() == published[theirs].to_numpy().tolist()
    communities = published["kind"].str.startswith("居委会").to_numpy()
    assert ((county.units["kind"] == "community").to_numpy() == communities).all()


def test_seats_are_those_of_geonames_and_the_ninth_says_it_is_assumed(county, real_data):
    known = pd.read_csv(real_data / "fujian" / "mingxi_townships_geonames.csv", dtype=str)
    seats = county.townships.set_index("township_id")
    assumed = seats[seats["seat_source"] == "假定"]
    assert list(assumed["name"]) == ["城关乡"]
    ours = seats.loc[known["town_code"], ["seat_lon", "seat_lat"]].to_numpy()
    assert (ours == known[["lon", "lat"]].astype(float).to_numpy()).all()


def test_census_totals_are_exact(simulated, county, real_data):
    table = pd.read_csv(real_data / "fujian" / "fujian_county_age_2020.csv", dtype=str)
    published = table.set_index(table.columns[0]).loc["350421"]
    theirs = ["pop_total", "age_0_14", "age_60p", "age_65p"]
    counted = published[theirs].astype(float).astype(int)
    assert dict(zip(COHORTS, counted, strict=True)) == CENSUS
    drawn = simulated[0].units
    assert drawn[COHORTS].sum().to_dict() == CENSUS
    open_ = drawn.loc[drawn["unit_id"] == AGES_OPEN, OLD].iloc[0]
    told = county.units[COHORTS].sum()
    assert told.to_dict() == CENSUS | {name: CENSUS[name] - open_[name] for name in OLD}
    assert county.units["households"].sum() == int(published["households"])
    towns = county.units["urban_class"].isin(["121", "122"])
    assert county.units.loc[towns, "people"].sum() == int(published["pop_urban"])


def test_residences_hold_every_person_of_their_unit(county):
    housed = county.residences.groupby("unit_id")[COHORTS].sum(min_count=1).fillna(-1)
    expected = county.units.set_index("unit_id")[COHORTS].fillna(-1)
    assert (housed.loc[expected.index] == expected).all(axis=None)
    assert 3000 <= len(county.residences) <= 6000


def test_nobody_is_counted_twice_by_age(county):
    for every in (county.units, county.residences):
        frame = every.fillna({"age_60_plus": 0, "age_65_plus": 0})
        assert (frame["age_65_plus"] <= frame["age_60_plus"]).all()
        assert (frame["age_0_14"] + frame["age_60_plus"] <= frame["people"]).all()
        assert (frame["people"] >= 1).all()


def test_residences_lie_in_their_own_unit(county):
    outline = county.units.set_index("unit_id").geometry.loc[county.residences["unit_id"]]
    assert shapely.contains(outline.array, county.residences.geometry.array).all()


def test_the_county_seat_holds_about_a_third_of_the_people(county):
    seat = county.units["township_id"] == "350421100"
    assert 0.3 < county.units.loc[seat, "people"].sum() / 98930 < 0.36


def test_units_tile_the_county(county):
    outlines = county.units.geometry.array
    assert shapely.coverage_is_valid(outlines)
    whole = shapely.coverage_union_all(outlines)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.area / 1e6 == pytest.approx(1730, rel=0.01)


def test_townships_are_made_of_their_units(county):
    for township in county.townships.itertuples():
        units = county.units[county.units["township_id"] == township.township_id]
        assert township.geometry.symmetric_difference(units.union_all()).area < 1


def test_streets_are_as_many_pieces_as_a_county_has(pieces):
    assert 10_000 <= len(pieces) <= 30_000


def test_nearly_all_streets_hang_together_and_an_island_does_not(pieces):
    metres = pieces.groupby("component")["metres"].sum().sort_values(ascending=False)
    assert 0.95 < metres.iloc[0] / metres.sum() < 1
    assert metres.iloc[1] > 300


def test_a_village_lies_off_the_network(county):
    unit_id = numbers()["roads"]["no_streets"]
    homes = county.residences[county.residences["unit_id"] == unit_id]
    assert len(homes) > 0
    assert homes.distance(county.streets.union_all()).min() > 500


def test_a_river_keeps_neighbours_far_apart_by_road(county):
    bridges = county.streets[county.streets["bridge"]]
    stretch = numbers()["roads"]["unbridged"]
    middle = shapely.Point(stretch["at"])
    main = bridges[bridges["class"].isin(["trunk", "primary", "secondary", "tertiary"])]
    assert len(main) > 10
    assert bridges.distance(middle).min() > stretch["within_metres"] - 500


def test_streets_meet_at_shared_vertices_or_not_at_all(county):
    ground = county.streets[~county.streets["tunnel"]]
    lines = shapely.force_2d(ground.geometry.array)
    first, second = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert len(first) == 0
    assert len(second) == 0


def test_streets_have_every_rank_a_tunnel_and_one_way_streets(county):
    streets = county.streets
    ranks = {"trunk", "primary", "secondary", "tertiary", "unclassified", "residential"}
    assert set(streets["class"]) == ranks | {"track", "path", "steps"}
    assert streets["tunnel"].sum() == 1
    assert set(streets["oneway"]) == {-1, 0, 1}


def test_elevation_is_known_inside_the_county_only(county, folder):
    with rasterio.open(folder / "elevation.tif") as raster:
        heights = raster.read(1)
        cells = raster.res
        nodata = raster.nodata
        at_homes = [*raster.sample(shapely.get_coordinates(county.residences.geometry.array))]
    assert cells == (90, 90)
    assert heights[0, 0] == nodata
    assert np.array(at_homes).min() > 100
    inside = heights[heights != nodata]
    assert inside.max() - inside.min() > 500


def test_every_category_has_facilities(existing):
    assert set(existing["category"]) == {*load_categories(), *load_listed()}


@pytest.mark.parametrize(
    ("category", "urban", "base"),
    [
        ("svc-comprehensive", True, 1.0),
        ("svc-comprehensive", False, 0.75),
        ("elder-care", False, 0.721),
    ],
)
def test_printed_base_rates_hold_within_rounding(county, existing, category, urban, base):
    share, count = share_with(existing, county.units, category, urban=urban)
    assert abs(share - base) <= 0.5 / count + 1e-9


def test_assumed_rates_hold_within_rounding(county, existing):
    for category, rate in numbers("rates").items():
        for urban, group in ((True, "urban"), (False, "rural")):
            if isinstance(rate, dict) and group in rate and not {"extra", "township"} & set(rate):
                share, count = share_with(existing, county.units, category, urban=urban)
                assert abs(share - rate[group]["share"]) <= 0.5 / count + 1e-9, category


def test_every_township_has_its_health_center(county, existing):
    units = existing.loc[existing["category"] == "health-center", "unit_id"]
    townships = county.units.set_index("unit_id").loc[units, "township_id"]
    assert set(townships) == set(county.townships["township_id"])


def test_area_of_service_centres_is_that_of_the_base_year(county, existing):
    area = existing.loc[existing["category"] == "svc-comprehensive", "area_m2"].sum()
    assert area / (county.units["households"].sum() / 100) == pytest.approx(26.7, abs=0.05)


def test_nursery_places_are_three_for_a_thousand_people(existing):
    nurseries = existing[existing["category"] == "nursery"]
    assert nurseries["capacity"].sum() == round(3 * 98.93)
    assert nurseries["capacity"].max() <= 150


def test_every_rate_names_its_source():
    rates = [rate for rate in numbers("rates").values() if isinstance(rate, dict)]
    printed = [value for rate in rates for value in rate.values() if isinstance(value, dict)]
    assert len(rates) == len({*load_categories(), *load_listed()}) == 48
    assert all(value["source"] for value in printed)


def test_facilities_lie_in_the_unit_they_name_or_have_no_point(county):
    placed = county.facilities[county.facilities.geometry.notna()]
    outline = county.units.set_index("unit_id").geometry.loc[placed["unit_id"]]
    assert shapely.contains(outline.array, placed.geometry.array).all()
    assert 0 < county.facilities.geometry.isna().sum() < 20


def test_some_police_rooms_list_the_villages_they_serve(county):
    listed = county.facilities["serves"].dropna()
    served = listed.str.split(";").explode()
    assert listed.str.contains(";").any()
    assert set(served) <= set(county.units["unit_id"])


def test_the_police_ledger_is_gbk_and_drawn_on_the_shifted_map(county, folder):
    table = pd.read_csv(folder / "警务室台账.csv", encoding="gbk", dtype={"所在村": str})
    table = table.dropna(subset="经度")
    lon, lat = to_wgs84(table["经度"].to_numpy(), table["纬度"].to_numpy(), "gcj02")
    true = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4490").to_crs(county.crs)
    drawn = gpd.GeoSeries(gpd.points_from_xy(table["经度"], table["纬度"]), crs="EPSG:4490")
    assert drawn.to_crs(county.crs).distance(true).between(590, 640).all()
    outline = county.units.set_index("unit_id").geometry.loc[table["所在村"]]
    assert shapely.contains(outline.array, true.array).all()


def test_the_pharmacies_are_a_gbk_shapefile(folder):
    assert (folder / "药店.cpg").read_text() == "GBK"
    assert "药店名称" in pyogrio.read_info(folder / "药店.shp")["fields"]


def test_the_same_bytes_every_time(folder, tmp_path):
    again = simulated_county(tmp_path, SecondProcess()).parent
    files = sorted(path.name for path in folder.iterdir())
    assert files == sorted(path.name for path in again.iterdir())
    assert [
        name for name in files if (folder / name).read_bytes() != (again / name).read_bytes()
    ] == []


@given(
    st.integers(0, 10**6),
    st.lists(st.floats(0.001, 1000), min_size=1, max_size=40).map(np.array),
)
def test_shares_sum_to_the_total_and_are_off_by_less_than_one(total, weights):
    shares = share_out(total, weights)
    assert shares.sum() == total
    assert (np.abs(shares - total * weights / weights.sum()) < 1 + 1e-6).all()


@given(
    st.sets(
        st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda e: e[0] < e[1]), min_size=1
    )
)
def test_chains_use_every_edge_once(edges):
    table = np.array(sorted(edges))
    chains, of = follow_chains(table, table.sum(axis=1) % 2, np.array([0]))
    walked = [tuple(sorted(step)) for chain in chains for step in pairwise(chain)]
    assert sorted(walked) == sorted(edges)
    assert len(of) == len(chains)


def test_every_ledger_column_is_filled_in_and_some_cells_are_left_open(county):
    frames = {"units": county.units, "facilities": county.facilities}
    for name, frame in frames.items():
        columns = [column.name for column in load_attributes(name)]
        assert frame[columns].notna().any().all(), name
    assert county.units["has_5g"].isna().any()
    assert county.units["disabled"].sum() < county.units["people"].sum() * 0.1
    housed = county.residences.groupby("unit_id")["disabled"].sum()
    assert (housed == county.units.set_index("unit_id")["disabled"]).all()


def test_every_kind_of_register_is_kept_but_those_of_cities(county):
    kinds = load_register_kinds()
    assert set(county.registers["kind"]) == set(kinds) - {"unit", "district"}
    for kind in set(county.registers["kind"]):
        rows = county.registers[county.registers["kind"] == kind]
        assert rows[[column.name for column in kinds[kind].columns]].notna().any().all(), kind


def test_grids_tile_the_county_but_for_the_faults_on_purpose(county):
    grids = county.registers[county.registers["kind"] == "grid"]
    whole = county.units.geometry.union_all()
    missing = whole.difference(grids.geometry.union_all()).area
    assert 0 < missing / whole.area < 0.05
    assert grids.geometry.area.sum() > grids.geometry.union_all().area


def test_any_seed_draws_a_county_as_large_in_one_piece_without_holes(monkeypatch):
    seats = read_facts().seats[["x", "y"]].to_numpy()
    sizes = set()
    for seed in [2029, *range(3, 6), *range(22, 33)]:  # 4, 5, 22 and 2029 once had holes
        monkeypatch.setitem(numbers(), "seed", seed)
        points, county = lie_of_the_land(seats)
        assert hang_together(points[county])
        assert hang_together(points[~county])
        sizes.add(int(county.sum()))
    assert len(sizes) == 1


def hang_together(points) -> bool:
    """Say whether one comes from any point of the land to any other by steps to neighbours."""
    step = 1.6 * numbers()["relief"]["spacing_metres"]
    start, end = cKDTree(points).query_pairs(step, output_type="ndarray").T
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(len(points), len(points)))
    return connected_components(graph, directed=False)[0] == 1


def test_a_county_that_would_have_a_hole_has_none_between_its_units(monkeypatch):
    monkeypatch.setitem(numbers(), "seed", 2029)
    facts = read_facts()
    units = lay_out_units(facts, raise_land(facts.seats[["x", "y"]].to_numpy()))
    assert shapely.coverage_is_valid(units.geometry.to_numpy())
    whole = shapely.union_all(units.geometry.to_numpy())
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert whole.area / 1e6 == pytest.approx(numbers()["area"]["km2"], rel=0.001)


@pytest.mark.parametrize("seed", [1, 2])  # a village without streets; land to the edge of the drawn
def test_another_seed_draws_a_whole_county_too(seed, monkeypatch):
    monkeypatch.setitem(numbers(), "seed", seed)
    drawn = simulate(read_facts())
    units, homes, facilities = drawn.units, drawn.residences, drawn.facilities
    assert units.geometry.is_valid.all()
    assert units.area.sum() / 1e6 == pytest.approx(numbers()["area"]["km2"], rel=0.01)
    assert units[list(CENSUS)].sum().to_dict() == CENSUS
    housed = homes.groupby("unit_id")["people"].sum()
    assert housed.to_dict() == units.set_index("unit_id")["people"].to_dict()
    assert np.isfinite(drawn.relief.heights).all()
    own = units.set_index("unit_id").geometry
    placed = facilities[facilities.geometry.notna()]
    for points in (homes, placed):
        assert own.loc[points["unit_id"]].intersects(points.geometry, align=False).all()
    assert drawn.streets["street_id"].is_unique
