"""The whole study area read in order, with every problem of every layer told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from layers.check import Findings
from layers.crs import study_crs
from layers.elevation import with_heights
from layers.errors import CrsError, LayerError, MissingLayerError, Problem
from layers.inputs import input_bytes, input_files, input_table
from layers.people import study_people
from layers.read_layer import empty_layer, read_layer
from layers.registers import without_ledgers
from layers.relief import read_relief
from layers.schema import FACILITIES, SCHEMAS, TOWNSHIPS
from layers.shelf import users_shelf
from layers.study_area import StudyArea
from layers.together import Layer, dead_ends, finished, joined, names_review

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    import pyproj

    from layers.elevation import Grid
    from layers.frame_schema import FrameSchema
    from layers.people import People
    from layers.project import LayerSource, Project, Role
    from layers.study_area import InputFile

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and of how much."""
Begin = Callable[..., Callable[[], Any]]
"""Begins work on arguments, maybe aside, and gives what tells its outcome."""

PROJECT_FILE = "project.toml"


def read_study_area(
    project: Project, *, progress: Progress | None = None, begin: Begin = partial
) -> StudyArea:
    """Read and check every layer of a study; whoever ``begin``s work aside reads some of them.

    Raises LayerError with every fatal problem of every layer (MissingLayerError where all there
    is to tell is that files are missing), or CrsError where the study's own CRS is refused.
    """
    crs = study_crs(project.crs)
    inputs = study_inputs(project)
    layers, people, heights = _read(project, crs, progress, begin)
    fatal = [problem for problem in _problems(layers) if problem.fatal]
    area = None if fatal else _area(project, layers, people, heights, inputs)
    fatal += _changed(inputs, study_inputs(project))
    if area is None or fatal:
        missing = all(problem.code == "missing_file" for problem in fatal)
        raise MissingLayerError(fatal) if missing else LayerError(fatal)
    return area


def check_study_area(project: Project) -> tuple[Problem, ...]:
    """Give every problem of every layer, fatal or not, and raise nothing."""
    try:
        layers, *_ = _read(project, study_crs(project.crs))
    except CrsError as error:
        return error.problems
    return _problems(layers)


def study_inputs(project: Project) -> tuple[InputFile, ...]:
    """Describe the files a study is read from, those that are there; tables are no files."""
    return input_files([project.folder / PROJECT_FILE, *_paths(project)], project.folder)


def study_bytes(project: Project) -> int:
    """Give how many bytes the files of a study's layers have, those that are there."""
    return input_bytes(_paths(project))


def _paths(project: Project) -> Iterator[Path]:
    return (source.path for source in project.layers if source.database is None)


def _changed(before: tuple[InputFile, ...], after: tuple[InputFile, ...]) -> Iterator[Problem]:
    """Tell files that changed, came or went while they were read: which of it was read is open."""
    for name in sorted({file.name for file in {*before} ^ {*after}}):
        yield Problem(name, "input_unsteady")


def review_names(project: Project) -> pd.DataFrame:
    """Give every unit that a layer names in words: how it was found, and which it is or may be.

    Columns: ``layers.unit_names.REVIEW_COLUMNS``. Raises CrsError.
    """
    layers, *_ = _read(project, study_crs(project.crs))
    return names_review(layers)


def _read(
    project: Project,
    crs: pyproj.CRS,
    progress: Progress | None = None,
    begin: Begin = partial,
) -> tuple[list[Layer], People, gpd.GeoDataFrame | None]:
    """Give every layer as far as it can be read, its people, and the streets with heights."""
    tell = progress or (lambda _stage, _done, _total: None)
    begun = [begin(_layer, source, crs) for source in project.layers]
    layers: list[Layer] = []
    for done, outcome in enumerate(reversed(begun)):  # whoever is aside begins with the first
        tell("read", done, len(project.layers) + 1)
        layers.insert(0, outcome())
    tell("read", len(project.layers), len(project.layers) + 1)
    layers = finished(layers, project, crs)
    people = study_people(layers, crs)
    heights = _heights(layers, project, crs)
    tell("read", len(project.layers) + 1, len(project.layers) + 1)
    return layers, people, heights


def _layer(source: LayerSource, crs: pyproj.CRS) -> Layer:
    layer = Layer(source, source.path, Findings(source.name))
    if source.role not in SCHEMAS:
        return layer  # a grid, read where it is used
    try:
        frame = read_layer(source, layer.path, layer.findings, crs=crs)
    except LayerError:
        return layer  # why is in its findings
    return Layer(source, layer.path, layer.findings, frame)


def _heights(layers: list[Layer], project: Project, crs: pyproj.CRS) -> gpd.GeoDataFrame | None:
    """Give the streets with the heights of the study's elevation, None where it has none."""
    elevation = [layer for layer in layers if layer.source.role == "elevation"]
    for layer in elevation[1:]:
        layer.findings.tell("one_layer_only")
    if not elevation:
        return None
    first = elevation[0]
    try:
        if not first.path.is_file():
            first.findings.refuse("missing_file", value=first.path.name)
        streets = joined(layers, "streets", crs)
        if streets is None or streets.empty:
            return None
        return with_heights(streets, first.source, project.crs, findings=first.findings)
    except LayerError:
        return None  # why is in its findings


def _relief(layers: list[Layer], project: Project, units: gpd.GeoDataFrame) -> Grid | None:
    first = next(layer for layer in layers if layer.source.role == "elevation")
    return read_relief(first.source, units, project.crs)


def _problems(layers: list[Layer]) -> tuple[Problem, ...]:
    found = tuple(problem for layer in layers for problem in layer.findings.problems)
    if any(layer.source.role == "units" for layer in layers):
        return found
    return (Problem(PROJECT_FILE, "no_units"), *found)


def _area(
    project: Project,
    layers: list[Layer],
    people: People,
    heights: gpd.GeoDataFrame | None,
    inputs: tuple[InputFile, ...],
) -> StudyArea:
    crs = people.units.crs

    def frame(schema: FrameSchema, role: Role) -> gpd.GeoDataFrame:
        found = joined(layers, role, crs)
        return empty_layer(schema, crs) if found is None else found

    registers = joined(layers, "registers", crs)
    tables = [
        input_table(f"postgis/{layer.source.name}", layer.frame)
        for layer in layers
        if layer.source.database is not None and layer.frame is not None
    ]
    return StudyArea(
        crs=project.crs,
        units=people.units,
        residences=people.residences,
        facilities=frame(FACILITIES, "facilities"),
        streets=joined(layers, "streets", crs) if heights is None else heights,
        townships=frame(TOWNSHIPS, "townships"),
        has_elevation=heights is not None,
        problems=tuple(problem for problem in _problems(layers) if not problem.fatal),
        dead_ends=dead_ends(layers, crs),
        registers=None if registers is None else without_ledgers(registers),
        names=names_review(layers),
        candidates=_with_layer_names(layers, "candidates", crs),
        excluded=_with_layer_names(layers, "excluded", crs),
        water=joined(layers, "water", crs),
        relief=None if heights is None else _relief(layers, project, people.units),
        inputs=(*inputs, *tables),
        shelf=users_shelf(),
    )


def _with_layer_names(layers: list[Layer], role: Role, crs: pyproj.CRS) -> gpd.GeoDataFrame | None:
    """Give the rows of all layers of a role, each with its layer's name, by which questions go."""
    named = [
        replace(layer, frame=layer.frame.assign(layer=layer.source.name))
        for layer in layers
        if layer.source.role == role and layer.frame is not None
    ]
    return joined(named, role, crs)
