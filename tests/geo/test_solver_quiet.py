"""Standard output belongs to the answer: what a library prints by itself is kept off it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import ctypes, sys
import numpy as np
from scipy.optimize import milp
from geo import solver_program
from geo.solver_answer import Clock

c = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)

def loud(*words, **names):
    c.puts(b"tmpSolver.run();")
    return milp(*words, **names)

solver_program.milp = loud
program = solver_program.Program()
sites = program.columns(-np.arange(1.0, 4.0), whole=True)
program.row((np.ones(3), sites), high=2.0)
print("before")
print(program.solve(Clock()).part(sites, 3).tolist())
"""


def _run(code):
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )


def test_a_line_that_the_solver_prints_past_python_is_not_on_standard_output():
    assert _run(PROGRAM).stdout.split("\n") == ["before", "[0.0, 1.0, 1.0]", ""]


def test_the_line_would_be_there_if_nothing_kept_it_off():
    open_ = "import contextlib; solver_program.quiet_library = contextlib.nullcontext\n"
    told = _run(PROGRAM.replace("solver_program.milp = loud", open_ + "solver_program.milp = loud"))
    assert "tmpSolver" in told.stdout


def test_a_process_without_standard_output_solves_all_the_same():
    closed = PROGRAM.replace('print("before")', "import os; os.close(1)")
    closed = closed.replace("print(program", "print(file=sys.stderr, *program").replace(
        ".tolist())", ")"
    )
    assert "1.0" in _run(closed).stderr
