"""A run of whatever a path names: a project, unless its results stand, or a province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import Problem, ProjectError
from layers.province import is_province
from maps.standing import told_again

if TYPE_CHECKING:
    from pathlib import Path

    from layers.vocabulary import Language
    from maps.asked import Asked
    from maps.stages import Stages


def run_either(
    path: Path, out: Path | None, stages: Stages, *, lang: Language, asked: Asked
) -> None:
    """Run a project, or all projects of a province; by default into ``out`` of its folder.

    Of a project whose results stand there, nothing is computed.

    Raises
    ------
    PlanningError
        With everything the planner must mend.

    """
    out = out or (path if path.is_dir() else path.parent) / "out"
    if is_province(path):
        counties_only = {"--plan": asked.plan, "--profile public": asked.profile == "public"}
        if refused := [name for name, given in counties_only.items() if given]:
            raise ProjectError([Problem(name, "only_for_counties") for name in refused])
        from maps.province import run_province  # noqa: PLC0415 - imports what only a run needs

        run_province(path, out, stages, lang=lang, asked=asked)
        return
    if asked.crew:
        raise ProjectError(Problem(path.name, "only_for_provinces"))
    if told_again(path, out, stages, lang=lang, asked=asked):
        return
    from maps.running import run_project  # noqa: PLC0415 - the same

    run_project(path, out, stages, lang=lang, asked=asked)
