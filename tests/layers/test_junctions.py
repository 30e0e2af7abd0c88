from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

import geo
import layers
from layers.catalogue import load_modes
from layers.check import Findings
from layers.errors import ProjectError
from layers.junctions import StreetLayer, with_junctions
from layers.project import LayerSource
from tests.broken.good_study import EAST, NORTH, GoodStudy

if TYPE_CHECKING:
    from collections.abc import Sequence

Points = list[tuple[float, float]]
ROAD: Points = [(0, 0), (100, 0)]


def streets(*lines: Points, ids: str = "abcdefgh", **columns: object) -> gpd.GeoDataFrame:
    plain = {"street_id": list(ids[: len(lines)]), "bridge": False, "tunnel": False, "layer": None}
    shapes = [LineString(line) for line in lines]
    return gpd.GeoDataFrame(plain | columns, geometry=shapes, crs="EPSG:4548")


def connected(
    *frames: gpd.GeoDataFrame, metres: float | Sequence[float] = 0.0, planarise: bool = False
) -> tuple[list[gpd.GeoDataFrame], list[gpd.GeoDataFrame], list[Findings]]:
    each = np.broadcast_to(metres, len(frames))
    source = LayerSource("streets", "streets", Path("streets.gpkg"), planarise=planarise)
    given = [
        StreetLayer(replace(source, join_metres=float(reach)), frame, Findings("streets"))
        for frame, reach in zip(frames, each, strict=True)
    ]
    done = with_junctions(given)
    return [one for one, _ in done], [dead for _, dead in done], [one.findings for one in given]


def joined(*lines: Points, metres: float = 2.0, planarise: bool = False, **columns: object):
    (frame,), _, _ = connected(streets(*lines, **columns), metres=metres, planarise=planarise)
    return [list(line.coords) for line in frame.geometry]


def counts(findings: Findings) -> dict[str, int]:
    (problem,) = findings.problems
    return {name: int(value) for name, value in problem.values}  # noqa: PD011  # no frame


# Ends on lines


def test_an_end_short_of_a_through_road_is_moved_onto_it_and_the_road_gets_a_vertex_there():
    road, lane = joined(ROAD, [(30, 50), (30, 1.5)])
    assert road == [(0, 0), (30, 0), (100, 0)]
    assert lane == [(30, 50), (30, 0)]


def test_an_end_past_a_through_road_is_drawn_back_to_it():
    road, lane = joined(ROAD, [(30, 50), (30, -1.5)])
    assert road == [(0, 0), (30, 0), (100, 0)]
    assert lane == [(30, 50), (30, 0)]


@pytest.mark.parametrize(("gap", "meets"), [(2.0, True), (2.01, False)])
def test_the_tolerance_is_inclusive(gap, meets):
    road, lane = joined(ROAD, [(30, 50), (30, gap)])
    assert lane[-1] == (30, 0 if meets else gap)
    assert len(road) == (3 if meets else 2)


def test_a_vertex_of_the_road_where_the_end_comes_down_is_used_as_it_is():
    road, lane = joined([(0, 0), (30, 0), (100, 0)], [(30, 50), (30, 1)])
    assert road == [(0, 0), (30, 0), (100, 0)]
    assert lane[-1] == (30, 0)


def test_points_on_slanting_roads_are_whole_centimetres_within_the_tolerance():
    road, lane = joined([(0, 0), (100, 37)], [(30, 50), (30, 12.5)])
    assert len(road) == 3
    assert lane[-1] == road[1]
    assert np.array_equal(np.round(road, 2), road)
    assert np.hypot(*np.subtract(lane[-1], (30, 12.5))) <= 2.0


def test_an_end_goes_to_the_junction_where_the_road_is_cut_within_the_tolerance():
    west, east, lane = joined([(0, 0), (31, 0)], [(31, 0), (100, 0)], [(30, 50), (30, 1)])
    assert lane[-1] == (31, 0)
    assert (west, east) == ([(0, 0), (31, 0)], [(31, 0), (100, 0)])


