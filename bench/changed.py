"""Real places changed in ways that must change nothing, or little: ``python -m bench.changed``.

Every place of bench.places that is in ../shared/data (``--place`` for one of them) is assessed,
changed as tests/changed.py says (``--change`` for one way), and assessed again. Prints for every
change how many pairs of residence and category were compared, by how many milliseconds they differ
at most and may, how many can be travelled in one of the two only, and how many units x categories
are covered in one of them only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import geo
import layers
from bench.places import DATA, PLACES
from tests import changed


def main() -> None:
    """Change every place in every way, and print what became of its figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--place", choices=PLACES, action="append")
    words.add_argument("--change", choices=changed.CHANGES, action="append")
    asked, wrong = words.parse_args(), 0
    for place in asked.place or PLACES:
        if not (DATA / place).is_dir():
            print(f"{place}: not in {DATA}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            project = layers.read_project(PLACES[place](DATA, Path(folder) / place))
            area = layers.read_study_area(project)
        project = replace(project, rules=replace(project.rules, cell_metres=500.0))
        before = geo.assess(area, project)
        for name in asked.change or changed.CHANGES:
            make, most = changed.CHANGES[name]
            if name == "two units made one" and area.residences.empty:
                print(f"{place:13} {name:30} no residences: a unit is its own point")
                continue
            found = changed.difference(before, geo.assess(make(area, before), project))
            units = name == "two units made one"  # their own coverage is another's now
            held = found.milliseconds <= most and not found.one_only
            held = held and (units or not found.flipped)
            wrong += not held
            print(
                f"{place:13} {name:30} {found.pairs:9,} pairs  "
                f"{found.milliseconds:4} ms of {most}  {found.one_only:3} in one only  "
                f"{found.flipped:3} flipped  {'' if held else 'WRONG'}",
                flush=True,
            )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
