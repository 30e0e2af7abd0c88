"""How a command ends: its exit code, and what the planner is told of results and problems."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from layers.errors import PlanningError
from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.errors import Problem
    from layers.project import Project
    from layers.province import Province

DONE, FOUND, BAD, INTERRUPTED = 0, 1, 2, 130
_log = logging.getLogger("livingcircle")


@dataclass(frozen=True)
class Summary:
    """How a county stands, in one language: cells of a table, a line below it, problems noted.

    The cells of a row: an indicator, its value, its target, whether that is met, units unknown.
    """

    rows: Sequence[Sequence[str]]
    caption: str | None
    simulated: bool
    noted: int


@contextmanager
def planners_words(lang: Language, *, debug: bool) -> Iterator[None]:
    """Turn errors into the planner's words and exit codes; ``debug`` shows the traceback."""
    logging.basicConfig(level=logging.WARNING if debug else logging.ERROR)
    try:
        yield
    except PlanningError as error:
        if debug:
            _log.exception("refused")
        tell_problems(error.problems, lang, err=True)
        raise typer.Exit(BAD) from None
    except OSError as error:
        if debug:
            _log.exception("refused")
        path, why = str(error.filename or ""), error.strerror or str(error)
        typer.echo(text("cli.cannot_write", lang, path=path, why=why), err=True)
        raise typer.Exit(BAD) from None
    except Exception as error:
        if isinstance(error, typer.Exit):
            raise
        if debug:
            _log.exception("unexpected")
        told = f"{type(error).__name__}: {error}"
        typer.echo(text("cli.unexpected", lang, error=told), err=True)
        raise typer.Exit(BAD) from None
    except KeyboardInterrupt:
        typer.echo(text("cli.interrupted", lang), err=True)
        raise typer.Exit(INTERRUPTED) from None


def tell_problems(problems: tuple[Problem, ...], lang: Language, *, err: bool = False) -> None:
    """Print the table of problems and their number, or that there are none."""
    from rich.console import Console  # noqa: PLC0415 - a mistyped option need not wait for it

    from maps.console import problems_table  # noqa: PLC0415 - the same

    if not problems:
        typer.echo(text("cli.no_problems", lang))
        return
    Console(stderr=err).print(problems_table(problems, lang))
    count, fatal = str(len(problems)), str(sum(problem.fatal for problem in problems))
    typer.echo(text("cli.problem_count", lang, count=count, fatal=fatal), err=err)


def tell_standing(summary: Summary, out: Path, lang: Language) -> None:
    """Say that nothing has changed since the results were written, and print them again."""
    typer.echo(text("cli.unchanged", lang, folder=str(out)))
    tell_results(summary, out, lang)


def tell_results(summary: Summary, out: Path, lang: Language) -> None:
    """Print how the county stands, what was noted, and which file to open."""
    from rich.console import Console  # noqa: PLC0415 - a mistyped option need not wait for it

    from maps.console import scorecard_table  # noqa: PLC0415 - the same

    Console().print(scorecard_table(summary, lang))
    if summary.simulated:
        typer.echo(text("cli.simulated", lang))
    if summary.noted:
        typer.echo(text("cli.noted", lang, count=str(summary.noted)))
    typer.echo(text("cli.written", lang, folder=str(out)))
    typer.echo("  map.html  report.xlsx  report.docx  results.gpkg  run.json  run.log")
    typer.echo(text("cli.open_map", lang, path=str((out / "map.html").resolve())))


def tell_changed(study: Study, lang: Language) -> None:
    """Say which input files are no longer as they were read."""
    from layers.read_area import study_inputs  # noqa: PLC0415 - a mistyped option need not wait for it

    read = {file for file in study.area.inputs if not file.name.startswith("postgis/")}
    changed = {*study_inputs(study.project)} ^ read
    if changed:
        names = "、".join(sorted({file.name for file in changed}))
        typer.echo(text("cli.inputs_changed", lang, names=names))


def tell_province(province: Province, out: Path, lang: Language, *, simulated: bool) -> None:
    """Print how many counties are done, and where the files are."""
    if simulated:
        typer.echo(text("cli.simulated", lang))
    told = {"counties": str(len(province.counties)), "folder": str(out)}
    typer.echo(text("cli.province_written", lang, **told))
    typer.echo(text("cli.province_files", lang))
    if province.county_pages:
        typer.echo(text("cli.province_pages", lang))


def tell_sites(plan: SitePlan, project: Project, out: Path, lang: Language) -> None:
    """Print the answer to a siting question, its sites, and where the files are."""
    from rich.console import Console  # noqa: PLC0415 - a mistyped option need not wait for it

    from maps.console import sites_tables  # noqa: PLC0415 - the same
    from maps.site_words import answer_lines  # noqa: PLC0415 - the same

    for line in answer_lines(plan, project, lang):
        typer.echo(line)
    if len(plan.sites):
        Console().print(*sites_tables(plan, lang))
    typer.echo(text("sites.written", lang, folder=str(out)))
    for path in sorted(out.iterdir()):
        typer.echo(f"  {path.name}")
    told = {"project": str(project.folder), "plan": str(out / "plan.json")}
    typer.echo(text("sites.plan_next", lang, **told))
    if project.simulated:
        typer.echo(text("cli.simulated", lang))
