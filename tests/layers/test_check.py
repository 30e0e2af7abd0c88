from __future__ import annotations

import pandas as pd
import pytest

from layers.check import ROWS_TOLD, Findings, nearest
from layers.errors import LayerError


def test_a_problem_is_told_for_the_first_rows_and_the_rest_are_counted():
    findings = Findings("units")
    rows = pd.Series(range(1, 101), index=range(1, 101), dtype=float)
    findings.tell_rows("below_minimum", rows, column="people", minimum="0")
    assert [problem.row for problem in findings.problems] == [*range(1, ROWS_TOLD + 1), None]
    assert findings.problems[-1].code == "and_more"
    assert dict(findings.problems[-1].values) == {"count": "80"}


@pytest.mark.parametrize(
    ("value", "shown"), [(12.0, "12"), (1.5, "1.5"), ("a", "a"), (None, None), (float("nan"), None)]
)
def test_values_are_shown_as_a_planner_wrote_them(value, shown):
    findings = Findings("units")
    findings.tell_rows("below_minimum", pd.Series([value], index=[3], dtype=object), minimum="0")
    assert [(problem.row, problem.value) for problem in findings.problems] == [(3, shown)]


def test_every_told_row_has_the_nearest_of_what_is_known():
    findings = Findings("facilities")
    known = {"pharmacy": "pharmacy", "药店": "pharmacy", "sport": "sport"}
    rows = pd.Series(["药点", "spot"], index=[1, 2])
    findings.tell_rows("unknown_category", rows, among=known, known="")
    alike = [dict(problem.values)["nearest"] for problem in findings.problems]
    assert alike == ["pharmacy", "sport"]


def test_of_very_many_words_the_nearest_begins_alike():
    codes = [f"3504{n:08d}" for n in range(20_000)]
    assert nearest("350400012345x", codes) == "350400012345"


def test_refusing_raises_all_that_was_found():
    findings = Findings("units")
    findings.tell("no_length", fatal=False, count="1")
    with pytest.raises(LayerError) as refused:
        findings.refuse("missing_crs")
    assert [problem.code for problem in refused.value.problems] == ["no_length", "missing_crs"]
