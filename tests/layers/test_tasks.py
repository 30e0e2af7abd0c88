"""The division of tasks as data: whole, well formed, and as the document has it."""

from __future__ import annotations

import csv
import os
import re
from typing import TYPE_CHECKING

import pytest

from layers.catalogue import policy_ids
from layers.catalogue.english import deadline_text, office_text, offices_text, source_text
from layers.catalogue.policy import load_indicators
from layers.catalogue.tasks import load_tasks, read_tasks
from layers.tasks import Task, TaskWords
from layers.toml_table import TomlTable

if TYPE_CHECKING:
    from pathlib import Path

MINGXI = "mingxi-2023-16"
TASKS = load_tasks(MINGXI)
GOOD = {"part": 1, "title_zh": "某事", "responsible": ["县某局"], "deadline": "持续推进"}


def read(*tasks, indicators=(), **head):
    """Read made-up tasks, numbered from 1; give them with what was told."""
    problems = []
    numbered = {str(number): GOOD | task for number, task in enumerate(tasks, 1)}
    content = {"title": "某方案", "everywhere": ["各乡镇"], "parts_zh": ["一"]} | head | numbered
    table = TomlTable(content, file="made-up.toml", problems=problems)
    found = read_tasks(table, indicators)
    return found, [(each.code, each.column) for each in problems]


def test_a_table_becomes_a_task_and_everyone_is_responsible_for_it():
    found, told = read({"targets_zh": ["两个"], "indicators": ["some-rate"]}, {})
    assert told == []
    everyone = ("县某局", "各乡镇")
    first = Task(1, "一", "某事", everyone, "持续推进", ("两个",), ("some-rate",))
    assert found == (first, Task(2, "一", "某事", everyone, "持续推进"))


def test_a_task_is_told_in_english_where_the_file_says_it_and_in_chinese_elsewhere():
    english = {"title_en": "something", "targets_zh": ["两个"], "targets_en": ["two"]}
    found, told = read(english, {}, parts_en=["one"])
    assert told == []
    assert found[0].words("en") == TaskWords("one", "something", ("two",))
    assert found[0].words("zh") == TaskWords("一", "某事", ("两个",))
    assert found[1].words("en") == TaskWords("一", "某事")


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ({"targets_zh": ["甲", "乙"], "targets_en": ["a"]}, ("wrong_type", "1.targets_en")),
        ({"colour": "red"}, ("unknown_key", "1.colour")),
        ({"part": 2}, ("out_of_range", "1.part")),
        ({"title_zh": ""}, ("wrong_type", "1.title_zh")),
        ({"responsible": "县某局"}, ("wrong_type", "1.responsible")),
        ({"indicators": ["some-rates"]}, ("unknown_word", "1.indicators")),
    ],
)
def test_a_task_that_is_wrong_is_told_by_its_number(task, told):
    found, problems = read(task, indicators=["some-rate"])
    assert (found, problems) == ((), [told])


def test_a_number_left_out_is_told():
    problems = []
    content = {"title": "某方案", "everywhere": [], "parts_zh": ["一"], "1": GOOD, "3": GOOD}
    found = read_tasks(TomlTable(content, file="made-up.toml", problems=problems))
    assert [task.number for task in found] == [1]
    told = {(each.code, each.column) for each in problems}
    assert told == {("unknown_key", "3"), ("missing_key", "2")}


def test_a_task_without_a_deadline_is_told():
    problems = []
    content = {"title": "某方案", "everywhere": [], "parts_zh": ["一"], "1": {**GOOD}}
    del content["1"]["deadline"]
    assert read_tasks(TomlTable(content, file="made-up.toml", problems=problems)) == ()
    assert [(each.code, each.column) for each in problems] == [("missing_key", "1.deadline")]


def test_a_document_without_tasks_has_none_and_a_list_of_tasks_is_no_policy():
    assert load_tasks("fujian-2022-37") == ()
    assert [name for name in policy_ids() if name.startswith("tasks")] == []


# --- against the document -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def documents(real_data: Path) -> Path:
    folder = real_data.parent / "reference" / "policy"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the documents (../shared/reference/policy) are not here")
        pytest.skip("the documents (../shared/reference/policy) are not here")
    return folder


