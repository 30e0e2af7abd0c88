"""The options that commands share, and the language in which they are said."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer

from layers.vocabulary import Language, text
from maps.choices import Spoken


def _asked_language(arguments: list[str]) -> Language:
    """Read --lang before the commands are built, so that the help speaks it too."""
    words = " ".join(arguments).replace("--lang=", "--lang ").split()
    return "en" if ("--lang", "en") in pairwise(words) else "zh"


LANG: Language = _asked_language(sys.argv[1:])


def say(key: str, **values: str) -> str:
    """Give a sentence of the command line."""
    return text(f"cli.{key}", LANG, **values)


def option(key: str, *names: str, **settings: Any) -> Any:  # noqa: ANN401 - the type is typer's own
    """Give an option with its help."""
    return typer.Option(*names, help=say(f"option.{key}"), **settings)


Project = Annotated[
    Path, typer.Argument(help=say("argument.project"), metavar="PROJECT", show_default=False)
]
Result = Annotated[
    Path, typer.Argument(help=say("argument.result"), metavar="RESULT", show_default=False)
]
Lang = Annotated[Spoken, option("lang")]
Quiet = Annotated[bool, option("quiet", "--quiet")]
Verbose = Annotated[bool, option("verbose", "--verbose")]
Debug = Annotated[bool, option("debug", "--debug")]
