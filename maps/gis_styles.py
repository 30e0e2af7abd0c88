"""How each layer of results.gpkg is coloured in QGIS, and what its columns are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from layers.catalogue.ledger import column_meanings, load_register_kinds
from layers.vocabulary import text
from maps.classes import minutes_classes, no_data, shortfall_classes, unreached
from maps.qml import Rule, fill, line, marker, qml
from maps.style import CATEGORIES, COVERED, MAIN_STREETS, MINUTES, NOT_COVERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.study import Study
    from layers.project import Category
    from layers.vocabulary import Language
    from maps.classes import Class
    from maps.qml import Symbol

FIXED_TIME = "2000-01-01T00:00:00.000Z"
_STREET, _MINOR = "#6b6b6b", "#b5b5b5"
_KINDS = ("marker", "line", "fill")  # of symbols, by the dimension of what they draw


def column_of(prefix: str, category_id: str) -> str:
    """Name the column of a category in the layer of units and their services.

    >>> column_of("minutes", "elder-care")
    'minutes_elder_care'
    """
    return f"{prefix}_{category_id.replace('-', '_')}"


def layer_styles(frames: Mapping[str, pd.DataFrame], study: Study, lang: Language) -> pd.DataFrame:
    """Give the table in which QGIS looks up the styles of a GeoPackage's layers.

    Every layer has a default style; that of units and services has one for every category.
    """
    drawn = _styles(frames, study, lang)
    rows = []
    for name, frame in frames.items():
        aliases = _aliases(name, frame, study, lang)
        geometry = "geometry" if isinstance(frame, gpd.GeoDataFrame) else ""
        for number, (title, rules) in enumerate(drawn.get(name, [(name, [])])):
            rows.append(
                {
                    "f_table_catalog": "",
                    "f_table_schema": "",
                    "f_table_name": name,
                    "f_geometry_column": geometry,
                    "styleName": title,
                    "styleQML": qml(rules, aliases),
                    "styleSLD": "",
                    "useAsDefault": number == 0,
                    "description": title,
                    "owner": "",
                    "ui": "",
                    "update_time": pd.Timestamp(FIXED_TIME),
                }
            )
    return pd.DataFrame(rows)


def _styles(
    frames: Mapping[str, pd.DataFrame], study: Study, lang: Language
) -> dict[str, list[tuple[str, list[Rule]]]]:
    """Give the styles of each layer, the default first; layers that are tables have none."""
    known = study.project.categories
    circle = [known[name] for name in study.project.circle.categories]
    present = set(study.area.facilities["category"])
    kinds = [each for each in known.values() if each.id in present]
    single = {
        "units": ("unit", (fill("#ffffff", opacity=0.0), marker(_STREET, 2.0))),
        "townships": ("township", (fill("#ffffff", opacity=0.0, outline=0.8),)),
        "residences": ("residence", (marker(_STREET, 0.8),)),
        "places": ("residence", (marker(_MINOR, 0.6),)),
        "dead_ends": ("dead_end", (marker("#d7191c", 2.0, shape="cross2"),)),
    }
    return {
        **{
            name: [(_say(key, lang), _by_shape(frames[name], (_say(key, lang), ""), symbols))]
            for name, (key, symbols) in single.items()
            if name in frames
        },
        "registers": [(_say("registers", lang), _registers(frames.get("registers"), lang))],
        "unit_services": [
            *(
                (_say("minutes_to", lang, category=each.name(lang)), _minutes(each, lang))
                for each in circle
            ),
            (_say("shortfalls", lang), _classes(shortfall_classes(lang), '"shortfalls"')),
        ],
        "facilities": [(_say("facilities", lang), _facilities(kinds, lang))],
        "gaps": [(_say("gaps", lang), _gaps(circle, lang))],
        "streets": [(_say("streets", lang), _streets(lang))],
        "areas": [(_say("areas", lang), _areas(study.project.circle.minutes, lang))],
    }


def _by_shape(rows: pd.DataFrame, said: tuple[str, str], symbols: Sequence[Symbol]) -> list[Rule]:
    """Give a rule, by its label and filter, for each shape that rows have; else the first symbol.

    QGIS draws points, lines and areas of one layer by the symbols of their kind alone.
    """
    shapes = gpd.GeoSeries(rows.geometry).dropna()
    there = {_KINDS[dimension] for dimension in shapely.get_dimensions(shapes)}
    drawn = [symbol for symbol in symbols if symbol.kind in there] or symbols[:1]
    return [Rule(*said, symbol) for symbol in drawn]


def _registers(frame: pd.DataFrame | None, lang: Language) -> list[Rule]:
    """Give what each kind of register is drawn by; those without a place have none."""
    if frame is None:
        return []
    known, rules = load_register_kinds(), list[Rule]()
    for number, (kind, rows) in enumerate(frame[frame.geometry.notna()].groupby("kind")):
        colour = CATEGORIES[number % len(CATEGORIES)]
        symbols = marker(colour, 2.0, shape="square"), line(colour, 0.5), fill(colour, opacity=0.25)
        said = known[str(kind)].name(lang), f"\"kind\" = '{kind}'"
        rules += _by_shape(rows, said, symbols)
    return rules


def _minutes(category: Category, lang: Language) -> list[Rule]:
    minutes = f'"{column_of("minutes", category.id)}"'
    short = f'"{column_of("short", category.id)}"'
    never, unknown = unreached(lang), no_data(lang)
    return [
        *_classes(minutes_classes(lang), minutes),
        Rule(never[1], f"{minutes} IS NULL AND {short} IS NOT NULL", fill(never[0])),
        Rule(unknown[1], f"{minutes} IS NULL AND {short} IS NULL", fill(unknown[0])),
    ]


def _classes(classes: Sequence[Class], column: str) -> list[Rule]:
    rules = []
    for each in classes:
        bounds = ((">", each.low), ("<=", each.high))
        where = " AND ".join(f"{column} {sign} {at:g}" for sign, at in bounds if at is not None)
        rules.append(Rule(each.label, where, fill(each.colour)))
    return rules


def _facilities(kinds: Sequence[Category], lang: Language) -> list[Rule]:
    return [
        Rule(
            each.name(lang),
            f"\"category\" = '{each.id}'",
            marker(CATEGORIES[number % len(CATEGORIES)], 2.4),
        )
        for number, each in enumerate(kinds)
    ]


def _gaps(circle: Sequence[Category], lang: Language) -> list[Rule]:
    return [
        Rule(
            each.name(lang),
            f"\"indicator\" = '{each.id}'",
            marker(NOT_COVERED, 3.0, shape="diamond"),
            shown=number == 0,
        )
        for number, each in enumerate(circle)
    ]


def _streets(lang: Language) -> list[Rule]:
    main = ", ".join(f"'{name}'" for name in MAIN_STREETS)
    return [
        Rule(_say("main_streets", lang), f'"class" IN ({main})', line(_STREET, 0.5)),
        Rule(_say("other_streets", lang), f'"class" NOT IN ({main})', line(_MINOR, 0.2)),
    ]


def _areas(limits: Sequence[float], lang: Language) -> list[Rule]:
    circles = [
        Rule(
            _say("circle_of", lang, minutes=f"{limit:g}"),
            f'"kind" = \'living-circle\' AND "limit_minutes" = {limit:g}',
            fill(colour, opacity=0.35),
        )
        for limit, colour in zip(limits, MINUTES, strict=False)
    ]
    service = Rule(
        _say("service_areas", lang),
        "\"kind\" = 'service-area'",
        fill(COVERED, opacity=0.2),
        shown=False,
    )
    return [*reversed(circles), service]


def _aliases(name: str, frame: pd.DataFrame, study: Study, lang: Language) -> dict[str, str]:
    """Name the columns that have a name; a planner's own columns keep theirs."""
    names = column_meanings(name, lang)
    found = {str(column): names[column] for column in frame.columns if column in names}
    for each in study.project.categories.values():
        for prefix in ("minutes", "short"):
            column = column_of(prefix, each.id)
            if column in frame:
                found[column] = _say(f"{prefix}_of", lang, category=each.name(lang))
    return found


def _say(key: str, lang: Language, **values: str) -> str:
    return text(f"gis.{key}", lang, **values)
