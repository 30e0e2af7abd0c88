"""All 115 indicators on the simulated county, each worked out again from the raw frames.

Nothing of ``geo`` is used: the frames of results.gpkg and plain pandas. What stands in the table
below is how a planner would work the figure out by hand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from layers.catalogue import load_categories, load_circle
from layers.catalogue.policy import load_indicators
from layers.vocabulary import Measure

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = "mingxi-2023-16"
GOLDEN = Path(__file__).parent / "golden" / "scorecard.csv"
MINUTE = 60_000

# What is 0, 1 or missing at the county's level, and why.
EDGES = {
    "urban-facility-coverage": "the document prints 100 % for the base year",
    "township-health-coverage": "the document says that every township has one",
    "nursery-institution-size": "no simulated nursery is larger than 150 places",
    "district-community-hospital": "Mingxi is a county and has no city districts",
    "service-complex-count": "a count: there is one",
    "demo-disaster-reduction-community": "a count: there is one",
    "renovation-demo-compounds": "a count: there is one",
}
URBAN_CLASSES = ["111", "112", "121", "122", "123"]
SIX_ONES = [
    "emergency_plan", "responder_team", "hazard_map", "evacuation_map", "supply_point",
    "yearly_drill",
]  # fmt: skip
SIX_HAVES = ["venue", "equipment", "sign", "flag", "books", "rules"]
STATION = ["venue", "equipment", "staff", "functions", "workflow", "rules"]
POLICE = ["police-post", "mobile-police", "alarm-point"]
CLINICS = ["health-center", "village-clinic"]
SEVEN = [
    "kindergarten", "primary-school", "village-clinic", "elder-care", "svc-comprehensive",
    "culture", "shelter",
]  # fmt: skip


@dataclass(frozen=True)
class County:
    """The frames of results.gpkg as they were read, and what is asked of them."""

    path: Path

    def frame(self, name: str) -> pd.DataFrame:
        frame = pyogrio.read_dataframe(self.path, layer=name)
        return frame.drop(columns=[each for each in frame if each == "fid"])

    @cached_property
    def units(self) -> pd.DataFrame:
        return self.frame("units").assign(
            urban=lambda rows: rows["urban"].astype(bool), all=True
        ).assign(rural=lambda rows: ~rows["urban"])  # fmt: skip

    @cached_property
    def facilities(self) -> pd.DataFrame:
        rows = self.frame("facilities")
        return rows[(rows["status"] == "existing") & rows["unit_id"].isin(self.units["unit_id"])]

    @cached_property
    def registers(self) -> pd.DataFrame:
        return self.frame("registers")

    @cached_property
    def homes(self) -> pd.DataFrame:
        units = self.units.set_index("unit_id")["urban"]
        rows = self.frame("residences")
        return rows.assign(urban=rows["unit_id"].map(units), all=True, rural=lambda r: ~r["urban"])

    @cached_property
    def times(self) -> pd.DataFrame:
        keys = ["category", "mode", "residence_id"]
        return self.frame("times").set_index(keys)["milliseconds"].sort_index()

    def of(self, *categories: str) -> pd.DataFrame:
        return self.facilities[self.facilities["category"].isin(categories)]

    def kind(self, kind: str) -> pd.DataFrame:
        return self.registers[self.registers["kind"] == kind]

    # --- shares of units, townships, facilities, registers -------------------------------------

    def own(self, *categories: str, who: str = "all", good: Callable | None = None) -> float:
        """Share of units that have one of their own, a good one where asked."""
        found = self.of(*categories)
        found = found if good is None else found[good(found).eq(1)]
        units = self.units[self.units[who]]
        return units["unit_id"].isin(found["unit_id"]).mean()

    def towns(self, *categories: str, good: Callable | None = None) -> float:
        """Share of townships that have one."""
        found = self.of(*categories)
        found = found if good is None else found[good(found).eq(1)]
        township = self.units.set_index("unit_id")["township_id"]
        return found["unit_id"].map(township).nunique() / township.nunique()

    def says(self, *columns: str, who: str = "all", low: float = 1, high: float = np.inf) -> float:
        """Share of units whose ledger says so, of those that know."""
        return met(self.units[self.units[who]], *columns, low=low, high=high).mean()

    def ratio(self, part: str, whole: str, rows: pd.DataFrame | None = None) -> float:
        """One total over another, of the rows that know both."""
        known = (self.units if rows is None else rows).dropna(subset=[part, whole])
        return known[part].sum() / known[whole].sum()

    # --- reach ---------------------------------------------------------------------------------

    def within(self, category: str, minutes: float | None, mode: str | None) -> pd.Series:
        """Which homes reach a category in time, by its own limit where none is given."""
        limits = load_categories()[category]
        found = pd.Series(index=self.homes.index, data=False)
        for who, limit in (("urban", limits.urban), ("rural", limits.rural)):
            most, way = minutes or limit.minutes, mode or limit.mode
            time = self.homes["residence_id"].map(self.times[category, way])
            found |= self.homes[who] & (time <= most * MINUTE)
        return found

    def reach(self, *categories: str, every: bool = False, **how: object) -> pd.Series:
        minutes, mode = how.get("minutes"), how.get("mode")
        each = pd.concat([self.within(name, minutes, mode) for name in categories], axis=1)
        return each.all(axis=1) if every else each.any(axis=1)

    def people(self, *categories: str, who: str = "all", cohort: str = "people", **how) -> float:
        """Share of people within reach."""
        homes = self.homes[self.homes[who]]
        return (
            homes.loc[self.reach(*categories, **how)[homes.index], cohort].sum()
            / homes[cohort].sum()
        )

    def unit_share(self, *categories: str) -> float:
        """Share of units of which half of the people reach every category."""
        inside = self.homes["people"].where(self.reach(*categories, every=True), 0)
        by_unit = pd.DataFrame({"in": inside, "of": self.homes["people"]})
        sums = by_unit.groupby(self.homes["unit_id"]).sum()
        return (sums["in"] >= 0.5 * sums["of"]).mean()

    def near(self, rows: pd.DataFrame, *categories: str, metres: float) -> float:
        """Share of places with one of the categories within so many metres, straight."""
        points = self.of(*categories).geometry.dropna()
        return np.mean(
            [
                shape is not None and points.distance(shape).min() <= metres
                for shape in rows.geometry
            ]
        )

    def served(self, rows: pd.DataFrame, who: str = "rural") -> float:
        """Share of units on a list, or with one of their own."""
        listed = {*rows["serves"].dropna().str.split(";").explode(), *rows["unit_id"].dropna()}
        units = self.units[self.units[who]]
        return units["unit_id"].isin(listed).mean()

    def in_one_grid(self) -> float:
        """Share of people who live inside exactly one grid."""
        homes = gpd.GeoDataFrame(self.homes)
        pairs = gpd.sjoin(homes, gpd.GeoDataFrame(self.kind("grid")[["geometry"]]))
        once = pairs.index.value_counts().eq(1)
        return homes.loc[once.index[once], "people"].sum() / homes["people"].sum()


def met(rows: pd.DataFrame, *columns: str, low: float = 1, high: float = np.inf) -> pd.Series:
    """1 where all columns lie between, 0 where one does not, missing where that is unknown."""
    numbers = rows[list(columns)].apply(pd.to_numeric, errors="coerce")
    good = numbers.ge(low) & numbers.le(high)
    fails = (~good & numbers.notna()).any(axis=1)
    return good.all(axis=1).astype(float).mask(numbers.isna().any(axis=1) & ~fails)


def among(rows: pd.DataFrame, column: str, *values: str) -> float:
    return rows[column].dropna().isin(values).mean()


def over(rows: pd.DataFrame, part: str, whole: str, low: float) -> float:
    return (rows[part] / rows[whole]).dropna().ge(low).mean()


def new(c: County, flag: int = 1) -> pd.DataFrame:
    rows = c.kind("compound")
    return rows[pd.to_numeric(rows["new"]) == flag]


HOW: dict[str, Callable[[County], float]] = {
    "rural-facility-coverage": lambda c: c.own("svc-comprehensive", who="rural"),
    "urban-facility-coverage": lambda c: c.own("svc-comprehensive", who="urban"),
    "facility-area-per-100-households": lambda c: (
        c.of("svc-comprehensive")["area_m2"].sum() / c.units["households"].sum() * 100
    ),
    "resident-activity-area-ratio": lambda c: c.ratio(
        "activity_area_m2", "area_m2", c.of("svc-comprehensive")
    ),
    "commercial-service-area-share": lambda c: c.ratio(
        "commercial_area_m2", "total_floor_area_m2", c.units[c.units["urban"]]
    ),
    "new-community-commercial-area-share": lambda c: over(
        new(c), "service_area_m2", "floor_area_m2", 0.1
    ),
    "gov-self-service-coverage": lambda c: c.own("gov-self-service", who="urban"),
    "gov-agent-service-coverage": lambda c: c.says("gov_agent"),
    "facility-open-hours": lambda c: met(
        c.of("svc-comprehensive"), "open_hours_per_day", low=8
    ).mean(),
    "facility-24h-online": lambda c: met(c.of("svc-comprehensive"), "online_24h").mean(),
    "satisfaction-survey-coverage": lambda c: c.says("satisfaction_survey"),
    "resettlement-facility-coverage": lambda c: c.near(
        c.kind("resettlement"), "svc-comprehensive", metres=300
    ),
    "resettlement-facility-compliance": lambda c: met(
        c.kind("resettlement"), "meets_standard"
    ).mean(),
    "deliberation-hall-coverage": lambda c: c.own("deliberation-hall"),
    "urban-service-center-count": lambda c: len(c.of("service-center")),
    "urban-service-station-count": lambda c: (
        c.of("svc-comprehensive")["unit_id"].isin(c.units.loc[c.units["urban"], "unit_id"]).sum()
    ),
    "service-complex-count": lambda c: len(c.of("service-complex")),
    "compound-party-venue-six-haves": lambda c: met(
        c.kind("compound"), *(f"party_{each}" for each in SIX_HAVES)
    ).mean(),
    "rural-banquet-venue": lambda c: c.own("banquet-venue", who="rural"),
    "public-burial-facility": lambda c: c.towns("burial"),
    "basic-public-service-coverage": lambda c: c.unit_share(*SEVEN),
    "natural-village-service-supply": lambda c: c.near(
        c.kind("natural-village").query("people >= 200"),
        *("svc-comprehensive", "village-clinic", "elder-care", "culture"),
        metres=1000,
    ),
    "living-circle-15min": lambda c: c.people(
        *load_circle("basic-15").categories, every=True, minutes=15, mode="walk"
    ),
    "elder-service-15min": lambda c: c.people(
        "elder-care", cohort="age_60_plus", minutes=15, mode="walk"
    ),
    "village-elder-facility-coverage": lambda c: c.own("elder-care", who="rural"),
    "township-elder-care-center": lambda c: c.towns("elder-care-center"),
    "community-elder-station": lambda c: c.own("elder-station"),
    "new-compound-elder-facility": lambda c: over(new(c), "elder_area_m2", "households", 0.2),
    "old-compound-elder-facility": lambda c: over(new(c, 0), "elder_area_m2", "households", 0.15),
    "public-elder-nursing-beds": lambda c: met(
        c.of("elder-institution")[met(c.of("elder-institution"), "public", "new_build").eq(1)],
        "nursing_beds",
        low=30,
    ).mean(),
    "elder-meal-service": lambda c: c.people("elder-canteen", cohort="age_60_plus"),
    "disabled-association-coverage": lambda c: c.says("disabled_association"),
    "nursery-places-per-1000": lambda c: (
        c.of("nursery")["capacity"].sum() / c.units["people"].sum() * 1000
    ),
    "nursery-institution-size": lambda c: (c.of("nursery")["capacity"] <= 150).mean(),
    "urban-parent-school-rate": lambda c: c.own("parent-school", who="urban"),
    "rural-parent-school-rate": lambda c: c.own("parent-school", who="rural"),
    "parent-school-activities": lambda c: met(
        c.of("parent-school").assign(
            guidance=lambda rows: rows["guidance_events"] / 4,
            mind=lambda r: r["mental_health_events"],
        ),
        *("guidance", "mind"),
    ).mean(),
    "child-visit-rate": lambda c: c.ratio("minors_visited", "minors_in_need"),
    "child-home": lambda c: c.own("children-home", who="urban"),
    "child-care-network": lambda c: c.says("child_care_point"),
    "medical-15min": lambda c: c.people(*CLINICS, who="urban", minutes=15, mode="walk"),
    "fitness-15min": lambda c: c.people("sport", who="urban", minutes=15, mode="walk"),
    "village-public-health-facility": lambda c: c.own(*CLINICS, who="rural"),
    "village-sport-facility": lambda c: c.own("sport", who="rural"),
    "village-pharmacy": lambda c: c.own("pharmacy", who="rural"),
    "village-basic-medical-service": lambda c: among(
        c.units[c.units["rural"]], "basic_medical", "station", "visiting", "neighbour"
    ),
    "village-medical-insurance-service": lambda c: c.says("medical_insurance", who="rural"),
    "village-medicine-service": lambda c: c.says("medicine_supply", who="rural"),
    "public-health-committee": lambda c: c.says("public_health_committee"),
    "township-health-coverage": lambda c: c.towns("health-center"),
    "community-health-station-count": lambda c: met(c.of(*CLINICS), "community_health").sum(),
    "health-basic-standard-rate": lambda c: among(
        c.of(*CLINICS), "capability", "standard", "recommended"
    ),
    "health-recommended-standard-rate": lambda c: among(
        c.of(*CLINICS), "capability", "recommended"
    ),
    "district-community-hospital": lambda _: np.nan,
    "medical-aid-service-point": lambda c: met(c.of("svc-comprehensive"), "medical_aid").mean(),
    "mental-health-team-township": lambda c: met(c.kind("township"), "mental_health_team").mean(),
    "disabled-elder-home-visit": lambda c: c.ratio("elder_visited", "elder_applicants"),
    "village-cultural-center": lambda c: c.own("culture"),
    "township-cultural-center": lambda c: c.towns("township-culture-center"),
    "rural-cultural-space": lambda c: c.own("culture-space", who="rural"),
    "urban-reading-space": lambda c: c.people("reading-room", who="urban"),
    "village-library": lambda c: c.own("village-reading-room", who="rural"),
    "science-education-base": lambda c: len(c.of("science-base")),
    "convenience-circle-15min": lambda c: c.people(
        *("shop", "pharmacy", "parcel"), who="urban", every=True, minutes=15, mode="walk"
    ),
    "parcel-locker-convenience-device": lambda c: c.own("convenience-device", who="urban"),
    "employment-startup-space": lambda c: c.own("employment-space"),
    "rural-agri-service-point": lambda c: c.people("agri-service", who="rural"),
    "env-property-committee": lambda c: c.says("property_committee", who="urban"),
    "urban-police-room-coverage": lambda c: c.own("police-room", who="urban"),
    "rural-police-room-radiation": lambda c: c.served(c.of("police-room")),
    "rural-police-grid-radiation": lambda c: c.served(c.kind("police-grid")),
    "police-grid-community-grid-match": lambda c: c.kind("grid")["police_grid"].notna().mean(),
    "key-spot-police-coverage": lambda c: c.near(c.kind("key-spot"), *POLICE, metres=300),
    "smart-security-compound": lambda c: met(c.kind("compound"), "smart_security").mean(),
    "front-end-sensor-network": lambda c: c.says("networked_cameras"),
    "community-police-share": lambda c: c.ratio(
        "community_officers", "officers", c.kind("police-station")
    ),
    "urban-one-officer-two-auxiliaries": lambda c: met(
        c.kind("police-district")
        .query("urban == True")
        .assign(two=lambda rows: rows["auxiliaries"] / 2),
        *("officers", "two"),
    ).mean(),
    "rural-village-police-assistant": lambda c: c.says("police_assistants", who="rural"),
    "station-chief-in-township-leadership": lambda c: met(
        c.kind("township"), "chief_in_leadership"
    ).mean(),
    "community-officer-in-village-committee": lambda c: c.says("officer_in_committee"),
    "mediation-committee-coverage": lambda c: c.says("mediation_committee"),
    "mediation-committee-size": lambda c: c.says("mediation_members", low=3, high=9),
    "rule-of-law-venue": lambda c: c.own("law-venue", good=lambda rows: met(rows, "free_open")),
    "legal-backbone-persons": lambda c: c.says("legal_backbone", low=3),
    "law-textbook-set": lambda c: c.says("law_textbooks"),
    "village-legal-adviser": lambda c: c.says("legal_advisers"),
    "public-legal-service-office": lambda c: c.own("legal-office"),
    "legal-hotline-noticeboard": lambda c: c.says("legal_noticeboards"),
    "legal-services-full-coverage": lambda c: c.says(
        "legal_publicity", "legal_mediation", "legal_aid"
    ),
    "neighbor-reasoning-room": lambda c: c.own("reasoning-room", who="urban"),
    "family-mediation-studio": lambda c: c.own("family-mediation"),
    "micro-fire-station-coverage": lambda c: c.own("micro-fire-station"),
    "emergency-shelter": lambda c: c.people("shelter"),
    "emergency-supply-point": lambda c: c.own("emergency-supply", who="urban"),
    "disaster-info-officer": lambda c: c.says("disaster_officers"),
    "fire-grid-officer": lambda c: c.says("fire_officers"),
    "community-six-ones": lambda c: c.says(*SIX_ONES, who="urban"),
    "demo-disaster-reduction-community": lambda c: met(c.units, "disaster_demo").sum(),
    "emergency-broadcast-coverage": lambda c: c.own("broadcast", who="rural"),
    "volunteer-station-in-facility": lambda c: met(
        c.of("svc-comprehensive"), "volunteer_station"
    ).mean(),
    "volunteer-station-community": lambda c: c.own("volunteer-point"),
    "leifeng-volunteer-station": lambda c: c.own(
        "volunteer-point", good=lambda rows: met(rows, "leifeng")
    ),
    "registered-volunteer-rate": lambda c: c.ratio("registered_volunteers", "people"),
    "township-social-work-station": lambda c: c.towns(
        "social-work-station",
        good=lambda rows: met(rows, *(f"has_{each}" for each in STATION)),
    ),
    "village-social-worker": lambda c: c.says("social_workers"),
    "social-work-room-in-facility": lambda c: met(
        c.of("svc-comprehensive"), "social_work_room"
    ).mean(),
    "newly-certified-community-workers": lambda c: c.ratio(
        "newly_certified", "workers", c.kind("staff")
    ),
    "community-workers-per-10k": lambda c: (
        c.kind("staff")["workers"].sum()
        / c.units.loc[c.units["urban_class"].isin(URBAN_CLASSES), "people"].sum()
        * 10_000
    ),
    "women-micro-home": lambda c: c.own("women-home"),
    "grid-officer-coverage": lambda c: met(c.kind("grid"), "officers").mean(),
    "grid-full-coverage": lambda c: c.in_one_grid(),
    "grid-party-group": lambda c: met(c.kind("grid"), "party_group").mean(),
    "village-5g": lambda c: c.says("has_5g", who="rural"),
    "old-compound-renovated-households": lambda c: (
        c.kind("compound").loc[met(c.kind("compound"), "renovated").eq(1), "households"].sum()
        / 10_000
    ),
    "renovation-demo-compounds": lambda c: met(c.kind("compound"), "renovation_demo").sum(),
}


@pytest.fixture(scope="module")
def county(demo: tuple[Path, str, str]) -> County:
    return County(demo[0] / "results.gpkg")


@pytest.fixture(scope="module")
def card(county: County) -> pd.DataFrame:
    return county.frame("scorecard")


@pytest.fixture(scope="module")
def figures(card: pd.DataFrame) -> pd.DataFrame:
    """Give the county's figures of the policy, by indicator."""
    rows = card[card["level"] == "county"].set_index("indicator")
    return rows.loc[list(HOW)]