@pytest.fixture(scope="module")
def rows(documents: Path) -> dict[int, list[str]]:
    """Give the document's own rows: text, responsible units and deadline by number."""
    (source,) = documents.glob("003_*.txt")
    lines = [line.split("\t") for line in source.read_text(encoding="utf-8").splitlines()]
    found: dict[int, list[str]] = {}
    last = 0
    for cells in lines:
        if cells[0].isdigit() and len(cells) == 4:
            last = int(cells[0])
            found[last] = [squeezed(cell) for cell in cells[1:]]
        elif last and len(cells) == 4 and cells[0] == "" and cells[1] != "主要任务":
            # a row that the page break cut in two
            found[last][0] += squeezed(cells[1])
    return found


def squeezed(told: str) -> str:
    return re.sub(r"\s", "", told)


def figures(told: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?%?", told)


def test_every_task_is_there_once_in_order_in_the_documents_eight_parts(rows):
    assert [task.number for task in TASKS] == list(range(1, 100)) == sorted(rows)
    parts = list(dict.fromkeys(task.part for task in TASKS))
    assert len(parts) == 8


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task.number))
def test_every_figure_of_a_task_is_in_its_row_of_the_document(task, rows):
    text = rows[task.number][0]
    said = figures("\n".join((task.title, *task.targets)))
    printed = figures(text)
    assert [figure for figure in said if figure not in printed] == []


def test_a_task_whose_text_asks_for_a_percentage_or_full_coverage_has_a_target(rows):
    asking = re.compile(r"\d%|全覆盖|覆盖所有|至少")
    without = {
        task.number for task in TASKS if asking.search(rows[task.number][0]) and not task.targets
    }
    assert without == set()


CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]")


def test_every_task_has_its_english_with_the_same_figures():
    for task in TASKS:
        chinese, english = task.words("zh"), task.words("en")
        told = [english.part, english.title, *english.targets, deadline_text(task.deadline, "en")]
        told += [office_text(office, "en") for office in task.responsible]
        assert [each for each in told if CHINESE.search(each)] == []
        for own, other in (
            (chinese.title, english.title),
            *zip(chinese.targets, english.targets, strict=True),
        ):
            assert [each for each in figures(own) if each not in figures(other)] == [], task.number


def test_every_office_and_clause_of_an_indicator_has_its_english():
    for document in policy_ids():
        for indicator in load_indicators(document):
            told = source_text(indicator.source, "en"), offices_text(indicator.responsible, "en")
            assert [each for each in told if CHINESE.search(each)] == [], indicator.id
            assert offices_text(indicator.responsible, "zh") == indicator.responsible


def test_offices_of_tasks_have_names_of_their_own_that_a_sheet_can_bear():
    offices = {office for task in TASKS for office in task.responsible}
    names = {office_text(office, "en") for office in offices}
    assert len(names) == len(offices)
    assert max(map(len, names)) <= 31  # letters of a sheet's name in Excel


def test_what_has_no_english_yet_stays_as_it_is():
    assert office_text("某县某局", "en") == offices_text("某县某局", "en") == "某县某局"
    assert deadline_text("2030年", "en") == "2030年"
    assert offices_text("县民政局、某局", "en") == "Civil Affairs Bureau, 县某局"


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task.number))
def test_offices_and_deadline_are_those_of_the_document(task, rows):
    _, offices, deadline = rows[task.number]
    assert task.deadline == deadline
    *own, everyone = task.responsible
    assert everyone == "各乡（镇）人民政府"
    named = offices.split("〔")[0].removesuffix(f"，{everyone}").removesuffix("、")
    assert full_names(named) == own


def full_names(told: str) -> list[str]:
    """Give 县民政局、住建局 as 县民政局 and 县住建局."""
    found = []
    for group in told.split("，"):
        first, *others = group.split("、")
        level = "县委" if first.startswith("县委") else "县"
        found += [first, *(level + other for other in others)]
    return found


def test_a_task_names_the_indicators_read_out_of_its_row(documents):
    with (documents / "tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        read_out = {int(row["task_no"]): row["indicator_ids"] for row in csv.DictReader(file)}
    for task in TASKS:
        told = read_out[task.number].replace("micro-fire-station", "micro-fire-station-coverage")
        assert list(task.indicators) == ([] if told.startswith("none") else told.split(";"))


def test_a_county_target_taken_from_a_task_is_shown_by_that_task():
    by_number = {task.number: task for task in TASKS}
    missing = [
        (indicator.id, number)
        for indicator in load_indicators(MINGXI)
        if indicator.target_county
        for number in map(int, re.findall(r"任务(\d+)", indicator.target_county.source))
        if indicator.id not in by_number[number].indicators
    ]
    assert missing == []
