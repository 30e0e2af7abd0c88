"""Every reader, and what is done to its files: one damaged input read, and how that ended."""

from __future__ import annotations

import atexit
import resource
import shutil
import sys
import tempfile
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import shapely

import layers.elevation
import layers.plan_file
import layers.population_cells
import layers.project_file
import layers.read_area
import layers.read_layer
import layers.together
from layers.check import Findings
from layers.crs import study_crs
from layers.elevation import with_heights
from layers.errors import PlanningError
from layers.plan_file import read_plan
from layers.population_cells import read_cells
from layers.project_file import read_project
from layers.read_layer import read_layer
from tests.broken.good_study import EAST, NORTH, SIDE
from tests.fuzz import extracts, mutations, seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layers.project import LayerSource, Project
    from layers.study_area import StudyArea

    Damage = Callable[[Random, Path], None]

WHOLE_STUDY = 25  # of so many inputs that can be read, one is put into the study whole
_OURS = str(Path(layers.__file__).parent)


@dataclass(frozen=True)
class Ending:
    """How one input ended: whether it came past the library that opens it, and what was said.

    ``codes`` are the problems told; ``wrong`` is what may never be: the place of an exception
    that is no PlanningError, and its traceback.
    """

    reached: bool
    read: bool
    codes: tuple[str, ...] = ()
    wrong: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Ground:
    """The folder of seeds, the study in it, and the layers of the study as they were read."""

    folder: Path
    project: Project
    area: StudyArea
    sources: dict[str, LayerSource]
    kept: dict[str, layers.together.Layer]


def _on_file(damage: mutations.Bytes) -> Damage:
    def apply(random: Random, path: Path) -> None:
        path.write_bytes(damage(random, path.read_bytes()))

    return apply


def _any_of(*ways: mutations.Bytes | Damage) -> Damage:
    def apply(random: Random, path: Path) -> None:
        way = random.choice(ways)
        if way in (mutations.database_of, _shapefile):
            way(random, path)  # type: ignore[arg-type]  # these two take the path
        else:
            _on_file(way)(random, path)  # type: ignore[arg-type]  # the others the bytes

    return apply


def _shapefile(random: Random, path: Path) -> None:
    """Damage a part of a shapefile, cut it, leave it out, or take that of another shapefile."""
    part = path.with_suffix(random.choice((".shp", ".shp", ".shx", ".dbf", ".dbf", ".prj", ".cpg")))
    whole = part.read_bytes()
    how = random.random()
    if how < 0.7:
        part.write_bytes(mutations.bytes_of(random, whole))
    elif how < 0.85:
        part.write_bytes(mutations.cut(random, whole))
    elif how < 0.9:
        part.unlink()
    else:
        other = "streets" if path.stem == "units" else "units"
        shutil.copyfile(ground().folder / f"{other}{part.suffix}", part)


