"""A network from the shelf is the one that would be built, array by array, and of nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo import prepared
from geo.islands import islands_of, pieces_of
from geo.network import usable_streets
from geo.prepared import network_key, prepared_network
from layers.catalogue import load_modes
from layers.errors import NetworkError
from layers.project import StreetRule
from layers.shelf import Shelf
from layers.study_area import Islands
from tests.random_town import random_streets, towns
from tests.town import town_area, town_streets
from tests.town_settings import town_drive, town_walk

if TYPE_CHECKING:
    from geo.network import Network

WALK, DRIVE = town_walk(), town_drive()
BIKE = load_modes()["bike"]
modes = st.sampled_from([WALK, DRIVE, BIKE])
ROOT = Path(__file__).resolve().parents[2]


class Noted:
    """A shelf in memory that notes what was found."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, np.ndarray]] = {}
        self.found = 0

    def find(self, key):
        self.found += key in self.kept
        return self.kept.get(key)

    def keep(self, key, arrays):
        self.kept[key] = dict(arrays)


@pytest.fixture(autouse=True)
def _however_few(monkeypatch) -> None:
    """Keep the smallest network."""
    monkeypatch.setattr(prepared, "_FEW", 0)


def assert_same(one: Network, other: Network) -> None:
    assert one.mode == other.mode
    assert list(one.street_ids) == list(other.street_ids)
    assert shapely.to_wkb(one.lines).tolist() == shapely.to_wkb(other.lines).tolist()
    for first, second in ((one, other), (one.arcs, other.arcs), (one.segments, other.segments)):
        assert vars(first).keys() == vars(second).keys()
        for name, array in vars(first).items():
            if isinstance(array, np.ndarray) and array.dtype != object:
                again = getattr(second, name)
                assert (array.dtype, array.shape) == (again.dtype, again.shape), name
                assert array.tobytes() == again.tobytes(), name
                assert again.flags.writeable == array.flags.writeable, name


@given(towns, modes, st.booleans())
def test_it_is_the_same_array_by_array_as_built(tmp_path_factory, seed, mode, sloped):
    streets = random_streets(np.random.default_rng(seed), sloped=sloped)
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    built = geo.build_network(streets, mode)
    for _ in range(2):
        assert_same(prepared_network(streets, mode, shelf=shelf), built)
    assert shelf.find(network_key(usable_streets(streets, mode), mode, None)) is not None


@given(towns, st.sampled_from([WALK, DRIVE]))
def test_so_is_that_of_a_tile_with_the_islands_of_its_whole(seed, mode):
    rng, shelf = np.random.default_rng(seed), Noted()
    streets = random_streets(rng)
    part = streets[rng.random(len(streets)) < 0.7]
    islands = islands_of([pieces_of(streets, mode)])
    built = geo.build_network(part, mode, islands)
    for _ in range(2):
        assert_same(prepared_network(part, mode, islands, shelf=shelf), built)
    assert shelf.found == 1


@pytest.mark.parametrize("mode", [WALK, DRIVE], ids=lambda mode: mode.id)
def test_the_town_assessed_twice_finds_every_network_again_and_tells_the_same(mode, project):
    shelf = Noted()
    project = replace(project, modes=project.modes | {mode.id: mode})
    area = replace(town_area(), shelf=shelf)
    first, again = (geo.assess(area, project, draw=False) for _ in range(2))
    assert shelf.found >= len(project.modes)
    for name, frame in first.frames().items():
        pd.testing.assert_frame_equal(frame, again.frames()[name], rtol=0, atol=0)


def town(**columns):
    return town_streets().assign(**columns)


def with_moved_vertex():
    streets = town()
    shapes = streets.geometry.to_numpy().copy()
    shapes[0] = shapely.transform(shapes[0], lambda at: at + 0.01)
    return streets.set_geometry(shapes, crs=streets.crs)


def with_height():
    streets = town()
    shapes = streets.geometry.to_numpy().copy()
    shapes[0] = shapely.force_3d(shapely.force_2d(shapes[0]), 7.0)
    return streets.set_geometry(shapes, crs=streets.crs)


def with_vertex_between():
    streets = town()
    shapes = streets.geometry.to_numpy().copy()
    shapes[0] = shapely.segmentize(shapes[0], shapes[0].length / 3)
    return streets.set_geometry(shapes, crs=streets.crs)


def cut_elsewhere():
    """Give the same vertices in the same order, one of them of the next street."""
    streets = town()
    shapes = streets.geometry.to_numpy().copy()
    points = [shapely.get_coordinates(shape) for shape in shapes[:2]]
    shapes[0] = shapely.linestrings(np.vstack([points[0], points[1][:1]]))
    shapes[1] = shapely.linestrings(np.vstack([points[1][:1], points[1][1:]]))
    return streets.set_geometry(shapes, crs=streets.crs)


