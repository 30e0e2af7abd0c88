"""What a run is asked for beside the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from layers.vocabulary import Profile
    from maps.choices import Form
    from maps.crews import Crew
    from maps.second_process import SecondProcess


@dataclass(frozen=True)
class Asked:
    """A plan, more formats, a font, for whom it is.

    A province may be run by a ``crew``; a part of the work is left to a ``second`` process; once
    all results are in their folder, ``note`` writes what they are into a file of it.
    """

    plan: Path | None = None
    export: tuple[Form, ...] = ()
    font: Path | None = None
    profile: Profile = "internal"
    crew: Crew | None = None
    second: SecondProcess | None = None
    note: Callable[[Path], None] | None = None
