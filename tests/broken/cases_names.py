"""Ways in which a unit can be named that leave open which it is."""

from __future__ import annotations

from pathlib import Path

from tests.broken.breaks import both, cell, source
from tests.broken.case import Case
from tests.broken.good_study import GoodStudy


def _table_of_units(folder: Path) -> None:
    GoodStudy().units.drop(columns="geometry").to_csv(folder / "units.csv", index=False)


NAME_CASES = (
    Case(
        "单元写的是名称，不是代码",
        "facilities",
        "names_found",
        cell("facilities", 1, "unit_id", "城东社区"),
        fatal=False,
    ),
    Case(
        "名称写法不同（村委会、繁体）",
        "residences",
        "names_found",
        cell("residences", 21, "unit_id", "龍湖村民委員會"),
        fatal=False,
    ),
    Case(
        "名称里有错字",
        "facilities",
        "name_proposed",
        cell("facilities", 3, "unit_id", "龙糊村"),
    ),
    Case(
        "名称里有错字，提议已认可",
        "facilities",
        "name_accepted",
        both(cell("facilities", 3, "unit_id", "龙糊村"), source("facilities", accept=True)),
        fatal=False,
    ),
    Case(
        "名称可能是社区，也可能是村",
        "facilities",
        "name_ambiguous",
        both(
            cell("units", 3, "name", "城东村"),
            cell("facilities", 1, "unit_id", "城东"),
        ),
    ),
    Case(
        "没有这个名称，也没有相近的",
        "facilities",
        "name_unknown",
        cell("facilities", 1, "unit_id", "月亮湾"),
    ),
    Case(
        "乡镇名称不存在",
        "facilities",
        "name_unknown",
        both(
            cell("facilities", 1, "unit_id", "城东社区"),
            cell("facilities", 1, "township", "火星镇"),
        ),
    ),
    Case(
        "村名在别的乡镇",
        "facilities",
        "name_elsewhere",
        both(
            cell("units", 4, "township", "盖洋镇"),
            cell("units", 4, "township_id", "350421101"),
            cell("facilities", 1, "unit_id", "大焦村"),
            cell("facilities", 1, "township", "雪峰镇"),
        ),
    ),
    Case(
        "服务名单里的村名有错字",
        "facilities",
        "name_proposed",
        cell("facilities", 2, "serves", "城西社区、大蕉村"),
    ),
    Case(
        "居住点的村名不存在",
        "residences",
        "name_unknown",
        cell("residences", 1, "unit_id", "月亮湾"),
    ),
    Case(
        "单元只有代码和名称，没有图形和坐标",
        "units",
        "no_places",
        source("units", path=Path("units.csv")),
        _table_of_units,
        fatal=False,
    ),
)
