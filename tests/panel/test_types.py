"""The types that the page's scripts tell in comments, checked by TypeScript if there."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from maps.modules import panel_file


def test_the_scripts_keep_to_the_types_they_tell():
    tsc = shutil.which("tsc")
    if tsc is None:
        pytest.skip("tsc is not here (npm install -g typescript)")
    ran = subprocess.run(  # noqa: S603 - the compiler found above, on our own scripts
        [tsc, "--project", str(panel_file("jsconfig.json"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == ""
    assert ran.returncode == 0
