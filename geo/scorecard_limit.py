"""The limit behind a figure, in words: minutes and mode, of towns and of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.project import Mode


def limit_text(
    rows: pd.DataFrame, units: pd.DataFrame, modes: Mapping[str, Mode], *, lang: Language = "zh"
) -> str:
    """Say the limits of coverage rows, once where they are the same everywhere; else by class.

    Empty where the rows are judged without a limit.
    """
    if rows["limit_minutes"].isna().all():
        return ""
    timed = rows[["unit_id", "mode", "limit_minutes"]].dropna()
    if timed.empty:
        return ""
    classes = units["urban"].astype(object).set_axis(units["unit_id"])
    urban = timed["unit_id"].map(classes)
    kinds = pd.DataFrame(
        {"urban": urban, "mode": timed["mode"], "minutes": timed["limit_minutes"]}
    ).drop_duplicates()
    every = set(zip(kinds["mode"], kinds["minutes"], strict=True))
    by_class = {
        word: set(zip(kinds["mode"][same], kinds["minutes"][same], strict=True))
        for word, flag in (("urban", True), ("rural", False))
        if (same := kinds["urban"].eq(flag)).any()
    }
    if all(limits == every for limits in by_class.values()):
        return _said(every, modes, lang)
    return text("scorecard.joiner", lang).join(
        text(
            "scorecard.limit_of",
            lang,
            of=text(f"words.{word}", lang),
            limit=_said(limits, modes, lang),
        )
        for word, limits in by_class.items()
    )


def _said(limits: Iterable[tuple[str, float]], modes: Mapping[str, Mode], lang: Language) -> str:
    return text("scorecard.joiner", lang).join(
        text("scorecard.limit", lang, mode=modes[mode].name(lang), minutes=f"{minutes:g}")
        for mode, minutes in sorted(limits)
    )
