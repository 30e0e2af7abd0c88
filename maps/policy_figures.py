"""The scorecard as the page carries it: each indicator once, its figures by area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.scorecard_indicator import scored
from layers.catalogue.english import source_text
from layers.vocabulary import LANGUAGES
from maps.sheets_scorecard import in_language

if TYPE_CHECKING:
    from geo.study import Study
    from layers.indicators import Indicator
    from maps.packed import Columns

Json = dict[str, Any]
FIGURES = (
    "numerator",
    "denominator",
    "value",
    "low",
    "high",
    "swing_low",
    "swing_high",
    "unknown",
)


def add_scorecard(columns: Columns, study: Study) -> list[Json]:
    """Add the figures of the policy's indicators, area by area; give the indicators themselves.

    The two lines that every category has without a target are left out: the page counts those
    itself.
    """
    names = [
        name for name in study.scorecard["indicator"].unique() if not _of_category(study, name)
    ]
    figures = by_area(study, names)
    for name in FIGURES:
        columns.real(f"scorecard/{name}", figures[name])
    met = figures["met"].astype("boolean").map({True: 1, False: 0}).astype("float64").fillna(-1)
    columns.whole("scorecard/met", met.to_numpy())
    columns.words("scorecard/area", _areas(study))
    known = {each.id: each for each in scored(study.project, study.coverage, basis=study.basis)}
    rows = study.scorecard[study.scorecard["indicator"].isin(names)]
    first = rows.drop_duplicates("indicator").set_index("indicator")
    lacking = _lacking(rows, study)
    return [_told(known[name], first.loc[name], study) | lacking.get(name, {}) for name in names]


def _lacking(rows: pd.DataFrame, study: Study) -> Json:
    """Say of each of the county's figures that is unknown what would give it."""
    unknown = rows[(rows["level"] == "county") & rows["value"].isna()]
    if study.project.profile == "public" or unknown.empty:
        return {}
    told = {lang: in_language(unknown, study, lang)["missing"].tolist() for lang in LANGUAGES}
    return {
        name: {"missing": {lang: texts[at] for lang, texts in told.items()}}
        for at, name in enumerate(unknown["indicator"])
    }


def by_area(study: Study, names: list[str]) -> pd.DataFrame:
    """Give the scorecard's rows of some indicators, area by area.

    Areas are the county and then the townships in the order of their codes.
    """
    rows = study.scorecard[study.scorecard["indicator"].isin(names)]
    whose = rows["area_id"].where(rows["level"] != "county", "county")
    order = pd.MultiIndex.from_product([_areas(study), names])
    return rows.set_index(pd.MultiIndex.from_arrays([whose, rows["indicator"]])).reindex(order)


def _areas(study: Study) -> list[str]:
    return ["county", *sorted(set(study.area.units["township_id"].dropna()))]


def _of_category(study: Study, name: str) -> bool:
    return name.partition(":")[0] in study.project.categories


def _told(indicator: Indicator, row: pd.Series[Any], study: Study) -> Json:
    order = list(study.project.categories)
    target = indicator.target
    return {
        "id": indicator.id,
        "name": {"zh": indicator.name_zh, "en": indicator.name_en},
        "unit": {"zh": indicator.unit_zh, "en": indicator.unit_en},
        "measure": str(indicator.measure),
        "over": str(row["over"]),
        "share": indicator.is_share,
        "categories": [order.index(each) for each in indicator.categories if each in order],
        "every": indicator.every,
        "target": target
        and {"value": target.value, "comparison": target.comparison, "year": target.year},
        "base": indicator.base,
        "baseYear": indicator.base_year,
        "binding": indicator.binding,
        "source": {lang: source_text(indicator.source, lang) for lang in LANGUAGES},
        "limit": row["limit"] or "",
    }
