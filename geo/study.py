"""The result of one assessment: every frame of it, in memory, sorted and complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.found_once import FoundOnce

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geo.demand import Basis
    from geo.times import ModeTimes
    from layers.project import Project
    from layers.study_area import StudyArea


@dataclass(frozen=True)
class Study(FoundOnce):
    """What was found. ``milliseconds`` (int64) is the time value; ``minutes`` shows it.

    places       one row per residence, or unit point standing in, and mode: residence_id,
                 unit_id, mode, status (joined, moved_to_main, off_network), access_metres,
                 stands_in (bool); geometry point
    times        residence_id, category, mode, facility_id, milliseconds, minutes, metres, method;
                 nearest facility of each category; only reachable pairs
    unit_times   unit_id, category, mode, residence_id, facility_id, milliseconds, minutes,
                 metres, method; the time by which ``unit_share`` of the unit's people have
                 arrived; only reachable pairs
    circles      level (unit/residence), place_id, unit_id, limit_minutes, reached, of,
                 missing and unknown (category ids joined by semicolons)
    coverage     unit_id, indicator, category, measure, mode, limit_minutes, facility_id, minutes,
                 metres, people, people_covered, people_share, age_0_14, age_0_14_covered and so
                 on for every priority cohort, covered (nullable boolean), method, reason (None
                 where covered)
    gaps         rows of coverage not covered, with unit names and the priority people left out
                 (<cohort>_left_out; missing where coverage is unknown), ordered by priority people;
                 flips (the scenarios that would close it, joined by semicolons: empty where none,
                 missing where no time decides)
    scorecard    area_id, area (county or township name), level, indicator, name, measure, over,
                 numerator, denominator, value, low, high, unknown, unit, base, base_year,
                 target_province, target_county, target, comparison, target_year, met (nullable),
                 gap_to_target, age_0_14_share, age_60_plus_share, disabled_share, data, binding,
                 responsible, source, limit (text), method, choice, missing, swing_low,
                 swing_high (over the scenarios; of shares by time)
    sensitivity  unit_id, indicator, scenario (see geo.scenarios), covered, covered_then,
                 people_covered, people_covered_then; rows that a scenario changes
    areas        kind (living-circle / service-area), from_id, category, mode, limit_minutes;
                 polygon
    supply       level (unit/residence), place_id, unit_id, category, mode, catchment_minutes,
                 people (of the category's cohort), facilities and places (in reach), gravity
                 (places weighed by time), places_per_1000 (shared with all who reach them),
                 standard_per_1000, choice_minutes (to the second nearest, or as set); of
                 categories with a known capacity, empty where dwellings are counted; a unit has
                 the mean of its people
    facility_load  facility_id, category, people (whose nearest it is, within the limit; of the
                 category's cohort), of everybody there age_0_14, age_60_plus, disabled, capacity,
                 room (people it can serve), load (people / room), over_capacity (nullable),
                 people_within (who have it in reach), age_0_14_within and so on, offered_per_1000
    supply_areas level, area_id, area, category, people, of everybody there age_0_14, age_60_plus,
                 disabled, facilities, unknown (of unknown capacity, or that may stand in this
                 township or another), places, places_per_1000 (that stand there),
                 reached_per_1000 (that its people reach), standard_per_1000
    equity       level (county/class/township), area_id, area, category, measure (minutes /
                 places_per_1000), mode (one for all), people, left_out (people who reach nothing),
                 of everybody there age_0_14, age_0_14_reaching_nothing, age_0_14_below and
                 so on, mean, ratio (to the county's mean), gini, palma, theil, its parts within and
                 between townships and urban_rural (county only), concentration (by the share of
                 old people of the unit), below, shortfall, severity (of those beyond their own
                 limit or below the standard)
    lorenz       category, measure, share_of_people (in tenths), share_of_value; the county's
    facility_access  facility_id, category, mode, status (as places), access_metres; those that
                 count by status and have a point

    ``measured`` are the times by mode with the networks they were found on, for whoever goes on
    from them; no frame.
    """

    project: Project
    area: StudyArea
    basis: Basis
    places: gpd.GeoDataFrame
    times: pd.DataFrame
    unit_times: pd.DataFrame
    circles: pd.DataFrame
    coverage: pd.DataFrame
    gaps: pd.DataFrame
    scorecard: pd.DataFrame
    sensitivity: pd.DataFrame
    areas: gpd.GeoDataFrame
    facility_access: pd.DataFrame
    supply: pd.DataFrame
    facility_load: pd.DataFrame
    supply_areas: pd.DataFrame
    equity: pd.DataFrame
    lorenz: pd.DataFrame
    measured: Mapping[str, ModeTimes] = field(default_factory=dict)

    def frames(self) -> dict[str, pd.DataFrame]:
        """Give every frame by name, inputs first, for writing."""
        inputs = {
            "units": self.area.units,
            "townships": self.area.townships,
            "residences": self.area.residences,
            "facilities": self.area.facilities,
        }
        if self.area.registers is not None:
            inputs["registers"] = self.area.registers
        if self.area.streets is not None:
            inputs["streets"] = self.area.streets
        if self.area.dead_ends is not None:
            inputs["dead_ends"] = self.area.dead_ends
        if self.area.names is not None and len(self.area.names):
            inputs["names_review"] = self.area.names
        return inputs | {
            "places": self.places,
            "times": self.times,
            "unit_times": self.unit_times,
            "circles": self.circles,
            "coverage": self.coverage,
            "gaps": self.gaps,
            "scorecard": self.scorecard,
            "sensitivity": self.sensitivity,
            "areas": self.areas,
            "facility_access": self.facility_access,
            "supply": self.supply,
            "facility_load": self.facility_load,
            "supply_areas": self.supply_areas,
            "equity": self.equity,
            "lorenz": self.lorenz,
        }
