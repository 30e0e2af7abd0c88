"""What a report says first: the findings, in sentences made of the workbook's figures."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from geo.scorecard_indicator import scored
from geo.shortfalls import township_shortfalls
from layers.vocabulary import PRIORITY, text
from maps.figures import figure_text, gap_text, known, target_text, verdict
from maps.sheets_circle import study_shortfalls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language

_MISSED, _NAMED = 5, 3
_MOST = 0.75


def findings(study: Study, lang: Language) -> Iterator[str]:
    """Give the findings, one paragraph each."""
    yield _scope(study, lang)
    yield from _targets(study, lang)
    yield from _circle(study, lang)
    found = township_shortfalls(study_shortfalls(study), study.area.units, study.project.name)
    county = found[found["area_id"] == "county"]
    if not county["short"].any():
        yield _say("none", lang)
        return
    yield _services(county, study, lang)
    yield from _townships(found[found["area_id"] != "county"], lang)


def _scope(study: Study, lang: Language) -> str:
    units, facilities = study.area.units, study.area.facilities
    counts = {"units": f"{len(units):,}", "facilities": f"{len(facilities):,}"}
    if study.basis == "dwellings":
        return _say("scope_no_people", lang, study=study.project.name, **counts)
    people = people_text(units[["people", *PRIORITY]].sum(min_count=1), lang)
    return _say("scope", lang, study=study.project.name, people=people, **counts)


def people_text(people: Mapping[Any, Any] | pd.Series[Any], lang: Language) -> str:
    """Say how many people there are, and of them the priority people that are known.

    >>> people_text({"people": 30.0, "age_60_plus": 7.0}, "en")
    '30 people, of them 7 aged 60+'
    """
    told = {
        cohort: text(f"report.people.{cohort}", lang, count=f"{count:,.0f}")
        for cohort in PRIORITY
        if (count := known(people.get(cohort))) is not None
    }
    everyone = text("report.people.all", lang, count=f"{people['people']:,.0f}")
    if not told:
        return everyone
    listed = text("workbook.and", lang).join(told.values())
    return text("report.people.of_them", lang, all=everyone, list=listed)


def _targets(study: Study, lang: Language) -> Iterator[str]:
    county = study.scorecard[study.scorecard["level"] == "county"].to_dict("records")
    verdicts: Counter[str] = Counter(verdict(row) for row in county)
    del verdicts["no_target"]
    if not verdicts:
        return
    kinds = ("yes", "no", "undecided", "no_value")
    counts = {kind: f"{verdicts[kind]}" for kind in kinds}
    yield _say("targets", lang, count=f"{sum(verdicts.values())}", **counts)
    names = {
        each.id: (each.name(lang), each.unit(lang))
        for each in scored(study.project, study.coverage, basis=study.basis)
    }
    missed = sorted((row for row in county if verdict(row) == "no"), key=_farness, reverse=True)
    told = []
    for row in missed[:_MISSED]:
        name, unit = names.get(row["indicator"], (row["name"], row["unit"]))
        figures = {"value": figure_text(row) or "", "target": target_text(row)}
        told.append(_say("missed_one", lang, name=name, gap=gap_text(row, unit, lang), **figures))
    if told:
        yield _say("missed", lang, list=text("workbook.then", lang).join(told))


def _farness(row: dict[Any, Any]) -> float:
    """Give how far a row is from its target, as a share of the target."""
    return float(abs(row["gap_to_target"]) / max(abs(row["target"]), 1e-9))


def _circle(study: Study, lang: Language) -> Iterator[str]:
    circle, circles = study.project.circle, study.circles
    minutes = circle.minutes[-1]
    rows = circles[(circles["level"] == "unit") & (circles["limit_minutes"] == minutes)]
    if rows.empty:
        return
    yield _say(
        "circle",
        lang,
        name=circle.name_zh if lang == "zh" else circle.name_en,
        of=f"{len(circle.categories)}",
        full=f"{(rows['reached'] == rows['of']).sum()}",
        most=f"{(rows['reached'] >= _MOST * rows['of']).sum()}",
        minutes=f"{minutes:g}",
        mode=study.project.modes[circle.mode].name(lang),
    )


def _services(county: pd.DataFrame, study: Study, lang: Language) -> str:
    counted = county["people"].notna().all() and study.basis == "people"
    by = ["people", "short"] if counted else ["short"]
    first = county[county["short"] > 0].sort_values(by, ascending=False, kind="stable")
    names = {each.id: each.name(lang) for each in study.project.categories.values()}
    told = [
        _say(
            "services_one" if counted else "services_units",
            lang,
            category=names[row["category"]],
            short=f"{row['short']}",
            people=people_text(row, lang) if counted else "",
        )
        for row in first.head(_NAMED).to_dict("records")
    ]
    return _say("services", lang, list=text("workbook.and", lang).join(told))


def _townships(found: pd.DataFrame, lang: Language) -> Iterator[str]:
    towns = found.groupby("area_id", sort=False).agg(
        name=("area", "first"), units=("units", "max"), short=("short", "sum")
    )
    towns = towns[towns["short"] > 0].assign(per_unit=towns["short"] / towns["units"])
    first = towns.sort_values("per_unit", ascending=False, kind="stable").head(_NAMED)
    told = [
        _say(
            "townships_one",
            lang,
            name=row["name"],
            units=f"{row['units']}",
            short=f"{row['short']}",
        )
        for row in first.to_dict("records")
    ]
    if told:
        yield _say("townships", lang, list=text("workbook.and", lang).join(told))


def _say(key: str, lang: Language, **values: str) -> str:
    return text(f"report.findings.{key}", lang, **values)
