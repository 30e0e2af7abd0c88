"""The table of tasks that a division of tasks asks for, and one of each responsible office."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from geo.scorecard_indicator import scored
from layers.catalogue.english import deadline_text, office_text
from layers.vocabulary import text
from maps.figures import figure_text, gap_text, known, number_text, verdict
from maps.sheets_layout import Column, Sheet, cells
from maps.sheets_scorecard import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.study import Study
    from layers.indicators import Indicator
    from layers.tasks import Task
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_LAYOUT: tuple[tuple[str, float, Kind], ...] = (
    ("number", 6, "mark"),
    ("part", 14, "long"),
    ("task", 24, "long"),
    ("responsible", 20, "long"),
    ("deadline", 11, "long"),
    ("targets", 26, "long"),
    ("standing", 38, "long"),
    ("gap", 30, "long"),
    ("evidence", 24, "long"),
    ("next_step", 38, "long"),
)
_NAMED_UNITS = 4
_OPEN = ("undecided", "no_value")
_UNFIT = re.compile(r"[\[\]:*?/\\']")  # no sheet may be called so


class Standing(NamedTuple):
    """How one task stands: its cells, one line per indicator."""

    standing: str
    gap: str
    evidence: str
    next_step: str


def task_sheets(study: Study, lang: Language) -> tuple[Sheet, ...]:
    """Give the table of all tasks, none where the policy has no tasks."""
    tasks = study.project.tasks
    if not tasks:
        return ()
    told = task_standings(study, lang)
    counted = sum(bool(task.indicators) for task in tasks)
    notes = [text("workbook.note.tasks", lang, count=f"{len(tasks)}", counted=f"{counted}")]
    everyone = _everyone(tasks)
    if everyone:
        office = text("workbook.and", lang).join(office_text(each, lang) for each in everyone)
        notes.append(text("workbook.note.everyone", lang, office=office))
    title = text("workbook.sheet.tasks", lang)
    return (Sheet(title, tuple(notes), _columns(lang), _rows(tasks, told, everyone, lang), kept=3),)


def office_sheets(study: Study, lang: Language) -> tuple[Sheet, ...]:
    """Give one sheet per responsible office, those with most tasks first; none without tasks."""
    tasks = study.project.tasks
    if not tasks:
        return ()
    told = task_standings(study, lang)
    own: dict[str, list[Task]] = {}
    for task in tasks:
        for office in task.responsible:
            own.setdefault(office, []).append(task)
    everyone = _everyone(tasks)
    for office in everyone:
        del own[office]
    return tuple(
        Sheet(
            _UNFIT.sub("", office_text(office, lang))[:31],
            (text("workbook.note.office", lang, count=f"{len(theirs)}"),),
            _columns(lang),
            _rows(theirs, told, everyone, lang),
            kept=3,
        )
        for office, theirs in sorted(own.items(), key=lambda item: -len(item[1]))
    )


def task_standings(study: Study, lang: Language) -> dict[int, Standing]:
    """Say how every task stands by the county's figures of its indicators."""
    scored_now = scored(study.project, study.coverage, basis=study.basis)
    known_as = {each.id: each for each in scored_now}
    county = in_language(study.scorecard[study.scorecard["level"] == "county"], study, lang)
    rows = {
        row["indicator"]: row | {"row": place}
        for place, row in enumerate(county.to_dict("records"), 1)
    }
    left_out = _left_out(study)
    return {
        task.number: _standing(
            [
                _line(rows[name], known_as.get(name), left_out.get(name, []), lang)
                for name in task.indicators
                if name in rows
            ],
            lang,
        )
        for task in study.project.tasks
    }


def _standing(lines: list[Standing], lang: Language) -> Standing:
    if not lines:
        return Standing(text("workbook.task.by_office", lang), "", "", "")
    joined = ("\n".join(filter(None, dict.fromkeys(column))) for column in zip(*lines, strict=True))
    return Standing(*joined)


