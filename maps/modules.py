"""The scripts of the page: ES modules in maps/panel, joined so that one file carries them all.

A page opened from disk can import nothing. Each module becomes a function that gives what the
module exports; its imports become constants. They are joined in the order they need each other.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.MULTILINE)
# What a browser does not need: whole lines of comment, and indents. No text goes over a line's end.
ASIDE = re.compile(r"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n|//.*\n)?", re.MULTILINE)
# A script of Latin letters alone takes a byte each where it is held; others two, all of them.
WIDE = re.compile(r"[\u0100-\uffff]")
NAME = re.compile(r"^export (?:async )?(?:function\*?|class|const) (\w+)", re.MULTILINE)


@cache
def modules(entry: str) -> str:
    """Give one module and all it needs as a script that leaves them in ``modules``."""
    order: list[str] = []
    _gather(entry, order, ())
    return "\n".join(["const modules = {};", *(_wrapped(name) for name in order)])


def _gather(name: str, order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        message = f"modules need each other: {' -> '.join([*path, name])}"
        raise ValueError(message)
    if name in order:
        return
    for _, needed in IMPORT.findall(asset(f"{name}.js")):
        _gather(needed, order, (*path, name))
    order.append(name)


def _wrapped(name: str) -> str:
    source = asset(f"{name}.js")
    given = ", ".join(NAME.findall(source))
    body = ASIDE.sub("", IMPORT.sub(_constants, source).replace("\nexport ", "\n"))
    body = WIDE.sub(lambda letter: f"\\u{ord(letter[0]):04x}", body)
    return f'modules.{name} = (() => {{\n"use strict";\n{body}\nreturn {{ {given} }};\n}})();'


def _constants(statement: re.Match[str]) -> str:
    names = re.sub(r"(\w+) as (\w+)", r"\1: \2", statement[1])
    return f"const {{{names}}} = modules.{statement[2]};"


def asset(name: str) -> str:
    """Give one text file of the panel."""
    return panel_file(name).read_text(encoding="utf-8")


def panel_file(name: str) -> Traversable:
    """Give one file of the panel."""
    return files("maps").joinpath("panel", *name.split("/"))
