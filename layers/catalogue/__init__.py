"""What is known beforehand: modes, facility categories and living circles.

Everything is read from ``layers/catalogue/*.toml``, where every number names its source. Policy
indicators are in ``layers.catalogue.policy``.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from layers.catalogue.tables import tables
from layers.project import Category, CircleProfile, Limit, Mode, SlopeCurve, Standard, StreetRule
from layers.readings import READING_KEYS, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MODE_SETTINGS",
    "circle_ids",
    "flat_modes",
    "load_categories",
    "load_circle",
    "load_modes",
    "mode_readings",
    "policy_ids",
]

MODE_SETTINGS = ("flat_kmh", "off_road_kmh")
"""What a study may set of a mode; ``flat_kmh`` only where the mode has one speed on the flat."""

_NO_POLICY = frozenset(
    {"modes", "slopes", "categories", "listed", "attributes", "circles", "osm", "supply", "english"}
)


def load_modes(
    settings: Mapping[str, Mapping[str, float]] | None = None,
    choices: Mapping[str, str] | None = None,
) -> dict[str, Mode]:
    """Give every mode by id, with a study's own speeds where it sets any.

    A ``flat_kmh`` rescales everything the catalogue gives as a factor of it, and what is pushed
    is pushed at the study's own walking speed. ``choices`` name the reading taken of a mode's
    speed in place of the catalogue's; a ``flat_kmh`` of the study's own is none of the readings.

    >>> load_modes({"walk": {"flat_kmh": 3.0}})["walk"].classes["steps"].kmh
    1.8
    >>> load_modes(choices={"walk": "800米"})["walk"].classes["footway"].kmh
    3.2
    """
    chosen, readings = settings or {}, choices or {}
    modes: dict[str, Mode] = {}
    for mode_id, table in _mode_tables().items():
        own = chosen.get(mode_id, {})
        modes[mode_id] = _mode(mode_id, _taken(table, readings.get(mode_id), own), own, modes)
    return modes


def mode_readings() -> dict[str, tuple[str, ...]]:
    """Give the names of the readings there are of each mode's speed that has several.

    >>> mode_readings()
    {'walk': ('1000米', '800米')}
    """
    tables = _mode_tables()
    return {name: tuple(each["variants"]) for name, each in tables.items() if "variants" in each}


def flat_modes() -> frozenset[str]:
    """Give the modes that have one speed on the flat, which a study may set."""
    speeds = {"flat_kmh", "variants"}
    return frozenset(name for name, table in _mode_tables().items() if speeds & table.keys())


def load_categories() -> dict[str, Category]:
    """Give every category by id, in the order of the catalogue.

    >>> load_categories()["police-room"].sensitive
    True
    """
    return {name: _category(name, table) for name, table in tables("categories").items()}


def load_circle(circle_id: str, *, unsure: bool = False) -> CircleProfile:
    """Give one living circle, with what is ``unsure`` too if asked; KeyError for an unknown id.

    >>> load_circle("basic-15").minutes
    (5.0, 10.0, 15.0)
    """
    table = tables("circles")[circle_id]
    return CircleProfile(
        id=circle_id,
        name_zh=table["name"]["zh"],
        name_en=table["name"]["en"],
        categories=(*table["categories"], *(table.get("unsure", ()) if unsure else ())),
        minutes=tuple(float(limit) for limit in table["minutes"]),
        mode=table["mode"],
        source="；".join(
            [table["source"], *([table["unsure_source"]] if unsure and "unsure" in table else [])]
        ),
        left_out=() if unsure else tuple(table.get("unsure", ())),
    )


def circle_ids() -> tuple[str, ...]:
    """Give the ids of the living circles."""
    return tuple(tables("circles"))


def policy_ids() -> tuple[str, ...]:
    """Give the ids of the policy documents whose indicators are known."""
    names = (entry.name for entry in files("layers").joinpath("catalogue").iterdir())
    stems = (name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    return tuple(
        sorted(stem for stem in stems if stem not in _NO_POLICY and not stem.startswith("tasks-"))
    )


def _mode_tables() -> dict[str, dict[str, Any]]:
    """Give the tables of the modes, what a mode is ``like`` another in filled in."""
    own = tables("modes")
    return {name: {**own.get(table.get("like", ""), {}), **table} for name, table in own.items()}


def _taken(
    table: Mapping[str, Any], choice: str | None, own: Mapping[str, float]
) -> Mapping[str, Any]:
    """Give a mode's table with the speed of the reading taken, of none where a study sets one."""
    if "variants" not in table:
        return table
    if "flat_kmh" in own:
        return {**table, "choice": ""}
    taken = choice or table["choice"]
    return {**table, "choice": taken, "flat_kmh": table["variants"][taken]["flat_kmh"]}


