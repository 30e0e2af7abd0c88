"""Results that stand: of just what a run would be made of now, and as they were written.

Little is imported here: to find out that there is nothing to do takes no libraries of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.inputs import input_files
from layers.made_of import digest_of, key_of
from layers.noted import OF_RESULTS, noted
from layers.one_writer import is_incomplete
from layers.project_file import PROJECT_FILE, read_project
from layers.record import versions
from maps.fonts import find_font
from maps.outcome import Summary, tell_standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from layers.project import Project
    from layers.study_area import InputFile
    from layers.vocabulary import Language
    from maps.asked import Asked
    from maps.stages import Stages


def told_again(path: Path, out: Path, stages: Stages, *, lang: Language, asked: Asked) -> bool:
    """Tell the results in ``out`` again if they stand, and say so; else say nothing.

    Raises LayerError for a font that cannot be used, ProjectError.
    """
    if asked.profile == "public" or not (out / OF_RESULTS).is_file():
        return False
    made = made_of(path, lang=lang, asked=asked)
    project = read_project(path)
    paths = [source.path for source in project.layers if source.database is None]
    files = input_files([project.folder / PROJECT_FILE, *paths], project.folder)
    key = key_of_results(made, project, files)
    told = noted(out / OF_RESULTS, key) if key else None
    if told is None or is_incomplete(out):
        return False
    stages.close()
    tell_standing(Summary(**told), out, lang)
    return True


def made_of(path: Path, *, lang: Language, asked: Asked) -> str:
    """Give what results are made of beside the files of their layers.

    It is the project file, everything a run is asked for, the font of its pictures, the program
    and its libraries. Raises LayerError for a font that cannot be used.
    """
    font = find_font(asked.font)
    files = (
        path / PROJECT_FILE if path.is_dir() else path,
        asked.plan,
        font and font.path,
    )
    digests = [file and digest_of([file]) for file in files]
    wanted = (lang, asked.profile, sorted({*asked.export}), font and font.face)
    return key_of(*digests, *wanted, sorted(versions().items()))


def key_of_results(made: str, project: Project, files: Iterable[InputFile]) -> str | None:
    """Give what results are known by that were made of these files; None where they never are.

    What a database holds now only the database knows. Of public results nothing is noted that
    hangs on every count withheld: who knows all of it but one could find that one by trial.
    """
    asked = any(source.database is not None for source in project.layers)
    return None if asked or project.profile == "public" else key_of(made, *files)
