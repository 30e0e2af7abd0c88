"""Supply and fairness: how evenly times and places are spread, and how full facilities are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.vocabulary import PRIORITY, text
from maps.sheets_layout import Column, Sheet, cells
from maps.site_words import is_told, priority_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_SPREAD: tuple[tuple[str, float, Kind], ...] = (
    ("area", 14, "long"),
    ("category", 18, "long"),
    ("spread_of", 22, "long"),
    ("mode", 7, "mark"),
    ("people", 9, "whole"),
    *((cohort, 8, "whole") for cohort in PRIORITY),
    ("reaching_nothing", 8, "whole"),
    *((f"{cohort}_reaching_nothing", 8, "whole") for cohort in PRIORITY),
    ("mean", 9, "number"),
    ("ratio", 8, "share"),
    ("gini", 8, "index"),
    ("palma", 12, "index"),
    ("theil", 8, "index"),
    ("between_townships", 9, "share"),
    ("between_urban_rural", 9, "share"),
    ("concentration", 11, "index"),
    ("below", 8, "share"),
    *((f"{cohort}_below", 8, "share") for cohort in PRIORITY),
    ("shortfall", 8, "index"),
    ("severity", 8, "index"),
    ("facilities", 9, "whole"),
    ("unknown_capacity", 9, "whole"),
    ("places", 8, "whole"),
    ("places_per_1000", 10, "number"),
    ("standard_per_1000", 9, "number"),
)
_LOAD: tuple[tuple[str, float, Kind], ...] = (
    ("facility_id", 12, "id"),
    ("facility_name", 22, "long"),
    ("category", 18, "long"),
    ("township", 12, "long"),
    ("nearest_people", 10, "whole"),
    *((f"nearest_{cohort}", 9, "whole") for cohort in PRIORITY),
    ("capacity", 8, "whole"),
    ("room", 10, "whole"),
    ("load", 8, "share"),
    ("over_capacity", 7, "mark"),
    ("people_within", 11, "whole"),
    *((f"{cohort}_within", 9, "whole") for cohort in PRIORITY),
    ("offered_per_1000", 11, "number"),
)
_LEVELS = {"county": 0, "class": 1, "township": 2}


def supply_sheet(study: Study, lang: Language) -> Sheet:
    """Give how times and places are spread, for the county, urban and rural units, townships."""
    keys = ["area_id", "category"]
    places = study.supply_areas.assign(measure="places_per_1000")
    named = {"places_per_1000": "own_per_1000"}
    own = places.rename(columns=named)[
        [*keys, "measure", "facilities", "unknown", "places", "own_per_1000", "standard_per_1000"]
    ]
    rows = study.equity.merge(own, on=[*keys, "measure"], how="left")
    order = list(study.project.categories)
    by = (rows["category"].map(order.index), rows["area_id"], rows["level"].map(_LEVELS))
    rows = rows.iloc[np.lexsort([key.to_numpy() for key in by])]
    method = study.project.supply
    counted = text(f"words.{study.basis}", lang)
    return Sheet(
        text("workbook.sheet.supply", lang),
        (
            text("workbook.note.supply", lang, basis=counted),
            text(
                "workbook.note.supply_method",
                lang,
                method=method.name(lang),
                decay=method.decay.name(lang),
            ),
            *priority_lines(study.basis, lang),
        ),
        *_table(_SPREAD, _spread_cells(rows, study, lang), study, lang),
        kept=3,
    )


def load_sheet(study: Study, lang: Language) -> Sheet:
    """Give every facility with what is asked of it, the fullest first."""
    rows = study.facility_load.sort_values(
        ["load", "people", "facility_id"], ascending=[False, False, True], na_position="last"
    )
    return Sheet(
        text("workbook.sheet.load", lang),
        (text("workbook.note.load", lang), *priority_lines(study.basis, lang)),
        *_table(_LOAD, _load_cells(rows, study, lang), study, lang),
        kept=2,
    )


def _table(
    layout: Sequence[tuple[str, float, Kind]],
    table: Mapping[str, list[Value]],
    study: Study,
    lang: Language,
) -> tuple[tuple[Column, ...], list[tuple[Value, ...]]]:
    """Give the columns of a layout that have anything to tell, and the rows under them."""
    counted = text(f"words.{study.basis}", lang)
    heads = {"people": counted}
    told = [each for each in layout if is_told(each[0], study.basis)]
    columns = tuple(
        Column(heads.get(key) or text(f"workbook.head.{key}", lang, basis=counted), width, kind)
        for key, width, kind in told
    )
    return columns, [*zip(*(table[key] for key, _, _ in told), strict=True)]


def _spread_cells(rows: pd.DataFrame, study: Study, lang: Language) -> dict[str, list[Value]]:
    """Give the cells of every column of ``_SPREAD``; most go by the name they have in the frame."""
    spread = {key: text(f"workbook.spread.{key}", lang) for key in rows["measure"].unique()}
    classes = {key: text(f"words.{key}", lang) for key in ("urban", "rural")}
    modes = {mode.id: mode.name(lang) for mode in study.project.modes.values()}
    named = {
        "area": rows["area"].where(rows["level"] != "class", rows["area_id"].map(classes)),
        "category": rows["category"].map(_names(study, lang)),
        "spread_of": rows["measure"].map(spread),
        "mode": rows["mode"].map(modes),
        "reaching_nothing": rows["left_out"],
        "between_townships": _part(rows, "townships"),
        "between_urban_rural": _part(rows, "urban_rural"),
        "unknown_capacity": rows["unknown"],
        "places_per_1000": rows["own_per_1000"],
    }
    return {key: cells(named[key] if key in named else rows[key]) for key, _, _ in _SPREAD}


def _part(rows: pd.DataFrame, groups: str) -> pd.Series[float]:
    whole = rows["theil"].where(rows["theil"] > 0)
    part: pd.Series[float] = rows[f"theil_between_{groups}"] / whole
    return part


def _load_cells(rows: pd.DataFrame, study: Study, lang: Language) -> dict[str, list[Value]]:
    """Give the cells of every column of ``_LOAD``; most go by the name they have in the frame."""
    facilities = study.area.facilities.set_index("facility_id").reindex(rows["facility_id"])
    townships = study.area.units.set_index("unit_id")["township"]
    answer = {True: text("workbook.yes", lang), False: text("workbook.no", lang)}
    named = {
        "facility_name": facilities["name"],
        "category": rows["category"].map(_names(study, lang)),
        "township": facilities["unit_id"].map(townships),
        **{f"nearest_{name}": rows[name] for name in ("people", *PRIORITY)},
        "over_capacity": rows["over_capacity"].astype(object).map(answer),
    }
    return {key: cells(named[key] if key in named else rows[key]) for key, _, _ in _LOAD}


def _names(study: Study, lang: Language) -> dict[str, str]:
    return {each.id: each.name(lang) for each in study.project.categories.values()}
