"""The simulated county, written as a planner's folder and run.

Little is imported before the second process is at work: it draws the county while this one
imports what comes after.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from layers.noted import OF_RESULTS
from maps.asked import Asked
from maps.second_process import MANY_BYTES, second_process

if TYPE_CHECKING:
    from pathlib import Path

    from layers.vocabulary import Language
    from maps.second_process import SecondProcess
    from maps.stages import Stages

_COUNTY = "county"


def run_demo(out: Path, stages: Stages, *, lang: Language) -> None:
    """Write the simulated county into a folder of ``out``, run it into ``out``, and tell of it.

    Where it is there already, and so are its results, they are told again.

    Raises
    ------
    PlanningError
        Where something cannot be written.

    """
    if (out / OF_RESULTS).is_file() and _told_again(out, stages, lang):
        return
    stages("county", 0, 1)
    with second_process(MANY_BYTES) as second:
        project = simulated_county(out / _COUNTY, second)
        from maps.running import run_project  # noqa: PLC0415 - see above

        run_project(project, out, stages, lang=lang, asked=Asked(second=second))


def _told_again(out: Path, stages: Stages, lang: Language) -> bool:
    """Tell the results of the county in ``out``, if both are as they would be now."""
    from layers.demo import is_whole  # noqa: PLC0415 - see above
    from maps.standing import told_again  # noqa: PLC0415

    county = out / _COUNTY
    return is_whole(county) and told_again(county, out, stages, lang=lang, asked=Asked())


def simulated_county(folder: Path, second: SecondProcess) -> Path:
    """Write the simulated county, if it is not there already, and give its project.toml."""
    second.make_ready("layers.demo.planner_folder")
    from layers import demo  # noqa: PLC0415 - see above
    from layers.made_of import made_by  # noqa: PLC0415
    from layers.project_file import PROJECT_FILE  # noqa: PLC0415
    from layers.store import results_folder  # noqa: PLC0415

    if not (demo.is_noted(folder) and _is_whole(folder, second)):
        with results_folder(folder) as new:
            with second.during(demo.write_files, new):
                import_module("maps.running")
                made_by()  # looks into every file of the program, once
            demo.note_county(new)
    return folder / PROJECT_FILE


def _is_whole(folder: Path, second: SecondProcess) -> bool:
    """Say whether the county is there as it would be written now."""
    from layers.demo import is_whole  # noqa: PLC0415 - see above

    looked = second.begin(is_whole, folder)
    import_module("maps.running")
    return looked()