def test_the_table_is_the_115_indicators():
    ids = {each.id for each in load_indicators(POLICY)}
    assert len(HOW) == 115
    assert set(HOW) == ids - {"resident-activity-area-facilities"}


@pytest.mark.parametrize("indicator", HOW)
def test_every_indicator_comes_out_the_same_by_hand(county, figures, indicator):
    assert figures.loc[indicator, "value"] == pytest.approx(HOW[indicator](county), nan_ok=True)


def test_74_have_a_value_from_spatial_layers_and_41_from_ledgers(figures):
    assert figures["data"].value_counts().to_dict() == {"spatial": 58, "ledger": 41, "proxy": 16}
    without = figures.index[figures["value"].isna()]
    assert list(without) == ["district-community-hospital"]
    assert figures.loc[without[0], "missing"].startswith("不适用")


def test_no_figure_is_0_or_1_or_missing_without_a_reason(figures):
    edge = figures["value"].isin([0, 1]) | figures["value"].isna()
    assert set(figures.index[edge]) == set(EDGES)


@pytest.mark.parametrize("measure", Measure)
def test_every_kind_is_met_somewhere_and_missed_somewhere_and_left_open_somewhere(card, measure):
    rows = card[(card["measure"] == measure) & card["indicator"].isin(list(HOW))]
    assert (rows["met"] == 1).any()
    assert (rows["met"] == 0).any()
    assert (rows["unknown"] > 0).any()


