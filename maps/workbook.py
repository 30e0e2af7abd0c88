"""The workbook a planner hands on: report.xlsx."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from layers.store import results_folder
from layers.vocabulary import text
from layers.workbook_bytes import packed
from maps.sheets_circle import matrix_sheet, summary_sheet
from maps.sheets_gaps import gaps_sheet
from maps.sheets_layout import Sheet, add_styles, lay_out
from maps.sheets_method import method_sheet, problems_sheet
from maps.sheets_names import names_sheets
from maps.sheets_plan import plan_sheet
from maps.sheets_priority import priority_sheets
from maps.sheets_scorecard import county_sheet, township_sheet
from maps.sheets_sensitivity import sensitivity_sheet
from maps.sheets_sites import all_sites_sheet
from maps.sheets_supply import load_sheet, supply_sheet
from maps.sheets_tasks import office_sheets, task_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.vocabulary import Language

_FOR_EVERYBODY = (
    township_sheet,
    summary_sheet,
    matrix_sheet,
    gaps_sheet,
    sensitivity_sheet,
    method_sheet,
)
_RESULTS = (
    township_sheet,
    priority_sheets,
    summary_sheet,
    matrix_sheet,
    gaps_sheet,
    sensitivity_sheet,
    supply_sheet,
    load_sheet,
    problems_sheet,
    names_sheets,
    method_sheet,
)


def write_workbook(
    study: Study, path: Path, *, lang: Language = "zh", plans: Sequence[SitePlan] = ()
) -> Path:
    """Write scorecard, tasks, people, shortfalls, supply, data quality and method as one workbook.

    Among them is what depends on an assumption; behind them stands one sheet for each office that
    a task names. ``plans`` are the answers to the project's siting questions; a study of a what-if
    lists what that adds in their place.

    Of a public study there are neither tasks nor ledgers.
    The same study gives the same bytes. Raises LayerError where the file cannot be written, as
    when it is open in Excel.
    """
    project = study.project
    sheets = _sheets(study, plans, lang)
    return write_sheets(sheets, path, study=project.name, simulated=project.simulated, lang=lang)


def write_sheets(
    sheets: Iterable[Sheet], path: Path, *, study: str, simulated: bool, lang: Language
) -> Path:
    """Write sheets as one workbook, each headed by the study's name.

    The same sheets give the same bytes. Raises LayerError where the file cannot be written.
    """
    path = Path(path)
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = add_styles(book)
    banner = text("workbook.banner", lang) if simulated else None
    rows = [lay_out(book, _headed(sheet, study, lang), styles, banner=banner) for sheet in sheets]
    book.properties.creator = "livingcircle"
    book.properties.title = text("workbook.file_title", lang, study=study)
    with results_folder(path.parent) as folder:
        (folder / path.name).write_bytes(packed(book, [(each.area, each.xml()) for each in rows]))
    return path


def _sheets(study: Study, plans: Sequence[SitePlan], lang: Language) -> Iterator[Sheet]:
    yield county_sheet(study, lang)
    yield from task_sheets(study, lang)
    if study.project.profile == "public":
        yield from (make(study, lang) for make in _FOR_EVERYBODY)
        return
    if study.area.plan is not None:
        yield plan_sheet(study, study.area.plan, lang)
    elif plans:
        yield all_sites_sheet(plans, study.project, lang)
    for make in _RESULTS:
        made = make(study, lang)
        yield from (made,) if isinstance(made, Sheet) else made
    yield from office_sheets(study, lang)


def _headed(sheet: Sheet, study: str, lang: Language) -> Sheet:
    heading = text("workbook.heading", lang, study=study, sheet=sheet.title)
    return replace(sheet, lines=(heading, *sheet.lines))