def test_ends_on_either_side_of_a_road_meet_the_road_and_not_one_another():
    road, north, south = joined(ROAD, [(30, 50), (30, 0.9)], [(31, -50), (31, -0.9)])
    assert road == [(0, 0), (30, 0), (31, 0), (100, 0)]
    assert (north[-1], south[-1]) == ((30, 0), (31, 0))


def test_a_line_that_meets_the_road_close_by_is_joined_already():
    stub: Points = [(30, 0), (32, 1)]
    assert joined([(0, 0), (30, 0), (100, 0)], stub)[1] == stub


def test_a_short_line_beside_a_road_is_joined_without_losing_its_length():
    road, stub = joined(ROAD, [(30, 0.5), (30, 1.5)])
    assert stub == [(30, 0), (30, 1.5)]
    assert road == [(0, 0), (30, 0), (100, 0)]


# Ends to ends


def test_loose_ends_of_a_junction_meet_at_one_of_them():
    lines = joined([(-50, 0), (-0.5, 0)], [(50, 0), (0.6, 0)], [(0, 50), (0, 0.7)])
    (place,) = {line[-1] for line in lines}
    assert place in {(-0.5, 0), (0.6, 0), (0, 0.7)}


def test_an_end_that_is_joined_already_stays():
    west, east, lane = joined([(-50, 0), (0, 0)], [(0, 0), (50, 0)], [(0, 50), (0.3, 1)])
    assert (west[-1], east[0], lane[-1]) == ((0, 0), (0, 0), (0, 0))


def test_a_chain_of_near_ends_does_not_pull_any_of_them_farther_than_the_tolerance():
    ends = [(1.5 * step, 0.0) for step in range(6)]
    lines = [[(x, 50 + 10 * x), (x, y)] for x, y in ends]
    moved = [
        np.hypot(*np.subtract(line[-1], end))
        for line, end in zip(joined(*lines), ends, strict=True)
    ]
    assert max(moved) <= 2.0
    assert sum(metres > 0 for metres in moved) >= 3


# Bridges, tunnels, levels


def test_nothing_is_joined_to_the_middle_of_a_bridge():
    lane: Points = [(30, 50), (30, 1.5)]
    assert joined(ROAD, lane, bridge=[True, False]) == [ROAD, lane]


def test_a_bridge_is_joined_at_its_ends():
    road, bridge = joined(ROAD, [(30, 50), (30, 1.5)], bridge=[False, True])
    assert bridge[-1] == (30, 0)
    assert joined(ROAD, [(100, 1), (150, 0)], bridge=[True, False])[1][0] in {(100, 0), (100, 1)}
    assert len(road) == 3


def test_nothing_is_joined_to_the_middle_of_a_line_on_another_level():
    lane: Points = [(30, 50), (30, 1.5)]
    assert joined(ROAD, lane, layer=["1", None]) == [ROAD, lane]
    assert joined(ROAD, lane, layer=["道路中心线", None])[1][-1] == (30, 0)


# Crossings


ACROSS: Points = [(30, -50), (30, 50)]


def test_lines_that_cross_get_a_vertex_there_only_if_asked():
    assert joined(ROAD, ACROSS) == [ROAD, ACROSS]
    crossed = joined(ROAD, ACROSS, metres=0, planarise=True)
    assert crossed == [[(0, 0), (30, 0), (100, 0)], [(30, -50), (30, 0), (30, 50)]]


@pytest.mark.parametrize(
    "columns",
    [{"bridge": [True, False]}, {"tunnel": [False, True]}, {"layer": ["0", "-1"]}],
    ids=str,
)
def test_lines_over_and_under_one_another_do_not_meet(columns):
    assert joined(ROAD, ACROSS, planarise=True, **columns) == [ROAD, ACROSS]


def test_a_crossing_off_the_grid_is_rounded_alike_in_both_lines():
    one, other = joined([(0, 0), (10, 7)], [(0, 5), (9, 0)], metres=0, planarise=True)
    assert one[1] == other[1]
    assert np.array_equal(np.round(one, 2), one)