def _mode(
    mode_id: str,
    table: Mapping[str, Any],
    settings: Mapping[str, float],
    earlier: Mapping[str, Mode],
) -> Mode:
    flat = settings.get("flat_kmh", table.get("flat_kmh"))
    push = _push(table["push"], earlier) if "push" in table else None
    off_road = push.off_road_kmh if push else None

    def kmh(speed: Mapping[str, Any]) -> float:
        return float(speed["kmh"]) if "kmh" in speed else round(flat * speed["factor"], 6)

    return Mode(
        id=mode_id,
        name_zh=table["name"]["zh"],
        name_en=table["name"]["en"],
        off_road_kmh=settings.get("off_road_kmh", off_road or kmh(table["off_road"])),
        slope=_slope(table["slope"]),
        oneway=table["oneway"],
        max_kmh=kmh(table["max"]),
        use_posted_speed=table["use_posted_speed"],
        tags=tuple(table["tags"]),
        denied=frozenset(table["denied"]),
        granted=frozenset(table["granted"]),
        granted_kmh=kmh(table["granted_speed"]),
        classes={
            street: StreetRule(kmh({unit.removesuffix("s"): value}), group["source"])
            for group in table["speeds"]
            for unit in ("factors", "kmh")
            for street, value in group.get(unit, {}).items()
        },
        source=table["source"],
        closed=frozenset(table["closed"]),
        no_step_on=frozenset(table["no_step_on"]),
        contraflow=table.get("contraflow"),
        push=push,
        choice=table.get("choice", ""),
        readings=tuple(
            Reading(name, **{key: each[key] for key in READING_KEYS})
            for name, each in table.get("variants", {}).items()
        ),
    )


def _push(table: Mapping[str, Any], earlier: Mapping[str, Mode]) -> Mode:
    """Give the mode by which another is pushed, less the classes closed to that."""
    walker, closed = earlier[table["mode"]], frozenset(table.get("closed", ()))
    open_classes = {name: rule for name, rule in walker.classes.items() if name not in closed}
    return replace(walker, classes=open_classes, closed=walker.closed | closed)


def _slope(curve_id: str) -> SlopeCurve | None:
    if curve_id == "none":
        return None
    table = tables("slopes")[curve_id]
    return SlopeCurve(
        id=curve_id,
        source=table["source"],
        rate=table.get("rate", 0.0),
        best=table.get("best", 0.0),
        knots=tuple((slope, factor) for slope, factor in table.get("knots", ())),
    )


def _category(category_id: str, table: Mapping[str, Any]) -> Category:
    capacity = table.get("capacity")
    standard = capacity or table.get("standard")
    return Category(
        id=category_id,
        name_zh=table["name"]["zh"],
        name_en=table["name"]["en"],
        urban=_limit(table["urban"]),
        rural=_limit(table["rural"]),
        cohort=table.get("cohort", "people"),
        osm=tuple(table["osm"]),
        capacity_per_1000=capacity["per_1000"] if capacity else None,
        standard=Standard(float(standard["per_1000"]), standard["source"]) if standard else None,
        sensitive=table.get("sensitive", False),
    )


def _limit(table: Mapping[str, Any]) -> Limit:
    return Limit(float(table["minutes"]), table["mode"], table["source"])
