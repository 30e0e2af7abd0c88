"""The office files of a run: its workbook and its report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from maps.fonts import find_font
from maps.report import write_report
from maps.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.vocabulary import Language


@dataclass(frozen=True)
class Papers:
    """What the office files of a run are written from, and the folder they are written into."""

    study: Study
    plans: Sequence[SitePlan]
    folder: Path
    lang: Language
    font: Path | None = None

    def write(self) -> None:
        """Write report.xlsx and report.docx."""
        write_workbook(self.study, self.folder / "report.xlsx", lang=self.lang, plans=self.plans)
        font = find_font(self.font)
        write_report(self.study, self.folder / "report.docx", font=font, lang=self.lang)

    def alone(self) -> Papers:
        """Leave out what no office file shows: networks and long lists, most of a study."""
        long = ("times", "areas", "supply", "lorenz", "facility_access")
        none: dict[str, Any] = {name: getattr(self.study, name).iloc[:0] for name in long}
        return replace(self, study=replace(self.study, measured={}, **none))
