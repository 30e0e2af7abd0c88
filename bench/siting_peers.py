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
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.siting_instances import clustered, read_median
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
    for way in _COVERAGE if instance[0] == "county" else _MEDIAN:
        code = [sys.executable, "-m", "bench.siting", "peer", way, *instance]
        ran = subprocess.run(code, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if ran.returncode:
            print(f"{' '.join(instance)} · {way}: {ran.stderr.strip().splitlines()[-1]}")
            continue
        told = json.loads(ran.stdout.splitlines()[-1])
        base = base or told["seconds"]
        print(
            f"{' '.join(instance)} · {way}: {told['value']:.0f} in {told['seconds']:.2f} s of"
            f" processor, {told['seconds'] / base:.1f} times ours, {told['megabytes']} MB",
            flush=True,
        )


def peer(way: str, instance: list[str]) -> None:
    """Solve one instance by one way and print value, seconds of processor and memory as JSON."""
    if instance[0] == "county":
        candidates, places, count = map(int, instance[1:])
        asked: Any = clustered(candidates, places, seed=11), count
        solve = _COVERAGE[way]
    else:
        asked, solve = read_median(Path(instance[1])), _MEDIAN[way]
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
    "spopt + CBC": _spopt_median("PULP_CBC_CMD"),
    "spopt + HiGHS": _spopt_median("HiGHS"),
}
