"""The limit behind a figure, in words: minutes and mode, of towns and of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.project import Mode

_UNKNOWN = -1


def limit_text(
    rows: pd.DataFrame, units: pd.DataFrame, modes: Mapping[str, Mode], *, lang: Language = "zh"
) -> str:
    """Say the limits of coverage rows, once where they are the same everywhere; else by class.

    Empty where the rows are judged without a limit.
    """
    minutes = rows["limit_minutes"].to_numpy(dtype=np.float64)
    if np.isnan(minutes).all():
        return ""
    unit, mode = (rows[name].to_numpy(dtype=object) for name in ("unit_id", "mode"))
    timed = ~(np.isnan(minutes) | pd.isna(mode) | pd.isna(unit))
    unit, mode, minutes = unit[timed], mode[timed], minutes[timed]
    every = set(zip(mode.tolist(), minutes.tolist(), strict=True))
    if len(every) <= 1:
        return _said(every, modes, lang)
    ids = pd.Index(units["unit_id"], dtype="object").get_indexer(pd.Index(unit, dtype="object"))
    classes = units["urban"].astype("boolean").astype("Int64").fillna(_UNKNOWN).to_numpy(np.int64)
    urban = np.append(classes, [_UNKNOWN])[ids]
    kinds = set(zip(urban.tolist(), mode.tolist(), minutes.tolist(), strict=True))
    by_class = {
        word: limits
        for word, flag in (("urban", True), ("rural", False))
        if (limits := {(mode, minutes) for urban, mode, minutes in kinds if urban == flag})
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