def first_row(name, value):
    cells = town()[name].to_numpy(copy=True)
    cells[0] = value
    return town(**{name: cells})


STREETS = {
    "a vertex moved": with_moved_vertex,
    "heights": with_height,
    "one vertex more": with_vertex_between,
    "vertices of another street": cut_elsewhere,
    "a street less": lambda: town().iloc[1:],
    "an id": lambda: first_row("street_id", "another"),
    "a class": lambda: first_row("class", "residential"),
    "a one-way sign": lambda: first_row("oneway", 1),
    "the other way": lambda: first_row("oneway", -1),
    "a posted speed": lambda: first_row("speed_kmh", 31.0),
    "a bridge": lambda: first_row("bridge", value=True),
    "a tunnel": lambda: first_row("tunnel", value=True),
    "access": lambda: first_row("foot", "designated"),
    "access by word": lambda: first_row("foot", "yes"),
    "access of all": lambda: first_row("access", "yes"),
    "the word None": lambda: first_row("access", "None"),
}


def key(streets, mode=WALK, islands=None):
    return network_key(usable_streets(streets, mode), mode, islands)


def test_every_input_that_matters_changes_the_key_each_to_one_of_its_own():
    keys = {name: key(make()) for name, make in STREETS.items()} | {"": key(town())}
    assert len({*keys.values()}) == len(keys)


MODES = {
    "a speed": replace(WALK, classes=WALK.classes | {"footway": StreetRule(5.9, "town")}),
    "the highest speed": replace(WALK, max_kmh=7.1),
    "one-way signs heeded": replace(WALK, oneway=True),
    "slopes": replace(WALK, slope=replace(WALK.slope, rate=3.4)),
    "flat": replace(WALK, slope=None),
    "knots": replace(WALK, slope=replace(WALK.slope, knots=((-0.1, 1.2), (0.1, 0.8)))),
    "posted speeds": replace(WALK, use_posted_speed=True),
    "tags": replace(WALK, tags=("access", "foot")),
    "what is denied": replace(WALK, denied=frozenset({"no"})),
    "what is granted": replace(WALK, granted=frozenset({"yes"})),
    "the speed granted": replace(WALK, granted_kmh=5.0),
    "where to step on": replace(WALK, no_step_on=frozenset({"residential"})),
    "closed": replace(WALK, closed=frozenset({"trunk"})),
    "contraflow": replace(WALK, contraflow="oneway_bicycle"),
    "pushed": replace(WALK, push=WALK),
    "pushed slowly": replace(WALK, push=replace(WALK, max_kmh=7.1)),
    "driving": DRIVE,
}


def test_so_does_every_setting_of_the_mode():
    streets = usable_streets(town(), WALK)
    keys = {name: network_key(streets, mode, None) for name, mode in MODES.items()}
    keys[""] = network_key(streets, WALK, None)
    assert len({*keys.values()}) == len(keys)


def test_so_do_islands_their_numbers_and_their_lengths():
    ids = town()["street_id"]
    numbers = pd.Series(0, index=ids)
    found = [
        None,
        Islands(numbers, np.array([100.0])),
        Islands(numbers, np.array([101.0])),
        Islands(numbers, np.array([100.0, 50.0])),
        Islands(numbers + (ids.to_numpy() == ids.iloc[0]), np.array([100.0, 50.0])),
        Islands(numbers.iloc[1:], np.array([100.0])),
    ]
    assert len({key(town(), islands=each) for each in found}) == len(found)


def test_neither_the_order_of_rows_nor_what_the_mode_cannot_use_changes_it():
    streets = town()
    assert key(streets.iloc[::-1]) == key(streets)
    walled = streets.assign(**{"class": streets["class"].where(streets.index != 0, "motorway")})
    assert key(walled) == key(streets.iloc[1:])


def test_texts_of_another_type_are_the_same_texts():
    streets = town()
    typed = streets.astype({"class": "str", "access": "str"})
    assert key(typed) == key(streets)


def test_the_key_is_the_same_in_every_process():
    told = (
        "from geo.prepared import network_key; from layers.catalogue import load_modes;"
        "from tests.town import town_streets;"
        "print(network_key(town_streets(), load_modes()['bike'], None))"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", told],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1"},  # by which sets are ordered
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == network_key(town(), BIKE, None)


def test_few_streets_are_neither_looked_for_nor_kept(monkeypatch):
    monkeypatch.setattr(prepared, "_FEW", 10_000)
    shelf = Noted()
    prepared_network(town(), WALK, shelf=shelf)
    assert shelf.kept == {}


def test_a_mode_that_may_use_no_street_is_told_with_a_shelf_as_without():
    closed = replace(WALK, classes={}, granted=frozenset())
    with pytest.raises(NetworkError):
        prepared_network(town(), closed, shelf=Noted())
