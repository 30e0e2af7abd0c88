"""The assessment report: report.docx, in the form of an official document."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.scorecard_indicator import scored
from geo.shortfalls import township_shortfalls
from layers.record import versions
from layers.store import results_folder
from layers.vocabulary import PRIORITY, text
from maps.document import OfficialDocument
from maps.figures import figure_text, gap_text, known, target_text, verdict
from maps.report_findings import findings, people_text
from maps.report_maps import minutes_map, shortfalls_map
from maps.sheets_circle import study_shortfalls
from maps.sheets_priority import priority_rows, priority_sheet
from maps.sheets_tasks import task_standings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.fonts import Font


def write_report(study: Study, path: Path, *, font: Font | None, lang: Language = "zh") -> Path:
    """Write findings, tables, maps, method and data as one Word document.

    Every figure is the workbook's. ``font`` writes on the maps (``maps.find_font`` finds one);
    where there is none, the report says so in their place. The same study and font give the same
    bytes. Raises LayerError where the file cannot be written.
    """
    path = Path(path)
    document = OfficialDocument(text("report.title", lang, study=study.project.name))
    if study.project.simulated:
        document.notice(text("report.simulated", lang))
    parts: dict[str, Callable[[], None]] = {
        "findings": lambda: _paragraphs(document, findings(study, lang)),
        "indicators": lambda: _indicators(document, study, lang),
        "tasks": lambda: _tasks(document, study, lang),
        "shortfalls": lambda: _shortfalls(document, study, lang, font),
        "priority": lambda: _priority(document, study, lang),
        "method": lambda: _paragraphs(document, _method(study, lang)),
        "data": lambda: _paragraphs(document, _data(study, lang)),
    }
    if not study.project.tasks:
        del parts["tasks"]
    if study.project.profile == "public" or priority_rows(study).empty:
        del parts["priority"]
    for number, (name, write) in enumerate(parts.items(), 1):
        told = text(f"report.heading.{name}", lang)
        numbered = {"number": _numeral(number, lang), "told": told}
        document.heading(text("report.heading.numbered", lang, **numbered))
        write()
    with results_folder(path.parent) as folder:
        (folder / path.name).write_bytes(document.packed())
    return path


def _paragraphs(document: OfficialDocument, told: Iterator[str]) -> None:
    for paragraph in told:
        document.paragraph(paragraph)


def _indicators(document: OfficialDocument, study: Study, lang: Language) -> None:
    county = study.scorecard[study.scorecard["level"] == "county"].to_dict("records")
    names = {
        each.id: (each.name(lang), each.unit(lang))
        for each in scored(study.project, study.coverage, basis=study.basis)
    }
    rows = []
    for number, row in enumerate(county, 1):
        if verdict(row) == "no_target":
            continue
        name, unit = names.get(row["indicator"], (row["name"], row["unit"]))
        met = text(f"workbook.met.{verdict(row)}", lang)
        rows.append(
            [f"{number}", name, target_text(row), _value(row, lang), gap_text(row, unit, lang), met]
        )
    if not rows:
        document.paragraph(text("report.body.no_targets", lang))
        return
    counts = {"all": f"{len(county)}", "count": f"{len(rows)}"}
    document.paragraph(text("report.body.indicators", lang, **counts))
    head = _heads(("row", "indicator", "target", "value", "gap", "met"), lang)
    document.table(text("report.table.indicators", lang), head, rows, (6, 27, 11, 20, 18, 11))


def _value(row: dict[Any, Any], lang: Language) -> str:
    value = figure_text(row)
    if value is None:
        return text("workbook.task.no_value", lang)
    if not known(row["unknown"]):
        return value
    low, high = (figure_text(row, bound) or "…" for bound in ("low", "high"))
    return text("workbook.task.range", lang, value=value, low=low, high=high)


def _tasks(document: OfficialDocument, study: Study, lang: Language) -> None:
    tasks = study.project.tasks
    quantified = [task for task in tasks if task.targets]
    counts = {"count": f"{len(tasks)}", "quantified": f"{len(quantified)}"}
    document.paragraph(text("report.body.tasks", lang, **counts))
    told = task_standings(study, lang)
    rows = [
        [
            f"{task.number}",
            task.words(lang).title,
            "\n".join(task.words(lang).targets),
            told[task.number].standing,
            told[task.number].gap,
        ]
        for task in quantified
    ]
    head = _heads(("number", "task", "targets", "standing", "gap"), lang)
    document.table(text("report.table.tasks", lang), head, rows, (6, 18, 22, 28, 20))


def _shortfalls(
    document: OfficialDocument, study: Study, lang: Language, font: Font | None
) -> None:
    rows = study_shortfalls(study)
    found = township_shortfalls(rows, study.area.units, study.project.name)
    county = found[found["area_id"] == "county"]
    counts = {"units": f"{len(study.area.units)}", "short": f"{county['short'].sum():,}"}
    document.paragraph(text("report.body.shortfalls", lang, **counts))
    _pictures(document, study, lang, font)
    names = {each.id: each.name(lang) for each in study.project.categories.values()}
    categories = county["category"].tolist()
    table = [
        [area["area"].iloc[0], f"{area['units'].max()}", *map(str, area["short"])]
        for _, area in found.groupby("area_id", sort=False)
    ]
    head = [*_heads(("township", "unit_count"), lang), *(names[name] for name in categories)]
    caption = text("report.table.shortfalls", lang)
    document.table(caption, head, table, (16, 8, *(9 for _ in categories)))
    towns = found[found["area_id"] != "county"].groupby("area_id", sort=False)
    for number, (area_id, area) in enumerate(towns, 1):
        told = {"number": _numeral(number, lang), "name": area["area"].iloc[0]}
        document.heading(text("report.heading.township", lang, **told), level=2)
        own = rows[rows["township_id"].fillna(rows["township"]) == area_id]
        _paragraphs(document, _township(own, names, lang))


def _priority(document: OfficialDocument, study: Study, lang: Language) -> None:
    """Tell minors, the elderly and the disabled apart, as the workbook's sheet does."""
    sheet = priority_sheet(study, lang)
    county = sheet.rows[: int(priority_rows(study)["level"].eq("county").sum())]
    worst = Counter(str(row[-1]) for row in county if row[-1])
    told = [
        text("report.body.priority_one", lang, worst=group, count=f"{count}")
        for group, count in worst.most_common()
    ] or [text("report.body.priority_alike", lang)]
    counts = {"count": f"{len(county)}", "list": text("workbook.and", lang).join(told)}
    document.paragraph(text("report.body.priority", lang, **counts))
    head = [column.heading for at, column in enumerate(sheet.columns) if at != 1]
    rows = [
        [
            f"{cell:.1%}" if isinstance(cell, float) else str(cell or "")
            for cell in (row[0], *row[2:])
        ]
        for row in county
    ]
    document.table(text("report.table.priority", lang), head, rows, (6, 20, 12, 11, 11, 12, 11, 13))


