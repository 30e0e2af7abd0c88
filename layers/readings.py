"""Several readings of one thing, of which a study takes one: what they are, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.vocabulary import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.vocabulary import Language


READING_KEYS = ("name_en", "reason_zh", "reason_en")
"""What a catalogue says of a reading beside its name, and beside what it sets."""


@dataclass(frozen=True)
class Reading:
    """One reading: its name, by which ``[choices]`` takes it, and the reason for it."""

    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en

    def reason(self, lang: Language = "zh") -> str:
        """Give the reason in one language."""
        return self.reason_zh if lang == "zh" else self.reason_en


def reading_text(choice: str, readings: Sequence[Reading], lang: Language = "zh") -> str:
    """Say the reading taken, its reason and the others; empty where there is nothing to choose.

    >>> wide = Reading("宽", "wide", "从宽", "to be generous")
    >>> reading_text("宽", [wide, Reading("严", "strict", "从严", "to be safe")], "en")
    'reading: wide, because to be generous; also: strict'
    """
    taken = next((each for each in readings if each.name_zh == choice), None)
    if taken is None:
        return ""
    others = [each.name(lang) for each in readings if each != taken]
    told = {"taken": taken.name(lang), "reason": taken.reason(lang)}
    return text("scorecard.choice", lang, others=text("scorecard.or", lang).join(others), **told)
