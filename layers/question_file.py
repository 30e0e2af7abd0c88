"""The tables [sites.NAME] of project.toml, read into questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from layers.question import Aim, SiteQuestion, Use
from layers.vocabulary import COHORTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.toml_table import Range, TomlTable
    from layers.vocabulary import Cohort

SOURCES = ("units", "residences", "buildings", "streets")
"""Where candidates may come from, beside layers whose role is ``candidates``."""

_AMOUNTS = ("count", "budget", "target", "years")
_KEYS = (
    "category",
    "aim",
    *_AMOUNTS,
    "within",
    "mode",
    "candidates",
    "spacing_metres",
    "exclude",
    "per_township",
    "most_per_township",
    "apart_metres",
    "cost",
    "capacity",
    "priority",
    "may_move",
    "planned",
    "uses",
    "time_limit",
)
_COUNT: Range = (1, 100_000)
_MONEY: Range = (0.0, 1e12)
_METRES: Range = (0.0, 1e6)
_ONLY_COUNT: tuple[Aim, ...] = ("travel", "longest")
_ONLY_PEOPLE: tuple[Aim, ...] = ("people", "units")


def read_questions(
    table: TomlTable, *, categories: Iterable[str], modes: Iterable[str], layers: Mapping[str, str]
) -> tuple[SiteQuestion, ...]:
    """Read every question; ``layers`` gives the role of each layer by its name.

    Whatever is wrong is told to the table's problems.
    """
    known = (tuple(categories), tuple(modes), layers)
    return tuple(_question(table.table(name), name, *known) for name in table.content)


def _question(
    table: TomlTable,
    name: str,
    categories: tuple[str, ...],
    modes: tuple[str, ...],
    layers: Mapping[str, str],
) -> SiteQuestion:
    table.only(_KEYS)
    table.require("category", 'category = "police-room"')
    of_role = {role: [layer for layer, its in layers.items() if its == role] for role in _LAYERED}
    aim: Aim = table.choice("aim", get_args(Aim)) or "people"  # type: ignore[assignment]  # one of Aim
    _tell_amounts(table, aim)
    count, most = table.number("count", _COUNT), table.number("most_per_township", (0, 10_000))
    return SiteQuestion(
        id=name,
        category=table.choice("category", categories) or "",
        aim=aim,
        count=None if count is None else int(count),
        budget=table.number("budget", _MONEY),
        target=table.number("target", (0.0, 1.0)),
        years=_years(table.table("years")),
        minutes=table.number("within", (0.1, 1440.0)),
        mode=table.choice("mode", modes),
        candidates=table.texts("candidates", (*SOURCES, *of_role["candidates"]))
        or SiteQuestion.candidates,
        spacing_metres=table.number("spacing_metres", (10.0, 1e5)) or SiteQuestion.spacing_metres,
        exclude=table.texts("exclude", of_role["excluded"] or ("",)),
        per_township=int(table.number("per_township", (0, 100)) or 0),
        most_per_township=None if most is None else int(most),
        apart_metres=table.number("apart_metres", _METRES) or 0.0,
        cost=table.number("cost", (1e-9, 1e12)) or SiteQuestion.cost,
        capacity=table.number("capacity", (0.0, 1e9)),
        priority=_priority(table.table("priority")),
        may_move=table.flag("may_move"),
        planned=table.flag("planned"),
        uses=_uses(table.table("uses"), categories),
        time_limit=table.number("time_limit", (0.1, 86_400.0)) or SiteQuestion.time_limit,
    )


_LAYERED = ("candidates", "excluded")


def _tell_amounts(table: TomlTable, aim: Aim) -> None:
    """Tell a question that does not say how much, says it twice, or in a way its aim has not."""
    said = [name for name in _AMOUNTS if name in table.content]
    if len(said) != 1:
        table.tell("sites_one_amount", "count", "、".join(said) or None)
    elif (aim in _ONLY_COUNT and said != ["count"]) or (
        aim not in _ONLY_PEOPLE and said[0] in ("target", "years")
    ):
        table.tell("sites_amount_of_aim", said[0], aim=aim)


def _years(table: TomlTable) -> dict[int, int]:
    found: dict[int, int] = {}
    for key in sorted(table.content):
        number = table.number(key, _COUNT)
        if not key.isdecimal():
            table.tell("wrong_type", key, table.content[key], example="2027 = 2")
        elif number is not None:
            found[int(key)] = int(number)
    return found


def _priority(table: TomlTable) -> dict[Cohort, float]:
    table.only(COHORTS)
    found = {cohort: table.number(cohort, (0.0, 1000.0)) for cohort in COHORTS}
    return {cohort: number for cohort, number in found.items() if number is not None}


def _uses(table: TomlTable, categories: tuple[str, ...]) -> dict[str, Use]:
    table.only(categories)
    found = {}
    for name in table.content:
        use = table.table(name)
        use.only(("cost", "area_m2"))
        cost, area = use.number("cost", _MONEY), use.number("area_m2", (0.0, 1e7))
        found[name] = Use(cost or 0.0, area or 0.0)
    return found
