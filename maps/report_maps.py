"""The maps of the report: minutes to the headline service, and shortfalls of every unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.vocabulary import text
from maps.classes import minutes_classes, no_data, shortfall_classes, unreached
from maps.gis import unit_services
from maps.gis_styles import column_of
from maps.picture import MapPicture, draw_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.study import Study
    from layers.project import Category
    from layers.vocabulary import Language
    from maps.classes import Class
    from maps.fonts import Font


def minutes_map(study: Study, category: Category, font: Font, lang: Language) -> bytes:
    """Give the map of minutes to the nearest facility of a category, with its facilities."""
    units = unit_services(study)
    minutes = units[column_of("minutes", category.id)]
    short = units[column_of("short", category.id)]
    never, unknown = unreached(lang), no_data(lang)
    classes = minutes_classes(lang)
    colour = _colours(minutes, classes, default=unknown[0])
    colour = colour.mask(minutes.isna() & short.notna(), never[0])
    of_category = study.area.facilities[study.area.facilities["category"] == category.id]
    legend = [*((each.colour, each.label) for each in classes), never, unknown]
    return draw_map(
        MapPicture(
            title=_say(
                "minutes_title", lang, study=study.project.name, category=category.name(lang)
            ),
            units=units.assign(colour=colour).dropna(subset="geometry"),
            legend=[pair for pair in legend if pair[0] in set(colour)],
            townships=study.area.townships,
            streets=study.area.streets,
            points=of_category[~of_category.geometry.isna()],
            points_label=category.name(lang),
            notes=_notes(study, lang),
        ),
        font,
    )


def shortfalls_map(study: Study, font: Font, lang: Language) -> bytes:
    """Give the map of how many services of the living circle each unit is short of."""
    units = unit_services(study)
    classes = shortfall_classes(lang)
    colour = _colours(units["shortfalls"], classes, default=no_data(lang)[0])
    of = f"{len(study.project.circle.categories)}"
    return draw_map(
        MapPicture(
            title=_say("shortfalls_title", lang, study=study.project.name, of=of),
            units=units.assign(colour=colour).dropna(subset="geometry"),
            legend=[(each.colour, each.label) for each in classes],
            townships=study.area.townships,
            streets=study.area.streets,
            points=None,
            points_label="",
            notes=_notes(study, lang),
        ),
        font,
    )


def _colours(values: pd.Series, classes: Sequence[Class], *, default: str) -> pd.Series:
    colours = pd.Series(default, index=values.index, dtype=object)
    for each in classes:
        colours = colours.mask(each.holds(values), each.colour)
    return colours


def _notes(study: Study, lang: Language) -> list[str]:
    project = study.project
    notes = [_say("crs", lang, crs=study.area.crs)]
    if project.data_date:
        notes.append(_say("date", lang, date=project.data_date))
    if project.simulated:
        notes.append(_say("simulated", lang))
    return [*notes, *project.attribution[:1], _say("unapproved", lang)]


def _say(key: str, lang: Language, **values: str) -> str:
    return text(f"report.picture.{key}", lang, **values)