def test_priority_people_are_told_apart_wherever_people_are_counted(card, county):
    rows = card[(card["over"] == "people") & (card["level"] == "county")]
    shares = [f"{cohort}_share" for cohort in ("age_0_14", "age_60_plus", "disabled")]
    assert rows[shares].notna().all(axis=None)
    row = rows.set_index("indicator").loc["medical-15min"]
    how = {"who": "urban", "minutes": 15, "mode": "walk"}
    for share in shares:
        cohort = share.removesuffix("_share")
        assert row[share] == pytest.approx(county.people(*CLINICS, cohort=cohort, **how))


def test_the_county_s_scorecard_is_the_golden_one(card):
    """A change of this table needs a line in docs/decisions.md; the last line writes it anew."""
    assert golden(card) == GOLDEN.read_text(encoding="utf-8")


def golden(card: pd.DataFrame) -> str:
    """Give the county's rows as text: figures to four places."""
    names = ["indicator", "value", "low", "high", "unknown", "base", "target", "met", "choice"]
    rows = card[card["level"] == "county"][names]
    met_words = rows["met"].astype(object).map({1: "yes", 0: "no"}).fillna("")
    taken = rows["choice"].fillna("").str.extract("口径：(.+?)，因为")[0]
    rows = rows.assign(met=met_words, choice=taken)
    return rows.round(4).to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":  # python -m tests.test_indicators livingcircle-demo/results.gpkg
    GOLDEN.write_text(golden(County(Path(sys.argv[1])).frame("scorecard")), encoding="utf-8")
