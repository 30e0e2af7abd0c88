"""Which of several readings of a document a figure takes, and why, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.vocabulary import Language, text

if TYPE_CHECKING:
    import pandas as pd

    from layers.indicators import Indicator
    from layers.project import Project


def choice_text(
    indicator: Indicator, units: pd.DataFrame, project: Project, *, lang: Language = "zh"
) -> str:
    """Say the reading taken, its reason and the others; of urban or rural, how many units.

    Empty where there is nothing to choose.
    """
    parts = []
    if indicator.choice:
        others = [name for name in indicator.choices if name != indicator.choice]
        parts.append(
            text(
                "scorecard.choice",
                lang,
                taken=indicator.choice,
                reason=indicator.reason,
                others=text("scorecard.or", lang).join(others),
            )
        )
    if indicator.units != "all" and "urban_other" in units:
        wanted = indicator.units == "urban"
        counts = {
            name: str(int(units[column].eq(wanted).fillna(value=False).sum()))
            for name, column in (("count", "urban"), ("other", "urban_other"))
        }
        word = text(f"words.{indicator.units}", lang)
        parts.append(text(f"scorecard.urban_choice.{project.urban}", lang, word=word, **counts))
    return text("scorecard.joiner", lang).join(parts)
