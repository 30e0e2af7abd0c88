"""What results.gpkg holds beside the study's own frames, so that it opens coloured in a GIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from geo.shortfalls import UNIT_COLUMNS
from maps.cells import unit_cells
from maps.gis_styles import column_of, layer_styles
from maps.public_study import FRAMES
from maps.sheets_circle import study_shortfalls
from maps.sheets_gaps import minutes_up

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language


def gis_frames(study: Study, lang: Language = "zh") -> dict[str, pd.DataFrame]:
    """Give the study's frames as a GIS wants them; of a public study those for everybody.

    unit_services  one area per unit: its columns, derived (a Voronoi cell of a unit known as a
                   point), shortfalls (count), and of every category of the living circle
                   ``minutes_…`` and ``short_…`` (nullable boolean)
    gaps           with a point each, inside their unit
    layer_styles   the styles of every layer, by the names QGIS looks for
    """
    frames = study.frames()
    places = study.area.units.set_index("unit_id").geometry
    points = study.gaps["unit_id"].map(places.representative_point()).array
    frames["gaps"] = gpd.GeoDataFrame(study.gaps, geometry=points, crs=study.area.crs)
    frames["unit_services"] = unit_services(study)
    if study.project.profile == "public":
        frames = {name: frames[name] for name in FRAMES}
    return frames | {"layer_styles": layer_styles(frames, study, lang)}


def unit_services(study: Study) -> gpd.GeoDataFrame:
    """Give every unit with its minutes to each category of the living circle, in unit order."""
    return study.once("unit services", lambda: _unit_services(study))


def _unit_services(study: Study) -> gpd.GeoDataFrame:
    units = study.area.units
    rows = study_shortfalls(study)
    rows = rows.assign(minutes=minutes_up(rows["minutes"]))
    short = rows["short"].fillna(value=False).astype("int64")
    found = unit_cells(units, study.area.townships)[[*UNIT_COLUMNS, "derived", "geometry"]]
    counts = short.groupby(rows["unit_id"]).sum()
    found = found.assign(shortfalls=found["unit_id"].map(counts))
    for name, of in rows.groupby("category", sort=False):
        of_unit = of.set_index("unit_id")[["minutes", "short"]]
        for column in of_unit:
            found[column_of(str(column), str(name))] = found["unit_id"].map(of_unit[column])
    return found
