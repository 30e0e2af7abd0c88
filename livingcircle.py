"""The front door: the command line. Each command calls layers, geo and maps in order."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from maps.choices import Form, Paper, Seen, Spoken
from maps.options import LANG as _LANG
from maps.options import Debug, Lang, Project, Quiet, Result, Verbose
from maps.options import option as _option
from maps.options import say as _say
from maps.outcome import BAD, DONE, FOUND, planners_words, tell_problems

SELDOM = (50_000, 20, 20)
"""Of cells by the hundred thousand none is in a circle: to look as often as usual takes long."""


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - typer passes it so
    if wanted:
        from importlib.metadata import version

        typer.echo(version("livingcircle"))
        raise typer.Exit


app = typer.Typer(
    help=_say("about"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback(invoke_without_command=False)
def livingcircle(
    *,
    lang: Lang = Spoken.ZH,
    version: Annotated[
        bool, _option("version", "--version", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    """Answer what comes before a command: --lang (read before all else) and --version."""
    del lang, version


@app.command(help=_say("command.demo"))
def demo(
    *,
    out: Annotated[Path, _option("out")] = Path("livingcircle-demo"),
    lang: Lang = Spoken.ZH,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> None:
    """Write the simulated county as a planner's folder, then run it into the same folder."""
    del lang  # read before the commands were built
    from maps.simulating import run_demo
    from maps.stages import Stages

    with planners_words(_LANG, debug=debug), Stages(_LANG, quiet=quiet, verbose=verbose) as stages:
        run_demo(out, stages, lang=_LANG)


