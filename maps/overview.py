"""One page over the results of many counties: every unit by its county's own limits, no network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.errors import LayerError, Problem
from layers.results_map import read_mapped_results
from layers.vocabulary import LANGUAGES, text, texts_of
from maps.offline import Panel, offline_map
from maps.overview_county import CIRCLE, Reached, county_of
from maps.packed import Columns
from maps.page import Page
from maps.places import add_arcs, together
from maps.shapes import MERCATOR, Grid, bounds_of, simplify_together
from maps.style import palette
from maps.written_page import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from layers.vocabulary import Language
    from maps.overview_county import County

    Floats = NDArray[np.float64]
    Json = dict[str, Any]

OVERVIEW = "overview.html"


def write_overview(
    folders: Sequence[Path],
    out: Path,
    *,
    name: str | None = None,
    lang: Language = "zh",
) -> Path:
    """Write one page over folders of results, which it links to; give its path.

    Raises MissingLayerError or LayerError where a folder cannot be read, and LayerError where a
    unit is in two of them.
    """
    counties = [county_of(read_mapped_results(folder)) for folder in folders]
    return write_counties(counties, out, name=name, lang=lang)


def write_counties(
    counties: Sequence[County], out: Path, *, name: str | None = None, lang: Language = "zh"
) -> Path:
    """Write one page over counties; see ``write_overview``."""
    _refuse_twice(counties)
    title = name or text("page.overview.title", lang)
    header, columns = overview_content(counties, out, name=title, lang=lang)
    drawn = offline_map(text("page.title", lang, name=title), header["bounds"], online=False)
    drawn.add_child(Panel(columns.block(header), entry="overview"))
    out.mkdir(parents=True, exist_ok=True)
    return Page(drawn.get_root().render()).save(out / OVERVIEW)


def overview_content(
    counties: Sequence[County], out: Path, *, name: str, lang: Language
) -> tuple[Json, Columns]:
    """Give the header and the columns of the page of some counties."""
    columns = Columns()
    shapes = _joined([each.units.geometry for each in counties])
    grid = Grid.over(shapes)
    _add_areas(columns, counties, grid)
    header = {
        "lang": lang,
        "texts": {
            each: {part: texts_of(part, each) for part in ("page", "words")} for each in LANGUAGES
        },
        "palette": palette(),
        "name": name,
        "bits": grid.bits,
        "bounds": bounds_of(shapes),
        "counties": [_county(each, out) for each in counties],
        "categories": _add_figures(columns, counties),
        "searchMinutes": max(
            each.record["settings"]["rules"]["search_minutes"] for each in counties
        ),
        "modes": _modes(counties),
    }
    return header, columns


def _joined(parts: Iterable[gpd.GeoSeries]) -> gpd.GeoSeries:
    """Give the shapes of all counties, each of which may have a CRS of its own, in one row."""
    return gpd.GeoSeries(
        pd.concat([part.to_crs(MERCATOR) for part in parts], ignore_index=True), crs=MERCATOR
    )


def _refuse_twice(counties: Iterable[County]) -> None:
    """Refuse a unit that two results have: it would count twice."""
    first: dict[str, str] = {}
    for each in counties:
        folder = str(each.folder)
        ids = each.units["unit_id"].tolist()
        twice = next((unit for unit in ids if unit in first), None)
        if twice is not None:
            told = (("other", first[twice]),)
            raise LayerError(Problem(folder, "unit_in_two_results", value=twice, values=told))
        first |= dict.fromkeys(ids, folder)


def _county(county: County, out: Path) -> Json:
    record = county.record
    plan = record.get("plan")
    return {
        "name": record["study"],
        "dataDate": record["data_date"],
        "simulated": record["simulated"],
        "plan": plan["name"] if plan else None,
        "basis": county.basis,
        "attribution": record["attribution"],
        "page": _link(county.folder / PAGE, out),
    }


def _link(page: Path, out: Path) -> str | None:
    """Give the way from the overview to a page, so that both can be moved together."""
    if not page.is_file():
        return None
    try:
        return quote(Path(os.path.relpath(page.resolve(), out.resolve())).as_posix())
    except ValueError:  # on another drive
        return page.resolve().as_uri()


@dataclass(frozen=True)
class _Areas:
    """The areas of one county in steps, those of its townships and its own outline."""

    units: NDArray[np.object_]
    townships: gpd.GeoSeries
    county: gpd.GeoSeries
    codes: pd.Series[str]


def _add_areas(columns: Columns, counties: Sequence[County], grid: Grid) -> None:
    parts = []
    for each in counties:
        # In its own CRS, where borders that lie on each other still do.
        simpler = simplify_together(each.units.geometry, grid.tolerance)
        codes = each.units["township_id"].fillna("")
        everything = pd.Series("", index=codes.index)
        parts.append(
            _Areas(
                grid.steps(simpler), together(simpler, codes), together(simpler, everything), codes
            )
        )
    units = pd.concat([each.units.drop(columns="geometry") for each in counties])
    sizes = [len(each.units) for each in counties]
    towns = [len(part.townships) for part in parts]
    columns.words("units/id", units["unit_id"])
    columns.words("units/name", units["name"])
    columns.whole("units/county", np.repeat(np.arange(len(counties)), sizes), steps=True)
    columns.whole("units/derived", units["derived"].astype(bool))
    first = np.cumsum([0, *towns[:-1]])
    position = [
        start + pd.Index(part.townships.index).get_indexer(pd.Index(part.codes))
        for start, part in zip(first, parts, strict=True)
    ]
    columns.whole("units/township", np.concatenate(position), steps=True)
    names = [_township_names(each, part) for each, part in zip(counties, parts, strict=True)]
    columns.words("townships/name", [name for part in names for name in part])
    columns.whole("townships/county", np.repeat(np.arange(len(counties)), towns), steps=True)
    add_arcs(columns, "units", np.concatenate([part.units for part in parts]))
    x, y = grid.points(_joined([each.units.representative_point() for each in counties]))
    columns.whole("units/x", x, steps=True)
    columns.whole("units/y", y, steps=True)
    for which in ("townships", "county"):
        series = _joined([getattr(part, which) for part in parts])
        label = "counties" if which == "county" else which
        add_arcs(columns, label, grid.steps(series))
        x, y = grid.points(series.representative_point())
        columns.whole(f"{label}/x", x)
        columns.whole(f"{label}/y", y)


def _township_names(county: County, part: _Areas) -> list[str]:
    named = county.units.assign(code=part.codes).groupby("code")["township"].first()
    return list(named.reindex(part.townships.index).fillna(""))


def _add_figures(columns: Columns, counties: Sequence[County]) -> list[Json]:
    """Add by category, the circle first, what every unit reaches; give the categories."""
    names = dict.fromkeys(name for each in counties for name in each.found)
    told = [_told(name, counties) for name in (CIRCLE, *(name for name in names if name != CIRCLE))]
    for category in told:
        name = category["id"]
        parts = [each.found.get(name) or _absent(len(each.units)) for each in counties]
        columns.whole(f"covered/{name}", np.concatenate([part.covered for part in parts]))
        if name == CIRCLE:
            columns.whole("count", np.concatenate([part.count for part in parts]))
        else:
            columns.whole(f"ms/{name}", np.concatenate([part.milliseconds for part in parts]))
        _add_amount(columns, f"people/{name}", np.concatenate([part.people for part in parts]))
        _add_amount(columns, f"within/{name}", np.concatenate([part.within for part in parts]))
    return told


def _add_amount(columns: Columns, name: str, values: Floats) -> None:
    """Add people: whole numbers where all of them are, else as they are."""
    if np.isfinite(values).all() and (values == np.rint(values)).all():
        columns.whole(name, values)
    else:
        columns.real(name, values)


def _absent(count: int) -> Reached:
    """Give what is known of a category that a county does not have."""
    nothing = np.full(count, np.nan)
    gone = np.full(count, -1)
    return Reached(gone, gone, nothing, nothing, np.zeros(count, dtype=np.int64))


def _told(name: str, counties: Sequence[County]) -> Json:
    """Give a category's names, whose share it is, and the limits by which its counties go."""
    own = [each for each in counties if name in each.found]
    cohorts = {each.cohorts[name] for each in own}
    told: Json = {"id": name, "cohort": cohorts.pop() if len(cohorts) == 1 else "people"}
    if name == CIRCLE:
        circles = [each.record["settings"]["circle"] for each in counties]
        limits = [{"mode": each["mode"], "minutes": max(each["minutes"])} for each in circles]
        kinds = [{"urban": limit, "rural": limit} for limit in limits]
        sizes = {len(each["categories"]) for each in circles}
        told["of"] = sizes.pop() if len(sizes) == 1 else None
        named = circles[0]
    else:
        settings = [each.categories[name] for each in own]
        kinds = [
            {
                kind: {key: each[kind][key] for key in ("mode", "minutes")}
                for kind in ("urban", "rural")
            }
            for each in settings
        ]
        named = settings[0]
    alike = [kind for at, kind in enumerate(kinds) if kind not in kinds[:at]]
    return told | {"name": {"zh": named["name_zh"], "en": named["name_en"]}, "limits": alike}


def _modes(counties: Iterable[County]) -> list[Json]:
    """Give the names of the modes of all counties, those of the first that has each."""
    found: dict[str, Json] = {}
    for each in counties:
        for name, mode in each.record["settings"]["modes"].items():
            found.setdefault(name, {"zh": mode["name_zh"], "en": mode["name_en"]})
    return [{"id": name, "name": named} for name, named in found.items()]
