"""Which of several readings of a document a figure takes, and why, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.readings import reading_text
from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from layers.indicators import Indicator, UnitClass
    from layers.project import Project


def choice_text(
    indicator: Indicator, units: pd.DataFrame, project: Project, *, lang: Language = "zh"
) -> str:
    """Say the reading taken, its reason and the others; of urban or rural, how many units.

    Empty where there is nothing to choose.
    """
    said = reading_text(indicator.choice, indicator.readings, lang)
    parts = [said] if said else []
    if indicator.units != "all" and "urban_other" in units:
        wanted = indicator.units == "urban"
        counts = {
            name: str(int(units[column].eq(wanted).sum()))
            for name, column in (("count", "urban"), ("other", "urban_other"))
        }
        parts.append(urban_text(project.urban, indicator.units, counts, lang))
    return text("scorecard.joiner", lang).join(parts)


def urban_text(
    reading: str, units: UnitClass, counts: Mapping[str, str], lang: Language = "zh"
) -> str:
    """Say how urban units are told, how many are urban or rural, and by the other reading."""
    word = text(f"words.{units}", lang)
    return text(f"scorecard.urban_choice.{reading}", lang, word=word, **counts)
