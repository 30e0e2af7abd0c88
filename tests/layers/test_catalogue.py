from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from layers.catalogue import circle_ids, load_categories, load_circle, load_modes, policy_ids
from layers.catalogue.policy import document, load_indicators
from layers.vocabulary import COHORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = ("modes", "slopes", "categories", "circles", "osm")
KNOWN = {
    "modes": {
        *("name", "flat_kmh", "source", "off_road", "max", "granted_speed", "slope", "oneway"),
        *("use_posted_speed", "tags", "access_source", "denied", "granted", "closed"),
        *("no_step_on", "speeds", "like", "push", "contraflow", "choice", "variants"),
    },
    "slopes": {"rate", "best", "knots", "source"},
    "categories": {"name", "urban", "rural", "osm", "cohort", "capacity", "standard", "sensitive"},
    "circles": {"name", "categories", "minutes", "mode", "source", "unsure", "unsure_source"},
}


def catalogue(name: str) -> dict[str, Any]:
    source = files("layers").joinpath("catalogue", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def tables_with_numbers(node: Any, *above: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give every table that holds a number itself, with the tables it lies in."""
    if isinstance(node, list):
        for entry in node:
            yield from tables_with_numbers(entry, *above)
    if not isinstance(node, dict):
        return
    values = [
        entry
        for value in node.values()
        for entry in (value if isinstance(value, list) else [value])
    ]
    if any(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        yield (*above, node)
    for child in node.values():
        yield from tables_with_numbers(child, *above, node)


@pytest.mark.parametrize("name", FILES)
def test_every_number_has_a_source_in_its_table_or_the_one_around_it(name):
    found = list(tables_with_numbers(catalogue(name)))
    assert found
    for tables in found:
        assert any(table.get("source") for table in tables[-2:]), tables[-1]


@pytest.mark.parametrize("name", KNOWN)
def test_no_table_has_a_key_that_nobody_reads(name):
    for table_id, table in catalogue(name).items():
        assert set(table) <= KNOWN[name], table_id


@pytest.mark.parametrize("name", sorted(set(KNOWN) - {"slopes"}))
def test_every_entry_is_named_in_chinese_and_in_english(name):
    for table in catalogue(name).values():
        assert re.search("[一-鿿]", table["name"]["zh"])
        assert re.fullmatch(r"[\x20-\x7e]+", table["name"]["en"])


def test_a_street_class_has_one_speed_in_a_mode():
    for mode in catalogue("modes").values():
        listed = [
            street
            for group in mode.get("speeds", ())
            for unit in ("factors", "kmh")
            for street in group.get(unit, {})
        ]
        assert len(listed) == len(set(listed))


def test_closed_classes_are_not_open_and_every_speed_is_within_the_greatest():
    for mode in load_modes().values():
        assert not mode.closed & set(mode.classes)
        assert not mode.denied & mode.granted
        assert all(0 < rule.kmh <= mode.max_kmh for rule in mode.classes.values())
        assert 0 < mode.off_road_kmh <= mode.max_kmh


def test_walking_is_four_kilometres_an_hour_and_motorways_are_closed_to_it():
    walk = load_modes()["walk"]
    assert walk.classes["residential"].kmh == 4.0
    assert walk.off_road_kmh == 2.4
    assert "motorway" not in walk.classes
    assert {"motorway", "motorway_link"} <= walk.closed & walk.no_step_on


def test_a_slower_walker_is_slower_everywhere():
    slow, usual = load_modes({"walk": {"flat_kmh": 3.0}})["walk"], load_modes()["walk"]
    for street, rule in usual.classes.items():
        assert slow.classes[street].kmh == pytest.approx(rule.kmh * 0.75)
    assert slow.off_road_kmh == pytest.approx(usual.off_road_kmh * 0.75)
    assert slow.granted_kmh == pytest.approx(3.0)


def test_an_off_road_speed_of_its_own_leaves_the_streets_alone():
    walk = load_modes({"walk": {"off_road_kmh": 1.5}})["walk"]
    assert walk.off_road_kmh == 1.5
    assert walk.classes == load_modes()["walk"].classes


def test_riding_is_faster_than_walking_and_an_e_bike_than_a_bicycle():
    modes = load_modes()
    kmh = [modes[name].classes["residential"].kmh for name in ("walk", "bike", "ebike")]
    assert kmh == [4.0, 15.0, 17.0]
    assert modes["ebike"].max_kmh == 25.0
    for name in ("bike", "ebike"):
        assert not modes[name].closed & set(modes["walk"].classes) - {"steps", "corridor"}
        assert modes[name].oneway
        assert {"motorway", "motorway_link"} <= modes[name].closed & modes[name].no_step_on


def test_a_bicycle_is_pushed_as_the_study_walks():
    modes = load_modes({"walk": {"flat_kmh": 3.0}})
    assert modes["bike"].push == modes["walk"]
    assert modes["bike"].off_road_kmh == modes["walk"].off_road_kmh
    assert modes["bike"].classes == load_modes()["bike"].classes
    # nobody carries an e-bike up stairs
    e_bike = modes["ebike"].push
    assert set(modes["walk"].classes) - set(e_bike.classes) == {"steps"}
    assert "steps" in e_bike.closed


def test_a_mode_like_another_differs_by_its_own_keys_alone():
    modes = load_modes({"ebike": {"flat_kmh": 15.0}})
    bike, e_bike = modes["bike"], modes["ebike"]
    assert e_bike.classes == bike.classes
    assert (e_bike.tags, e_bike.denied, e_bike.closed) == (bike.tags, bike.denied, bike.closed)
    assert e_bike.slope != bike.slope


def test_a_slope_curve_is_one_on_the_flat_and_its_knots_go_up_in_slope():
    for curve in catalogue("slopes").values():
        if "knots" not in curve:
            assert {"rate", "best"} <= set(curve)
            continue
        slopes, factors = zip(*curve["knots"], strict=True)
        assert list(slopes) == sorted(set(slopes))
        assert dict(curve["knots"])[0.0] == 1.0
        assert min(factors) > 0


def test_every_slope_curve_is_used_and_read_whole():
    used = {mode.slope.id: mode.slope for mode in load_modes().values() if mode.slope}
    assert set(used) == set(catalogue("slopes"))
    for name, table in catalogue("slopes").items():
        assert used[name].source == table["source"]
        assert [list(knot) for knot in used[name].knots] == table.get("knots", [])


def test_the_limits_of_every_timed_category_name_known_modes():
    categories = load_categories()
    assert len(categories) == 19
    for category in categories.values():
        for limit in (category.urban, category.rural):
            assert limit.mode in load_modes()
            assert limit.minutes > 0
            assert limit.source
        assert category.cohort in COHORTS


def test_only_police_rooms_are_for_internal_maps_only():
    assert [name for name, found in load_categories().items() if found.sensitive] == ["police-room"]


def test_nursery_places_are_those_of_the_county_plan():
    nursery = load_categories()["nursery"]
    assert nursery.capacity_per_1000 == nursery.standard.per_1000 == 4.5


def test_a_standard_that_was_read_elsewhere_says_so_and_holds_no_coverage_to_it():
    standards = {name: each for name, each in load_categories().items() if each.standard}
    assert {name: each.standard.per_1000 for name, each in standards.items()} == {
        "elder-care": 35.0,
        "nursery": 4.5,
        "kindergarten": 30.0,
        "health-center": 6.0,
    }
    for name, each in standards.items():
        binds = name == "nursery"
        assert (each.capacity_per_1000 is not None) == binds
        assert ("转引" in each.standard.source) != binds


def test_a_circle_asks_for_known_categories_and_its_minutes_grow():
    for circle_id in circle_ids():
        circle = load_circle(circle_id)
        assert set(circle.categories) <= set(load_categories())
        assert len(circle.categories) == len(set(circle.categories))
        assert circle.mode in load_modes()
        assert list(circle.minutes) == sorted(set(circle.minutes))


def test_what_is_unsure_of_a_circle_is_left_out_unless_asked_for():
    for circle_id in circle_ids():
        sure, every = load_circle(circle_id), load_circle(circle_id, unsure=True)
        assert every.categories == (*sure.categories, *sure.left_out)
        assert not set(sure.left_out) & set(sure.categories)
        assert set(sure.left_out) <= set(load_categories())
        assert every.left_out == ()
        assert (every.source != sure.source) == bool(sure.left_out)


def test_regular_expressions_of_tags_compile():
    untagged = {category.id for category in load_categories().values() if not category.osm}
    assert untagged == {"elder-canteen"}  # OpenStreetMap has no tag for it
    for category in load_categories().values():
        for rule in category.osm:
            for value in rule.values():
                re.compile(value.removeprefix("~"))


def said_in_two_languages(node: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Give every text of a file that is said in a language: where, in Chinese, in English."""
    if isinstance(node, list):
        for at, entry in enumerate(node):
            yield from said_in_two_languages(entry, f"{path}[{at}]")
    if not isinstance(node, dict):
        return
    if "zh" in node or "en" in node:
        yield path, node.get("zh"), node.get("en")
    for name in {key[:-3] for key in node if key.endswith(("_zh", "_en"))}:
        # a reading is named in Chinese by its key
        zh = node.get(f"{name}_zh", path if f"{path}.".count(".variants.") else None)
        yield f"{path}.{name}", zh, node.get(f"{name}_en")
    for name, child in node.items():
        yield from said_in_two_languages(child, f"{path}.{name}")


CATALOGUES = sorted(
    each.name for each in files("layers").joinpath("catalogue").iterdir() if ".toml" in each.name
)


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_text_is_there_in_both_languages_and_the_english_is_english(name):
    for path, zh, en in said_in_two_languages(catalogue(name.removesuffix(".toml"))):
        if False in (zh, en):  # takes back what is inherited, in both languages
            assert (zh, en) == (False, False), path
            continue
        assert zh, path
        assert en, path
        if isinstance(zh, list):
            assert len(zh) == len(en), path
            zh, en = "".join(zh), "".join(en)  # noqa: PLW2901 - one text of a list
        assert re.search("[\u4e00-\u9fff]", zh), path
        assert not re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", en), path


@pytest.mark.parametrize("policy", policy_ids())
def test_a_note_that_is_inherited_says_the_same_in_both_languages(policy):
    tables = document(policy)
    noted = [table for table in tables.values() if "note_zh" in table or "note_en" in table]
    assert len(noted) > 80
    for each in load_indicators(policy):
        assert bool(each.note("zh")) == bool(each.note("en")), each.id
        for figure in re.findall(r"\d[\d.]*", each.note("zh")):
            if figure not in ("2", "1") and "万" not in each.note("zh"):
                assert figure in each.note("en").replace(",", ""), (each.id, figure)