_BYTES = (mutations.bytes_of,) * 6 + (mutations.cut,)
_DATABASE = _any_of(*_BYTES, *(mutations.database_of,) * 5)
DAMAGE: dict[str, Damage] = {
    "project.toml": _on_file(mutations.toml_of),
    "plan.json": _on_file(mutations.json_of),
    "units.gpkg": _DATABASE,
    "streets.gpkg": _DATABASE,
    "units.shp": _shapefile,
    "streets.shp": _shapefile,
    "units.zip": _any_of(mutations.zip_of),
    "units.geojson": _on_file(mutations.features_of),
    "units.parquet": _on_file(mutations.parquet_of),
    "residences.csv": _on_file(mutations.text_of),
    "facilities.csv": _on_file(mutations.text_of),
    "facilities.xlsx": _on_file(mutations.workbook_of),
    "ledger.xlsx": _on_file(mutations.workbook_of),
    "streets.osm.pbf": _on_file(extracts.extract_of),
    "streets.osm": _on_file(mutations.markup_of),
    "streets.graphml": _on_file(mutations.markup_of),
    "dem.tif": _any_of(*_BYTES),
    "people.tif": _any_of(*_BYTES),
}
"""What is done to each seed, by its file."""

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@cache
def ground() -> Ground:
    """Write the seeds once, and read the study they are of."""
    folder = Path(tempfile.mkdtemp(prefix="livingcircle-fuzz-", dir=_quick()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    project, area = seeds.write_seeds(folder)
    crs = study_crs(project.crs)
    kept = {source.name: layers.read_area._layer(source, crs) for source in project.layers}
    return Ground(folder, project, area, seeds.sources(folder), kept)


def damaged(file: str, number: int, folder: Path) -> Path:
    """Put the seed ``file`` with the damage of that number into an empty folder; give its path."""
    seed = ground().folder / file
    parts = [seed.with_suffix(part) for part in PARTS] if seed.suffix == ".shp" else [seed]
    for part in parts:
        shutil.copyfile(part, folder / part.name)
    DAMAGE[file](Random(f"{file}:{number}"), folder / file)  # noqa: S311 - damage, no secret
    return folder / file


def one(file: str, number: int) -> Ending:
    """Read one damaged input as a study would."""
    with tempfile.TemporaryDirectory(dir=_quick()) as place:
        path = damaged(file, number, Path(place))
        return ending(file, path, whole=number % WHOLE_STUDY == 0)


def ending(file: str, path: Path, *, whole: bool) -> Ending:
    """Read the file at ``path`` in the place of the seed ``file``, and say how that ended."""
    with _watched() as reached:
        try:
            said = _read(file, path, whole=whole)
        except PlanningError as refused:
            said = refused.problems
            read = False
        except Exception as error:  # noqa: BLE001 - finding these is what it is for
            return Ending(
                bool(reached), read=False, wrong=_place(error), trace=traceback.format_exc()
            )
        else:
            read = True
        try:
            for problem in said:
                problem.line("zh"), problem.line("en")
        except Exception as error:  # noqa: BLE001 - the same
            return Ending(bool(reached), read, wrong=_place(error), trace=traceback.format_exc())
    return Ending(bool(reached), read, tuple(problem.code for problem in said))


def peak_bytes() -> int:
    """Give the most memory this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _read(file: str, path: Path, *, whole: bool):
    """Read by the reader of the file; with ``whole`` all that a study does with it."""
    on = ground()
    if file == "project.toml":
        read_project(path)
        return ()
    if file == "plan.json":
        plan = read_plan(path, on.area, on.project)
        layers.apply_plan(on.area, plan, on.project)
        return ()
    source, crs = replace(on.sources[file], path=path), study_crs(on.project.crs)
    findings = Findings(source.name)
    if source.role == "elevation":
        with_heights(on.area.streets, source, on.project.crs, findings=findings)
    elif source.role == "population":
        read_cells(
            source,
            shapely.box(EAST, NORTH, EAST + 2 * SIDE, NORTH + 2 * SIDE),
            findings,
            crs=crs,
        )
    elif whole:
        _in_study(source, on)
    else:
        read_layer(source, path, findings, crs=crs)
    return tuple(findings.problems)


def _in_study(source: LayerSource, on: Ground) -> None:
    """Read the whole study with this layer in the place of its own; the others as they were."""
    others = [each for each in on.project.layers if each.role not in (source.role, "elevation")]
    project = replace(on.project, layers=(*others, source))
    read = layers.read_area._layer

    def kept(each: LayerSource, crs: object) -> layers.together.Layer:
        if each is source:
            return read(each, crs)  # type: ignore[arg-type]  # a CRS
        there = on.kept[each.name]
        return replace(there, findings=Findings(each.name))

    with _put(layers.read_area, "_layer", kept):
        layers.read_study_area(project)


_PAST_THE_LIBRARY = (
    (layers.read_layer, "renamed"),
    (layers.elevation, "window_under"),
    (layers.population_cells, "layer_crs"),
    (layers.project_file, "_project"),
    (layers.plan_file, "_only"),
)
"""What of ours comes first after a file was opened and what it holds was unpacked."""


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Give a list that is no longer empty once our own code has what was read."""
    reached: list[int] = []
    before = [(module, name, getattr(module, name)) for module, name in _PAST_THE_LIBRARY]

    def marking(call: Callable[..., object]) -> Callable[..., object]:
        def marked(*words: object, **options: object) -> object:
            reached.append(1)
            return call(*words, **options)

        return marked

    try:
        for module, name, call in before:
            setattr(module, name, marking(call))
        yield reached
    finally:
        for module, name, call in before:
            setattr(module, name, call)


@contextmanager
def _put(module: object, name: str, value: object) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def _place(error: BaseException) -> str:
    """Name an exception and the last place of ours it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)]
    at = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} {Path(at.filename).name}:{at.name}"


def _quick() -> str | None:
    """Give a folder in memory where there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - names of mkdtemp