@app.command(help=_say("command.check"))
def check(
    project: Project,
    *,
    names: Annotated[Path | None, _option("names")] = None,
    lang: Lang = Spoken.ZH,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> None:
    """List every problem of every layer; exit code 1 if there is any."""
    del lang  # read before the commands were built
    with planners_words(_LANG, debug=debug):
        import layers
        from maps.stages import Stages

        settings = layers.read_project(project)
        with Stages(_LANG, quiet=quiet, verbose=verbose) as stages:
            stages("read", 0, 1)
            problems = layers.check_study_area(settings)
            if names:
                layers.write_review(layers.review_names(settings), names)
        tell_problems(problems, _LANG)
        raise typer.Exit(FOUND if problems else DONE)


@app.command(help=_say("command.run"))
def run(
    project: Project,
    *,
    out: Annotated[Path | None, _option("run_out")] = None,
    plan: Annotated[Path | None, _option("plan")] = None,
    export: Annotated[list[Form] | None, _option("export")] = None,
    font: Annotated[Path | None, _option("font")] = None,
    profile: Annotated[Seen, _option("profile")] = Seen.INTERNAL,
    workers: Annotated[int | None, _option("workers", min=1)] = None,
    scheduler: Annotated[str | None, _option("scheduler")] = None,
    lang: Lang = Spoken.ZH,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> None:
    """Run a project into map, workbook, report, GeoPackage, run.json and run.log; or a province."""
    del lang  # read before the commands were built
    from maps.asked import Asked
    from maps.crews import crew_of
    from maps.stages import Stages
    from maps.starting import run_either

    with planners_words(_LANG, debug=debug), Stages(_LANG, quiet=quiet, verbose=verbose) as stages:
        asked = Asked(plan, tuple(export or ()), font, profile.value, crew_of(workers, scheduler))
        run_either(project, out, stages, lang=_LANG, asked=asked)


@app.command(help=_say("command.sheets"))
def sheets(
    result: Result,
    *,
    out: Annotated[Path, _option("out", show_default=False)],
    paper: Annotated[Paper, _option("paper")] = Paper.A4,
    maker: Annotated[str, _option("maker")] = "",
    lang: Lang = Spoken.ZH,
    debug: Debug = False,
) -> None:
    """Print the sheets of a result to PDF with a browser of this machine."""
    del lang  # read before the commands were built
    with planners_words(_LANG, debug=debug):
        from maps import printing
        from maps.written_page import page_of

        page, browser = page_of(result), printing.require_browser()
        wanted = printing.sheets_of(page, lang=_LANG, paper=paper, maker=maker)
        for printed in printing.print_sheets(page, out, wanted, browser):
            typer.echo(str(printed))


@app.command(help=_say("command.new"))
def new(
    code: Annotated[str, typer.Argument(help=_say("argument.code"), metavar="CODE")],
    *,
    out: Annotated[Path, _option("out", show_default=False)],
    lang: Lang = Spoken.ZH,
    debug: Debug = False,
) -> None:
    """Make a project folder for a county by its code: units filled in, ledgers to fill in."""
    del lang  # read before the commands were built
    with planners_words(_LANG, debug=debug):
        import layers

        made = layers.write_scaffold(code, out)
        for file in sorted(made.parent.glob("*.xlsx")):
            typer.echo(f"  {file.name}")
        typer.echo(_say("scaffolded", path=str(made)))
        typer.echo(_say("next_step", path=str(made.parent)))


@app.command(help=_say("command.sites"))
def sites(
    project: Project,
    *,
    category: Annotated[str | None, _option("category")] = None,
    count: Annotated[int | None, _option("count")] = None,
    budget: Annotated[float | None, _option("budget")] = None,
    target: Annotated[float | None, _option("target")] = None,
    aim: Annotated[str | None, _option("aim")] = None,
    within: Annotated[float | None, _option("within")] = None,
    mode: Annotated[str | None, _option("mode")] = None,
    per: Annotated[str | None, _option("per")] = None,
    exclude: Annotated[list[str] | None, _option("exclude")] = None,
    candidates: Annotated[list[str] | None, _option("candidates")] = None,
    time_limit: Annotated[float, _option("time_limit")] = 60.0,
    out: Annotated[Path | None, _option("sites_out")] = None,
    lang: Lang = Spoken.ZH,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> None:
    """Choose sites: those asked for, or every question of project.toml."""
    del lang  # read before the commands were built
    from maps.site_answers import answer_questions
    from maps.stages import Stages

    options: dict[str, Any] = {"category": category, "count": count, "budget": budget}
    options |= {"target": target, "aim": aim, "within": within, "mode": mode, "per": per}
    options |= {"exclude": exclude, "candidates": candidates, "time_limit": time_limit}
    with planners_words(_LANG, debug=debug), Stages(_LANG, quiet=quiet, verbose=verbose) as stages:
        folder = project if project.is_dir() else project.parent
        answer_questions(project, options, out or folder / "sites", stages=stages, lang=_LANG)


@app.command(help=_say("command.fetch"))
def fetch(
    *,
    pbf: Annotated[Path | None, _option("pbf")] = None,
    place: Annotated[str | None, _option("place")] = None,
    bbox: Annotated[str | None, _option("bbox")] = None,
    out: Annotated[Path, _option("out", show_default=False)],
    boundary: Annotated[Path | None, _option("boundary")] = None,
    elevation: Annotated[Path | None, _option("elevation")] = None,
    cache: Annotated[Path | None, _option("cache")] = None,
    lang: Lang = Spoken.ZH,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> None:
    """Make a project folder from OpenStreetMap: an extract, a place or a box."""
    del lang  # read before the commands were built
    if [pbf, place, bbox].count(None) != 2 or (boundary and not pbf):  # noqa: PLR2004 - one is given
        typer.echo(_say("one_source"), err=True)
        raise typer.Exit(BAD)
    from maps.stages import Stages

    with planners_words(_LANG, debug=debug), Stages(_LANG, quiet=quiet, verbose=verbose) as stages:
        import layers

        both: Any = {"out": out, "elevation": elevation, "progress": stages}
        if pbf:
            made = layers.fetch_extract(pbf, boundary=boundary, **both)
        else:
            made = layers.fetch_place(place or layers.read_bbox(bbox or ""), cache=cache, **both)
        stages.close()
        typer.echo(_say("fetched", path=str(made)))
        typer.echo(_say("next_step", path=str(made.parent)))


@app.command(help=_say("command.compare"))
def compare(
    old: Annotated[Path, typer.Argument(help=_say("argument.old"), show_default=False)],
    new: Annotated[Path, typer.Argument(help=_say("argument.new"), show_default=False)],
    *,
    out: Annotated[Path | None, _option("compare_out")] = None,
    page: Annotated[bool, _option("compare_page", "--page")] = False,
    lang: Lang = Spoken.ZH,
    debug: Debug = False,
) -> None:
    """Compare two folders of results: indicators, units gained and lost, what differs."""
    del lang  # read before the commands were built
    with planners_words(_LANG, debug=debug):
        from maps.comparing import compare_folders

        path = out or new / "compare.xlsx"
        for line in compare_folders(old, new, path, page=page, lang=_LANG):
            typer.echo(line)


@app.command(help=_say("command.overview"))
def overview(
    results: Annotated[list[Path], typer.Argument(help=_say("argument.results"), metavar="RESULT")],
    *,
    out: Annotated[Path, _option("out", show_default=False)],
    name: Annotated[str | None, _option("overview_name")] = None,
    lang: Lang = Spoken.ZH,
    debug: Debug = False,
) -> None:
    """Write one page over the results of many counties."""
    del lang  # read before the commands were built
    with planners_words(_LANG, debug=debug):
        from maps.overview import write_overview

        path = write_overview(results, out, name=name, lang=_LANG)
        typer.echo(_say("overview_written", path=str(path)))


@app.command(help=_say("command.explain"))
def explain(
    result: Result,
    unit: Annotated[str, typer.Argument(help=_say("argument.unit"), metavar="UNIT")],
    category: Annotated[str, typer.Argument(help=_say("argument.category"), metavar="CATEGORY")],
    *,
    project: Annotated[Path | None, _option("behind")] = None,
    lang: Lang = Spoken.ZH,
    debug: Debug = False,
) -> None:
    """Tell how one figure came about, from the residences to the unit's status."""
    del lang  # read before the commands were built
    with planners_words(_LANG, debug=debug):
        from maps.explaining import explained

        for line in explained(result, unit, category, project=project, lang=_LANG):
            typer.echo(line)


def main() -> None:
    """Run the command line; a console that cannot show a character shows a question mark."""
    gc.set_threshold(*SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
