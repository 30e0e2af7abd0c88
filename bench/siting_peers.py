"""Other solvers on the questions we answer, each in a process of its own: model building included.

Processor time counts the solver's own processes, too; importing is left out. Peak memory is that
of the process or of the solver it calls, whichever took more.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.siting_instances import clustered, even_square, read_median
from geo.solver_answer import Clock
from geo.solver_costs import dense_costs
from geo.solver_coverage import coverage_program, most_covered
from geo.solver_median import median
from geo.solver_purse import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.solver_cover import Cover

    Floats = NDArray[np.float64]

_LIMIT = 600.0
_PATIENCE = 1200.0
_SQUARE_SITES = 10
_HALF = 0.5


class Processor(Clock):
    """A limit in seconds of this process's processors, whatever else the machine is busy with."""

    def __init__(self, limit: float, *, seed: int = 0) -> None:
        """Begin; ``limit`` is in seconds of processor."""
        super().__init__(limit, seed=seed)
        self._had, self._met = time.process_time(), time.perf_counter()

    def spent(self) -> float:
        """Give the processor seconds since it began."""
        return time.process_time() - self._had

    def left(self) -> float:
        """Give what is left, in seconds of the clock on the wall as far as can be told.

        HiGHS goes by that clock, on which a busy machine needs longer for the same.
        """
        busy = (time.perf_counter() - self._met) / max(self.spent(), 1e-3)
        return max(0.0, self.limit - self.spent()) * max(1.0, busy)

    def share(self, part: float) -> Processor:
        """Begin a clock that may take a part of what is left."""
        return Processor(max(0.0, self.limit - self.spent()) * part, seed=self.seed)


def beside_us(instance: list[str]) -> None:
    """Solve one instance by us and by every other way, and print a line each."""
    base = 0.0
    for way in _MEDIAN if instance[0] == "median" else _COVERAGE:
        code = [sys.executable, "-m", "bench.siting", "peer", way, *instance]
        name = f"{instance[0]} {' '.join(Path(word).stem for word in instance[1:])} · {way}"
        try:
            ran = subprocess.run(  # noqa: S603 - ours
                code, capture_output=True, text=True, check=False, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            print(f"{name}: nothing after {_PATIENCE:.0f} s on the clock", flush=True)
            continue
        if ran.returncode:
            print(f"{name}: {ran.stderr.strip().splitlines()[-1]}", flush=True)
            continue
        told = json.loads(ran.stdout.splitlines()[-1])
        base = base or told["seconds"]
        print(
            f"{name}: {told['value']:.0f} in {told['seconds']:.2f} s of processor,"
            f" {told['seconds'] / base:.1f} times ours, {told['megabytes']} MB",
            flush=True,
        )


def peer(way: str, instance: list[str]) -> None:
    """Solve one instance by one way and print value, seconds of processor and memory as JSON.

    Instances are ``county CANDIDATES PLACES COUNT``, ``square PLACES`` and ``median FILE``.
    """
    if instance[0] == "median":
        asked, solve = read_median(Path(instance[1])), _MEDIAN[way]
    else:
        numbers = [int(word) for word in instance[1:]]
        cover = (
            clustered(*numbers[:2], seed=11) if instance[0] == "county" else even_square(*numbers)
        )
        asked, solve = (
            (cover, numbers[2] if instance[0] == "county" else _SQUARE_SITES),
            _COVERAGE[way],
        )
    began = _processor()
    value = solve(*asked)
    seconds = _processor() - began
    told = {"value": value, "seconds": seconds, "megabytes": memory()}
    print("\n" + json.dumps(told))


def memory() -> int:
    """Give the most memory this process or one it called has taken, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) // 1024


def _processor() -> float:
    used = [resource.getrusage(kind) for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _ours(cover: Cover, count: int) -> float:
    return most_covered(cover, counting(cover.candidates, count), clock=Clock(_LIMIT)).objective


def _highs(cover: Cover, count: int) -> float:
    program, sites = coverage_program(cover)
    program.row((np.ones(cover.candidates), sites), high=float(count))
    chosen = program.solve(Clock(_LIMIT)).part(sites, cover.candidates) > _HALF
    return cover.value(np.flatnonzero(chosen))


def _scip(cover: Cover, count: int) -> float:
    import pyscipopt  # noqa: PLC0415 - only to compare with

    model = pyscipopt.Model()
    model.hideOutput()
    sites = [model.addVar(vtype="B") for _ in range(cover.candidates)]
    served = [model.addVar(ub=1.0, obj=-float(weight)) for weight in cover.weight]
    for place, column in enumerate(served):
        row = cover.matrix.indices[cover.matrix.indptr[place] : cover.matrix.indptr[place + 1]]
        model.addCons(column <= pyscipopt.quicksum(sites[site] for site in row))
    model.addCons(pyscipopt.quicksum(sites) <= count)
    model.optimize()
    return -float(model.getObjVal())


def _spopt(solver: str) -> Callable[[Cover, int], float]:
    def solve(cover: Cover, count: int) -> float:
        import pulp  # noqa: PLC0415 - only to compare with
        from spopt.locate import MCLP  # noqa: PLC0415 - only to compare with

        far = 1.0 - cover.matrix.toarray()
        asked = MCLP.from_cost_matrix(far, cover.weight, _HALF, p_facilities=count)
        solved = asked.solve(getattr(pulp, solver)(msg=False))
        return float(pulp.value(solved.problem.objective))

    return solve


def _our_median(distance: Floats, count: int) -> float:
    return median(dense_costs(distance), count, clock=Clock(_LIMIT)).objective


def _scip_median(distance: Floats, count: int) -> float:
    import pyscipopt  # noqa: PLC0415 - only to compare with

    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", _LIMIT)
    sites = [model.addVar(vtype="B") for _ in distance]
    for row in distance:
        sent = [model.addVar(ub=1.0, obj=float(metres)) for metres in row]
        model.addCons(pyscipopt.quicksum(sent) == 1)
        for way, site in zip(sent, sites, strict=True):
            model.addCons(way <= site)
    model.addCons(pyscipopt.quicksum(sites) == count)
    model.optimize()
    return float(model.getObjVal())


def _spopt_median(solver: str) -> Callable[[Floats, int], float]:
    def solve(distance: Floats, count: int) -> float:
        import pulp  # noqa: PLC0415 - only to compare with
        from spopt.locate import PMedian  # noqa: PLC0415 - only to compare with

        alike = np.ones(len(distance))
        asked = PMedian.from_cost_matrix(distance, alike, p_facilities=count)
        solved = asked.solve(getattr(pulp, solver)(msg=False))
        return float(pulp.value(solved.problem.objective))

    return solve


_COVERAGE: dict[str, Callable[[Cover, int], float]] = {
    "ours": _ours,
    "HiGHS, nothing reduced": _highs,
    "SCIP": _scip,
    "spopt + CBC": _spopt("PULP_CBC_CMD"),
    "spopt + HiGHS": _spopt("HiGHS"),
}
_MEDIAN: dict[str, Callable[[Floats, int], float]] = {
    "ours": _our_median,
    "SCIP": _scip_median,
    "spopt + CBC": _spopt_median("PULP_CBC_CMD"),
    "spopt + HiGHS": _spopt_median("HiGHS"),
}
