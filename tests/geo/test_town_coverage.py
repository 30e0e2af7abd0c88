"""Coverage, reasons and the scorecard of the town, worked out on paper.

The minutes they rest on are in test_town.py; people: CENTRE 50 + 30 + 20, HILL 80 + 20, SOUTH
40 + 60, ISLET 40, REMOTE 10, CORNER 60, EMPTY 0: 410 in all, 260 of them in the old township.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.coverage import Coverage
from geo.demand import demand
from tests.town import CENTRE, CORNER, EMPTY, HILL, ISLET, NEW_TOWN, OLD_TOWN, REMOTE, SOUTH

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study


def rows_of(study: Study, indicator: str) -> pd.DataFrame:
    """Give the coverage rows of one indicator, or of one category, by unit."""
    rows = study.coverage[study.coverage["indicator"] == indicator]
    return rows.set_index("unit_id")


def test_coverage_counts_the_people_within_the_limit(town: Study) -> None:
    # clinic: 10 minutes in town, 15 in the country; half of SOUTH's people take 19
    clinic = rows_of(town, "clinic")
    people = {CENTRE: 100, HILL: 100, SOUTH: 40, ISLET: 0, REMOTE: 0, CORNER: 60, EMPTY: 0}
    assert clinic["people_covered"].to_dict() == people
    assert clinic["people_share"].drop(EMPTY).to_dict() == {
        CENTRE: 1.0,
        HILL: 1.0,
        SOUTH: 0.4,
        ISLET: 0.0,
        REMOTE: 0.0,
        CORNER: 1.0,
    }
    covered = {unit for unit, yes in clinic["covered"].items() if yes}
    assert covered == {CENTRE, HILL, CORNER, EMPTY}
    assert clinic["limit_minutes"].to_dict() == {
        unit: 10.0 if unit in (CENTRE, CORNER) else 15.0 for unit in people
    }


def test_a_category_judged_alone_has_the_rows_it_has_among_all(town: Study) -> None:
    where = demand(town.area.units, town.area.residences)
    judge = Coverage(town.area, where, town.measured, town.project)
    columns = ["unit_id", "mode", "facility_id", "minutes", "people_covered", "covered", "reason"]
    for category in town.project.categories.values():
        among = town.coverage[town.coverage["indicator"] == category.id]
        told, alone = (
            frame[columns].astype(object).fillna("?").to_numpy().tolist()
            for frame in (among, judge.rows(category))
        )
        assert told == alone


def test_nobody_living_there_gives_a_missing_share(town: Study) -> None:
    assert rows_of(town, "clinic")["people_share"].isna().to_dict()[EMPTY]


def test_a_limit_is_inclusive(town: Study) -> None:
    # EMPTY drives just 3 minutes; south-near walks just 15 (the 40 people above)
    police = rows_of(town, "police")
    assert police.loc[EMPTY, "minutes"] == 3.0
    assert police.loc[EMPTY, "covered"]


def test_each_gap_tells_its_most_telling_reason(town: Study) -> None:
    reason = {name: rows_of(town, name)["reason"] for name in ("clinic", "school", "library")}
    assert reason["clinic"][REMOTE] == "off_network"
    assert reason["clinic"][ISLET] == "no_path"
    # 573 m over the river, 1860 m by the bridge
    assert reason["clinic"][SOUTH] == "barrier"
    # 5 minutes are 500 m; 1204, 825 and 1077 m even in a straight line
    assert set(reason["school"][[CENTRE, CORNER, EMPTY]]) == {"too_far"}
    assert set(reason["library"][[CENTRE, HILL, SOUTH, CORNER]]) == {"none_in_study"}
    assert reason["clinic"][[CENTRE, HILL, CORNER, EMPTY]].isna().all()


def test_a_full_facility_serves_the_nearest_first(town: Study) -> None:
    # 1.5 places at 10 per 1000 people serve 150: 20 (42 s) + 60 (180 s) + 50 (240 s) = 130 fit,
    # the next 30 (282 s) do not, and nobody behind them
    nursery = rows_of(town, "nursery")
    assert nursery["people_covered"][[CENTRE, HILL, CORNER]].to_dict() == {
        CENTRE: 70,
        HILL: 0,
        CORNER: 60,
    }
    assert nursery.loc[HILL, "reason"] == "over_capacity"
    # half of its people take 18.6 minutes: the river, and no want of places, is the reason
    assert nursery.loc[SOUTH, "reason"] == "barrier"


def test_what_a_lost_ledger_row_leaves_open_is_unknown(town: Study) -> None:
    post = rows_of(town, "post-units")
    assert post.loc[CORNER, "covered"]
    others = post.drop(CORNER)
    assert others["covered"].isna().all()
    assert set(others["reason"]) == {"no_data"}


def test_possession_counts_the_ledger_without_a_point(town: Study) -> None:
    hall = rows_of(town, "hall-units")
    assert {unit for unit, yes in hall["covered"].items() if yes} == {CENTRE, HILL, ISLET}


def test_gaps_are_the_rows_not_covered(town: Study) -> None:
    keys = ["unit_id", "indicator"]
    missed = town.coverage[~town.coverage["covered"].fillna(value=True).astype(bool)]
    gaps = town.gaps[town.gaps["covered"].notna()]
    assert sorted(map(tuple, gaps[keys].to_numpy())) == sorted(map(tuple, missed[keys].to_numpy()))


# area, indicator -> numerator, denominator, value, low, high
SCORES = {
    # 100 + 100 + 40 + 60 of 410 people
    ("county", "clinic-people"): (300, 410, 300 / 410, 300 / 410, 300 / 410),
    ("county", "clinic"): (300, 410, 300 / 410, 300 / 410, 300 / 410),
    (OLD_TOWN, "clinic-people"): (260, 260, 1, 1, 1),
    (NEW_TOWN, "clinic-people"): (40, 150, 40 / 150, 40 / 150, 40 / 150),
    # CENTRE, HILL, CORNER, EMPTY
    ("county", "clinic:units"): (4, 7, 4 / 7, 4 / 7, 4 / 7),
    # clinic and shop within 15 minutes: the same four
    ("county", "circle-units"): (4, 7, 4 / 7, 4 / 7, 4 / 7),
    # hill-top
    ("county", "school"): (80, 410, 80 / 410, 80 / 410, 80 / 410),
    # 100 of CENTRE, 60 of CORNER
    ("county", "police"): (160, 410, 160 / 410, 160 / 410, 160 / 410),
    # the police serve CENTRE and SOUTH by their list ...
    ("county", "police-units"): (2, 7, 2 / 7, 2 / 7, 2 / 7),
    # ... and CENTRE, CORNER and EMPTY by the minutes
    ("county", "police-units:access"): (3, 7, 3 / 7, 3 / 7, 3 / 7),
    ("county", "hall-units"): (3, 7, 3 / 7, 3 / 7, 3 / 7),
    (OLD_TOWN, "hall-units"): (2, 3, 2 / 3, 2 / 3, 2 / 3),
    (NEW_TOWN, "hall-units"): (1, 4, 1 / 4, 1 / 4, 1 / 4),
    # one post has an unknown place: at most one unit more
    ("county", "post-units"): (1, 7, 1 / 7, 1 / 7, 2 / 7),
    # 80 m2, 150 m2 and unknown, 100 asked for
    ("county", "hall-size"): (1, 2, 1 / 2, 1 / 3, 2 / 3),
    # one shop for 4.1 hundred people
    ("county", "shops-per-100"): (1, 4.1, 1 / 4.1, 1 / 4.1, 1 / 4.1),
}


def test_the_scorecard_is_the_paper_s(town: Study) -> None:
    area = town.scorecard["area_id"].where(town.scorecard["level"] != "county", "county")
    card = town.scorecard.assign(area_id=area).set_index(["area_id", "indicator"])
    columns = ["numerator", "denominator", "value", "low", "high"]
    for key, figures in SCORES.items():
        assert list(card.loc[key, columns]) == pytest.approx(figures), key


def test_a_target_is_met_or_missed_by_the_value(town: Study) -> None:
    county = town.scorecard[town.scorecard["level"] == "county"].set_index("indicator")
    assert county.loc["clinic-people", "met"]
    assert county.loc["clinic-people", "gap_to_target"] == pytest.approx(0.7 - 300 / 410)
    assert not county.loc["hall-units", "met"]
    assert county.loc["hall-units", "gap_to_target"] == pytest.approx(0.5 - 3 / 7)