def test_an_end_exactly_on_a_road_without_a_vertex_is_a_crossing():
    road, lane = joined(ROAD, [(30, 50), (30, 0)], metres=0, planarise=True)
    assert road == [(0, 0), (30, 0), (100, 0)]
    assert lane == [(30, 50), (30, 0)]


# Laws

_metre = st.integers(0, 40).map(lambda quarter: quarter / 4)
_line = (
    st.lists(st.tuples(_metre, _metre), min_size=2, max_size=4)
    .map(lambda points: [point for point, _ in groupby(points)])
    .filter(lambda points: len(points) > 1)
)


@st.composite
def towns(draw: st.DrawFn) -> tuple[gpd.GeoDataFrame, float, bool]:
    lines = draw(st.lists(_line, min_size=2, max_size=7))
    bridge = draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    ids = [f"{number}" for number in range(len(lines))]
    town = streets(*lines, bridge=bridge, street_id=ids)
    return town, draw(st.sampled_from([0.5, 1.0, 2.5])), draw(st.booleans())


@given(towns())
def test_joining_twice_is_joining_once(town):
    frame, metres, planarise = town
    (once,), _, _ = connected(frame, metres=metres, planarise=planarise)
    (twice,), _, findings = connected(once, metres=metres, planarise=planarise)
    assert twice.geometry.tolist() == once.geometry.tolist()
    assert counts(findings[0])["joined"] == counts(findings[0])["crossed"] == 0


@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(town, random):
    frame, metres, planarise = town
    order = list(range(len(frame)))
    random.shuffle(order)
    (one,), (dead,), _ = connected(frame, metres=metres, planarise=planarise)
    (other,), (other_dead,), _ = connected(frame.iloc[order], metres=metres, planarise=planarise)
    assert other.sort_values("street_id").geometry.tolist() == one.geometry.tolist()
    assert sorted(other_dead.to_wkt().to_numpy().tolist()) == sorted(
        dead.to_wkt().to_numpy().tolist()
    )


@given(towns())
def test_nothing_moves_farther_than_the_tolerance_and_only_ends_move(town):
    frame, metres, planarise = town
    (after,), _, findings = connected(frame, metres=metres, planarise=planarise)
    for old, new in zip(frame.geometry, after.geometry, strict=True):
        assert {*old.coords[1:-1]} <= {*new.coords}
        assert shapely.hausdorff_distance(old, new) <= metres + 0.05
        for end in (0, -1):
            assert np.hypot(*np.subtract(old.coords[end], new.coords[end])) <= metres + 1e-9
        assert np.array_equal(np.round(new.coords, 2), new.coords)
        assert new.length > 0
    told = counts(findings[0])
    vertices = shapely.get_num_coordinates(after.geometry.array).sum()
    allowed = told["joined"] * metres + 0.02 * vertices
    assert abs(after.length.sum() - frame.length.sum()) <= allowed


@given(towns())
def test_no_crossing_and_no_near_end_is_left_where_all_is_asked_for(town):
    frame, metres, _ = town
    level = frame.assign(bridge=False)
    (after,), _, (findings,) = connected(level, metres=metres, planarise=True)
    assert counts(findings)["crossings"] == 0
    lines = after.geometry.tolist()
    met = Counter(point for line in lines for point in line.coords)
    for line in lines:
        loose = [Point(line.coords[end]) for end in (0, -1) if met[line.coords[end]] == 1]
        for other in lines:
            near = any(end.distance(other) <= metres - 0.02 for end in loose)
            assert not near or {*line.coords} & {*other.coords}


# Several layers


def test_ends_are_joined_to_other_layers_but_only_those_of_the_layer_that_asks():
    county = streets(ROAD, [(60, -50), (60, -1)], ids="ab")
    village = streets([(30, 50), (30, 1.5)], ids="c")
    (roads, lanes), _, _ = connected(county, village, metres=[0.0, 2.0])
    assert [list(line.coords) for line in roads.geometry] == [
        [(0, 0), (30, 0), (100, 0)],
        [(60, -50), (60, -1)],
    ]
    assert list(lanes.geometry[0].coords)[-1] == (30, 0)


