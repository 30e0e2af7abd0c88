from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layers.check import Findings
from layers.names import Found, Gazetteer
from layers.project import LayerSource
from layers.unit_names import REVIEW_COLUMNS, named_units, write_review

ROWS = [
    ("350421100001", "城东居委会", "community", "350421100", "雪峰镇"),
    ("350421100201", "城东村委会", "village", "350421100", "雪峰镇"),
    ("350421101201", "盖洋村委会", "village", "350421101", "盖洋镇"),
    ("350421101202", "新村村委会", "village", "350421101", "盖洋镇"),
    ("350421102201", "新村村委会", "village", "350421102", "胡坊镇"),
    ("350421103205", "龙湖村委会", "village", "350421103", "瀚仙镇"),
]
UNITS = pd.DataFrame(ROWS, columns=["unit_id", "name", "kind", "township_id", "township"])
COUNTY = Gazetteer(UNITS)
ENDINGS = {
    "community": ["社区", "居委会", "居民委员会", "社区居委会", "社区居民委员会"],
    "village": ["村", "村委会", "村民委员会", "村村委会", "村村民委员会"],
}


@pytest.mark.parametrize(
    ("said", "township", "how", "unit_id"),
    [
        ("350421100001", None, Found.CODE, "350421100001"),
        ("城东居委会", None, Found.EXACT, "350421100001"),
        ("城东社区", None, Found.VARIANT, "350421100001"),
        ("城东社区居民委员会", "雪峰", Found.VARIANT, "350421100001"),
        ("城东村", "雪峰镇", Found.VARIANT, "350421100201"),
        ("城东", "雪峰镇", Found.AMBIGUOUS, None),
        ("新村", None, Found.AMBIGUOUS, None),
        ("新村", "盖洋镇", Found.VARIANT, "350421101202"),
        ("新村村委会", "350421102", Found.EXACT, "350421102201"),
        ("龍湖村民委員會", "瀚仙鎮", Found.VARIANT, "350421103205"),
        ("瀚仙镇龙湖村", None, Found.VARIANT, "350421103205"),
        ("龙　湖村（原龙湖大队）", "瀚仙镇人民政府", Found.VARIANT, "350421103205"),
        ("龙糊村", "瀚仙镇", Found.FUZZY, None),
        ("龙湖村", "雪峰镇", Found.ELSEWHERE, None),
        ("湖龙村", "瀚仙镇", Found.FUZZY, None),
        ("龙湖村", "火星镇", Found.UNMATCHED, None),
        ("月亮湾", None, Found.UNMATCHED, None),
        ("龙湖社区", None, Found.FUZZY, None),
    ],
)
def test_a_name_means_a_unit_or_is_left_open(said, township, how, unit_id):
    match = COUNTY.find(said, township)
    assert (match.how, match.unit_id) == (how, unit_id)


@pytest.fixture(scope="module")
def counties(real_data):
    """Three real counties, with what a name is without its ending."""
    table = pd.read_csv(
        real_data / "fujian" / "fujian_villages_2023.csv", dtype=str, encoding="utf-8-sig"
    )
    some = table[table["county_code"].isin(["350421", "350521", "350102"])]
    return some.assign(
        unit_id=some["village_code"],
        kind=some["kind"].str[0].map({"居": "community"}).fillna("village"),
        township_id=some["town_code"],
        township=some["town"],
    )


def test_every_way_to_write_a_real_name_finds_its_unit_or_none(counties):
    """Written with any ending of its kind, 1860 times, a name never finds another unit."""
    ending = r"(社区居民委员会|社区居委会|居民委员会|居委会|社区|村民委员会|村委会)$"
    asked = found = 0
    for _, units in counties.groupby("county_code"):
        county = Gazetteer(units)
        stems = units["name"].str.replace(ending, "", regex=True)
        for unit, stem in zip(units.itertuples(), stems, strict=True):
            for written in (stem + end for end in ENDINGS[unit.kind]):
                match = county.find(written, unit.township)
                assert match.unit_id in (unit.unit_id, None), (unit.name, written)
                asked += 1
                found += match.unit_id is not None
    assert found > 0.98 * asked


words = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)


@given(stem=words, ending=st.sampled_from([*ENDINGS["village"], *ENDINGS["community"], ""]))
def test_no_unit_is_found_whose_name_does_not_begin_with_what_was_said(stem, ending):
    """Matching invents nothing: the stem that is left of a name is that of the unit found."""
    assume(stem not in {"城东", "盖洋", "新村", "新", "龙湖"})
    assert COUNTY.find(stem + ending).unit_id is None


@given(
    said=st.lists(
        st.sampled_from(["城东社区", "盖洋村", "月亮湾", "", "龙糊村", *UNITS["unit_id"]])
    )
)
def test_rows_are_neither_lost_nor_doubled_and_all_words_are_for_review(said):
    frame = pd.DataFrame({"unit_id": pd.Series(said, dtype=object)}).set_axis(
        range(1, len(said) + 1)
    )
    source = LayerSource("设施", "facilities", None)
    findings = Findings("设施")
    named, review = named_units(frame, COUNTY, source, findings)
    assert named.index.equals(frame.index)
    assert sorted(review["row"]) == [
        at for at, word in enumerate(said, 1) if word and not word.isdecimal()
    ]
    known = named["unit_id"].dropna()
    assert known.isin(UNITS["unit_id"]).all()


def test_what_is_only_proposed_is_applied_where_that_is_accepted():
    frame = pd.DataFrame({"unit_id": ["龙糊村"], "township": ["瀚仙镇"]}, index=[1])
    for accept, unit_id, code in (
        (False, None, "name_proposed"),
        (True, ROWS[5][0], "name_accepted"),
    ):
        findings = Findings("设施")
        source = LayerSource("设施", "facilities", None, accept=accept)
        named, review = named_units(frame, COUNTY, source, findings)
        assert named["unit_id"].tolist() == [unit_id]
        assert [problem.code for problem in findings.problems] == [code]
        assert review["unit"].tolist() == ["龙湖村委会"]


def test_a_column_of_names_stands_in_where_there_is_no_code():
    frame = pd.DataFrame(
        {"unit_id": ["350421103205", None], "unit": ["别的村", "盖洋村"]}, index=[1, 2]
    )
    named, review = named_units(
        frame, COUNTY, LayerSource("设施", "facilities", None), Findings("设施")
    )
    assert named["unit_id"].tolist() == ["350421103205", "350421101201"]
    assert review["said"].tolist() == ["盖洋村"]


def test_the_units_that_a_facility_serves_may_be_named(tmp_path):
    frame = pd.DataFrame(
        {"unit_id": [None], "serves": ["盖洋村、350421103205；城东社区"]}, index=[1]
    )
    named, review = named_units(
        frame, COUNTY, LayerSource("设施", "facilities", None), Findings("设施")
    )
    assert named["serves"].tolist() == ["350421101201;350421103205;350421100001"]
    path = write_review(review, tmp_path / "names.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(path, dtype=str)["said"].tolist() == ["盖洋村", "城东社区"]


def test_a_review_asked_for_as_a_workbook_is_one_with_codes_as_text(tmp_path):
    found = [("设施", 2, "unit", "盖洋镇", "=盖洋村", "exact", "350421101201", "盖洋村委会")]
    found.append(("设施", 3, "unit", None, "无名", "unmatched", None, None))
    path = write_review(pd.DataFrame(found, columns=REVIEW_COLUMNS), tmp_path / "核对.xlsx")
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == REVIEW_COLUMNS
    assert rows[1] == ("设施", 2, "unit", "盖洋镇", "'=盖洋村", *found[0][5:])
    assert rows[2] == found[1]
