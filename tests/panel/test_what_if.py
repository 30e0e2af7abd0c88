"""The page's what-if: a point joins, and a plan counts, as in Python to the last millisecond."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import geo
from layers.project import Rules
from maps.packed_network import network_columns, paces_of, street_columns
from tests.panel.node import node
from tests.panel.what_if import disagreements
from tests.random_town import BLOCK, DRIVE, SIDE, WALK, random_area, random_streets
from tests.town import EAST, NORTH, street, streets_frame, town_area, town_project

if TYPE_CHECKING:
    from geo.network import Network

HERE = Path(__file__).parent

# --- joining a point ----------------------------------------------------------------------------

LEGS = {
    "at": "at",
    "arc": "arc",
    "offset_um": "offset",
    "to_end_ms": "toEnd",
    "to_start_ms": "toStart",
    "from_start_ms": "fromStart",
    "from_end_ms": "fromEnd",
    "access_ms": "access",
}


def question_of(network: Network, spots: np.ndarray, rules: Rules) -> dict[str, Any]:
    """Say which points (centimetres of the study CRS) the page is to join to a network."""
    paces = paces_of(network.mode)
    columns = street_columns(network, min_island_metres=rules.min_island_metres, paces=paces)
    return {
        "paces": paces,
        "columns": {name: values.tolist() for name, values in columns.items()},
        "rules": {"offRoadKmh": network.mode.off_road_kmh, "maxAccess": rules.max_access_metres},
        "spots": spots.tolist(),
    }


def joined_by_the_page(folder: Path, questions: list[dict[str, Any]]) -> Any:
    """Let node join points to networks."""
    asked = folder / "questions.json"
    asked.write_text(json.dumps(questions), encoding="utf-8")
    ran = node(str(HERE / "join.mjs"), str(asked))
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def assert_joined_alike(folder: Path, asked: list[tuple[Network, np.ndarray, Rules]]):
    found = joined_by_the_page(folder, [question_of(*each) for each in asked])
    for (network, spots, rules), page in zip(asked, found, strict=True):
        joins = geo.attach(network, *(spots.T / 100.0), rules)
        on = joins.on_network
        for ours, its in LEGS.items():
            its_values = np.array([each[its] for each in page])
            np.testing.assert_array_equal(getattr(joins, ours)[on], its_values[on], err_msg=ours)
        assert [each["at"] for each in page] == joins.at.tolist()


def spots_in_town(rng: np.random.Generator, network: Network) -> np.ndarray:
    """Give points anywhere in town, corners and bends, and points between two of them."""
    low = np.array([EAST, NORTH]) * 100 - BLOCK * 60
    anywhere = low + rng.integers(0, int(SIDE * BLOCK * 110), (30, 2))
    corners = np.rint(np.column_stack((network.arcs.x, network.arcs.y)) * 100)
    between = np.floor((corners + rng.permutation(corners)) / 2)
    return np.concatenate((anywhere, corners[:20], between[:20])).astype(np.int64)


def test_the_page_joins_every_point_of_random_towns_as_python_does(tmp_path):
    asked = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        mode = (WALK, DRIVE)[seed % 2]
        network = geo.build_network(random_streets(rng, sloped=True), mode)
        reach = (30.0, 500.0)[seed % 3 > 0]
        rules = Rules(min_island_metres=(0.0, 350.0)[seed % 5 > 0], max_access_metres=reach)
        asked.append((network, spots_in_town(rng, network), rules))
    assert_joined_alike(tmp_path, asked)


def test_the_page_chooses_among_equally_near_streets_as_python_does(tmp_path):
    # a grid of 20 m: its squares' middles, sides and corners are equally near to two or four
    lines = [((0, 20 * row), (80, 20 * row)) for row in range(5)]
    lines += [((20 * row, 80), (20 * row, 0)) for row in range(5)]
    lines += [((0, 0), (80, 80)), ((0, 0), (80, 80)), ((80, 0), (0, 80))]
    rng = np.random.default_rng(5)
    spots = np.stack(np.meshgrid(np.arange(0, 8001, 500), np.arange(0, 8001, 500)), axis=-1)
    spots = spots.reshape(-1, 2) + np.array([EAST, NORTH], dtype=np.int64) * 100
    asked = []
    for _ in range(5):
        names = rng.permutation(len(lines))
        rows = [street(f"s{name:02}", *line) for name, line in zip(names, lines, strict=True)]
        network = geo.build_network(streets_frame(rows), WALK)
        asked.append((network, spots, Rules(min_island_metres=0.0)))
    assert_joined_alike(tmp_path, asked)


# --- plans --------------------------------------------------------------------------------------


def test_a_plan_gives_the_toy_town_the_same_figures_in_the_page_as_here(town):
    found = disagreements(town, 20)
    assert found == []


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_gives_random_towns_the_same_figures_in_the_page_as_here(seed):
    project = replace(town_project(), indicators=())
    area = random_area(np.random.default_rng(seed), [*project.categories] * 2, sloped=True)
    found = disagreements(geo.assess(area, project), 8, seed)
    assert found == []


def test_a_plan_gives_straight_lines_the_same_figures_in_the_page_as_here():
    area = replace(town_area(), streets=None)
    found = disagreements(geo.assess(area, town_project()), 8)
    assert found == []


@pytest.mark.parametrize("place", ["demo_study", "andorra_study"])
def test_a_plan_gives_a_county_the_same_figures_in_the_page_as_here(request, place):
    found = disagreements(request.getfixturevalue(place), 6)
    assert found == []


# --- the columns --------------------------------------------------------------------------------


def test_every_column_of_the_networks_fits_32_bits_and_counts_from_the_origin(town):
    columns, settings = network_columns(town, town.area.facilities)
    assert all(np.abs(values).max(initial=0) < 2**31 for values in columns.values())
    east, north = settings["origin"]
    network = town.measured["walk"].network
    for axis, origin in (("x", east), ("y", north)):
        nodes = np.rint(getattr(network, f"node_{axis}") * 100)
        assert (columns[f"network/walk/node_{axis}"] + origin).tolist() == nodes.tolist()


def test_of_flat_streets_the_pace_tells_the_whole_time_and_of_steep_ones_the_rest_is_told():
    flat, steep = (
        geo.build_network(random_streets(np.random.default_rng(1), sloped=sloped), WALK)
        for sloped in (False, True)
    )
    for network, is_flat in ((flat, True), (steep, False)):
        columns = street_columns(network, min_island_metres=0.0, paces=paces_of(WALK))
        rest = np.abs(np.concatenate((columns["ahead"], columns["back"])))
        assert (rest.max() <= 1) == is_flat  # a millisecond, for each rounds by itself


def test_facilities_without_a_point_or_that_do_not_count_take_no_part(town):
    columns, _ = network_columns(town, town.area.facilities)
    placed = dict(
        zip(town.area.facilities["facility_id"], columns["network/facilities/placed"], strict=True)
    )
    assert [placed[name] for name in ("clinic-main", "clinic-south", "hall-islet")] == [1, 0, 0]
    assert set(columns["network/walk/facilities"][columns["network/facilities/placed"] == 0]) == {
        -1
    }
