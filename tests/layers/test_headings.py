from __future__ import annotations

import pytest

from layers.headings import find_heading, unit_factor


@pytest.mark.parametrize(
    ("wanted", "column"),
    [
        ("面积", "面积（平方米）"),
        ("面积", "面积\n(㎡)"),
        ("常住人口", "人口/常住人口（人）"),
        ("60岁以上", "６０岁以上"),
        ("People", "people"),
        ("年龄0至14岁人口", "年龄0至14"),  # GBK, cut at ten bytes
        ("年龄0至14岁人口", "年龄0至"),  # UTF-8
    ],
)
def test_a_heading_is_found_as_tables_write_it(wanted, column):
    assert find_heading(wanted, ["编号", column, "备注"]) == column


@pytest.mark.parametrize(
    ("wanted", "columns"),
    [
        ("面积", ["面积（平方米）", "面积（亩）"]),
        ("总数", ["人口/总数", "户数/总数"]),
        ("面积", ["占地面积"]),
        ("人口", ["人口数"]),
        ("年龄0至14岁人口", ["年龄"]),
    ],
)
def test_a_heading_that_two_could_mean_or_none_is_not_guessed(wanted, columns):
    assert find_heading(wanted, columns) is None


def test_the_heading_as_it_is_wins_over_one_like_it():
    assert find_heading("面积", ["面积（亩）", "面积"]) == "面积"


@pytest.mark.parametrize(
    ("heading", "meaning", "told"),
    [
        ("面积（平方米）", "建筑面积（平方米）", None),
        ("面积（㎡）", "建筑面积（平方米）", None),
        ("面积", "建筑面积（平方米）", None),
        ("面积（公顷）", "建筑面积（平方米）", ("公顷", 10000.0)),
        ("人口（户）", "常住人口（人）", ("户", None)),
        ("人口（2023年）", "常住人口（人）", None),
    ],
)
def test_the_unit_of_a_heading_says_what_to_multiply_by(heading, meaning, told):
    assert unit_factor(heading, meaning) == told
