"""The account of one figure in words: every number that it is made of, and how they add up."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.coverage import limit_milliseconds
from geo.distance import MICROMETRES
from layers.catalogue.english import source_text
from layers.vocabulary import MILLISECONDS_PER_MINUTE, text
from maps.figures import number_text
from maps.sheets_gaps import minutes_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.account import Account
    from layers.project import Project
    from layers.study_area import StudyArea
    from layers.vocabulary import Language

_NAMED = 6
_UM_OF_CM = MICROMETRES // 100


def account_lines(
    told: Account, area: StudyArea, project: Project, *, lang: Language
) -> Iterator[str]:
    """Say how a figure came about, from the residences to the unit's status.

    Times are whole milliseconds. Metres are shown to the centimetre, each leg as the difference of
    the rounded way before and after it, so that the legs shown add up to the total shown.
    """
    yield _say("title", lang, study=project.name, **_names(told, lang))
    if area.plan is not None:
        yield _say("plan", lang, plan=area.plan.name)
    yield from _premises(told, project, lang)
    yield from _homes(told, project, lang)
    yield from _way(told, area, lang)
    yield from _verdict(told, lang)


def _names(told: Account, lang: Language) -> dict[str, str]:
    return {
        "unit": str(told.unit["name"]),
        "unit_id": str(told.unit["unit_id"]),
        "category": told.category.name(lang),
    }


def _premises(told: Account, project: Project, lang: Language) -> Iterator[str]:
    mode = project.modes[told.limit.mode]
    yield _say(
        "limit",
        lang,
        urban=text("words.urban" if told.urban else "words.rural", lang),
        mode=mode.name(lang),
        minutes=number_text(told.limit.minutes),
        ms=str(limit_milliseconds(told.limit.minutes)),
        source=source_text(told.limit.source, lang),
    )
    method = text(f"words.method.{told.row['method']}", lang)
    yield _say("method", lang, method=method, kmh=number_text(mode.off_road_kmh))


def _homes(told: Account, project: Project, lang: Language) -> Iterator[str]:
    cohort = told.basis if told.basis == "dwellings" else told.cohort
    words = {"basis": text(f"words.{told.basis}", lang), "cohort": text(f"words.{cohort}", lang)}
    yield _say("homes", lang, count=str(len(told.homes)), **words)
    for home in told.homes.to_dict("records"):
        yield _home(home, project, lang)
    if told.homes["stands_in"].any():
        yield _say("stands_in", lang)
    if told.telling is None:
        yield _say("nowhere", lang)
        return
    share = f"{project.rules.unit_share:.0%}"
    yield _say("telling", lang, share=share, id=told.telling)


def _home(home: Mapping[Any, Any], project: Project, lang: Language) -> str:
    reached = home["milliseconds"] >= 0
    way = (
        _say(
            "home_way",
            lang,
            facility=home["facility_id"],
            metres=f"{home['metres']:.2f}",
            ms=str(home["milliseconds"]),
        )
        if reached
        else _say("home_none", lang, minutes=number_text(project.rules.search_minutes))
    )
    off = home["status"] == "off_network" and not reached
    late = "off_network" if off else "late"
    verdict = ("served" if home["served"] else "full") if home["in_time"] else late
    return _say(
        "home",
        lang,
        id=str(home["residence_id"]),
        weight=f"{home['weight']:.10g}",
        people=_number(home["people"], lang),
        access=_number(home["access_metres"], lang, ".2f"),
        way=way,
        verdict=_say(f"verdict.{verdict}", lang),
    )


def _way(told: Account, area: StudyArea, lang: Language) -> Iterator[str]:
    if told.telling is None:
        return
    if not told.way:
        yield _say("no_way", lang, id=told.telling)
        return
    yield _say("way", lang, id=told.telling)
    along = accumulate((leg.micrometres for leg in told.way), initial=0)
    centimetres = [round(um / _UM_OF_CM) for um in along]
    for leg, (before, after) in zip(told.way, pairwise(centimetres), strict=True):
        said = _long(after - before, leg.milliseconds)
        if leg.street_id is not None:
            said["street"] = _street(leg.street_id, area, lang)
        yield _say(f"leg.{leg.kind}", lang, **said)
    total = sum(leg.milliseconds for leg in told.way)
    yield _say("leg.total", lang, **_long(centimetres[-1], total))


def _street(street_id: str, area: StudyArea, lang: Language) -> str:
    streets = area.streets
    assert streets is not None  # noqa: S101 - else no way runs along one
    street = streets[streets["street_id"] == street_id].iloc[0]
    said = {"id": street_id, "class": str(street["class"])}
    if pd.isna(street["name"]):
        return _say("leg.nameless", lang, **said)
    return _say("leg.named", lang, name=str(street["name"]), **said)


def _verdict(told: Account, lang: Language) -> Iterator[str]:
    row, facility = told.row, told.facility
    if facility is None:
        yield _say("no_facility", lang)
        yield _say("not_compared", lang)
    else:
        named = facility["name"] if pd.notna(facility["name"]) else facility["facility_id"]
        said = {"facility": str(named), "id": str(facility["facility_id"])}
        said |= {"status": str(facility["status"]), "capacity": _number(facility["capacity"], lang)}
        yield _say("facility", lang, **said)
        yield _compared(told, lang)
    people, covered = row["people"], row["people_covered"]
    share = text("words.unknown", lang)
    if pd.notna(row["people_share"]):
        share = f"{row['people_share']:.2%}"
    cohort = told.basis if told.basis == "dwellings" else told.cohort
    figures = {"people": _number(people, lang), "covered": _number(covered, lang), "share": share}
    yield _say("people", lang, cohort=text(f"words.{cohort}", lang), **figures)
    if told.lost:
        names = text("workbook.and", lang).join(told.lost[:_NAMED])
        yield _say("lost", lang, count=str(len(told.lost)), names=names)
    known = "unknown" if pd.isna(row["covered"]) else "covered" if row["covered"] else "uncovered"
    status = text(f"words.{known}", lang)
    if pd.isna(row["reason"]):
        yield _say("status", lang, status=status)
    else:
        reason = text(f"words.reason.{row['reason']}", lang)
        yield _say("status_why", lang, status=status, reason=reason)


def _compared(told: Account, lang: Language) -> str:
    minutes = told.row["minutes"]
    ms, limit = round(minutes * MILLISECONDS_PER_MINUTE), limit_milliseconds(told.limit.minutes)
    return _say(
        "compared",
        lang,
        ms=str(ms),
        sign="≤" if ms <= limit else ">",
        limit=str(limit),
        verdict=_say("verdict.served" if ms <= limit else "verdict.late", lang),
        minutes=f"{minutes_up(pd.Series([minutes]))[0]:.1f}",
    )


def _say(key: str, lang: Language, **values: str) -> str:
    return text(f"explain.{key}", lang, **values)


def _long(centimetres: int, ms: int) -> dict[str, str]:
    minutes = f"{ms / MILLISECONDS_PER_MINUTE:.3f}"
    return {"metres": f"{centimetres / 100:.2f}", "ms": str(ms), "minutes": minutes}


def _number(value: float, lang: Language, shape: str = ".10g") -> str:
    return text("words.unknown", lang) if pd.isna(value) else f"{value:{shape}}"
