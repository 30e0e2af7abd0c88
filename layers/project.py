"""The settings of one study, frozen: read once, passed along, never changed.

``layers.project_file`` makes a Project out of project.toml and the catalogues; nothing here
reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from layers.accessibility import SupplyMethod

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from layers.indicators import Indicator
    from layers.question import SiteQuestion
    from layers.readings import Reading
    from layers.tasks import Task
    from layers.vocabulary import Cohort, Datum, Language, Profile

Role = Literal[
    "units",
    "townships",
    "residences",
    "facilities",
    "registers",
    "streets",
    "elevation",
    "population",
    "boundary",
    "candidates",
    "excluded",
    "water",
]


@dataclass(frozen=True)
class LayerSource:
    """One layer of the study as project.toml names it.

    ``columns`` maps our column names to the file's own; ``values`` holds the same constant for
    every row of a column (a file of police rooms: ``category = "police-room"``). Of streets,
    ends are joined to lines within ``join_metres`` (0 for never), and lines where they cross if
    ``planarise``. With ``accept`` a unit named unclearly is the one proposed. ``database`` says
    how to reach a PostGIS database (libpq's own words), of which ``layer`` names a table, or
    ``query`` asks.
    """

    name: str
    role: Role
    path: Path
    layer: str | None = None
    encoding: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    join_metres: float = 0.0
    planarise: bool = False
    accept: bool = False
    database: str | None = None
    query: str | None = None


@dataclass(frozen=True)
class SlopeCurve:
    """How speed follows slope (rise over run, uphill positive): a factor, 1 on the flat.

    With ``knots`` (slope, factor) it is linear between them and constant beyond. Without, it is
    exp(-rate (|s + best| - best)), greatest where the slope s is -``best``: Tobler's shape.
    """

    id: str
    source: str
    rate: float = 0.0
    best: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class StreetRule:
    """How a mode uses one class of street: its speed on the flat, km/h."""

    kmh: float
    source: str


@dataclass(frozen=True)
class Mode:
    """A way of travelling.

    ``classes`` lists the street classes the mode may use, each with its flat speed; a class that
    is absent is closed to it. ``tags`` are the access columns of the streets frame that decide,
    the most particular first; a street is closed if the first one present says a ``denied``
    value, and opened by a ``granted`` one even where its class is not listed.
    ``closed`` classes are never opened so. ``off_road_kmh`` is the speed of access legs and
    straight walks; ``max_kmh`` bounds every speed, posted and downhill ones too. On
    ``no_step_on`` classes (and on bridges and in tunnels) nobody joins or leaves the network.
    ``slope`` is None where slopes do not count. ``contraflow`` is the streets column whose "no"
    frees the mode from a one-way sign. What is pushed where it cannot be ridden, or where that
    is quicker, goes there as ``push`` does. Of several ``readings`` of the speed a document gives,
    ``choice`` is the one taken.
    """

    id: str
    name_zh: str
    name_en: str
    off_road_kmh: float
    slope: SlopeCurve | None
    oneway: bool
    max_kmh: float
    use_posted_speed: bool
    tags: tuple[str, ...]
    denied: frozenset[str]
    granted: frozenset[str]
    granted_kmh: float
    classes: Mapping[str, StreetRule]
    source: str
    closed: frozenset[str] = frozenset()
    no_step_on: frozenset[str] = frozenset()
    contraflow: str | None = None
    push: Mode | None = None
    choice: str = ""
    readings: tuple[Reading, ...] = ()

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True)
class Limit:
    """A travel-time limit: inclusive minutes by one mode, with its source."""

    minutes: float
    mode: str
    source: str


@dataclass(frozen=True)
class Standard:
    """The places that 1000 people should have, with its source."""

    per_1000: float
    source: str


@dataclass(frozen=True)
class Category:
    """A kind of facility: names, limits for urban and rural units, OSM tags, capacity.

    ``capacity_per_1000`` is the number of places that serve 1000 people of ``cohort``; None where
    capacity plays no part. ``standard`` is what places are compared with. ``sensitive`` categories
    are for internal maps only.
    """

    id: str
    name_zh: str
    name_en: str
    urban: Limit
    rural: Limit
    cohort: Cohort = "people"
    osm: tuple[Mapping[str, str], ...] = ()
    capacity_per_1000: float | None = None
    standard: Standard | None = None
    sensitive: bool = False

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en

    def limit(self, *, urban: bool) -> Limit:
        """Give the limit of an urban or a rural unit."""
        return self.urban if urban else self.rural


@dataclass(frozen=True)
class ListedCategory:
    """A kind of facility that is counted and not timed: it has no limit."""

    id: str
    name_zh: str
    name_en: str
    sensitive: bool = False

    def name(self, lang: Language = "zh") -> str:
        """Give the name in one language."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True)
class CircleProfile:
    """A living circle: the categories it asks for, its mode and its minutes, smallest first.

    ``left_out`` are categories whose figures have no sure source.
    """

    id: str
    name_zh: str
    name_en: str
    categories: tuple[str, ...]
    minutes: tuple[float, ...]
    mode: str
    source: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The numbers of design and method that a study may change; metres, minutes, shares."""

    unit_share: float = 0.5
    known_share: float = 0.5
    direct_metres: float = 50.0
    min_island_metres: float = 1000.0
    max_access_metres: float = 500.0
    search_minutes: float = 120.0
    detour_factor: float = 1.3
    straight_class: str = "unclassified"
    statuses: tuple[str, ...] = ("existing",)
    cell_metres: float = 10.0


@dataclass(frozen=True)
class Margins:
    """By how much assumptions may be off, where the study asks what depends on them; 0: not asked.

    Shares of every speed, of the longest access leg and of the streets; minutes of every limit.
    """

    speed_share: float = 0.1
    limit_minutes: float = 1.0
    access_share: float = 0.2
    street_share: float = 0.05


@dataclass(frozen=True)
class Project:
    """One study: where its layers are and every setting its numbers depend on.

    ``categories`` are timed and mapped, those ``listed`` are counted only. ``labels`` name the
    columns of ledgers (``units.has_5g``) and kinds of register in Chinese and English. ``absent``
    are categories and kinds of register of which the study says it has none. ``urban`` is the
    reading of which units are urban. ``profile`` says for whom results are.
    """

    name: str
    folder: Path
    crs: str
    layers: tuple[LayerSource, ...]
    modes: Mapping[str, Mode]
    categories: Mapping[str, Category]
    circle: CircleProfile
    listed: Mapping[str, ListedCategory] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    urban: str = "communities"
    indicators: tuple[Indicator, ...] = ()
    tasks: tuple[Task, ...] = ()
    rules: Rules = field(default_factory=Rules)
    margins: Margins = field(default_factory=Margins)
    supply: SupplyMethod = field(default_factory=SupplyMethod)
    simulated: bool = False
    attribution: tuple[str, ...] = ()
    data_date: str = ""
    sites: tuple[SiteQuestion, ...] = ()
    profile: Profile = "internal"

    def layers_of(self, role: Role) -> tuple[LayerSource, ...]:
        """Give the layers that play one role, in the order of project.toml."""
        return tuple(source for source in self.layers if source.role == role)

    def label(self, key: str, lang: Language = "zh") -> str:
        """Give the name of a ledger column or a kind of register; of an unknown one, its id."""
        zh, en = self.labels.get(key, (key, key))
        return zh if lang == "zh" else en

    def all_categories(self) -> dict[str, Category | ListedCategory]:
        """Give every category a facility may have, timed ones first."""
        return {**self.categories, **self.listed}

    def category_name(self, category: str, lang: Language = "zh") -> str:
        """Give the name of a category, timed or listed; of an unknown one, its id."""
        known = self.all_categories().get(category)
        return known.name(lang) if known else category