def test_an_end_that_meets_another_layer_is_no_dead_end():
    _, dead, _ = connected(streets([(0, 0), (30, 0)]), streets([(30, 0), (30, 50)], ids="b"))
    assert [len(points) for points in dead] == [0, 0]


# What is told


def test_dead_ends_near_a_street_they_do_not_touch_are_points_with_the_distance():
    lanes = [[(30, 80), (30, 12)], [(60, 80), (60, 21)], [(90, 80), (90, 0)]]
    (frame,), (dead,), _ = connected(streets(ROAD, *lanes))
    assert dead[["street_id", "metres"]].to_numpy().tolist() == [["a", 10.0], ["b", 12.0], ["d", 0]]
    assert dead.geometry.get_coordinates().to_numpy().tolist() == [[100, 0], [30, 12], [90, 0]]
    assert dead.crs == frame.crs


def test_a_street_that_leaves_the_other_close_by_is_not_suspicious():
    _, (dead,), findings = connected(streets([(0, 0), (30, 0), (100, 0)], [(30, 0), (45, 12)]))
    assert dead.empty
    assert findings[0].problems == []


def test_streets_that_look_unjoined_are_told_with_how_many():
    _, _, (findings,) = connected(streets(ROAD, ACROSS, [(60, 50), (60, 1)]))
    (problem,) = findings.problems
    assert (problem.code, problem.fatal) == ("streets_unjoined", False)
    assert counts(findings) == {"ends": 6, "dead": 6, "near": 1, "close": 1, "crossings": 1}


def test_streets_that_meet_are_not_told():
    _, _, (findings,) = connected(streets([(0, 0), (30, 0), (100, 0)], [(30, 0), (30, 50)]))
    assert findings.problems == []


def test_what_was_joined_is_told_with_what_is_left():
    frame = streets(ROAD, ACROSS, [(60, 50), (60, 1)])
    _, _, (findings,) = connected(frame, metres=2.0, planarise=True)
    (problem,) = findings.problems
    assert (problem.code, problem.fatal) == ("streets_joined", False)
    left = {"ends": 6, "dead": 5, "near": 0, "close": 0, "crossings": 0}
    assert counts(findings) == left | {"joined": 1, "crossed": 1}


def test_streets_stay_themselves_where_nothing_is_asked():
    frame = streets(ROAD, ACROSS, [(60, 50), (60, 1)])
    (after,), _, _ = connected(frame)
    assert all(new is old for new, old in zip(after.geometry, frame.geometry, strict=True))


# Through the whole program


def test_a_study_joins_its_streets_and_keeps_its_suspicious_dead_ends(tmp_path):
    study = GoodStudy()
    lane = LineString([(EAST + 500, NORTH + 1001), (EAST + 500, NORTH + 1900)])
    island = LineString([(EAST + 1500, NORTH + 1015), (EAST + 1500, NORTH + 1900)])
    rows = study.streets.iloc[:2].assign(street_id=["e", "f"]).set_geometry([lane, island])
    study.streets = pd.concat([study.streets, rows], ignore_index=True)
    study.change("streets", join_metres=2.0)
    project = study.write(tmp_path)

    area = layers.read_study_area(project)

    assert [problem.code for problem in area.problems] == ["streets_joined"]
    meeting = (EAST + 500, NORTH + 1000)
    coordinates, row = shapely.get_coordinates(area.streets.geometry.array, return_index=True)
    there = row[(coordinates == meeting).all(axis=1)]
    assert area.streets["street_id"].iloc[there].tolist() == ["a", "e"]
    assert area.dead_ends[["street_id", "metres"]].to_numpy().tolist() == [["f", 15.0]]
    assert area.dead_ends.crs == area.streets.crs


