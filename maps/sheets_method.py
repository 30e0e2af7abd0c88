"""What the figures rest on: the method, and the problems found in the data."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from geo.scorecard_choice import urban_text
from geo.speed import slope_factor
from layers.catalogue.english import source_text
from layers.reading import table_of
from layers.record import versions
from layers.vocabulary import text
from maps.sheets_layout import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.study import Study
    from layers.indicators import Indicator
    from layers.project import Limit, Mode, Project, SlopeCurve
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

Line = tuple[str, str, str | None, str | None]


def method_sheet(study: Study, lang: Language) -> Sheet:
    """Give everything a figure depends on, with its source: one line each."""
    lines = [
        *_study_lines(study, lang),
        *_mode_lines(study, lang),
        *_choice_lines(study, lang),
        *_limit_lines(study.project, lang),
        *_circle_lines(study.project, lang),
        *_rule_lines(study.project, lang),
        *_margin_lines(study.project, lang),
        *_supply_lines(study.project, lang),
        *_file_lines(study, lang),
        *_version_lines(lang),
    ]
    told = [
        (part, item, content, source and source_text(source, lang))
        for part, item, content, source in lines
    ]
    return Sheet(
        text("workbook.sheet.method", lang),
        (text("workbook.note.method", lang),),
        (
            Column(text("workbook.head.section", lang), 16),
            Column(text("workbook.head.item", lang), 40, "long"),
            Column(text("workbook.head.content", lang), 70, "long"),
            Column(text("workbook.head.stated_source", lang), 60, "long"),
        ),
        told,
    )


def problems_sheet(study: Study, lang: Language) -> Sheet:
    """Give every problem of the data that did not stop the study."""
    layout: tuple[tuple[str, float, Kind], ...] = (
        ("number", 6, "mark"),
        ("layer", 16, "text"),
        ("row", 8, "mark"),
        ("column", 16, "text"),
        ("bad_value", 24, "long"),
        ("what", 52, "long"),
        ("remedy", 52, "long"),
    )
    problems = study.area.problems
    rows: list[tuple[Value, ...]] = [
        (
            number,
            problem.layer,
            problem.row,
            problem.column,
            problem.value,
            problem.message(lang),
            problem.remedy(lang),
        )
        for number, problem in enumerate(problems, 1)
    ]
    notes = [text("workbook.note.problems", lang)]
    if not problems:
        notes.append(text("workbook.note.no_problems", lang))
    return Sheet(
        text("workbook.sheet.problems", lang),
        tuple(notes),
        tuple(
            Column(text(f"workbook.head.{key}", lang), width, kind) for key, width, kind in layout
        ),
        rows,
    )


def _say(key: str, lang: Language, **values: str) -> str:
    return text(f"workbook.method.{key}", lang, **values)


def _study_lines(study: Study, lang: Language) -> Iterator[Line]:
    project, area = study.project, study.area
    part = _say("study", lang)
    answer = {True: text("workbook.yes", lang), False: text("workbook.no", lang)}
    yield part, _say("name", lang), project.name, None
    yield part, _say("simulated", lang), answer[project.simulated], None
    if project.profile == "public":
        yield part, _say("public", lang), _say("public_rule", lang), None
    if area.plan:
        counts = {"added": f"{len(area.plan.added)}", "closed": f"{len(area.plan.closed)}"}
        told = _say("plan_of", lang, name=area.plan.name, sha256=area.plan.sha256, **counts)
        yield part, _say("plan", lang), told, None
    yield part, _say("data_date", lang), project.data_date or None, None
    yield part, _say("crs", lang), area.crs, None
    yield part, _say("basis", lang), _say(f"basis_{study.basis}", lang), None
    for grid in project.layers_of("population"):
        rule = _say("population_rule", lang, file=grid.path.name)
        yield part, _say("population", lang), rule, None
    streets = "streets_no" if area.streets is None else "streets_yes"
    yield part, _say("streets", lang), _say(streets, lang), None
    elevation = "elevation_yes" if area.has_elevation else "elevation_no"
    yield part, _say("elevation", lang), _say(elevation, lang), None
    for source in project.attribution:
        yield part, _say("attribution", lang), source_text(source, lang), None


def _mode_lines(study: Study, lang: Language) -> Iterator[Line]:
    part = _say("mode", lang)
    used = set(study.places["mode"])
    answer = {True: text("workbook.yes", lang), False: text("workbook.no", lang)}
    for mode in (each for name, each in study.project.modes.items() if name in used):
        name = mode.name(lang)
        rules = _say(
            "mode_rules",
            lang,
            slope=answer[mode.slope is not None and study.area.has_elevation],
            oneway=answer[mode.oneway],
            posted=answer[mode.use_posted_speed],
        )
        yield part, name, rules, mode.source
        yield part, _say("mode_off_road", lang, mode=name, kmh=f"{mode.off_road_kmh:g}"), None, None
        if mode.slope is not None and study.area.has_elevation:
            item = _say("mode_slope", lang, mode=name)
            yield part, item, _factors(mode.slope, lang), mode.slope.source
        for (kmh, source), classes in _speeds(mode).items():
            item = _say("mode_flat", lang, mode=name, kmh=f"{kmh:g}")
            yield part, item, _say("mode_classes", lang, classes=", ".join(classes)), source


def _choice_lines(study: Study, lang: Language) -> Iterator[Line]:
    """Give what may be read in more than one way: the reading taken, the others, the reason."""
    project, part = study.project, _say("choice", lang)
    used = set(study.places["mode"])
    walks = [mode for name, mode in project.modes.items() if name in used and mode.choice]
    for mode in walks:
        item = _say("choice_speed", lang, mode=mode.name(lang))
        yield part, item, *_reading(mode, lang)
    for indicator in (each for each in project.indicators if each.choice):
        yield part, indicator.name(lang), *_reading(indicator, lang)
    counts = {
        name: f"{int(study.area.units[column].eq(other=True).fillna(value=False).sum())}"
        for name, column in (("count", "urban"), ("other", "urban_other"))
        if column in study.area.units
    }
    if len(counts) > 1:
        told = urban_text(project.urban, "urban", counts, lang)
        yield (
            part,
            _say("choice_urban", lang),
            told,
            str(table_of("urban")[project.urban]["source"]),
        )


def _reading(thing: Mode | Indicator, lang: Language) -> tuple[str, str]:
    """Give the reading taken with the others and how to take one of them, and the reason."""
    taken = next(each for each in thing.readings if each.name_zh == thing.choice)
    others = [
        each.name(lang) if lang == "zh" else f"{each.name(lang)} ({each.name_zh})"
        for each in thing.readings
        if each != taken
    ]
    told = {"taken": taken.name(lang), "others": text("scorecard.or", lang).join(others)}
    return _say("choice_of", lang, id=thing.id, **told), taken.reason(lang)


def _factors(curve: SlopeCurve, lang: Language) -> str:
    """Say what some slopes do to the speed on the flat."""
    slopes = {"up_5": 0.05, "up_10": 0.1, "down_5": -0.05, "down_10": -0.1}
    factors = slope_factor(np.array(list(slopes.values())), curve)
    told = {name: f"{factor:.2f}" for name, factor in zip(slopes, factors, strict=True)}
    return _say("mode_slope_of", lang, **told)


def _speeds(mode: Mode) -> dict[tuple[float, str], list[str]]:
    """Gather the street classes that share a speed and its source, fastest first."""
    found: dict[tuple[float, str], list[str]] = {}
    for name, rule in sorted(mode.classes.items(), key=lambda item: (-item[1].kmh, item[0])):
        found.setdefault((rule.kmh, rule.source), []).append(name)
    return found


def _limit_lines(project: Project, lang: Language) -> Iterator[Line]:
    part = _say("limit", lang)
    for category in project.categories.values():
        for word, limit in (("urban", category.urban), ("rural", category.rural)):
            where = text(f"words.{word}", lang)
            item = _say("limit_item", lang, **{"category": category.name(lang), "class": where})
            yield part, item, _limit(limit, project, lang), limit.source


def _limit(limit: Limit, project: Project, lang: Language) -> str:
    mode = project.modes[limit.mode].name(lang)
    return _say("limit_of", lang, minutes=f"{limit.minutes:g}", mode=mode)


def _circle_lines(project: Project, lang: Language) -> Iterator[Line]:
    circle = project.circle
    told = _say(
        "circle_of",
        lang,
        minutes="/".join(f"{minutes:g}" for minutes in circle.minutes),
        mode=project.modes[circle.mode].name(lang),
        categories=text("workbook.and", lang).join(
            project.categories[name].name(lang) for name in circle.categories
        ),
    )
    name = circle.name_zh if lang == "zh" else circle.name_en
    yield _say("circle", lang), name, told, circle.source


def _rule_lines(project: Project, lang: Language) -> Iterator[Line]:
    part = _say("rules", lang)
    for field in fields(project.rules):
        value = getattr(project.rules, field.name)
        told = ", ".join(value) if isinstance(value, tuple) else str(value)
        yield part, _say(f"rule.{field.name}", lang), told, None


def _margin_lines(project: Project, lang: Language) -> Iterator[Line]:
    part = _say("margins", lang)
    for field in fields(project.margins):
        value = getattr(project.margins, field.name)
        told = f"{value:.0%}" if field.name.endswith("_share") else f"{value:g}"
        yield part, _say(f"margin.{field.name}", lang), told, None


def _supply_lines(project: Project, lang: Language) -> Iterator[Line]:
    part, method = _say("supply", lang), project.supply
    yield part, method.name(lang), method.id, method.source
    yield part, _say("decay", lang), method.decay.name(lang), method.decay.source
    yield part, _say("choices", lang), str(method.choices), None
    for category in project.categories.values():
        if category.standard:
            item = _say("standard_item", lang, category=category.name(lang))
            counts = "standard_binds" if category.capacity_per_1000 else "standard_compares"
            told = _say(counts, lang, per_1000=f"{category.standard.per_1000:g}",
                        cohort=text(f"words.{category.cohort}", lang))  # fmt: skip
            yield part, item, told, category.standard.source


def _version_lines(lang: Language) -> Iterator[Line]:
    for name, version in versions().items():
        yield _say("versions", lang), name, version or text("workbook.none", lang), None


def _file_lines(study: Study, lang: Language) -> Iterator[Line]:
    part = _say("file", lang)
    for file in study.area.inputs:
        told = _say("file_of", lang, size=f"{file.size}", sha256=file.sha256)
        yield part, file.name, told, None