def _pictures(document: OfficialDocument, study: Study, lang: Language, font: Font | None) -> None:
    if study.area.units.geometry.isna().all():
        document.paragraph(text("report.no_shapes", lang))
        return
    if font is None:
        document.paragraph(text("report.no_font", lang))
        return
    headline = study.project.categories[study.project.circle.categories[0]]
    caption = text("report.picture.minutes", lang, category=headline.name(lang))
    document.picture(minutes_map(study, headline, font, lang), caption)
    document.picture(shortfalls_map(study, font, lang), text("report.picture.shortfalls", lang))


def _township(rows: pd.DataFrame, names: dict[str, str], lang: Language) -> Iterator[str]:
    """Say what a township's units lack, category by category, with the units' names."""
    units = rows.drop_duplicates("unit_id")
    short = rows[rows["short"].fillna(value=False).astype(bool)]
    counts = {"units": f"{len(units)}", "short": f"{len(short)}"}
    people = units[["people", *PRIORITY]].sum(min_count=1)
    if known(people["people"]) is not None:
        yield text("report.body.township", lang, people=people_text(people, lang), **counts)
    else:
        yield text("report.body.township_no_people", lang, **counts)
    lacking = [
        text(
            "report.body.lacking",
            lang,
            category=names[str(category)],
            count=f"{len(own)}",
            names=text("workbook.and", lang).join(own["name"]),
        )
        for category, own in short.groupby("category", sort=False)
    ]
    if lacking:
        yield text("report.joiner", lang).join(lacking)


def _method(study: Study, lang: Language) -> Iterator[str]:
    project, area = study.project, study.area
    share = f"{project.rules.unit_share:.0%}"
    told = [text("report.body.time", lang, share=share)]
    if area.streets is None:
        factor = f"{project.rules.detour_factor:g}"
        told.append(text("report.body.straight", lang, factor=factor))
    told.append(text(f"report.body.{'slope' if area.has_elevation else 'flat'}", lang))
    yield text("report.joiner", lang).join(told)
    limits = (
        text(
            "report.body.limit_one",
            lang,
            category=each.name(lang),
            urban=f"{each.urban.minutes:g}",
            urban_mode=project.modes[each.urban.mode].name(lang),
            rural=f"{each.rural.minutes:g}",
            rural_mode=project.modes[each.rural.mode].name(lang),
        )
        for each in (project.categories[name] for name in project.circle.categories)
    )
    yield text("report.body.limit", lang, list=text("workbook.then", lang).join(limits))
    yield text("report.body.unknown", lang)


def _data(study: Study, lang: Language) -> Iterator[str]:
    project, area = study.project, study.area
    key = "crs" if project.profile == "public" else "inputs"
    told = [text(f"report.body.{key}", lang, files=f"{len(area.inputs)}", crs=area.crs)]
    if project.data_date:
        told.append(text("report.body.date", lang, date=project.data_date))
    count = len(area.problems)
    if project.profile == "internal":
        key = "problems" if count else "no_problems"
        told.append(text(f"report.body.{key}", lang, count=f"{count}"))
    yield text("report.joiner", lang).join(told)
    if project.attribution:
        listed = text("workbook.then", lang).join(project.attribution)
        yield text("report.body.attribution", lang, list=listed)
    yield text("report.body.version", lang, version=str(versions()["livingcircle"]))


def _heads(keys: tuple[str, ...], lang: Language) -> list[str]:
    return [text(f"report.head.{key}", lang) for key in keys]


def _numeral(number: int, lang: Language) -> str:
    numerals = text("report.numerals", lang).split()
    return numerals[number - 1] if number <= len(numerals) else f"{number}"