def test_dead_ends_are_written_with_the_streets_and_not_at_all_without_them(town):
    _, (dead,), _ = connected(streets(ROAD, ACROSS))
    frames = replace(town, area=replace(town.area, dead_ends=dead)).frames()
    assert frames["dead_ends"] is dead
    assert "dead_ends" not in town.frames()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("join_metres = 25", "out_of_range"),
        ('planarise = "yes"', "wrong_type"),
        ("planarize = true", "unknown_key"),
    ],
)
def test_wrong_wishes_are_told(tmp_path, line, code):
    _write(tmp_path, f'[layers.streets]\nsource = "a.gpkg"\n{line}')
    with pytest.raises(ProjectError) as refused:
        layers.read_project(tmp_path)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_joining_is_asked_of_streets_alone_and_off_unless_asked(tmp_path):
    _write(tmp_path, '[layers.streets]\nsource = "a.gpkg"')
    plain = layers.read_project(tmp_path).layers_of("streets")[0]
    assert (plain.join_metres, plain.planarise) == (0.0, False)
    _write(
        tmp_path,
        '[layers.roads]\nrole = "streets"\nsource = "a.gpkg"\njoin_metres = 2\nplanarise = true',
    )
    asked = layers.read_project(tmp_path).layers_of("streets")[0]
    assert (asked.join_metres, asked.planarise) == (2.0, True)
    _write(tmp_path, '[layers.boundary]\nsource = "a.gpkg"\njoin_metres = 2')
    with pytest.raises(ProjectError):
        layers.read_project(tmp_path)


def _write(folder: Path, layer: str) -> None:
    units = 'name = "甲"\ncrs = "EPSG:4548"\n[layers.units]\nsource = "u.gpkg"\n'
    (folder / "project.toml").write_text(units + layer, encoding="utf-8")


# A real city


@pytest.fixture(scope="module")
def wuhan(real_data: Path) -> gpd.GeoDataFrame:
    roads = gpd.read_parquet(real_data / "wuhan" / "streets.parquet")
    lines = shapely.transform(roads.geometry.to_numpy(), lambda metres: metres.round(2))
    ids = [f"{number:05d}" for number in range(len(roads))]
    plain = {"street_id": ids, "bridge": False, "tunnel": False, "layer": None}
    return gpd.GeoDataFrame(plain, geometry=lines, crs="EPSG:32650")


@pytest.mark.real
def test_wuhan_is_joined_already_but_for_its_crossings(wuhan):
    _, (dead,), (findings,) = connected(wuhan)
    assert findings.problems[0].code == "streets_unjoined"
    assert len(dead) == counts(findings)["near"]
    assert counts(findings) == {
        "ends": 185_334,
        "dead": 2641,
        "near": 620,
        "close": 3,
        "crossings": 4091,
    }


@pytest.mark.real
def test_wuhan_taken_apart_by_half_a_metre_is_one_network_again(wuhan):
    random = np.random.default_rng(350_421)
    middle = wuhan.cx[232_000:244_000, 3_378_000:3_390_000].reset_index(drop=True)
    lines = shapely.transform(
        middle.geometry.to_numpy(), lambda at: (at + random.uniform(-0.3, 0.3, at.shape)).round(2)
    )
    apart = middle.set_geometry(lines, crs=wuhan.crs)
    (again,), _, (findings,) = connected(apart, metres=1.0)
    moved = shapely.hausdorff_distance(apart.geometry.array, again.geometry.array)
    assert moved.max() <= 1.0
    assert counts(findings)["dead"] < 3500
    assert _main_share(apart) < 0.01
    assert _main_share(again) > 0.99


def _main_share(frame: gpd.GeoDataFrame) -> float:
    """Give the share of the length that the largest connected part has."""
    network = geo.build_network(
        frame.assign(**{"class": "residential", "oneway": 0, "access": None, "foot": None}),
        load_modes()["walk"],
    )
    metres = network.component_metres
    return float(metres.max() / metres.sum())
