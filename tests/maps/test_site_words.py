"""An answer in words: people where they are known, dwellings where they are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import geo
from geo.demand import demand
from layers.question import SiteQuestion
from layers.vocabulary import LANGUAGES
from maps.console import sites_tables
from maps.sheets_sites import all_sites_sheet, site_sheets
from maps.site_record import site_record
from maps.site_words import answer_lines
from tests.town import town_area, town_project

AIMS = {
    "people": {"count": 2},
    "units": {"count": 2},
    "travel": {"count": 2},
    "longest": {"count": 2},
    "served": {"count": 2, "capacity": 5.0},
    "backup": {"count": 2},
    "fair": {"count": 2},
    "years": {"years": {2026: 1, 2027: 1}},
}
PEOPLE = {"zh": ("人", "岁"), "en": ("people", "those who", "60 and over", "14 and under")}


def dwellings_only():
    """Give the town with nobody counted."""
    area, unknown = town_area(), {"people": np.nan, "age_60_plus": np.nan, "age_0_14": np.nan}
    return replace(
        area, units=area.units.assign(**unknown), residences=area.residences.assign(**unknown)
    )


def words_of(plan, project, lang):
    """Give every sentence and heading of an answer."""
    sheets = [*site_sheets(plan, project, lang), all_sites_sheet([plan], project, lang)]
    told = [*answer_lines(plan, project, lang), *site_record(plan, project)["told"][lang]]
    for sheet in sheets:
        told += [sheet.title, *sheet.lines, *(column.heading for column in sheet.columns)]
        told += [str(cell) for row in sheet.rows for cell in row if isinstance(cell, str)]
    heads = (column.header for table in sites_tables(plan, lang) for column in table.columns)
    return [*told, *map(str, heads), *(str(table.title) for table in sites_tables(plan, lang))]


@pytest.mark.parametrize("asked", AIMS)
def test_where_dwellings_are_counted_no_word_of_an_answer_is_about_people(asked):
    area, project = dwellings_only(), town_project()
    assert demand(area.units, area.residences).basis == "dwellings"
    aim = asked if asked in ("units", "travel", "longest", "served", "backup", "fair") else "people"
    question = SiteQuestion("q", "library", aim=aim, **AIMS[asked])
    plan = geo.choose_sites(area, project, question)
    assert site_record(plan, project)["basis"] == "dwellings"
    for lang in LANGUAGES:
        for words in words_of(plan, project, lang):
            assert not any(word in words for word in PEOPLE[lang]), words
    assert any("住宅" in words for words in words_of(plan, project, "zh"))


def test_where_people_are_counted_the_words_are_about_them():
    project = town_project()
    plan = geo.choose_sites(town_area(), project, SiteQuestion("q", "library", count=2))
    told = words_of(plan, project, "zh")
    assert "新增覆盖（人）" in told
    assert "新增覆盖60岁及以上（人）" in told
    assert "缺它损失60岁及以上（人）" in told
    assert not any("住宅" in words for words in told)
    assert site_record(plan, project)["basis"] == "people"


def test_of_a_category_for_one_group_no_heading_says_that_the_others_are_of_them():
    # a library for the old: minors within reach are not "of them", and may be more
    area, project = town_area(), town_project()
    homes, units = (
        each.assign(age_0_14=each["people"] / 2) for each in (area.residences, area.units)
    )
    area = replace(area, residences=homes, units=units)
    old = replace(project.categories["library"], cohort="age_60_plus")
    project = replace(project, categories=project.categories | {"library": old})
    plan = geo.choose_sites(area, project, SiteQuestion("q", "library", count=2))
    assert (plan.sites["age_0_14"] > plan.sites["people"]).any()
    assert plan.sites["age_60_plus"].tolist() == pytest.approx(plan.sites["people"].tolist())
    assert not any("其中" in words for words in words_of(plan, project, "zh"))
    assert not any("of them" in words for words in words_of(plan, project, "en"))
    sites, served, _, curve, frontier = site_sheets(plan, project, "zh")
    for sheet, young in ((sites, "新增覆盖0—14岁（人）"), (served, "新增覆盖0—14岁（人）"),
                         (curve, "覆盖0—14岁（人）"), (frontier, "覆盖0—14岁（人）")):  # fmt: skip
        assert young in [column.heading for column in sheet.columns]
        assert any("从那里的全体居民中数" in line for line in sheet.lines)
