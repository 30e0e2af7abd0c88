"""No broken input passes in silence, and none ends in anything but a problem that can be told."""

from __future__ import annotations

import pytest

import layers
from layers.errors import LayerError, MissingLayerError
from tests.broken.case import told
from tests.broken.cases import CASES
from tests.broken.good_study import GoodStudy


def test_a_good_study_has_no_problem(tmp_path):
    assert layers.check_study_area(GoodStudy().write(tmp_path)) == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_broken_input_is_told_in_both_languages_and_stops_the_study_if_fatal(case):
    stopped, problems = told(case)

    expected = [problem for problem in problems if problem.code == case.code]
    assert expected, [problem.line() for problem in problems]
    assert {problem.layer for problem in expected} == {case.layer}
    assert stopped == case.fatal
    for problem in problems:
        assert problem.fatal == case.fatal
        assert problem.line("zh")
        assert problem.line("en")


def test_checking_tells_fatal_problems_and_others_and_raises_nothing(tmp_path):
    study = GoodStudy()
    study.units.loc[0, "people"] = -1.0
    study.units.loc[1, "age_60_plus"] = 300.0

    problems = layers.check_study_area(study.write(tmp_path))

    assert [(problem.code, problem.fatal) for problem in problems] == [
        ("below_minimum", True),
        ("cohort_too_large", False),
        ("cohort_too_large", False),
    ]


def test_all_problems_of_all_layers_are_told_at_once(tmp_path):
    study = GoodStudy()
    study.units.loc[0, "people"] = -1.0
    study.facilities.loc[0, "category"] = "polce-room"
    study.residences.loc[0, "unit_id"] = "350421100009"
    project = study.write(tmp_path)
    (tmp_path / "streets.gpkg").unlink()

    with pytest.raises(LayerError) as refused:
        layers.read_study_area(project)

    codes = {(problem.layer, problem.code) for problem in refused.value.problems}
    assert codes == {
        ("units", "below_minimum"),
        ("facilities", "unknown_category"),
        ("residences", "unknown_unit"),
        ("streets", "missing_file"),
    }
    assert not isinstance(refused.value, MissingLayerError)


def test_missing_files_alone_are_a_missing_layer(tmp_path):
    project = GoodStudy().write(tmp_path)
    (tmp_path / "streets.gpkg").unlink()
    (tmp_path / "facilities.csv").unlink()

    with pytest.raises(MissingLayerError) as refused:
        layers.read_study_area(project)

    assert [problem.layer for problem in refused.value.problems] == ["facilities", "streets"]


def test_a_problem_names_row_column_and_value(tmp_path):
    study = GoodStudy()
    study.facilities.loc[2, "category"] = "polce-room"

    (problem,) = layers.check_study_area(study.write(tmp_path))

    assert (problem.row, problem.column, problem.value) == (3, "category", "polce-room")
    assert "police-room" in problem.remedy()


def test_a_repeated_problem_is_told_for_twenty_rows_and_then_counted(tmp_path):
    study = GoodStudy()
    study.residences["weight"] = -1.0

    problems = layers.check_study_area(study.write(tmp_path))

    assert [problem.row for problem in problems] == [*range(1, 21), None]
    assert problems[-1].code == "and_more"
    assert dict(problems[-1].values)["count"] == "20"