def _line(
    row: Mapping[Any, Any], indicator: Indicator | None, left_out: list[str], lang: Language
) -> Standing:
    name, unit = str(row["indicator"]), ""
    if indicator is not None:
        name, unit = indicator.name(lang), indicator.unit(lang)
    key = verdict(row)
    value = figure_text(row) or text("workbook.task.no_value", lang)
    if known(row["unknown"]) and figure_text(row):
        low, high = (figure_text(row, bound) or "…" for bound in ("low", "high"))
        value = text("workbook.task.range", lang, value=value, low=low, high=high)
    met = text(f"workbook.met.{key}", lang)
    standing = text("workbook.task.standing", lang, name=name, value=value, met=met)
    if key == "no_value":
        standing = f"{name}{text('workbook.colon', lang)}{met}"
    gap = f"{name}{text('workbook.colon', lang)}{gap_text(row, unit, lang)}"
    step = _fill(row, name, lang) if key in _OPEN else _step(key, name, left_out, lang)
    if indicator is not None and indicator.not_applicable(lang):
        step = f"{name}{text('workbook.colon', lang)}{indicator.not_applicable(lang)}"
    return Standing(standing, gap, _evidence(row, lang), step)


def _evidence(row: Mapping[Any, Any], lang: Language) -> str:
    place = f"{row['row']}"
    top, bottom = known(row["numerator"]), known(row["denominator"])
    if top is None or bottom is None:
        return text("workbook.task.evidence_none", lang, row=place)
    amounts = {"numerator": number_text(top), "denominator": number_text(bottom)}
    return text("workbook.task.evidence", lang, row=place, **amounts)


def _fill(row: Mapping[Any, Any], name: str, lang: Language) -> str:
    """Say which column of which layer would give the figure, or decide it."""
    if lacks := known(row["missing"]):
        return text("workbook.task.step_fill", lang, name=name, missing=str(lacks))
    return text("workbook.task.step_data", lang, name=name)


def _step(key: str, name: str, left_out: list[str], lang: Language) -> str:
    if key != "no":
        return ""
    if not left_out:
        return text("workbook.task.step_target", lang, name=name)
    names = text("workbook.and", lang).join(left_out[:_NAMED_UNITS])
    more = "_more" if len(left_out) > _NAMED_UNITS else ""
    return text(f"workbook.task.step_units{more}", lang, count=f"{len(left_out)}", names=names)


def _left_out(study: Study) -> dict[str, list[str]]:
    """Give the units of every indicator's gaps, those with most people left out first."""
    found: dict[str, list[str]] = {}
    units = study.area.units.set_index("unit_id")
    at = units.reindex(study.gaps["unit_id"])
    names = zip(cells(at["township"]), cells(at["name"]), strict=True)
    for name, (township, unit) in zip(study.gaps["indicator"], names, strict=True):
        found.setdefault(name, []).append(f"{township or ''}{unit or ''}")
    return found


def _everyone(tasks: Sequence[Task]) -> list[str]:
    """Give the offices that are responsible for every task: theirs is the whole table."""
    first = tasks[0].responsible if tasks else ()
    return [office for office in first if all(office in task.responsible for task in tasks)]


def _columns(lang: Language) -> tuple[Column, ...]:
    return tuple(
        Column(text(f"workbook.head.{key}", lang), width, kind) for key, width, kind in _LAYOUT
    )


def _rows(
    tasks: Sequence[Task],
    told: Mapping[int, Standing],
    everyone: Sequence[str],
    lang: Language,
) -> list[tuple[Value, ...]]:
    joiner = text("workbook.and", lang)
    found: list[tuple[Value, ...]] = []
    for task in tasks:
        words = task.words(lang)
        own = [office_text(each, lang) for each in task.responsible if each not in everyone]
        found.append(
            (
                task.number,
                words.part,
                words.title,
                joiner.join(own),
                deadline_text(task.deadline, lang),
                "\n".join(words.targets) or None,
                *(cell or None for cell in told[task.number]),
            )
        )
    return found
