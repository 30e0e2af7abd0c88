"""What a run tells at its end: how the county stands, and what was noted of its data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from geo.scorecard_indicator import scored
from layers.vocabulary import Language, text
from maps.outcome import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from geo.study import Study


def summary_of(study: Study, lang: Language = "zh") -> Summary:
    """List the county's main figures beside their targets, and count the others.

    The main ones are the headlines of the policy; without a policy, every category by people.
    """
    rows = study.scorecard[study.scorecard["level"] == "county"]
    policy = rows[rows["indicator"].isin({each.id for each in study.project.indicators})]
    shown = [each.id for each in study.project.indicators if each.headline]
    wanted = rows[rows["indicator"].isin(shown or _by_people(study))]
    return Summary(
        rows=tuple(_rows(study, wanted, lang)),
        caption=_counted(policy, lang) if shown else None,
        simulated=study.project.simulated,
        noted=len(study.area.problems),
    )


def _rows(study: Study, rows: pd.DataFrame, lang: Language) -> Iterator[tuple[str, ...]]:
    """Give an indicator's name, how it stands, its target, whether that is met, what is unknown."""
    indicators = {
        each.id: each for each in scored(study.project, study.coverage, basis=study.basis)
    }
    for row in rows.to_dict("records"):
        indicator = indicators[row["indicator"]]
        unit, verdict = indicator.unit(lang), _verdict(row)
        yield (
            indicator.name(lang),
            _figure(row["value"], unit),
            _figure(row["target"], unit),
            verdict and text(f"cli.column.{verdict}", lang),
            str(row["unknown"] or ""),
        )


def _verdict(row: Mapping[Any, Any]) -> str:
    """Say yes, no or open; empty without a target."""
    if math.isnan(row["target"]):
        return ""
    return {True: "yes", False: "no"}.get(row["met"], "open")


def _by_people(study: Study) -> list[str]:
    """Give the categories, or the policy's indicators where none of them is a headline."""
    return [each.id for each in study.project.indicators] or list(study.project.categories)


def _counted(policy: pd.DataFrame, lang: Language) -> str:
    """Say how many indicators there are, and how they stand."""
    verdicts = [_verdict(row) for row in policy.to_dict("records")]
    counts = {word: str(verdicts.count(word)) for word in ("yes", "no", "open")}
    counts |= {
        "all": str(len(policy)),
        "without": str(verdicts.count("")),
        "lacking": str(int(policy["value"].isna().sum())),
    }
    return text("cli.summary_rest", lang, **counts)


def _figure(value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.1%}" if unit == "%" else f"{value:,.1f} {unit}"
